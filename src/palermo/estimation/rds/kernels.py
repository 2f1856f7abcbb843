"""The one loop of respondent-driven sampling that numpy cannot take: recruitment without replacement.

Imported only when it is needed, since numba is; compiled once and kept on disk.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from palermo.estimation.rds.weights import Real


@njit(cache=True, nogil=True)
def _pick(mass: Any, group: Any, wanted: int, total: float, number: float) -> int:
    """The first cell of the wanted group (-1: of any) where the running mass passes number * total."""
    left = number * total
    last = -1
    for c in range(len(mass)):
        if mass[c] > 0.0 and (wanted < 0 or group[c] == wanted):
            last = c
            left -= mass[c]
            if left < 0.0:
                return c
    return last


@njit(cache=True, nogil=True)
def _group(row: Any, total: Any, number: float) -> int:
    """The group of the next recruit: by the ties that are left; -1 (any) when nobody of it is left."""
    left = number * row.sum()
    wanted = -1
    for j in range(len(row)):
        if row[j] > 0.0:
            wanted = j
            left -= row[j]
            if left < 0.0:
                break
    return wanted if wanted >= 0 and total[wanted] >= 0.5 else -1


@njit(cache=True, nogil=True)
def _one(
    numbers: Any,
    size: Any,
    degree: Any,
    group: Any,
    ties: Any,
    seeds: int,
    hands: Any,
    people: Any,
    moves: Any,
) -> None:
    """One recruitment, counted into `people` and `moves`."""
    n, g = len(numbers), len(ties)
    mass = size * degree
    total = np.zeros(g)
    for c in range(len(size)):
        total[group[c]] += mass[c]
    tie = ties.copy()
    who = np.empty(n, dtype=np.int64)
    active, given = 0, 0
    quota = hands[int(numbers[0, 2] * len(hands))]
    for m in range(n):
        boss = who[active] if m >= seeds else -1
        wanted = _group(tie[boss], total, numbers[m, 0]) if boss >= 0 else -1
        c = _pick(mass, group, wanted, total[wanted] if wanted >= 0 else total.sum(), numbers[m, 1])
        if c < 0:
            return
        new = group[c]
        people[c] += 1.0
        tie[:, new] *= max((total[new] - degree[c]) / total[new], 0.0)
        mass[c] -= degree[c]
        total[new] -= degree[c]
        who[m] = new
        if boss >= 0:
            moves[boss, new] += 1.0
            given += 1
        if given >= quota:
            active, given = active + 1, 0
            quota = hands[int(numbers[active, 2] * len(hands))]


@njit(cache=True, nogil=True)
def _run(numbers: Any, size: Any, degree: Any, group: Any, ties: Any, seeds: int, hands: Any) -> Any:
    people = np.zeros((len(numbers), len(size)))
    moves = np.zeros((len(numbers), len(ties), len(ties)))
    for r in range(len(numbers)):
        _one(numbers[r], size, degree, group, ties, seeds, hands, people[r], moves[r])
    return people, moves


def recruit(
    numbers: Real, size: Real, degree: Real, group: Any, ties: Real, seeds: int, hands: Any
) -> tuple[Real, Real]:
    """One recruitment for each replicate of `numbers` (replicates, people, 3), uniform on [0, 1).

    `size`, `degree` and `group` describe the cells of the population, `ties` the ties between groups, `hands` the
    numbers of recruits to draw from. Returns people by cell, and who recruited whom by group.
    """
    people, moves = _run(
        numbers,
        size,
        degree,
        np.asarray(group, dtype=np.int64),
        ties,
        seeds,
        np.asarray(hands, dtype=np.int64),
    )
    return people, moves
