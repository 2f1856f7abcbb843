"""Does a mechanism keep its promise? The audit by neighbours.

A mechanism with (eps, delta)-differential privacy makes every event at most exp(eps) times as likely (plus
delta) when one person is added or taken away. So it is run many times with and without one planted person; an
event chosen on the first half of the runs is counted on the second, and the exact binomial limits of Clopper
and Pearson give an epsilon that the mechanism certainly has, whatever is claimed (Jagielski, Ullman and Oprea,
NeurIPS 2020; Nasr and others, IEEE S&P 2021). The audit can prove that a promise is broken, never that it is
kept.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv

from palermo.disclosure.microdata import Rows
from palermo.disclosure.risk.comparing import Reals

RUNS = 1_000
CONFIDENCE = 0.95
Event = tuple[str, float]  # "at least" or "at most", and the threshold


@dataclass(frozen=True)
class EmpiricalEpsilon:
    """`lower`: with the stated confidence the mechanism's epsilon is at least this. `declared` is what it
    claims. The event was "the statistic is at most (or at least) `threshold`", seen in so many of `counted`
    runs with and without the planted person."""

    lower: float
    declared: float
    delta: float
    confidence: float
    counted: int
    event: str
    threshold: float
    seen_with: int
    seen_without: int

    @property
    def broken(self) -> bool:
        """Whether the mechanism certainly spends more than it declares."""
        return self.lower > self.declared


def audit(
    statistic: Callable[[Rows, int], float],
    people: Rows,
    planted: tuple[int, ...],
    *,
    declared: float,
    delta: float = 0.0,
    runs: int = RUNS,
    confidence: float = CONFIDENCE,
) -> EmpiricalEpsilon:
    """Run a mechanism with and without one planted person, so often each.

    `statistic(rows, run)` runs the mechanism on the rows and makes one number of what it puts out: for a
    release, say, how many rows carry the planted person's values. The run number may seed what is not the
    noise.
    """
    more = Rows(people.columns, np.vstack([people.codes, [planted]]), people.categories)
    with_person = np.array([statistic(more, run) for run in range(runs)], dtype=float)
    without = np.array([statistic(people, run) for run in range(runs)], dtype=float)
    return from_runs(with_person, without, declared=declared, delta=delta, confidence=confidence)


def from_runs(
    with_person: Reals,
    without: Reals,
    *,
    declared: float,
    delta: float = 0.0,
    confidence: float = CONFIDENCE,
) -> EmpiricalEpsilon:
    """The empirical epsilon of numbers put out with and without the planted person.

    Even runs choose the event, odd ones count it: an event chosen on the runs that it is counted on would flatter.
    """
    if min(len(with_person), len(without)) < 4:
        raise ValueError("the audit needs at least 4 runs with the person and 4 without")
    tried, counted = (with_person[::2], without[::2]), (with_person[1::2], without[1::2])
    event, threshold = max(
        _events(*tried), key=lambda one: _bound(*tried, event=one, delta=delta, confidence=confidence)
    )
    seen = [_seen(values, (event, threshold)) for values in counted]
    lower = _bound(*counted, event=(event, threshold), delta=delta, confidence=confidence)
    runs = min(map(len, counted))
    return EmpiricalEpsilon(lower, declared, delta, confidence, runs, event, threshold, seen[0], seen[1])


def clopper_pearson(hits: int, runs: int, confidence: float) -> tuple[float, float]:
    """Exact limits of a probability: each end is wrong with a chance of at most (1 - confidence) / 2."""
    tail = (1 - confidence) / 2
    low = 0.0 if hits == 0 else float(betaincinv(hits, runs - hits + 1, tail))
    high = 1.0 if hits == runs else float(betaincinv(hits + 1, runs - hits, 1 - tail))
    return low, high


def _events(with_person: Reals, without: Reals) -> Iterator[Event]:
    for threshold in np.unique(np.concatenate([with_person, without])):
        yield "at least", float(threshold)
        yield "at most", float(threshold)


def _seen(values: Reals, event: Event) -> int:
    return int((values >= event[1]).sum() if event[0] == "at least" else (values <= event[1]).sum())


def _bound(with_person: Reals, without: Reals, *, event: Event, delta: float, confidence: float) -> float:
    """log((p - delta) / q) with p at its lower and q at its upper limit, the better of both directions.

    Two limits are used in each direction, and either direction may be chosen: each limit is given a quarter of the
    chance to be wrong.
    """
    sure = 1 - (1 - confidence) / 2  # clopper_pearson halves it for each of its ends
    (low_a, high_a), (low_b, high_b) = (
        clopper_pearson(_seen(values, event), len(values), sure) for values in (with_person, without)
    )
    found = [
        math.log((low - delta) / high) for low, high in ((low_a, high_b), (low_b, high_a)) if low > delta
    ]
    return max([0.0, *found])
