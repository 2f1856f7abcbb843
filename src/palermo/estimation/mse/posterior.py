"""What Bayesian estimators share: a grid over the people never seen with its quantiles and what lies beyond its end,
quantiles of weighted draws, and an order of the lists that is the table's own."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from palermo.estimation.mse.table import CaptureTable
from palermo.estimation.results import Caution, Level
from palermo.saying import phrase

Floats = npt.NDArray[np.float64]
FINEST, COARSEST = 0.0005, 0.02  # steps on the log scale
LOOK_BACK = 20  # points over which the slope at the end is taken


@dataclass(frozen=True)
class Grid:
    """Cells of whole numbers: `points` where the density is taken, `widths` numbers in a cell, `lower`, `upper` ends.

    A cell of one number has its ends there, so that quantiles are whole; in a wide one they are interpolated.
    """

    points: Floats
    widths: Floats
    lower: Floats
    upper: Floats

    @staticmethod
    def even(start: float, stop: float, points: int) -> Grid:
        """Single numbers, evenly spaced and rounded, each standing for itself: the grid of R's `dga`."""
        x = np.round(np.linspace(start, stop, points))
        return Grid(x, np.ones(points), x, x)

    @staticmethod
    def growing(n: int, last: float) -> Grid:
        """All numbers from 0 while they are few, then cells that grow, to `last`.

        The standard deviation of log n_0 is not much under 1/sqrt(n) for n people seen; the step on that scale is
        0.6 of it, and at most 0.02.
        """
        step = min(max(0.6 / math.sqrt(n), FINEST), COARSEST)
        first = math.ceil(1 / step)
        steps = max(math.ceil(math.log(max(last / first, 1.0)) / step), 1)
        ends = np.unique(np.floor(first * np.exp(step * np.arange(steps + 1))))
        edges = np.concatenate([np.arange(-1.0, first), ends[ends >= first]])
        widths = np.diff(edges)
        lower = edges[:-1] + 1
        single = widths == 1
        return Grid(
            (lower + edges[1:]) / 2,
            widths,
            np.where(single, lower, lower - 0.5),
            np.where(single, lower, edges[1:] + 0.5),
        )

    def quantile(self, mass: Floats, share: float) -> float:
        """The smallest number with at least this share of the mass at or below it; interpolated in a wide cell."""
        below = np.cumsum(mass)
        i = int(min(np.searchsorted(below, share * below[-1]), len(mass) - 1))
        part = (share * below[-1] - (below[i] - mass[i])) / mass[i] if mass[i] else 0.0
        return float(self.lower[i] + part * (self.upper[i] - self.lower[i]))

    def tail(self, density: Floats) -> float:
        """The share of the mass beyond the last point, if the log density goes on as it ends (a power of n_0)."""
        if density[-1] == -math.inf:
            return 0.0
        slope = (density[-1] - density[-1 - LOOK_BACK]) / math.log(
            self.points[-1] / self.points[-1 - LOOK_BACK]
        )
        if not slope < -1:
            return math.inf
        best = density.max()
        beyond = math.exp(density[-1] - best) * self.points[-1] / (-slope - 1)
        return float(beyond / (beyond + (np.exp(density - best) * self.widths).sum()))


def weighted_quantiles(values: Floats, weights: Floats, shares: Sequence[float]) -> list[float]:
    """For each share the smallest value with at least that share of the weight at or below it."""
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weights[order])
    places = np.searchsorted(below, np.asarray(shares) * below[-1])
    return [float(values[order[min(int(place), len(order) - 1)]]) for place in places]


def in_own_order(table: CaptureTable) -> tuple[CaptureTable, list[int]]:
    """The same table with its lists in an order that does not depend on the one given (largest first, then by what
    they share with others), so that the order given does not change random draws; and which list is where."""
    rows = [tuple(sorted(table.overlaps[j].tolist(), reverse=True)) for j in range(table.k)]
    order = sorted(range(table.k), key=lambda j: (-int(table.totals[j]), rows[j]))
    moved = np.zeros_like(table.counts)
    for mask, count in table.cells():
        moved[sum(1 << new for new, old in enumerate(order) if mask >> old & 1)] = count
    return CaptureTable(tuple(table.lists[j] for j in order), moved), order


def about_suppressed(table: CaptureTable) -> Iterator[Caution]:
    """What must be said where counts are known only as intervals: these methods take them at their lower end."""
    if table.suppressed:
        yield Caution(
            "suppressed_low", Level.CARE,
            phrase("Counts that were only known as an interval entered at their lower end."),
            {"cells": len(table.suppressed)},
        )  # fmt: skip
