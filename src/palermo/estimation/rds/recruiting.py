"""Recruitment without replacement through a population of cells, for many replicates at once.

Step by step, but every step for all replicates together: plain numpy is then as fast as compiled code here, and nothing
has to be loaded or compiled first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from palermo.estimation.rds.sample import Whole
from palermo.estimation.rds.weights import Real


@dataclass(frozen=True, eq=False)
class Cells:
    """People of one group and network size: how many, their network size, their group (cells in order of groups)."""

    size: Real
    degree: Real
    group: Whole


def recruit(numbers: Real, cells: Cells, ties: Real, seeds: int, hands: Whole) -> tuple[Real, Real]:
    """One recruitment for each replicate of `numbers` (replicates, people, 3), uniform on [0, 1).

    The first `seeds` people are drawn by network size. After that the recruiters take their turns in the order in which
    they came, each with a number of recruits drawn from `hands`: the recruit's group by the ties that the recruiter's
    group has left, the person by network size; ties to a group shrink as its people are used up. Returns people by
    cell, and who recruited whom by group.
    """
    b, n, _ = numbers.shape
    g = len(ties)
    every = np.arange(b)
    first = np.searchsorted(cells.group, np.arange(g + 1))
    # Replicates are the last axis throughout: sums over cells then run along memory.
    mass = np.tile((cells.size * cells.degree)[:, None], (1, b))
    total = np.tile(_sums(cells, g)[:, None], (1, b))
    tie = np.tile(ties[:, :, None], (1, 1, b))
    who = np.zeros((n, b), dtype=np.int64)
    cell = np.zeros((n, b), dtype=np.int64)
    boss = _turns(numbers[:, :, 2], seeds, hands)
    draws = np.ascontiguousarray(numbers.transpose(2, 1, 0))
    for m in range(n):
        wanted = None
        if m >= seeds:
            wanted = _group(tie[who[boss[m], every], :, every].T, total, draws[0, m])
        now = cell[m] = _cell(mass, wanted, first, draws[1, m])
        new, gone = cells.group[now], cells.degree[now]
        had = total[new, every]
        left = np.maximum(had - gone, 0.0)
        tie[:, new, every] *= left / np.maximum(had, 1e-300)
        mass[now, every] = np.maximum(mass[now, every] - gone, 0.0)
        total[new, every] = left
        who[m] = new
    people = np.bincount((cell + every * len(mass)).ravel(), minlength=b * len(mass)).reshape(b, -1)
    pair = who[boss[seeds:], every] * g + who[seeds:] + every * (g * g)
    moves = np.bincount(pair.ravel(), minlength=b * g * g).reshape(b, g, g)
    return people.astype(np.float64), moves.astype(np.float64)


def _sums(cells: Cells, g: int) -> Real:
    """People times network size, by group."""
    return np.bincount(cells.group, cells.size * cells.degree, minlength=g).astype(np.float64)


def _turns(numbers: Real, seeds: int, hands: Whole) -> Whole:
    """Who recruits the m-th person, in the order in which people came: (people, replicates)."""
    b, n = numbers.shape
    quota = np.cumsum(hands[(numbers * len(hands)).astype(np.int64)], axis=1)
    boss = np.zeros((n, b), dtype=np.int64)
    for r in range(b):
        boss[seeds:, r] = np.searchsorted(quota[r], np.arange(n - seeds), side="right")
    return boss


def _group(row: Real, total: Real, number: Real) -> Whole:
    """The group of the next recruit: by ties to groups that have people left; any group by people where none is."""
    open_ = np.where(total >= 0.5, row, 0.0)
    ahead = np.cumsum(open_, axis=0)
    none = ahead[-1] <= 0
    if none.any():
        ahead[:, none] = np.cumsum(total[:, none], axis=0)
    return np.asarray((ahead <= number * ahead[-1]).sum(axis=0).clip(0, len(row) - 1))


def _cell(mass: Real, wanted: Whole | None, first: Whole, number: Real) -> Whole:
    """The cell of the next person, by people left times network size, within the wanted group."""
    ahead = np.cumsum(mass, axis=0)
    every = np.arange(mass.shape[1])
    if wanted is None:
        start, stop = np.zeros(len(every), dtype=np.int64), np.full(len(every), len(mass))
    else:
        start, stop = first[wanted], first[wanted + 1]
    low = np.where(start > 0, ahead[start - 1, every], 0.0)
    whole = ahead[stop - 1, every] - low
    found = (ahead <= low + number * whole).sum(axis=0)
    return np.asarray(found.clip(start, stop - 1))
