"""Persons as lines of text: what somebody types on a quay, or copies from a table. One line is one person.

    tag ; age ; sex ; languages ; family ; alone ; doctor
    017 ; 16  ; f   ; ar fr     ;        ; x     ; x

Later columns may be left out. A first line that names the columns may change their order. An Arabic keyboard's commas,
semicolons, question marks and digits are read as those of any other.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from palermo.kernel.errors import FieldProblem
from palermo.standards import codelist

COLUMNS = ("tag", "age", "sex", "languages", "family", "alone", "urgent")
NAMES = {"doctor": "urgent", "family_group": "family", "wristband": "tag", "language": "languages"}
TICKS = frozenset({"x", "1", "yes", "y", "oui", "o", "true", "!", "نعم"})
NO_TICKS = frozenset({"", "0", "no", "n", "non", "false", "-", "لا"})
SEXES = {
    "f": "female", "m": "male", "w": "female", "h": "male", "?": "unknown", "": "unknown", "o": "other",
    "؟": "unknown", "ذ": "male", "ذكر": "male", "أ": "female", "أنثى": "female", "انثى": "female",
}  # fmt: skip
BANDS = ((4, "0-4"), (11, "5-11"), (15, "12-15"), (17, "16-17"), (24, "18-24"), (59, "25-59"), (120, "60+"))
AGES = {"": "unknown", "?": "doubt", "؟": "doubt", "c": "doubt", "a": "25-59"}
MOST = 500
TAG_LENGTH, FAMILY_LENGTH, LANGUAGES_MOST = 20, 10, 8


@dataclass(frozen=True, slots=True)
class Seen:
    """What can be seen of a person on a quay. Codes of palermo/encounter_age, palermo/sex, palermo/language."""

    tag: str = ""
    age: str = "unknown"
    sex: str = "unknown"
    languages: tuple[str, ...] = ()
    family_group: str = ""
    alone: bool = False
    urgent: bool = False


def read_lines(text: str) -> tuple[list[Seen], list[FieldProblem]]:
    """Every person of a text, and every problem with it, each with its line."""
    found: list[Seen] = []
    problems: list[FieldProblem] = []
    order: tuple[str, ...] = COLUMNS
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        if not line.strip():
            continue
        cells = [cell.strip().strip('"').strip() for cell in re.split(r"[;,\t؛،]", line)]
        if not found and (named := _header(cells)):
            order = named
            continue
        seen, faults = _person(dict(zip(order, cells, strict=False)))
        if len(cells) > len(order):
            faults.append(_("There are more columns than %(n)s.") % {"n": len(order)})
        found.append(seen)
        problems += [
            FieldProblem("lines", _("Line %(line)s: %(fault)s") % {"line": number, "fault": fault}, "line")
            for fault in faults
        ]
    if len(found) > MOST:
        words = _("Send at most %(n)s persons at once.") % {"n": MOST}
        problems.append(FieldProblem("lines", words, "most"))
    return found, problems


def _header(cells: list[str]) -> tuple[str, ...]:
    """The columns that a first line names, if it does."""
    named = tuple(NAMES.get(cell.lower(), cell.lower()) for cell in cells)
    return named if len(named) > 1 and set(named) <= set(COLUMNS) else ()


def _person(cells: Mapping[str, str]) -> tuple[Seen, list[str]]:
    faults: list[str] = []
    # One wristband is one tag, in whatever digits it was typed.
    tag, family = _plain_digits(cells.get("tag", "")), cells.get("family", "")
    if len(tag) > TAG_LENGTH:
        faults.append(_("the tag is longer than %(n)s characters") % {"n": TAG_LENGTH})
    if len(family) > FAMILY_LENGTH:
        faults.append(_("the family is longer than %(n)s characters") % {"n": FAMILY_LENGTH})
    seen = Seen(
        tag=tag,
        age=_age(cells.get("age", ""), faults),
        sex=_sex(cells.get("sex", ""), faults),
        languages=_languages(cells.get("languages", ""), faults),
        family_group=family,
        alone=_tick(cells.get("alone", ""), faults),
        urgent=_tick(cells.get("urgent", ""), faults),
    )
    if seen.alone and seen.family_group:
        faults.append(_("alone, or with a family: not both"))
    return seen, faults


def _plain_digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in text)


def _age(text: str, faults: list[str]) -> str:
    text = text.lower()
    if text in AGES:
        return AGES[text]
    if text in codelist("palermo/encounter_age"):
        return text
    if text.isdecimal() and int(text) <= BANDS[-1][0]:
        return next(code for top, code in BANDS if int(text) <= top)
    faults.append(_("“%(text)s” is no age") % {"text": text[:20]})
    return "unknown"


def _sex(text: str, faults: list[str]) -> str:
    text = SEXES.get(text.lower(), text.lower())
    if text not in codelist("palermo/sex"):
        faults.append(_("“%(text)s” is no sex: write f, m, other or nothing") % {"text": text[:20]})
        return "unknown"
    return text


def _languages(text: str, faults: list[str]) -> tuple[str, ...]:
    codes = tuple(dict.fromkeys(re.split(r"[\s/+]+", text.lower().strip()))) if text.strip() else ()
    for code in codes:
        if code not in codelist("palermo/language"):
            faults.append(_("“%(text)s” is no code of a language, such as ar or fr") % {"text": code[:20]})
    return codes[:LANGUAGES_MOST]


def _tick(text: str, faults: list[str]) -> bool:
    text = text.lower()
    if text not in TICKS | NO_TICKS:
        faults.append(_("“%(text)s” is neither x nor empty") % {"text": text[:20]})
    return text in TICKS


def seen_from(values: Mapping[str, Any]) -> tuple[Seen, list[str]]:
    """A person from typed values (the JSON twin, a row of the table), and what is wrong with it."""
    languages = values.get("languages") or ""
    cells = {
        "tag": str(values.get("tag") or "").strip(),
        "age": str(values.get("age") or ""),
        "sex": str(values.get("sex") or ""),
        "languages": " ".join(languages) if isinstance(languages, (list, tuple)) else str(languages),
        "family": str(values.get("family_group") or "").strip(),
        "alone": "x" if values.get("alone") else "",
        "urgent": "x" if values.get("urgent") else "",
    }
    return _person(cells)
