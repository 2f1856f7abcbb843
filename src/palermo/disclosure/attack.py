"""The attacker: what can be deduced about withheld cells from everything that is published.

Two linear programmes per withheld cell (least and greatest value that agrees with all published counts, all
sums, and no negative persons). Knows nothing of how the cells were chosen: it reads only `Published` tables.
Whole numbers are not demanded of the unknowns; for two-way tables that changes nothing, for others the true
set of possibilities may be smaller than the interval (see docs/methods/suppression.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack
from scipy.sparse.csgraph import connected_components

from palermo.disclosure.goals import Goals, goals
from palermo.disclosure.programme import TOLERANCE, UNBOUNDED, Contradiction, Programme
from palermo.disclosure.ranges import Ranges
from palermo.disclosure.system import Floats, Mask, System, join
from palermo.disclosure.tables import Key, Published, Rule

__all__ = ["Bound", "Contradiction", "audit", "breaches", "possible_tables"]

Cells = NDArray[np.intp]


@dataclass(frozen=True)
class Bound:
    """A withheld cell lies between `low` and `high` (persons); `high` may be infinite."""

    cell: Key
    low: float
    high: float

    @property
    def exact(self) -> bool:
        """Whether the cell can simply be computed."""
        return self.high - self.low < 0.5


@dataclass(frozen=True)
class Block:
    """Withheld cells that depend on each other, with what the published cells say about them.

    `equal @ y = right`, `atmost @ y <= ceiling` and `floor <= y <= top`; `columns` says which cells of the system
    they are.
    """

    columns: list[int]
    equal: csr_array
    right: Floats
    atmost: csr_array
    ceiling: Floats
    floor: Floats
    top: Floats

    @cached_property
    def programme(self) -> Programme:
        """What is known of the cells, to be asked for the least of one after the other."""
        bounds = np.column_stack([self.floor, self.top])
        return Programme(self.equal, self.right, self.atmost, self.ceiling, bounds)


def blocks(system: System) -> Iterator[Block]:
    """Split the withheld cells into groups that do not touch each other."""
    hidden = np.flatnonzero(np.isnan(system.values))
    if not len(hidden):
        return
    known = np.nan_to_num(system.values)
    equal, atmost = system.equal[:, hidden], system.atmost[:, hidden]
    right, ceiling = -(system.equal @ known), -(system.atmost @ known)
    touch = abs(vstack([equal, atmost])).astype(bool).astype(float)
    _, label = connected_components(touch.T @ touch, directed=False)
    for group in range(label.max() + 1):
        inside = np.flatnonzero(label == group)
        rows, bounds = _touching(equal, inside), _touching(atmost, inside)
        yield Block(
            [int(place) for place in hidden[inside]],
            equal[rows][:, inside],
            right[rows],
            atmost[bounds][:, inside],
            ceiling[bounds],
            system.floor[hidden[inside]],
            system.top[hidden[inside]],
        )


def _touching(matrix: csr_array, columns: Cells) -> Cells:
    return np.flatnonzero(np.diff(csr_array(matrix[:, columns]).indptr))


def audit(published: Sequence[Published]) -> list[Bound]:
    """The interval that an attacker can prove for every withheld cell, over all tables together.

    Raises Contradiction when the published counts cannot come from any persons.
    """
    return intervals(join(published))


def intervals(system: System, known: Mapping[int, tuple[float, float]] | None = None) -> list[Bound]:
    """`audit` of any system of cells. `known`: cells (by place) whose interval somebody has found already."""
    bounds: dict[int, Bound] = {}
    for block in blocks(system):
        ranges = Ranges(block)
        for inside, place in enumerate(block.columns):
            found = known.get(place) if known else None
            bounds[place] = Bound(system.keys[place], *(found or ranges.interval(inside)))
    return [bounds[place] for place in sorted(bounds)]


def breaches(
    published: Sequence[Published], sensitive: frozenset[Key], rule: Rule, witnesses: Sequence[Floats] = ()
) -> list[Bound]:
    """Withheld cells that are not withheld well enough: an empty list is the proof of protection.

    A sensitive cell is well withheld when the attacker can neither raise its lower bound above `rule.low`
    nor push its upper bound below the threshold; any other withheld cell, when it cannot be computed
    exactly. Many cells are proved at once by one possible table that moves them all; only what is left is
    solved alone. `witnesses` are tables that somebody says are possible (one value for each cell of
    `join(published)`): each is checked against everything that is published before it counts as proof.
    """
    system = join(published)
    care = np.array([key in sensitive for key in system.keys], dtype=bool)
    return weak_cells(system, goals(system, care, rule), witnesses)


def weak_cells(
    system: System,
    aims: Goals,
    witnesses: Sequence[Floats] = (),
    *,
    care_alone: bool = False,
    rough: Mask | None = None,
) -> list[Bound]:
    """`breaches` of any system of cells, for given goals; of the cells in care alone where that is asked.

    `rough`: cells of which, when they are found, wider bounds than can be proved will do, as long as these too are
    too narrow.
    """
    found: list[tuple[int, Bound]] = []
    seen = np.array([table for table in witnesses if agrees(system, table)])
    for block in blocks(system):
        ranges = _extremes(block, seen, aims, care_alone)
        for inside, place in enumerate(block.columns):
            if care_alone and not aims.care[place]:
                continue
            if aims.met(place, ranges.least[inside], ranges.most[inside]):
                continue
            least, most = ranges.outside(inside)
            if rough is None or not rough[place] or aims.met(place, least, most):
                least, most = ranges.interval(inside)
            if not aims.met(place, least, most):
                found.append((place, Bound(system.keys[place], least, most)))
    return [bound for _, bound in sorted(found, key=lambda pair: pair[0])]


def agrees(system: System, table: Floats) -> bool:
    """Whether a table contradicts nothing that is published: every count, every sum, no negative persons."""
    shown = ~np.isnan(system.values)
    return bool(
        np.abs(table[shown] - system.values[shown]).max(initial=0) <= TOLERANCE
        and np.abs(system.equal @ table).max(initial=0) <= TOLERANCE
        and (system.atmost @ table).max(initial=0) <= TOLERANCE
        and (table - system.floor).min(initial=0) >= -TOLERANCE
        and (system.top - table).min(initial=0) >= -TOLERANCE
    )


def _extremes(block: Block, seen: Floats, aims: Goals, care_alone: bool) -> Ranges:
    """Among the tables known to be possible, the least and greatest value of each cell; new ones sought if needed.

    For the cells in care alone where that is asked; a block without any is solved all the same, so that a
    contradiction in it is found.
    """
    if not len(seen):
        asked = aims.care[block.columns]
        return Ranges(block, _block_tables(block, aims, asked if care_alone and asked.any() else None))
    found = Ranges(block, seen[:, block.columns])
    cells = enumerate(block.columns)
    weak = np.array([not aims.met(place, found.least[i], found.most[i]) for i, place in cells])
    if weak.any():
        found.see(_block_tables(block, aims, weak))
    return found


def possible_tables(system: System, aims: Goals, worth: float = 0.0) -> Iterator[tuple[list[int], Floats]]:
    """For each group of withheld cells, a few possible tables (one a row).

    `worth`: the share of the cells still asked for that a table must bring to their goals for another to be sought.
    """
    for block in blocks(system):
        yield block.columns, _block_tables(block, aims, worth=worth)


def _block_tables(block: Block, aims: Goals, cells: Mask | None = None, worth: float = 0.0) -> Floats:
    """A few tables that agree with what is published, each pushing many of the cells up or down at once."""
    size = len(block.columns)
    seen: list[Floats] = []
    for sign, all_targets in ((1.0, aims.high), (-1.0, aims.low)):
        target = np.clip(all_targets[block.columns], block.floor, block.top)
        asked = np.arange(size) if cells is None else np.flatnonzero(cells)
        if not len(asked):
            continue
        push = _pushed(block, asked, sign, target[asked])
        left = np.ones(len(asked), dtype=bool)
        while left.any():
            weights = np.concatenate([np.zeros(size), np.where(left, -sign, 0.0)])
            table = push.least(weights).point[:size]
            done = left & (sign * table[asked] >= sign * target[asked] - TOLERANCE)
            seen.append(table)
            if done.sum() <= worth * left.sum():
                break
            left &= ~done
    return np.array(seen)


def _pushed(block: Block, cells: Cells, sign: float, target: Floats) -> Programme:
    """All possible tables, with a second unknown for each of the cells: how near it comes to its target.

    z <= y and z <= target, to be made great; or z >= y and z >= target, to be made small.
    """
    size, extra = len(block.columns), len(cells)
    link = csr_array(
        (
            np.concatenate([np.full(extra, -sign), np.full(extra, sign)]),
            (np.tile(np.arange(extra), 2), np.concatenate([cells, size + np.arange(extra)])),
        ),
        shape=(extra, size + extra),
    )
    pad = csr_array((block.atmost.shape[0], extra))
    atmost = vstack([_beside(block.atmost, pad), link], format="csr")
    ceiling = np.concatenate([block.ceiling, np.zeros(extra)])
    equal = _beside(block.equal, csr_array((block.equal.shape[0], extra)))
    least_most = [np.zeros(extra), target] if sign > 0 else [target, np.full(extra, UNBOUNDED)]
    bounds = np.vstack([np.column_stack([block.floor, block.top]), np.column_stack(least_most)])
    return Programme(equal, block.right, atmost, ceiling, bounds)


def _beside(left: csr_array, right: csr_array) -> csr_array:
    """The two matrices side by side."""
    shape = (left.shape[0], left.shape[1] + right.shape[1])
    return csr_array((left.data, left.indices, left.indptr), shape=shape)
