"""Secondary suppression by cheapest changes: for tables too large for the exact method.

For each sensitive cell another possible table is sought that differs from the true one in the cheapest
cells and gives this cell a value at the threshold (and another at the low end). Withholding the cells that
differ makes it a possibility that the attacker cannot exclude. A linear programme finds the cheapest change
of any shape, after Castro (2002), for any number of dimensions, hierarchies and linked tables. One programme
moves a group of sensitive cells at once; how many depends on the size of the table, so that the work stays
bounded. Each table that was found is handed on: the auditor can check it by adding up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

import numpy as np
from scipy.sparse import csr_array, hstack, vstack

from palermo.disclosure.attack import Cells, possible_tables
from palermo.disclosure.cubes import Grid, cheapest_box, grids
from palermo.disclosure.goals import Goals
from palermo.disclosure.programme import TOLERANCE, least
from palermo.disclosure.system import Floats, Mask, System, narrowed
from palermo.disclosure.tables import Table

ALREADY_WITHHELD = 1e-3  # a small cost, so that no useless circle is walked
GROUP = 8  # sensitive cells that one linear programme moves together, at least
WORK = (
    6_000  # cells times programmes, upwards and downwards each; what is open then is met by boxes, one by one
)
HARD = 2_000_000  # cells times sensitive cells times programmes, for tables in which most cells are small
LEAST_PROGRAMMES = 2
FULL = 64  # a programme for fewer cells than this counts as a part of one
PATIENCE = 3.0  # a person who is missing in a group costs as much as this many middling cells
FEW = 2  # so few open needs are met one by one, without fail
WORTH = 0.05  # of the needs still open: a table that meets fewer is the last that is sought for nothing
SMALL = 400  # cells up to which any shape is sought for a single need too


@dataclass(frozen=True)
class Search:
    """What does not change while changes are sought: the cells that may move, and what moving them costs."""

    system: System
    active: Cells
    small: System
    boxes: list[Grid]
    aims: Goals
    cost: Floats


def by_flows(
    tables: Sequence[Table], system: System, aims: Goals, hidden: Mask, cost: Floats
) -> tuple[Mask, list[Floats]]:
    """Which cells to withhold so that every sensitive cell is protected (those and `hidden` included), and the
    possible tables that prove it.
    """
    sensitive = aims.care
    withheld = sensitive | hidden
    seen = _proved_by_themselves(system, withheld, aims)
    active = np.flatnonzero((system.values > 0) | withheld)
    boxes = grids(tables, system.index())
    search = Search(system, active, narrowed(system, active), boxes, aims, cost)
    for sign, target in ((1.0, aims.high), (-1.0, aims.low)):
        patience, left = PATIENCE, _programmes(len(active), int(sensitive.sum()))
        while True:
            best = sign * np.max(sign * np.array(seen), axis=0)
            open_cells = np.flatnonzero(sensitive & (sign * best < sign * target - TOLERANCE))
            if not len(open_cells):
                break
            group = _group(search, open_cells, sign, left)
            left -= max(len(group), GROUP) / FULL
            change = _cheapest(search, group, sign, target, withheld, patience)
            table = system.values + change
            met = sign * table[group] >= sign * target[group] - TOLERANCE
            patience *= 1.0 if met.mean() >= 0.5 else 4.0
            withheld = withheld | (np.abs(change) > TOLERANCE)
            seen.append(table)
    return withheld, seen


def _programmes(cells: int, needs: int) -> float:
    """How many programmes may be solved in each direction: limits of work, not of time."""
    return max(LEAST_PROGRAMMES, min(max(4.0, WORK / cells), HARD / (cells * needs)))


def _group(search: Search, open_cells: Cells, sign: float, left: float) -> Cells:
    """The cells to be moved next: those that have farthest to go, as many as the programmes that are left ask for."""
    spent = left <= 0 and bool(search.boxes)
    size = 1 if spent or len(open_cells) <= FEW else max(GROUP, ceil(len(open_cells) / max(left, 2)))
    return open_cells[np.lexsort((open_cells, sign * search.system.values[open_cells]))[:size]]


def _cheapest(
    search: Search, group: Cells, sign: float, target: Floats, withheld: Mask, patience: float
) -> Floats:
    """The cheapest change (persons at each cell) that brings the group, or most of it, to the target."""
    system, price = search.system, np.where(withheld, ALREADY_WITHHELD, search.cost)
    change = np.zeros(len(system.values))
    if len(group) == 1:
        cell = int(group[0])
        amount = float(target[cell] - system.values[cell])
        for place, by in _one(search, cell, amount, price).items():
            change[place] = by
        return change
    penalty = patience * float(np.median(search.cost[search.active]))
    need = sign * (target[group] - system.values[group])
    change[search.active] = _many(search, group, sign, need, price[search.active], penalty)
    change[np.abs(change) <= TOLERANCE] = 0.0
    return change


def _one(search: Search, cell: int, amount: float, price: Floats) -> dict[int, float]:
    """The cheapest change that moves one cell: a box where the table is large, any shape otherwise."""
    if len(search.active) > SMALL:
        for grid in search.boxes:
            system = search.system
            found = cheapest_box(grid, cell, amount, price, system.values, system.floor, system.top)
            if found is not None:
                return found
    return _any_shape(search.small, search.active, cell, amount, price[search.active])


def _many(search: Search, group: Cells, sign: float, need: Floats, price: Floats, penalty: float) -> Floats:
    """One programme for a group: what each cell falls short of its need is paid for by the person."""
    small, at = search.small, np.searchsorted(search.active, group)
    size, extra = len(small.values), len(group)
    nothing = csr_array((small.equal.shape[0], extra)), csr_array((small.atmost.shape[0], extra))
    rows = np.arange(extra)
    link = csr_array(
        (
            np.concatenate([np.full(extra, -sign), np.full(extra, sign), -np.ones(extra)]),
            (np.tile(rows, 3), np.concatenate([at, size + at, 2 * size + rows])),
        ),
        shape=(extra, 2 * size + extra),
    )
    most = np.concatenate([small.top - small.values, small.values - small.floor, need])
    found = least(
        np.concatenate([price, price, np.full(extra, penalty)]),
        csr_array(hstack([small.equal, -small.equal, nothing[0]])),
        np.zeros(small.equal.shape[0]),
        csr_array(vstack([hstack([small.atmost, -small.atmost, nothing[1]]), link])),
        np.concatenate([-(small.atmost @ small.values), -need]),
        np.column_stack([np.zeros(2 * size + extra), most]),
    ).point
    return np.asarray(found[:size] - found[size : 2 * size])


def _proved_by_themselves(system: System, withheld: Mask, aims: Goals) -> list[Floats]:
    """Possible tables before anything more is withheld: the true one, and some in which sensitive cells move."""
    shown = replace(system, values=np.where(withheld, np.nan, system.values))
    seen = [system.values]
    for columns, found in possible_tables(shown, aims, WORTH):
        for row, cells in enumerate(found):
            if row + 1 >= len(seen):
                seen.append(system.values.copy())
            seen[row + 1][columns] = cells
    return seen


def _any_shape(system: System, active: Cells, cell: int, amount: float, price: Floats) -> dict[int, float]:
    """The cheapest way to another possible table in which this cell is larger (smaller) by `amount`."""
    size, at = len(system.values), int(np.searchsorted(active, cell))
    floor = np.zeros(2 * size)
    most = np.concatenate([system.top - system.values, system.values - system.floor])
    floor[at] = most[at] = max(amount, 0.0)
    floor[size + at] = most[size + at] = max(-amount, 0.0)
    found = least(
        np.concatenate([price, price]),
        csr_array(hstack([system.equal, -system.equal])),
        np.zeros(system.equal.shape[0]),
        csr_array(hstack([system.atmost, -system.atmost])),
        -(system.atmost @ system.values),
        np.column_stack([floor, most]),
    ).point
    change = found[:size] - found[size:]
    return {int(active[place]): float(change[place]) for place in np.flatnonzero(np.abs(change) > TOLERANCE)}
