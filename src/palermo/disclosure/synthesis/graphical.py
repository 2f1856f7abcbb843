"""The other model: mbi's graphical model, on the tables that say most about each other and hang together as a
forest.

Which tables those are is read off the noisy ones, so it costs nothing. A forest cannot blow up in memory,
whatever the tables; what two columns have in common beyond it is lost.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from palermo.disclosure.synthesis.extra import MissingExtra, exactly, model_library
from palermo.disclosure.synthesis.measure import Measured, NoisyTable
from palermo.disclosure.synthesis.plan import Plan

ITERATIONS = 1000
PARENTS = 2000
MOST_CORRELATION = 0.1  # of 4,000 rows each, chance alone gives 0.016


def fit(measured: Measured, plan: Plan, seed: int) -> Any:
    """mbi's model of the noisy tables of one column and of the forest."""
    del plan, seed  # fitting is convex and begins at one place
    sizes = measured.grouped_sizes
    mbi = model_library()
    names = [str(j) for j in range(len(sizes))]
    told = [
        mbi.LinearMeasurement(
            table.counts.astype(float).ravel(), tuple(names[j] for j in table.columns), table.sigma
        )
        for table in forest(measured)
    ]
    told += [
        mbi.LinearMeasurement(
            np.bincount(groups, weights=table.counts) / np.sqrt(np.bincount(groups)),
            (names[j],),
            table.sigma,
            mbi.WeightedQuery(1 / np.sqrt(np.bincount(groups))),
        )
        for j, (table, groups) in enumerate(zip(measured.one_way, measured.groups, strict=True))
    ]
    with exactly():
        return mbi.estimation.MirrorDescent().estimate(
            mbi.Domain(names, sizes), told, measured.total, iters=ITERATIONS
        )


@cache
def trusted() -> None:
    """Raises MissingExtra where mbi's sampler makes columns that hang on the same third one move together, as
    1.x does. Tried once in a process on three columns whose truth is known."""
    mbi = model_library()
    names, sizes = ["parent", "one", "two"], (2, 2, 2)
    child = 4 * PARENTS * np.array([[0.8, 0.2], [0.3, 0.7]]) / 2
    with exactly():
        told = [mbi.LinearMeasurement(child.ravel(), ("parent", name), 1.0) for name in names[1:]]
        model = mbi.estimation.MirrorDescent().estimate(
            mbi.Domain(names, sizes), told, float(child.sum()), iters=200
        )
    drawn = _draw(model, 4 * PARENTS, 1)
    for value in (0, 1):
        found = np.corrcoef(drawn[drawn[:, 0] == value][:, 1:].T)[0, 1]
        if not abs(found) < MOST_CORRELATION:
            raise MissingExtra(
                "The installed mbi draws columns that move together though they do not (correlation "
                f"{found:.2f} where "
                "there is none). Rows drawn with it would be false; install mbi 2 or newer."
            )


def draw(model: Any, n: int, seed: int) -> npt.NDArray[np.int32]:
    """Rows of groups, by mbi's own sampler, which must have passed the trial."""
    trusted()
    return _draw(model, n, seed)


def _draw(model: Any, n: int, seed: int) -> npt.NDArray[np.int32]:
    with exactly():
        from mbi.extensions.synthetic_data import synthetic_data

        found = synthetic_data(model, n, seed=seed).to_dict()
    return np.column_stack([np.asarray(found[name]) for name in model.domain]).astype(np.int32)


def forest(measured: Measured) -> list[NoisyTable]:
    """The tables of two columns that make the heaviest forest, by how far each is from independence."""
    heads = list(range(len(measured.groups)))

    def head(j: int) -> int:
        while heads[j] != j:
            j = heads[j]
        return j

    chosen = []
    for table in sorted(measured.two_way, key=_apart, reverse=True):
        i, j = map(head, table.columns)
        if i != j:
            heads[i] = j
            chosen.append(table)
    return chosen


def _apart(table: NoisyTable) -> float:
    """How far a noisy table is from the product of its margins, less what noise alone would make of it."""
    counts = table.counts.astype(float)
    total = max(counts.sum(), 1.0)
    alone = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / total
    return float(np.abs(counts - alone).sum()) - float(np.sqrt(2 / np.pi)) * table.sigma * counts.size
