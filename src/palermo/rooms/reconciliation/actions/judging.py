"""A row of the people format as codes that say nothing of who it is: what is kept open beside the sealed identity.

Nothing here refuses a row: a person with an unreadable date of birth is still somebody whom a body met. What is wrong
becomes a code, which the quality of the list is judged by.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from palermo.linkage.people import FIELDS
from palermo.standards.countries import find_country

SEXES = {
    "female": "female", "f": "female", "woman": "female", "girl": "female", "w": "female",
    "male": "male", "m": "male", "man": "male", "boy": "male", "other": "other", "x": "other",
}  # fmt: skip
PRECISIONS = ("", "day", "month", "year", "estimated", "unknown")
OLDEST = 100
ADULT = 18
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")
NAMES = ("given_name", "family_name", "other_names")


def judged(row: Mapping[str, str], today: date) -> dict[str, Any]:
    """The codes of one row, as the columns of `Listed`."""
    faults: list[str] = []
    recorded = _recorded(row["recorded_on"], today, faults)
    sex = SEXES.get(row["sex"].strip().casefold(), "")
    if row["sex"].strip() and not sex and row["sex"].strip().casefold() not in ("unknown", "not_recorded"):
        faults.append("sex_unreadable")
    year, born = _born(row, faults)
    _plausible(row, born, year, recorded, faults)
    nationality = _nationality(row["nationality"].strip(), faults)
    names = [row[name] for name in NAMES if row[name].strip()]
    if not names:
        faults.append("no_name")
    elif any(character.isdecimal() for name in names for character in name):
        faults.append("digits_in_name")
    return {
        "recorded_on": recorded, "sex": sex, "birth_year": year, "basis": basis_of(row), "nationality": nationality,
        "child": child_of(year, born, row["birth_precision"], recorded),
        "filled": sum(1 << place for place, name in enumerate(FIELDS) if row[name].strip()), "faults": faults,
    }  # fmt: skip


def _recorded(text: str, today: date, faults: list[str]) -> date | None:
    text = text.strip()
    if not text:
        return None
    try:
        found = date.fromisoformat((text[:10] + "-01-01")[:10])
    except ValueError:
        faults.append("recorded_unreadable")
        return None
    if found > today:
        faults.append("recorded_in_future")
    return found


def _born(row: Mapping[str, str], faults: list[str]) -> tuple[int | None, date | None]:
    """Year and, where it is written, the day of birth."""
    text = row["birth_date"].strip()
    if row["birth_precision"].strip() not in PRECISIONS:
        faults.append("precision_unreadable")
    if not text:
        return None, None
    found = _DATE.match(text)
    if found is None or not 1850 <= int(found[1]) <= 2100:
        faults.append("birth_unreadable")
        return None, None
    try:
        day = date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        faults.append("birth_unreadable")
        return int(found[1]), None
    return int(found[1]), day if found[3] else None


def _plausible(
    row: Mapping[str, str], born: date | None, year: int | None, recorded: date | None, faults: list[str]
) -> None:
    if (
        born is not None
        and (born.month, born.day) == (1, 1)
        and row["birth_precision"].strip() in ("", "day")
    ):
        faults.append("first_of_january")
    if year is None or recorded is None:
        return
    if year > recorded.year or (born is not None and born > recorded):
        faults.append("born_after_recording")
    elif recorded.year - year > OLDEST:
        faults.append("older_than_100")


def _nationality(text: str, faults: list[str]) -> str:
    if not text:
        return ""
    found = find_country(text)
    if found is None:
        faults.append("nationality_unreadable")
        return ""
    return found.alpha3


def basis_of(row: Mapping[str, str]) -> str:
    """What the date of birth stands on: a document, what the person stated, or an estimate. Empty: no date."""
    if not row["birth_date"].strip():
        return ""
    precision = row["birth_precision"].strip()
    if precision == "estimated":
        return "estimate"
    return "document" if row["document_no"].strip() and precision in ("", "day") else "statement"


def child_of(year: int | None, born: date | None, precision: str, recorded: date | None) -> bool | None:
    """Whether the person may have been a child when recorded; in doubt, yes. None where nothing is known."""
    if year is None or recorded is None or year > recorded.year:
        return None
    if born is not None and precision.strip() != "estimated":
        birthdays = recorded.year - year - ((recorded.month, recorded.day) < (born.month, born.day))
        return birthdays < ADULT
    return recorded.year - year <= ADULT
