"""What may stand in a cell of a table of capture histories: 0 or 1, a count, a count hidden in an interval."""

from __future__ import annotations

import re
from typing import NamedTuple

from palermo.saying import phrase

SEEN = {
    "0": False, "1": True, "0.0": False, "1.0": True,
    "false": False, "true": True, "FALSE": False, "TRUE": True, "False": False, "True": True,
}  # fmt: skip
BLANK = frozenset(("", "NA", "na", "N/A", "NaN", "nan", "None", "-"))

_WHOLE = re.compile(r"\+?(\d{1,15})(\.0*)?")
_BETWEEN = re.compile(r"(\d{1,9})\s*(?:-|–|\.\.)\s*(\d{1,9})")
_UNDER = re.compile(r"(<=|≤|<)\s*(\d{1,9})")
_GROUPED = re.compile(r"\d{1,3}([.,' \u00a0\u202f]\d{3})+")
_FRACTION = re.compile(r"\d+[.,]\d+")


class Count(NamedTuple):
    """People on a row: between two ends, both included; the same number twice where it is known."""

    low: int
    high: int


WRONG_WAY = phrase("an interval goes from the smaller to the larger count")


def count_of(text: str) -> Count | str:
    """The count that a cell says, or what is wrong with it. "<5" and "<=4" hide 1 to 4, "1-4" says so itself."""
    whole = _WHOLE.fullmatch(text)
    if whole:
        number = int(whole[1])
        return Count(number, number)
    between = _BETWEEN.fullmatch(text)
    if between:
        low, high = int(between[1]), int(between[2])
        return Count(low, high) if low <= high else WRONG_WAY
    under = _UNDER.fullmatch(text)
    if under:
        high = int(under[2]) - (under[1] == "<")
        return Count(1, high) if high >= 1 else phrase("nothing lies below this; write 0")
    return _wrong(text)


def _wrong(text: str) -> str:
    if text in BLANK:
        return phrase("the count is missing; write 0 where nobody was seen")
    if text.startswith("-"):
        return phrase("a count cannot be negative")
    if _GROUPED.fullmatch(text):
        return phrase("a count is written in digits alone, without separators between thousands")
    if _FRACTION.fullmatch(text):
        return phrase("a count of people is a whole number")
    return phrase('a count is a whole number, or an interval such as "<5" or "1-4"')
