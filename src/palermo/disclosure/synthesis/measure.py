"""The data are read here and nowhere else: exact tables are counted, get their noise and are forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from palermo.disclosure.microdata import Rows
from palermo.disclosure.synthesis import noise
from palermo.disclosure.synthesis.domain import Domain
from palermo.disclosure.synthesis.plan import SELECT, Pair, Plan, pairs, shares

Ints = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class NoisyTable:
    """Counts of people over some columns, each with noise of this sigma. `rho` is what it cost. In a table of
    two columns the categories are those of `groups` (rare ones together)."""

    columns: tuple[int, ...]
    counts: Ints
    sigma: float
    rho: float


@dataclass(frozen=True, eq=False)
class Measured:
    """Everything that is known of the data from here on. `groups[j]` says for each category of column j to
    which group it belongs in tables of two columns; where several belong to one group, it is the last.
    `spent`: rho."""

    domain: Domain
    one_way: tuple[NoisyTable, ...]
    two_way: tuple[NoisyTable, ...]
    groups: tuple[Ints, ...]
    total: float
    spent: float

    @property
    def grouped_sizes(self) -> tuple[int, ...]:
        """How many groups each column has."""
        return tuple(int(one.max()) + 1 for one in self.groups)


def measure(rows: Rows, domain: Domain, plan: Plan, rho: float) -> Measured:
    """Noisy tables of rows in which each person is in one row; costs `rho`, whatever the data."""
    first = rho * plan.one_way
    parts = shares(domain.sizes)
    one_way = tuple(
        _noisy(np.bincount(rows.codes[:, j], minlength=size), (j,), first * part)
        for j, (size, part) in enumerate(zip(domain.sizes, parts, strict=True))
    )
    groups = tuple(grouped(table, plan.rare) for table in one_way)
    sizes = [int(one.max()) + 1 for one in groups]
    codes = np.column_stack([group[rows.codes[:, j]] for j, group in enumerate(groups)])
    left, spent = rho - first, sum(table.rho for table in one_way)
    chosen = pairs(len(sizes))
    if plan.tables == SELECT:
        selecting = left * plan.selecting
        chosen, cost = _selected(codes, sizes, one_way, groups, plan.chosen, selecting)
        spent, left = spent + cost, left - selecting
    parts = shares([sizes[i] * sizes[j] for i, j in chosen])
    forbidden = domain.forbidden()
    two_way = []
    for (i, j), part in zip(chosen, parts, strict=True):
        table = _noisy(_counts(codes, (i, j), sizes), (i, j), left * part)
        two_way.append(_possible(table, forbidden.get((i, j)), groups))
    spent += sum(table.rho for table in two_way)
    total = float(plan.exact_total) if plan.exact_total is not None else estimated_total(one_way)
    return Measured(domain, one_way, tuple(two_way), groups, total, spent)


def grouped(table: NoisyTable, rare: float) -> Ints:
    """To which group each category belongs: those whose noisy count is small share the last one. Computed
    from noisy counts alone."""
    often = table.counts >= rare * table.sigma
    if often.sum() >= len(often) - 1:
        return np.arange(len(often), dtype=np.int64)
    groups = np.cumsum(often) - 1
    groups[~often] = int(often.sum())
    return groups.astype(np.int64)


def estimated_total(tables: Sequence[NoisyTable]) -> float:
    """How many people there are, from the sums of the noisy tables: the estimate of least variance."""
    weights = np.array([1 / (table.counts.size * table.sigma**2) for table in tables])
    sums = np.array([float(table.counts.sum()) for table in tables])
    return max(1.0, float(weights @ sums / weights.sum()))


def _noisy(exact: Ints, columns: tuple[int, ...], rho: float) -> NoisyTable:
    sigma = noise.sigma_of(rho)
    counts, cost = noise.noisy(exact, sigma)
    return NoisyTable(columns, counts, sigma, cost)


def _counts(codes: Ints, pair: Pair, sizes: Sequence[int]) -> Ints:
    i, j = pair
    ids = codes[:, i] * sizes[j] + codes[:, j]
    return np.bincount(ids, minlength=sizes[i] * sizes[j]).reshape(sizes[i], sizes[j])


def _possible(table: NoisyTable, forbidden: Flags | None, groups: Sequence[Ints]) -> NoisyTable:
    """Zero where every pair of values in the cell is impossible."""
    if forbidden is None:
        return table
    i, j = table.columns
    allowed = np.zeros(table.counts.shape, dtype=bool)
    rows, columns = np.nonzero(~forbidden)
    allowed[groups[i][rows], groups[j][columns]] = True
    return NoisyTable(table.columns, np.where(allowed, table.counts, 0), table.sigma, table.rho)


def _selected(
    codes: Ints,
    sizes: Sequence[int],
    one_way: Sequence[NoisyTable],
    groups: Sequence[Ints],
    number: int,
    rho: float,
) -> tuple[list[Pair], float]:
    """Pairs of columns whose tables are farthest from independence, each found by report-noisy-max.

    The score is the sum of absolute differences between the exact table and the product of noisy ones: one
    person changes it by 1 at most.
    """
    margins = [np.bincount(g, weights=np.maximum(t.counts, 0)) for g, t in zip(groups, one_way, strict=True)]
    total = estimated_total(one_way)
    margins = [one * total / max(one.sum(), 1.0) for one in margins]
    left = pairs(len(sizes))
    number = min(number, len(left))
    scale = noise.scale_of(rho / number)
    scores = {}
    for i, j in left:
        alone = np.rint(np.outer(margins[i], margins[j]) / total).astype(np.int64)
        scores[i, j] = int(np.abs(_counts(codes, (i, j), sizes) - alone).sum())
    chosen, cost = [], 0.0
    for _ in range(number):
        at, price = noise.likeliest([scores[pair] for pair in left], scale)
        chosen.append(left.pop(at))
        cost += price
    return sorted(chosen), cost
