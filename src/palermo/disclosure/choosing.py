"""Which cells to withhold: what each costs, and by which method the cheapest are found."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from palermo.disclosure.flows import by_flows
from palermo.disclosure.goals import Goals
from palermo.disclosure.optimal import by_optimum
from palermo.disclosure.system import Floats, Mask, System
from palermo.disclosure.tables import TOTAL, Table, coordinates, keys_of

SMALL_CELLS = 100  # above this many non-zero cells the exact method is not tried
SMALL_SENSITIVE = 40
COSTS = ("margins", "log", "cells", "values")
METHODS = ("auto", "optimal", "flows", "everything")
DEARER = 8  # times, for each dimension over which a cell is a total: readers come for the margins


def prices_of(system: System, tables: Sequence[Table], cost: str) -> Floats:
    """Whole-number prices, so that equal choices are compared without rounding noise."""
    values = system.values
    if cost == "cells":
        return np.ones(len(values))
    if cost == "values":
        return np.maximum(values, 1.0)
    logs = np.round(100 * np.log2(2 + values))
    return logs * DEARER ** _levels(system, tables) if cost == "margins" else logs


def _levels(system: System, tables: Sequence[Table]) -> Floats:
    """Over how many dimensions each cell is a total, in the largest table that has it."""
    index, found = system.index(), np.zeros(len(system.values))
    for table in tables:
        for at, key in zip(coordinates(table.dimensions), keys_of(table), strict=True):
            place = index[key]
            found[place] = max(found[place], at.count(TOTAL))
    return found


def choose(
    tables: Sequence[Table],
    system: System,
    aims: Goals,
    hidden: Mask,
    prices: Floats,
    method: str,
) -> tuple[Mask, str, list[Floats]]:
    """The choice, how it was made, and possible tables that speak for it."""
    if method == "everything":
        return hidden | (system.values > 0), method, []
    if not aims.care.any():
        return hidden, "none needed", []
    if method == "optimal" or (method == "auto" and _small(system, aims.care)):
        best = by_optimum(system, aims, hidden, prices)
        if best is not None:
            return best, "optimal", []
    withheld, seen = by_flows(tables, system, aims, hidden, prices)
    return withheld, "flows", seen


def _small(system: System, sensitive: Mask) -> bool:
    return bool((system.values > 0).sum() <= SMALL_CELLS and sensitive.sum() <= SMALL_SENSITIVE)
