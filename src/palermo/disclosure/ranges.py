"""What each withheld cell can be, from two sides: possible tables from within, single sums from without.

Where both meet, the bound is found; only elsewhere is a linear programme asked, and its answer is one more possible
table, which may settle other cells. The intervals are those of one programme for each bound of each cell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array, vstack

from palermo.disclosure.programme import TOLERANCE, UNBOUNDED, Contradiction
from palermo.disclosure.system import Floats

if TYPE_CHECKING:
    from palermo.disclosure.attack import Block

ROUNDS = 50


class Ranges:
    """The cells of a block: `least` and `most` are the extremes among the tables that are known to be possible."""

    def __init__(self, block: Block, tables: Floats | None = None) -> None:
        self._block = block
        self._low, self._high = outer(block)
        self.least = np.full(len(block.columns), np.inf)
        self.most = np.full(len(block.columns), -np.inf)
        if tables is not None:
            self.see(tables)

    def see(self, tables: Floats) -> None:
        """Learn from tables (one a row) that contradict nothing."""
        self.least = np.minimum(self.least, tables.min(axis=0))
        self.most = np.maximum(self.most, tables.max(axis=0))

    def outside(self, inside: int) -> tuple[float, float]:
        """What is known to bound a cell without asking any programme: the interval is this, or within it."""
        high = float(self._high[inside])
        return float(self._low[inside]), float("inf") if high > UNBOUNDED / 2 else high

    def interval(self, inside: int) -> tuple[float, float]:
        """The least and the greatest that one cell can be; the greatest may be infinite."""
        if self.least[inside] > self._low[inside] + TOLERANCE:
            self._low[inside] = self._ask(inside, 1.0)
        if self.most[inside] < self._high[inside] - TOLERANCE:
            self._high[inside] = self._ask(inside, -1.0)
        return self.outside(inside)

    def _ask(self, inside: int, sign: float) -> float:
        objective = np.zeros(len(self._block.columns))
        objective[inside] = sign
        point = self._block.programme.least(objective).point
        self.see(point[None, :])
        return float(point[inside])


def outer(block: Block) -> tuple[Floats, Floats]:
    """Bounds of every cell that follow from one sum after the other: no possible table is outside.

    Counts and sums of counts are whole numbers, so nothing is lost by rounding. Raises Contradiction where a least
    comes out above its greatest.
    """
    matrix = csr_array(vstack([block.equal, -block.equal, block.atmost], format="csr"))
    most = np.concatenate([block.right, -block.right, block.ceiling])
    low, high = block.floor.astype(float), block.top.astype(float)
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    for _ in range(ROUNDS):
        before = low, high
        low, high = _tightened(matrix, rows, most, low, high)
        if (low > high + TOLERANCE).any():
            raise Contradiction("no counts agree with what is published (a least above its greatest)")
        if np.array_equal(before[0], low) and np.array_equal(before[1], high):
            break
    return low, high


def _tightened(
    matrix: csr_array, rows: Floats, most: Floats, low: Floats, high: Floats
) -> tuple[Floats, Floats]:
    """What each row says of each of its cells when all its others are at their least: `matrix @ y <= most`."""
    columns, signs = matrix.indices, matrix.data
    least = np.where(signs > 0, signs * low[columns], signs * high[columns])
    endless = (signs < 0) & (high[columns] >= UNBOUNDED)
    least[endless] = 0.0
    of_row = np.bincount(rows, least, minlength=len(most))
    open_ends = np.bincount(rows, endless, minlength=len(most))
    told = open_ends[rows] == endless  # all others of the row have a least
    bound = (most[rows] - of_row[rows] + least)[told] / signs[told]
    columns, up = columns[told], signs[told] > 0
    low, high = low.copy(), high.copy()
    np.minimum.at(high, columns[up], bound[up])
    np.maximum.at(low, columns[~up], bound[~up])
    return low, high
