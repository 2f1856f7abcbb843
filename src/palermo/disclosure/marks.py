"""Marks that everybody sees: A for a small count, D for one that is withheld to protect it.

What a mark says is known to the attacker: A means 1 to threshold-1 (from 0 where zeros are small), D means the
threshold or more. docs/decisions/0019 tells why they are given all the same, and what is proved of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import ceil, floor

import numpy as np

from palermo.disclosure.attack import weak_cells
from palermo.disclosure.goals import Doubts, Goals, goals
from palermo.disclosure.system import UNBOUNDED, Mask, System
from palermo.disclosure.tables import Key, Rule

SLACK = 1e-6


def said(system: System, small: Mask, rule: Rule) -> Mapping[Key, tuple[float, float]]:
    """The least and greatest that the mark of each cell tells, should it be withheld.

    A cell that is withheld with a count of 0 (an earlier edition withheld it) carries a D that tells nothing.
    """
    told: dict[Key, tuple[float, float]] = {}
    for place, key in enumerate(system.keys):
        value = system.values[place]
        if small[place]:
            told[key] = (min(float(rule.low), value), float(rule.threshold - 1))
        elif value >= rule.threshold:
            told[key] = (float(rule.threshold), UNBOUNDED)
    return told


def marked_system(system: System, small: Mask, rule: Rule) -> System:
    """The true table, with the limits that no possible table may break once the marks are known."""
    told, index = said(system, small, rule), system.index()
    known, capped = system.floor.copy(), system.top.copy()
    for key, (low, high) in told.items():
        place = index[key]
        known[place], capped[place] = max(known[place], low), min(capped[place], high)
    return replace(system, known=known, capped=capped)


def marked_goals(told: System, aims: Goals, small: Mask, rule: Rule) -> tuple[Goals, Doubts] | None:
    """What can be left open once the marks are known, and the cells of which they tell more than they mean.

    A mark on a total bounds its parts: with two parts of at least 1, a total of at most 4 leaves 1 to 3 for each,
    whatever else is withheld. Such cells keep the widest doubt that there can be. None where they keep none.
    """
    strict = goals(told, small, rule)
    low, high = np.where(small, strict.low, aims.low), np.where(small, strict.high, aims.high)
    everything = replace(told, values=np.where((told.values > 0) | aims.care, np.nan, told.values))
    index, narrow = told.index(), {}
    for bound in weak_cells(everything, Goals(aims.care, low, high), [told.values], care_alone=True):
        place = index[bound.cell]
        least, most = ceil(bound.low - SLACK), floor(min(bound.high, UNBOUNDED) + SLACK)
        if most - least < 1:
            return None
        low[place], high[place] = max(low[place], least), min(high[place], most)
        narrow[bound.cell] = (float(low[place]), float(high[place]))
    return Goals(aims.care, low, high), narrow
