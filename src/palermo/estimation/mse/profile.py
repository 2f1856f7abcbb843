"""The profile likelihood of the number of people under one model (Cormack 1992, Biometrics 48:567-576).

    l(N) = log N! - log (N - n)! + max over parameters of [sum of N_w log p_w + (N - n) log p_0],   N real, N >= n

The interval holds every N with 2 (max l - l(N)) <= the chi-squared quantile with one degree of freedom. It takes the
model as given. Its upper end is infinite where the likelihood never falls so far: so it is where the model has no
maximum likelihood estimate because N may grow for ever, and then the lower end still says something.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import NormalDist

import numpy as np

from palermo.estimation.mse import kernels
from palermo.estimation.mse.fitting import Fit, Floats, State
from palermo.estimation.results import Interval

FARTHEST = 1e9  # times the unseen estimated: what is still likely there has no upper end
NEAREST = 1e-7  # of the people seen: an unseen number below this is none
LOWEST = -1e12  # where the likelihood cannot be computed
ALL_BUT = 1 - 2.0**-53  # a share of those seen that rounding keeps below 1
ONE_BY_ONE = (
    1_000  # factors of N!/(N-n)! multiplied as they are; Stirling's formula gives the larger ones to 1e-11
)


@dataclass(eq=False)
class Curve:
    """l(N) of a model on counts by history, from one fit to the next with the parameters kept."""

    found: Fit
    state: State = field(init=False)
    last: Floats = field(init=False)  # of 0 .. n-1, the last ONE_BY_ONE
    first: float = field(init=False)  # and how many come before

    def __post_init__(self) -> None:
        k = len(self.found.counts).bit_length() - 1
        self.state = State.of(self.found.model, k)
        n = int(self.found.n)
        self.last = np.arange(max(n - ONE_BY_ONE, 0), n, dtype=np.float64)
        self.first = float(n - len(self.last))

    def likelihood(self, total: float) -> float:
        """l(N) without what does not depend on N. Written so that large N cancel nothing:
        the sum of log(1 - i/N) over i < n, of N_w log mu_w, and (N - n) log(1 - seen/N)."""
        unseen = total - self.found.n
        if self.state.started:
            self.state.alpha[0] += math.log(unseen / max(float(self.state.work.mu[0]), 1e-300))
        self.state.fit(self.found.counts, unseen)
        if self.state.status != kernels.CONVERGED:
            return LOWEST
        mu = self.state.work.mu
        at = np.flatnonzero(self.found.counts)
        seen = float(mu[1:].sum())
        return float(
            self._falling(total)
            + self.found.counts[at] @ np.log(mu[at])
            + unseen * math.log1p(-min(seen / total, ALL_BUT))
        )

    def slope(self, total: float) -> float:
        """dl/dN = sum of 1/(N - i) over i < n, + log p_0 (the parameters are at their maximum)."""
        if self.likelihood(total) == LOWEST:
            return math.inf
        seen = float(self.state.work.mu[1:].sum())
        rest = total - self.first
        harmonic = math.log(total / rest) + (1 / total - 1 / rest) / 2 - (1 / total**2 - 1 / rest**2) / 12
        return harmonic + float((1.0 / (total - self.last)).sum()) + math.log1p(-min(seen / total, ALL_BUT))

    def _falling(self, total: float) -> float:
        """The sum of log(1 - i/N) over i < n."""
        rest = total - self.first
        stirling = -(rest + 0.5) * math.log1p(-self.first / total) - self.first + (1 / total - 1 / rest) / 12
        return stirling + float(np.log1p(-self.last / total).sum())


def profile(found: Fit, level: float = 0.95) -> tuple[Interval, float]:
    """The interval, and the N at which l is greatest: a little below the Poisson estimate, or infinite where there is
    none. Needs whole counts and a model that is identifiable."""
    curve, n = Curve(found), found.n
    least = n * (1 + NEAREST)
    top = _summit(curve, least, max(found.N or 2 * n, least))
    if math.isinf(top):
        return _endless(curve, n, least, level), math.inf
    peak = curve.likelihood(top)
    allowed = _allowed(level)

    def beyond(total: float) -> float:
        return 2 * (peak - curve.likelihood(total)) - allowed

    lower = n if top <= least or beyond(least) <= 0 else _root(beyond, least, top)
    return Interval(lower, _upper(beyond, n, top), level, "profile"), top


def _allowed(level: float) -> float:
    """The quantile of chi-squared with one degree of freedom."""
    return NormalDist().inv_cdf((1 + level) / 2) ** 2


def _endless(curve: Curve, n: float, least: float, level: float) -> Interval:
    """The likelihood grows with N for ever: every N above the lower end."""
    far = n + FARTHEST * n
    peak, allowed = curve.likelihood(far), _allowed(level)

    def beyond(total: float) -> float:
        return 2 * (peak - curve.likelihood(total)) - allowed

    lower = n if beyond(least) <= 0 else _root(beyond, least, far)
    return Interval(lower, math.inf, level, "profile")


def _summit(curve: Curve, least: float, near: float) -> float:
    """Where the slope is 0; the least N where it falls from the start, infinity where it never falls."""
    n = curve.found.n
    low = near
    while curve.slope(low) < 0:
        if low <= least:
            return least
        low = max(least, n + (low - n) * 0.7)
    high = near
    while curve.slope(high) > 0:
        if high - n > FARTHEST * n:
            return math.inf
        high = n + (high - n) * 2 + 1e-6
    return low if high <= low else _root(curve.slope, low, high)


def _upper(beyond: Callable[[float], float], n: float, top: float) -> float:
    low, high = top, n + 2 * (top - n) + 1e-3
    start = max(top - n, 1.0)
    while beyond(high) < 0:
        if high - n > FARTHEST * start:
            return math.inf
        low, high = high, n + 2 * (high - n)
    return _root(beyond, low, high)


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    """Where the function changes its sign between low and high: secants that keep the bracket (Illinois), halved where
    they are slow. Of our own, because scipy.optimize takes longer to load than all of this to compute."""
    left, right = function(low), function(high)
    for number in range(200):
        if abs(high - low) <= 1e-10 * abs(high) or left == 0:
            return low
        middle = (low + high) / 2 if number % 4 == 3 else high - right * (high - low) / (right - left)
        value = function(middle)
        if value * right <= 0:
            low, left = high, right
        else:
            left /= 2
        high, right = middle, value
        if value == 0:
            break
    return high
