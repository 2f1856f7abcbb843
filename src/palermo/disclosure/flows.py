"""Secondary suppression by cheapest changes: for tables too large for the exact method.

For each sensitive cell another possible table is sought that differs from the true one in the cheapest
cells and gives this cell a value at the threshold (and another at the low end). Withholding the cells that
differ makes it a possibility that the attacker cannot exclude. A linear programme finds the cheapest change
of any shape, after Castro (2002), for any number of dimensions, hierarchies and linked tables; where that
would be too slow, boxes (cubes.py) are tried first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, hstack

from palermo.disclosure.attack import Cells, possible_tables
from palermo.disclosure.cubes import Grid, cheapest_box, grids
from palermo.disclosure.programme import TOLERANCE, UNBOUNDED, least
from palermo.disclosure.system import Floats, Mask, System, narrowed
from palermo.disclosure.tables import Rule, Table

ALREADY_WITHHELD = 1e-3  # a small cost, so that no useless circle is walked
EFFORT = 25_000  # cells x open needs that linear programmes do in under a second; beyond it boxes come first


@dataclass(frozen=True)
class Change:
    """Another possible table, as differences (persons) at some cells."""

    cells: frozenset[int]
    raised: frozenset[int]
    lowered: frozenset[int]


def by_flows(
    tables: Sequence[Table], system: System, sensitive: Mask, hidden: Mask, rule: Rule, cost: Floats
) -> Mask:
    """Which cells to withhold so that every sensitive cell is protected; `sensitive` and `hidden` included."""
    withheld = sensitive | hidden
    raised, lowered = _proved_by_themselves(system, withheld, rule)
    active = np.flatnonzero((system.values > 0) | withheld)
    small = narrowed(system, active)
    open_needs = int((sensitive & ~raised).sum() + (sensitive & ~lowered).sum())
    boxes = grids(tables, system.index()) if len(active) * open_needs > EFFORT else []
    changes: list[Change] = []
    needs = (1, raised.copy()), (-1, lowered.copy())
    order = sorted((int(cell) for cell in np.flatnonzero(sensitive)), key=lambda c: (system.values[c], c))
    for sign, start in needs:
        for cell in order:
            if start[cell] or (raised if sign > 0 else lowered)[cell]:
                continue
            amount = float(rule.threshold if sign > 0 else rule.low) - float(system.values[cell])
            price = np.where(withheld, ALREADY_WITHHELD, cost)
            moved = _box(boxes, cell, amount, price, system.values)
            if moved is None:
                moved = _any_shape(small, active, cell, amount, price[active])
            change = _noted(system.values, moved, rule)
            withheld[list(change.cells)] = True
            raised[list(change.raised)] = True
            lowered[list(change.lowered)] = True
            changes.append(change)
    return hidden | _without_the_needless(changes, sensitive, needs[0][1], needs[1][1], cost)


def _box(
    boxes: list[Grid], cell: int, amount: float, price: Floats, values: Floats
) -> dict[int, float] | None:
    for grid in boxes:
        found = cheapest_box(grid, cell, amount, price, values)
        if found is not None:
            return found
    return None


def _noted(values: Floats, moved: dict[int, float], rule: Rule) -> Change:
    """The cells that a change touches and the needs that it proves."""
    touched = {cell: by for cell, by in moved.items() if abs(by) > TOLERANCE}
    return Change(
        frozenset(touched),
        frozenset(c for c, by in touched.items() if values[c] + by >= rule.threshold - TOLERANCE),
        frozenset(c for c, by in touched.items() if values[c] + by <= rule.low + TOLERANCE),
    )


def _without_the_needless(
    changes: list[Change], sensitive: Mask, raised: Mask, lowered: Mask, cost: Floats
) -> Mask:
    """Drop, dearest first, every change whose proofs the others give too; what is left is withheld."""
    up = [{c for c in change.raised if sensitive[c] and not raised[c]} for change in changes]
    down = [{c for c in change.lowered if sensitive[c] and not lowered[c]} for change in changes]
    times = np.zeros((2, len(sensitive)), dtype=int)
    uses = np.zeros(len(sensitive), dtype=int)
    for change, above, below in zip(changes, up, down, strict=True):
        times[0, list(above)] += 1
        times[1, list(below)] += 1
        uses[list(change.cells)] += 1
    order = sorted(
        range(len(changes)), key=lambda n: (-sum(cost[c] for c in changes[n].cells if not sensitive[c]), n)
    )
    for number in order:
        gives_up, gives_down = list(up[number]), list(down[number])
        if (times[0, gives_up] > 1).all() and (times[1, gives_down] > 1).all():
            times[0, gives_up] -= 1
            times[1, gives_down] -= 1
            uses[list(changes[number].cells)] -= 1
    return sensitive | (uses > 0)


def _proved_by_themselves(system: System, withheld: Mask, rule: Rule) -> tuple[Mask, Mask]:
    """Sensitive cells that protect each other already, before anything more is withheld."""
    shown = System(system.keys, np.where(withheld, np.nan, system.values), system.equal, system.atmost)
    raised, lowered = np.zeros(len(withheld), dtype=bool), system.values <= rule.low
    for columns, seen in possible_tables(shown, rule):
        raised[columns] |= seen.max(axis=0) >= rule.threshold - TOLERANCE
        lowered[columns] |= seen.min(axis=0) <= rule.low + TOLERANCE
    return raised, lowered


def _any_shape(system: System, active: Cells, cell: int, amount: float, price: Floats) -> dict[int, float]:
    """The cheapest way to another possible table in which this cell is larger (smaller) by `amount`."""
    size, at = len(system.values), int(np.searchsorted(active, cell))
    floor = np.zeros(2 * size)
    most = np.concatenate([np.full(size, UNBOUNDED), system.values])
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
