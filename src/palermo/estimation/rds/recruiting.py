"""Recruitment without replacement through a population, for many replicates at once.

Who comes next within a group, in proportion to network size and never twice, is the order of E/d with E exponential (a
race): drawn once for each replicate and group. What is left to do step by step is which group comes next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from palermo.estimation.rds.sample import Whole
from palermo.estimation.rds.weights import Real


@dataclass(frozen=True, eq=False)
class People:
    """Everybody of a population: network size, class of network size, and where each group begins (groups in order)."""

    degree: Real
    kind: Whole
    first: Whole

    @staticmethod
    def of(size: Whole, degree: Real) -> People:
        """From the number of people by group (rows) and class (columns)."""
        kind = np.tile(np.arange(size.shape[1]), len(size)).repeat(size.ravel())
        return People(degree[kind], kind, np.concatenate([[0], np.cumsum(size.sum(axis=1))]).astype(np.int64))

    @property
    def g(self) -> int:
        return len(self.first) - 1

    @cached_property
    def mass(self) -> Real:
        """Sum of network sizes by group."""
        sums: Real = np.array(
            [self.degree[lo:hi].sum() for lo, hi in zip(self.first, self.first[1:], strict=False)]
        )
        return sums


@dataclass(frozen=True, eq=False)
class Rules:
    """How recruitment runs: ties between groups, people to reach, seeds of them, numbers of recruits to draw from."""

    ties: Real
    n: int
    seeds: int
    hands: Whole


def recruit(people: People, rules: Rules, makers: Sequence[np.random.Generator], k: int) -> tuple[Real, Real]:
    """One recruitment for each generator: people by group and class, and who recruited whom by group.

    Seeds come by network size. Then the recruiters take their turns in the order in which they came, each with a number
    of recruits drawn from `hands`: the recruit's group by the ties that the recruiter's group has left, the person by
    network size; ties to a group shrink as its people are used up.
    """
    b, n, g = len(makers), rules.n, people.g
    every = np.arange(b)
    drawn = [(_line(people, n, maker), maker.random((2, n))) for maker in makers]
    line = np.concatenate([one for one, _ in drawn])  # replicate by replicate, group by group
    draws = np.stack([one for _, one in drawn], axis=1)
    boss = _turns(draws[1], rules.seeds, rules.hands)
    numbers = np.ascontiguousarray(draws[0].T)
    # Ties to a group shrink by (left - d)/left with every person of it: in all by what is left over what there was.
    pull = rules.ties / np.maximum(people.mass, 1e-300)
    total = np.tile(people.mass, b)
    taken = np.zeros(b * g, dtype=np.int64)
    who = np.zeros((n, b), dtype=np.int64)
    person = np.zeros((n, b), dtype=np.int64)
    for m in range(n):
        left = total.reshape(b, g)
        new = _group(left if m < rules.seeds else pull[who[boss[m], every]] * left, left, numbers[m])
        at = every * g + new
        chosen = line[at * n + taken[at]]
        total[at] -= people.degree[chosen]
        taken[at] += 1
        who[m], person[m] = new, chosen
    table = np.bincount(((every * g + who) * k + people.kind[person]).ravel(), minlength=b * g * k)
    pair = (every * g + who[boss[rules.seeds :], every]) * g + who[rules.seeds :]
    moves = np.bincount(pair.ravel(), minlength=b * g * g)
    return table.reshape(b, g, k).astype(np.float64), moves.reshape(b, g, g).astype(np.float64)


def _line(people: People, n: int, maker: np.random.Generator) -> Whole:
    """Who would come first, second, ... in each group, n places each; beyond its people a group is never asked."""
    key = maker.standard_exponential(len(people.degree)) / people.degree
    line = np.zeros((people.g, n), dtype=np.int64)
    for j in range(people.g):
        low, high = people.first[j], people.first[j + 1]
        mine = key[low:high]
        if len(mine) > 4 * n:
            near = np.argpartition(mine, n)[:n]
            order = near[np.argsort(mine[near])]
        else:
            order = np.argsort(mine)[:n]
        line[j, : len(order)] = low + order
    return line.ravel()


def _turns(numbers: Real, seeds: int, hands: Whole) -> Whole:
    """Who recruits the m-th person, in the order in which people came: (people, replicates)."""
    b, n = numbers.shape
    quota = np.cumsum(hands[(numbers * len(hands)).astype(np.int64)], axis=1)
    boss = np.zeros((n, b), dtype=np.int64)
    for r in range(b):
        boss[seeds:, r] = np.searchsorted(quota[r], np.arange(n - seeds), side="right")
    return boss


def _group(row: Real, total: Real, number: Real) -> Whole:
    """The group of the next person: by ties to groups that have people left; any group by people where none is."""
    ahead = np.cumsum(row, axis=1)
    none = ahead[:, -1] <= 0
    if none.any():
        ahead[none] = np.cumsum(total[none], axis=1)
    return np.asarray((ahead[:, :-1] <= (number * ahead[:, -1])[:, None]).sum(axis=1))
