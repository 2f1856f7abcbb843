"""What an attacker must be left with, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from palermo.disclosure.programme import TOLERANCE
from palermo.disclosure.system import Floats, Mask, System
from palermo.disclosure.tables import Key, Rule

Doubts = Mapping[Key, tuple[float, float]]


@dataclass(frozen=True)
class Goals:
    """For the cells in `care`: nobody may prove more than `low`, nobody less than `high`."""

    care: Mask
    low: Floats
    high: Floats

    def met(self, place: int, low: float, high: float) -> bool:
        """Whether a cell that lies between `low` and `high` is left in enough doubt."""
        if self.care[place]:
            return bool(low <= self.low[place] + TOLERANCE and high >= self.high[place] - TOLERANCE)
        return high - low >= 1 - TOLERANCE


def goals(system: System, care: Mask, rule: Rule, doubts: Doubts | None = None) -> Goals:
    """The goals of a rule. `doubts`: other goals (low, high) of single cells, such as those of a dominant contributor.

    What is said of a cell (its mark, "<5") is known: no choice of cells can leave more doubt than that.
    """
    low = np.where(care, float(rule.low), np.maximum(rule.low, system.floor))
    high = np.minimum(np.where(care, float(rule.high), np.maximum(rule.high, low + 1)), system.top)
    if doubts:
        index = system.index()
        for key, (least, most) in doubts.items():
            if key in index:
                low[index[key]], high[index[key]] = least, most
    return Goals(care, low, high)
