"""Secondary suppression of least total cost, exactly: for small tables.

Fischetti and Salazar (Mathematical Programming 84, 1999): a 0/1 programme chooses the cells; the attacker's
dual prices of a choice that is too weak become a new constraint; until the attacker finds nothing. Only at
whole choices, since scipy offers no callback; the rows of the table give strong constraints to begin with.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from palermo.disclosure.goals import Goals
from palermo.disclosure.programme import TOLERANCE, UNBOUNDED, least
from palermo.disclosure.system import Floats, Mask, System

ROUNDS = 60
NODES = 2000  # a limit on work, not on seconds, so that the same table always gives the same result


def by_optimum(system: System, aims: Goals, hidden: Mask, cost: Floats) -> Mask | None:
    """The cheapest protected choice, or None when it is not found within the limits of work."""
    fixed = aims.care | hidden
    free = (system.values > 0) | fixed
    cuts = _two_in_every_sum(system, free)
    for _ in range(ROUNDS):
        chosen = _choose(cost, fixed, free, cuts)
        if chosen is None:
            return None
        weak = _weaknesses(system, aims, chosen, free)
        if not weak:
            return chosen
        cuts.extend(weak)
    return None


def _choose(cost: Floats, fixed: Mask, free: Mask, cuts: list[tuple[Floats, float]]) -> Mask | None:
    rules = (
        [
            LinearConstraint(
                csr_array(np.array([row for row, _ in cuts])), np.array([need for _, need in cuts])
            )
        ]
        if cuts
        else []
    )
    found = milp(
        cost,
        integrality=np.ones(len(cost), dtype=int),
        bounds=Bounds(fixed.astype(float), free.astype(float)),
        constraints=rules,
        options={"node_limit": NODES, "mip_rel_gap": 0.0},
    )
    return np.asarray(found.x > 0.5) if found.status == 0 and found.x is not None else None


def _two_in_every_sum(system: System, free: Mask) -> list[tuple[Floats, float]]:
    """A withheld cell that stands alone in a sum is computed at once: it needs a second one beside it."""
    cuts = []
    for start, end in zip(system.equal.indptr[:-1], system.equal.indptr[1:], strict=True):
        members = [int(cell) for cell in system.equal.indices[start:end] if free[cell]]
        for cell in members:
            row = np.zeros(len(free))
            row[members] = 1.0
            row[cell] = -1.0
            cuts.append((row, 0.0))
    return cuts


def _weaknesses(system: System, aims: Goals, chosen: Mask, free: Mask) -> list[tuple[Floats, float]]:
    cuts = []
    done_up = system.values >= aims.high
    done_down = system.values <= aims.low
    for sign, done in ((1.0, done_up), (-1.0, done_down)):
        for cell in np.flatnonzero(aims.care):
            if done[cell]:
                continue
            value = system.values[cell]
            need = aims.high[cell] - value if sign > 0 else value - aims.low[cell]
            change, reduced, spare = _strongest_attack(system, int(cell), sign, chosen)
            done_up |= system.values + change >= aims.high - TOLERANCE
            done_down |= system.values + change <= aims.low + TOLERANCE
            if sign * change[cell] < need - TOLERANCE:
                cuts.append((_cut(system, reduced, need - spare, int(cell), free), 1.0))
    return cuts


def _strongest_attack(system: System, cell: int, sign: float, chosen: Mask) -> tuple[Floats, Floats, float]:
    """How far the cell can move within the choice, and the dual proof that it cannot move farther.

    The proof: any move of the cell is at most sum(r * move of the others) + spare, whatever the choice.
    """
    objective = np.zeros(len(chosen))
    objective[cell] = -sign
    room = system.values - system.floor
    above = system.top - system.values
    bounds = np.column_stack([np.where(chosen, -room, 0.0), np.where(chosen, above, 0.0)])
    slack = -(system.atmost @ system.values)
    found = least(objective, system.equal, np.zeros(system.equal.shape[0]), system.atmost, slack, bounds)
    reduced = -objective + system.equal.T @ found.equal_prices
    spare = 0.0
    if len(slack):
        reduced = reduced + system.atmost.T @ found.atmost_prices
        spare = float(-found.atmost_prices @ slack)
    return found.point, np.asarray(reduced), spare


def _cut(system: System, reduced: Floats, need: float, cell: int, free: Mask) -> Floats:
    """Fischetti and Salazar (1999), capacity constraint, divided by the need and cut off at 1.

    For any choice x the cell moves at most sum(max(0, r) * room above + max(0, -r) * room below) over withheld
    cells; what the cell itself gives is always there, since it is withheld, and lowers the need.
    """
    below, above = system.values - system.floor, system.top - system.values
    above = np.where(above > UNBOUNDED / 2, np.inf, above)
    upwards = np.where(reduced > TOLERANCE, reduced, 1.0) * above
    room = np.where(reduced > TOLERANCE, upwards, np.maximum(-reduced, 0.0) * below)
    left = need - room[cell]
    if left <= TOLERANCE:  # numerically lost: demand one more cell anywhere, which is true of a weak choice
        return np.where(free, 1.0, 0.0)
    row = np.where(free, np.minimum(room / left, 1.0), 0.0)
    row[row < TOLERANCE] = 0.0
    row[cell] = 0.0
    return row
