"""Shares, medians and ratios with their uncertainty: Wilson, and a bootstrap over sites, then interviews."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from palermo.fieldwork.clustering import Z, clustering

WEAK, HIDDEN = 30, 10
Real = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Value:
    """One number. `value` is None where fewer than 10 people stand behind it; none is representative."""

    code: str
    cell: tuple[str, ...]
    value: float | None
    low: float | None
    high: float | None
    n: int
    n_eff: float
    method: str
    round: str = ""
    representative: bool = False

    @property
    def strength(self) -> str:
        return "hidden" if self.n < HIDDEN else "weak" if self.n < WEAK else "usual"


def made(
    code: str,
    cell: Sequence[str],
    value: float | None,
    low: float | None,
    high: float | None,
    n: int,
    n_eff: float,
    method: str,
    round_: str = "",
) -> Value:
    """A value that hides itself where too few people stand behind it."""
    if n < HIDDEN or value is None or not math.isfinite(value):
        value = low = high = None
    return Value(code, tuple(cell), value, low, high, n, n_eff, method, round_)


def effective(weights: Real) -> float:
    """Kish: (sum w)^2 / sum w^2."""
    square = float((weights**2).sum())
    return float(weights.sum()) ** 2 / square if square else 0.0


def wilson(p: float, n: float, z: float = Z) -> tuple[float, float]:
    """Wilson (1927), with n not necessarily whole."""
    if n <= 0:
        return 0.0, 1.0
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def weighted_quantile(values: Real, weights: Real, q: float = 0.5) -> float:
    """The middle of the lower and the upper weighted quantile: the usual median where all weights are one."""
    order = np.argsort(values, kind="stable")
    v, c = values[order], np.cumsum(weights[order])
    goal = q * c[-1]
    first = int(np.searchsorted(c, goal - 1e-12 * c[-1]))
    nxt = int(np.searchsorted(c, goal + 1e-12 * c[-1], side="right"))
    return float(v[min(first, len(v) - 1)] + v[min(nxt, len(v) - 1)]) / 2


@dataclass(frozen=True, eq=False)
class Design:
    """Who was asked where: the site of every interview, its weight, and the random numbers of the bootstrap."""

    sites: Sequence[str]
    weights: Real
    rng: np.random.Generator
    replicates: int = 200

    @cached_property
    def site(self) -> npt.NDArray[np.int64]:
        """A number for the site of every interview."""
        return np.unique(np.asarray(self.sites, dtype=str), return_inverse=True)[1].astype(np.int64)

    def resamples(self, who: npt.NDArray[np.int64]) -> Real:
        """(replicates, len(who)): how often each row counts when sites and then interviews are drawn again."""
        people, row = np.unique(who, return_inverse=True)
        site = np.unique(self.site[people], return_inverse=True)[1]
        groups = [np.flatnonzero(site == s) for s in range(int(site.max(initial=-1)) + 1)]
        counts = np.zeros((self.replicates, len(people)))
        for r in range(self.replicates):
            times = self.rng.multinomial(len(groups), np.full(len(groups), 1 / len(groups)))
            for group, time in zip(groups, times, strict=True):
                if time:
                    drawn = self.rng.integers(0, len(group), time * len(group))
                    counts[r, group] = np.bincount(drawn, minlength=len(group))
        return counts[:, row]

    def by_person(self, who: npt.NDArray[np.int64]) -> tuple[int, float]:
        """People and effective people behind rows of which several may be of one person."""
        if not len(who):
            return 0, 0.0
        total = np.bincount(who, weights=self.weights[who])
        return len(np.unique(who)), effective(total[total > 0].astype(np.float64))

    def share(
        self, code: str, cell: Sequence[str], rows: Sequence[tuple[int, bool]], round_: str = ""
    ) -> Value:
        """P(true) over rows (interview, answer); rows without an answer are not given."""
        who = np.asarray([i for i, _ in rows], dtype=np.int64)
        n, n_eff = self.by_person(who)
        if not n:
            return made(code, cell, None, None, None, 0, 0.0, "Wilson", round_)
        hit, w = np.asarray([h for _, h in rows], dtype=float), self.weights[who]
        p = float((w * hit).sum() / w.sum())
        effect, z = clustering(self.site[who], w * (hit - p) / w.sum(), p * (1 - p) / n_eff)
        n_eff *= (Z / z) ** 2 / effect
        return made(code, cell, p, *wilson(p, n_eff), n, n_eff, "share; Wilson with effective n", round_)

    def median(
        self, code: str, cell: Sequence[str], rows: Sequence[tuple[int, float]], round_: str = ""
    ) -> Value:
        return self._booted(code, cell, rows, lambda v, w: weighted_quantile(v[:, 0], w), "median", round_)

    def mean(
        self, code: str, cell: Sequence[str], rows: Sequence[tuple[int, float]], round_: str = ""
    ) -> Value:
        return self._booted(
            code, cell, rows, lambda v, w: float((v[:, 0] * w).sum() / w.sum()), "mean", round_
        )

    def ratio(
        self, code: str, cell: Sequence[str], rows: Sequence[tuple[int, float, float]], round_: str = ""
    ) -> Value:
        """Sum of the first over sum of the second."""

        def of(v: Real, w: Real) -> float:
            below = float((v[:, 1] * w).sum())
            return float((v[:, 0] * w).sum()) / below if below else math.nan

        return self._booted(code, cell, rows, of, "ratio of sums", round_)

    def _booted(
        self,
        code: str,
        cell: Sequence[str],
        rows: Sequence[tuple[int, *tuple[float, ...]]],
        of: Callable[[Real, Real], float],
        what: str,
        round_: str,
    ) -> Value:
        who = np.asarray([row[0] for row in rows], dtype=np.int64)
        n, n_eff = self.by_person(who)
        method = f"{what}; bootstrap over sites, then interviews"
        if n < HIDDEN:
            return made(code, cell, None, None, None, n, n_eff, method, round_)
        values, w = np.asarray([row[1:] for row in rows], dtype=float), self.weights[who]
        again = [of(values[c > 0], (w * c)[c > 0]) for c in self.resamples(who)]
        if np.isnan(again).all():  # nothing below the line in any draw
            return made(code, cell, None, None, None, n, n_eff, method, round_)
        low, high = np.nanquantile(again, [0.025, 0.975])
        return made(code, cell, of(values, w), float(low), float(high), n, n_eff, method, round_)


def risk_ratio(a: float, n1: float, c: float, n0: float, z: float = Z) -> tuple[float, float, float] | None:
    """p1/p0 with exp(ln RR +/- z sqrt(1/a - 1/n1 + 1/c - 1/n0)); None where a count is zero."""
    if min(a, n1, c, n0) <= 0:
        return None
    rr = (a / n1) / (c / n0)
    half = z * math.sqrt(max(0.0, 1 / a - 1 / n1 + 1 / c - 1 / n0))
    return rr, rr * math.exp(-half), rr * math.exp(half)


def alpha(units: Sequence[Sequence[str]]) -> float | None:
    """Krippendorff's alpha for names: each unit holds the codes that its coders gave."""
    pairs: dict[tuple[str, str], float] = {}
    for unit in (u for u in units if len(u) > 1):
        for i, x in enumerate(unit):
            for j, y in enumerate(unit):
                if i != j:
                    pairs[x, y] = pairs.get((x, y), 0.0) + 1 / (len(unit) - 1)
    totals: dict[str, float] = {}
    for (x, _), count in pairs.items():
        totals[x] = totals.get(x, 0.0) + count
    n = sum(totals.values())
    expected = n * n - sum(t * t for t in totals.values())
    seen = sum(count for (x, y), count in pairs.items() if x != y)
    return None if expected == 0 else 1 - (n - 1) * seen / expected
