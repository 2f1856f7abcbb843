"""The cheapest alternating box through a cell: a change that leaves every sum intact, found without a solver.

Along each dimension the change moves `amount` persons from one category to another, or takes them in from
outside (category and total grow together); the product over the dimensions touches 2^n cells and keeps all
margins. This is the hypercube of Repsilber (1994) with the totals as corners too. Flat dimensions that add
up only; a cell that another table also shows may not be moved, since that table would have to move with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from palermo.disclosure.system import Floats
from palermo.disclosure.tables import Key, Table, coordinates, key_of

Places = NDArray[np.intp]


@dataclass(frozen=True)
class Grid:
    """One table as an array: where each cell stands in the system (code 0 of each axis is the total)."""

    places: Places
    shared: NDArray[np.bool_]


def grids(tables: Sequence[Table], index: dict[Key, int]) -> list[Grid]:
    """The tables in which boxes can be looked for."""
    arrays = []
    for table in tables:
        shape = tuple(len(dimension.codes) for dimension in table.dimensions)
        flat = [index[key_of(table.population, table.dimensions, at)] for at in coordinates(table.dimensions)]
        arrays.append(np.array(flat, dtype=np.intp).reshape(shape))
    uses = np.bincount(np.concatenate([a.ravel() for a in arrays]), minlength=len(index))
    return [
        Grid(array, uses[array] > 1)
        for table, array in zip(tables, arrays, strict=True)
        if not any(dimension.overlapping or dimension.parents for dimension in table.dimensions)
    ]


def cheapest_box(
    grid: Grid,
    cell: int,
    amount: float,
    price: Floats,
    values: Floats,
    floor: Floats | None = None,
    top: Floats | None = None,
) -> dict[int, float] | None:
    """The change (place -> persons) of the cheapest box that moves the cell by `amount`; None without one.

    No cell is moved under its `floor` (0 where none is given), nor above its `top`.
    """
    found = np.argwhere(grid.places == cell)
    if not len(found):
        return None
    corner = tuple(int(code) for code in found[0])
    cost, here = price[grid.places].astype(float), values[grid.places]
    cost[grid.shared] = np.inf
    more = np.where(here > 0, cost, np.inf)
    if top is not None:
        more = np.where(top[grid.places] - here >= abs(amount), more, np.inf)
    spare = here if floor is None else here - floor[grid.places]
    less = np.where((spare >= abs(amount)) & (here > 0), cost, np.inf)
    if amount < 0:
        more, less = less, more
    for axis, code in enumerate(corner):
        more, less = _both(more, less, axis, code)
    if not np.isfinite(more).any():
        return None
    opposite = np.unravel_index(int(np.argmin(more)), more.shape)
    return _corners(grid, corner, tuple(int(code) for code in opposite), amount)


def _both(more: Floats, less: Floats, axis: int, code: int) -> tuple[Floats, Floats]:
    """For every other code of the axis, add the price of the corners there.

    Two categories move against each other; a category and the total move together.
    """
    own_more, own_less = np.take(more, [code], axis), np.take(less, [code], axis)
    against = np.full(more.shape[axis], code != 0)
    against[0] = False
    turn = against.reshape([-1 if place == axis else 1 for place in range(more.ndim)])
    new_more = own_more + np.where(turn, less, more)
    new_less = own_less + np.where(turn, more, less)
    itself = tuple(code if place == axis else slice(None) for place in range(more.ndim))
    new_more[itself] = np.inf
    new_less[itself] = np.inf
    return new_more, new_less


def _corners(
    grid: Grid, corner: tuple[int, ...], opposite: tuple[int, ...], amount: float
) -> dict[int, float]:
    change: dict[int, float] = {}
    for choice in product((0, 1), repeat=len(corner)):
        at = tuple(o if pick else c for pick, c, o in zip(choice, corner, opposite, strict=True))
        turns = sum(pick and c != 0 and o != 0 for pick, c, o in zip(choice, corner, opposite, strict=True))
        change[int(grid.places[at])] = -amount if turns % 2 else amount
    return change
