"""Populations with a known truth: what an estimator answers where the answer is known.

A design is a number of people and the chance of every history, that of being seen by nobody included. It is built from
the marginal share of each list and odds ratios of pairs of lists; an odds ratio of 0 keeps two lists apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from palermo.estimation.mse.replicates import BLOCK, Floats, stream
from palermo.estimation.mse.table import CaptureTable, Counts
from palermo.estimation.problems import BadOptions
from palermo.saying import phrase

ROUNDS = 2_000  # of proportional fitting; the margins are met long before


@dataclass(frozen=True)
class Design:
    """`shares` of the population on each list, `odds` ratios of pairs (lists from 0, given the other lists), `kinds` of
    people as (share of the population, factor on every list's share), and whether the lists alone can show the number
    of people (`identified`)."""

    name: str
    people: int
    shares: tuple[float, ...]
    odds: Mapping[tuple[int, int], float] = field(default_factory=dict)
    kinds: tuple[tuple[float, float], ...] = ((1.0, 1.0),)
    identified: bool = True

    @property
    def k(self) -> int:
        """The number of lists."""
        return len(self.shares)

    @property
    def lists(self) -> tuple[str, ...]:
        return tuple(chr(ord("A") + j) for j in range(self.k))

    def chances(self) -> Floats:
        """The chance of every history; for one kind of people, a log-linear model with these odds whose lists have
        these shares."""
        parts = [weight * self._of_kind(factor) for weight, factor in self.kinds]
        whole: Floats = np.sum(parts, axis=0)
        return whole

    def _of_kind(self, factor: float) -> Floats:
        shares = [share * factor for share in self.shares]
        histories = np.arange(1 << self.k)
        found: Floats = np.ones(len(histories))
        for (i, j), ratio in self.odds.items():
            found[(histories >> i & histories >> j & 1) == 1] *= ratio
        on = [(histories >> j & 1) == 1 for j in range(self.k)]
        for _ in range(ROUNDS):
            found /= found.sum()
            before = found.copy()
            for j, share in enumerate(shares):
                seen = found[on[j]].sum()
                found[on[j]] *= share / seen
                found[~on[j]] *= (1 - share) / (1 - seen)
            if float(np.abs(found - before).max()) < 1e-15:
                break
        return found

    def tables(self, many: int, seed: int = 1) -> Counts:
        """Counts of so many populations of `people`, one a row; those seen by nobody are left out (cell 0)."""
        return populations(self.chances(), self.people, many, seed)

    def table(self, counts: Counts) -> CaptureTable:
        """One of them as a table, checked as any input is."""
        cells: dict[int | str | tuple[int, ...], int] = {
            int(mask): int(counts[mask]) for mask in np.flatnonzero(counts)
        }
        return CaptureTable.from_counts(self.lists, cells)


def populations(chances: Floats, people: int, many: int, seed: int) -> Counts:
    """`many` populations of `people` drawn with these chances; row i depends on the seed and i only."""
    found = np.zeros((many, len(chances)), np.int64)
    for start in range(0, many, BLOCK):
        drawn = stream(seed, start // BLOCK).multinomial(people, chances / chances.sum(), size=BLOCK)
        found[start : start + BLOCK] = drawn[: many - start]
    found[:, 0] = 0
    return found


DESIGNS = {
    one.name: one
    for one in (
        Design("independent", 4_000, (0.12, 0.10, 0.08, 0.06, 0.05)),
        Design(
            "dependent", 6_000, (0.12, 0.10, 0.09, 0.08, 0.07, 0.05),
            {(0, 1): 3.5, (2, 3): 3.0, (1, 4): 0.25},
        ),
        Design("apart", 6_000, (0.12, 0.10, 0.09, 0.08, 0.06), {(0, 1): 0.0, (2, 3): 0.0}),
        Design("tiny", 1_200, (0.045, 0.035, 0.025, 0.018, 0.012, 0.010, 0.008, 0.006), identified=False),
        Design("hidden", 3_000, (0.15, 0.12), {(0, 1): 4.0}, identified=False),
        Design("unequal", 5_000, (0.10, 0.08, 0.12, 0.06), kinds=((0.7, 0.3), (0.3, 2.6)), identified=False),
        Design("nowhere", 2_000, (0.10, 0.08, 0.06), {(0, 1): 0.0, (0, 2): 0.0, (1, 2): 0.0}, identified=False),
    )
}  # fmt: skip


def design(name: str) -> Design:
    """One of the designs: independent (5 lists), dependent (6), apart (5, two pairs never overlap), tiny (8 lists,
    about 179 of 1,200 people seen), hidden (2 lists with an odds ratio of 4), unequal (4 lists, three in ten people are
    seen nine times as easily), nowhere (3 lists, no overlap).

    Raises BadOptions with the names that exist.
    """
    if name not in DESIGNS:
        raise BadOptions(
            phrase('no design is called "{name}"; there are {names}', name=name, names=list(DESIGNS))
        )
    return DESIGNS[name]
