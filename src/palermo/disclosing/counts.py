"""What stands in the column of counts: a number, "<5", a range, or nothing that can be read."""

from __future__ import annotations

import re
from dataclasses import dataclass

from palermo.disclosure.system import UNBOUNDED

HIDDEN = {"", ":", "..", "...", "*", "x", "c", "-", "–", "na", "n/a", "nd", "suppressed"}
GROUPED = re.compile(r"\d{1,3}(?:[,\s'’  ]\d{3})+")
BELOW = re.compile(r"(<|<=|≤|&lt;|less than|fewer than)\s*(\d+)", re.IGNORECASE)
RANGE = re.compile(r"(\d+)\s*(?:-|–|to|\.\.)\s*(\d+)")


@dataclass(frozen=True)
class Count:
    """From `low` to `high` persons, both alike where it is shown. `said`: what is hidden was told as a range."""

    low: float
    high: float
    said: bool = False

    @property
    def shown(self) -> bool:
        return self.low == self.high and not self.said

    @property
    def hidden(self) -> bool:
        return not self.shown


UNKNOWN = Count(0.0, UNBOUNDED)


def read(text: str) -> Count | str:
    """The count, or in words what is wrong with it."""
    cell = text.strip()
    if cell.casefold() in HIDDEN:
        return UNKNOWN
    if GROUPED.fullmatch(cell):
        cell = re.sub(r"\D", "", cell)
    if re.fullmatch(r"\d+(?:\.0+)?", cell):
        value = float(cell)
        return Count(value, value) if value < UNBOUNDED else f"no count of persons is as large as {cell}"
    if found := BELOW.fullmatch(cell):
        most = int(found[2]) - (found[1] not in ("<=", "≤"))
        return Count(0.0, float(most), said=True) if most > 0 else "a count cannot be below this"
    if found := RANGE.fullmatch(cell):
        low, high = int(found[1]), int(found[2])
        return Count(float(low), float(high), said=True) if low < high else "the range ends before it begins"
    if re.fullmatch(r"[-−]\s*\d[\d.,]*", cell):
        return "a count of persons cannot be negative"
    if re.fullmatch(r"\d*[.,]\d+|\d+[.,]", cell):
        return "a count of persons is a whole number; a share or rate cannot be protected as a count"
    return "this is not a count; write a whole number, or “<5” for a count that is already hidden"
