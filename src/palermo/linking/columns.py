"""What may stand in the columns of the people format, and how other ways of writing it are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from palermo.linkage import sexes
from palermo.linkage.dates import PRECISIONS, UNKNOWN, birth
from palermo.standards.countries import find_country

NOT_RECORDED = frozenset({"-", "--", "?", ".", "n/a", "na", "nil", "none", "null", "unknown", "not known"})
ANY_DAY = "2020-01-01"  # an age is read with the day on which it was told
_DAY = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])([T ].*)?)?)?")
_STATED = re.compile(r"[\d\s./-]+")

Rule = Callable[[str], str | None]  # what is read, or None where the value breaks the rule


def recorded_on(text: str) -> str | None:
    return text if _DAY.fullmatch(text) else None


def sex(text: str) -> str | None:
    return sexes.sex(text) or None


def nationality(text: str) -> str | None:
    """The alpha-3 code of a country by any of its codes or names; other codes of three capitals stay as they are."""
    if found := find_country(text if len(text) > 3 else text.upper()):
        return found.alpha3
    return text.upper() if re.fullmatch(r"[A-Za-z]{3}", text) else None


def birth_date(text: str) -> str | None:
    """Whatever can be read as a date or an age; dates that cannot be true are counted elsewhere."""
    return text if _STATED.fullmatch(text) or birth(text, "", ANY_DAY) is not UNKNOWN else None


def birth_precision(text: str) -> str | None:
    return text.casefold() if text.casefold() in PRECISIONS else None


RULES: Mapping[str, tuple[Rule, str]] = {
    "recorded_on": (recorded_on, "a date is year-month-day, as 2024-05-17"),
    "sex": (sex, "it is female, male or other (F, M, ...); say in a mapping file what other words mean"),
    "nationality": (nationality, "it is a country's code of three letters (ISO 3166-1 alpha-3), as NPL"),
    "birth_date": (birth_date, "it is 1998-05-17, 1998-05 or 1998, or an age as “about 17”"),
    "birth_precision": (birth_precision, f"it is one of {', '.join(PRECISIONS)}"),
}
