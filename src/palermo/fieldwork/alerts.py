"""Alerts of a round: a leg that is new, a fee that jumped, a harm that is told more often; each with its reason.

Two periods of reception are compared, what came before and what came in the last weeks. Interviews come in one by one
and somebody looks every minute, so looks are planned: at the first 20, 40, 80, ... interviews of the period, each of
them spending 1/(k (k + 1)) of the error that is allowed (the shares add up to at most one), divided by the
comparisons of that look (Bonferroni). A look is always made on the same interviews, so looking often costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

import numpy as np
from scipy.stats import hypergeom, mannwhitneyu

from palermo.fieldwork.clustering import Z
from palermo.fieldwork.estimates import HIDDEN, Real, wilson
from palermo.fieldwork.facts import UNKNOWN, Facts
from palermo.fieldwork.rounds import Prices

ROUTE, FEE, HARM = "route", "fee", "harm"
FIRST_LOOK = 2 * HIDDEN
MOST_PAIRS = 4_000_000
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Settings of a study. error: chance of any false alert of one kind in one period, at most.

    days: how long the newest period is. persons: who must tell of it, never fewer than ten. fee: least change of the
    median, as a ratio. rise: least rise of a share.
    """

    days: int = 28
    error: float = 0.05
    persons: int = HIDDEN
    fee: float = 1.25
    rise: float = 0.05

    def __post_init__(self) -> None:
        good = 7 <= self.days <= 366 and 0 < self.error <= 0.2 and self.persons >= HIDDEN
        if not (good and self.fee > 1 and 0 <= self.rise < 1):
            raise ValueError("no threshold of this size")

    @property
    def period(self) -> timedelta:
        return timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Alert:
    """What changed: of `cell`, from `before` to `after` (shares, or dollars of the base month), and why it is told.

    hits and n: persons who told of it, and persons asked. effect with low and high: difference of shares, or ratio of
    fees, 95 %. level: what p had to stay below at this look, with so many comparisons.
    """

    kind: str
    cell: tuple[str, ...]
    before: float
    after: float
    hits_before: int
    n_before: int
    hits_after: int
    n_after: int
    effect: float
    low: float
    high: float
    p: float
    level: float
    look: int
    comparisons: int
    method: str


@dataclass(frozen=True)
class Told:
    """What one period said, by person: legs, fees of legs in real money, harm of those who were asked about it."""

    legs: Sequence[frozenset[tuple[str, str]]]
    fees: Sequence[Mapping[tuple[str, str], float]]
    harms: Sequence[frozenset[str] | None]
    n: int = field(default=0)


def told(facts: Sequence[Facts], prices: Prices | None = None) -> Told:
    """Interviews as the comparisons ask them; who refused or did not tell of a leg is nobody's zero."""
    asked = [one for one in facts if one.interview.answer("consent") == "yes"]
    return Told(
        [_legs(one) for one in asked], [_fees(one, prices) for one in asked], [_harms(one) for one in asked],
        len(asked),
    )  # fmt: skip


def alerts(before: Told, after: Told, limits: Thresholds | None = None) -> list[Alert]:
    """All alerts of the newest period; one that was found at an early look is told with the numbers of that look."""
    limits = limits or Thresholds()
    found: dict[tuple[str, tuple[str, ...]], Alert] = {}
    for look, upto in looks(after.n):
        part = Told(after.legs[:upto], after.fees[:upto], after.harms[:upto], upto)
        share = limits.error / (look * (look + 1))
        for one in (
            *_routes(before, part, limits, share, look),
            *_jumps(before, part, limits, share, look),
            *_rises(before, part, limits, share, look),
        ):
            found.setdefault((one.kind, one.cell), one)
    return sorted(found.values(), key=lambda one: (one.kind, one.cell))


def looks(n: int) -> Iterator[tuple[int, int]]:
    """(number of the look, interviews it is made on): 20, 40, 80 and so on, as far as they have come in."""
    look, upto = 1, FIRST_LOOK
    while upto <= n:
        yield look, upto
        look, upto = look + 1, upto * 2


def _legs(one: Facts) -> frozenset[tuple[str, str]]:
    return frozenset(
        (leg.origin, leg.destination) for leg in one.legs if not UNKNOWN & {leg.origin, leg.destination}
    )


def _fees(one: Facts, prices: Prices | None) -> dict[tuple[str, str], float]:
    """The first known fee of each leg: one person, one number."""
    found: dict[tuple[str, str], float] = {}
    for leg in one.legs if prices else ():
        fee = prices.real(leg.payment) if prices and leg.payment and leg.payment.basis == "leg" else None
        if fee is not None and fee > 0:
            found.setdefault((leg.origin, leg.destination), fee)
    return found


def _harms(one: Facts) -> frozenset[str] | None:
    if one.interview.answer("abuse_consent") != "yes":
        return None
    return frozenset(x.kind for x in one.abuses if x.whom == "self" or x.kind == "death") - UNKNOWN


def _routes(before: Told, after: Told, limits: Thresholds, error: float, look: int) -> Iterator[Alert]:
    """A leg of which nobody told before. All legs that enough people told of are compared, old ones too."""
    old, new = (_persons(one.legs) for one in (before, after))
    cells = [c for c in sorted({*old, *new}) if old.get(c, 0) + new.get(c, 0) >= limits.persons]
    n0, n1 = (sum(bool(legs) for legs in one.legs) for one in (before, after))
    if n0 < HIDDEN or n1 < HIDDEN:
        return
    for cell in cells:
        hits = new.get(cell, 0)
        p = _greater(0, n0, hits, n1)
        if old.get(cell, 0) == 0 and hits >= limits.persons and p <= error / len(cells):
            yield Alert(
                ROUTE, cell, 0.0, hits / n1, 0, n0, hits, n1, hits / n1, *_difference(hits, n1, 0, n0), p,
                error / len(cells), look, len(cells), "Fisher's exact test, one-sided",
            )  # fmt: skip


def _rises(before: Told, after: Told, limits: Thresholds, error: float, look: int) -> Iterator[Alert]:
    old, new = ([one for one in period.harms if one is not None] for period in (before, after))
    n0, n1 = len(old), len(new)
    if n0 < HIDDEN or n1 < HIDDEN:
        return
    was, now = _persons(old), _persons(new)
    cells = [c for c in sorted({*was, *now}) if was.get(c, 0) + now.get(c, 0) >= limits.persons]
    for kind in cells:
        a, c = now.get(kind, 0), was.get(kind, 0)
        p, more = _greater(c, n0, a, n1), a / n1 - c / n0
        if a >= limits.persons and more >= limits.rise and p <= error / len(cells):
            yield Alert(
                HARM, (kind,), c / n0, a / n1, c, n0, a, n1, more, *_difference(a, n1, c, n0), p,
                error / len(cells), look, len(cells), "Fisher's exact test, one-sided",
            )  # fmt: skip


def _jumps(before: Told, after: Told, limits: Thresholds, error: float, look: int) -> Iterator[Alert]:
    old, new = (_by_leg(one.fees) for one in (before, after))
    cells = [c for c in sorted(old) if min(len(old[c]), len(new.get(c, ()))) >= limits.persons]
    for cell in cells:
        x, y = np.asarray(old[cell]), np.asarray(new[cell])
        p = float(mannwhitneyu(y, x, alternative="two-sided", method="asymptotic").pvalue)
        if p > error / len(cells):
            continue
        ratio, low, high = shift(np.log(x), np.log(y))
        if max(ratio, 1 / ratio) >= limits.fee:
            yield Alert(
                FEE, cell, float(np.median(x)), float(np.median(y)), len(x), len(x), len(y), len(y), ratio, low, high,
                p, error / len(cells), look, len(cells), "Mann-Whitney; ratio by Hodges and Lehmann",
            )  # fmt: skip


def shift(x: Real, y: Real) -> tuple[float, float, float]:
    """How many times as much: exp of the median of all differences of logarithms, with its rank interval."""
    while len(x) * len(y) > MOST_PAIRS:
        x, y = (np.sort(one)[::2] if len(one) > 1000 else one for one in (x, y))
    d = np.sort((y[:, None] - x[None, :]).ravel())
    spread = Z * np.sqrt(len(x) * len(y) * (len(x) + len(y) + 1) / 12)
    first = max(0, int(np.floor(len(d) / 2 - spread)))
    return float(np.exp(np.median(d))), float(np.exp(d[first])), float(np.exp(d[-1 - first]))


def _greater(c: int, n0: int, a: int, n1: int) -> float:
    """Chance of `a` or more among the later, given how many told of it in both periods together."""
    return float(hypergeom.sf(a - 1, n0 + n1, a + c, n1))


def _difference(a: int, n1: int, c: int, n0: int) -> tuple[float, float]:
    """Newcombe (1998), method 10: the interval of a difference of shares from two of Wilson's."""
    p1, p0 = a / n1, c / n0
    (l1, u1), (l0, u0) = wilson(p1, n1), wilson(p0, n0)
    low = p1 - p0 - float(np.hypot(p1 - l1, u0 - p0))
    return low, p1 - p0 + float(np.hypot(u1 - p1, p0 - l0))


def _persons(rows: Sequence[frozenset[T]]) -> dict[T, int]:
    found: dict[T, int] = {}
    for row in rows:
        for one in row:
            found[one] = found.get(one, 0) + 1
    return found


def _by_leg(rows: Sequence[Mapping[tuple[str, str], float]]) -> dict[tuple[str, str], list[float]]:
    found: dict[tuple[str, str], list[float]] = {}
    for row in rows:
        for cell, fee in row.items():
            found.setdefault(cell, []).append(fee)
    return found
