"""The size of the population from the order of network sizes: the posterior of Handcock, Gile and Mar, without a chain.

Recruitment takes people with large networks first. If it has taken a good part of the population, network sizes fall
along the sample; the speed of the fall says how many are left. It says little, so that the prior speaks too: both are
in the result, side by side.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy import log
from scipy.special import gammaln

from palermo.estimation.problems import BadOptions
from palermo.estimation.rds.degrees import DegreeLaw, counts_of
from palermo.estimation.rds.sample import Whole
from palermo.estimation.rds.weights import Real
from palermo.saying import phrase

POINTS = 160  # sizes on the grid of N
MOST_PEOPLE = 2_000_000


@dataclass(frozen=True, eq=False)
class Law:
    """A law of the population's size on a grid, as a density in N; `mass` are the weights of the points."""

    sizes: Real
    mass: Real

    def quantile(self, share: float) -> float:
        """Where the share lies below; between the points as if the density were a straight line's integral."""
        below = np.concatenate([[0.0], np.cumsum((self.mass[1:] + self.mass[:-1]) / 2 * np.diff(self.sizes))])
        return float(np.interp(share * below[-1], below, self.sizes))

    def above(self, size: float) -> float:
        """The probability of more than so many."""
        below = np.concatenate([[0.0], np.cumsum((self.mass[1:] + self.mass[:-1]) / 2 * np.diff(self.sizes))])
        return float(1 - np.interp(size, self.sizes, below) / below[-1])

    def mean(self) -> float:
        return float(np.trapezoid(self.mass * self.sizes, self.sizes) / np.trapezoid(self.mass, self.sizes))

    def spread(self) -> float:
        """Standard deviation of log N."""
        whole = np.trapezoid(self.mass, self.sizes)
        first = np.trapezoid(self.mass * log(self.sizes), self.sizes) / whole
        second = np.trapezoid(self.mass * log(self.sizes) ** 2, self.sizes) / whole
        return float(np.sqrt(max(second - first**2, 0.0)))

    def overlap(self, other: Law) -> float:
        """The part that two laws on the same grid share: 1 if they are the same, 0 if they exclude each other."""
        a = self.mass / np.trapezoid(self.mass, self.sizes)
        b = other.mass / np.trapezoid(other.mass, self.sizes)
        return float(np.trapezoid(np.minimum(a, b), self.sizes))


@dataclass(frozen=True)
class Prior:
    """n/N follows a beta law (alpha, beta), cut where the density of N has fallen to 1 % of its mode.

    With a median M, alpha = M/(M - n) and beta is what gives that median: the default of sspse for R.
    """

    alpha: float
    beta: float
    most: float

    def log_density(self, sizes: Real, n: int) -> Real:
        unseen = np.maximum(sizes - n + 0.5, 1e-9)
        return np.asarray((self.beta - 1) * log(unseen) - (self.alpha + self.beta) * log(sizes + 0.5))


def prior_of_median(n: int, median: float) -> Prior:
    """The prior with this median. Raises BadOptions when the median is not above the sample."""
    if median <= n:
        raise BadOptions(
            phrase("the prior median ({median:g}) must be larger than the sample ({n})", median=median, n=n)
        )
    alpha = median / (median - n)
    low, high = 1.0, 200.0
    for _ in range(36):
        beta = (low + high) / 2
        prior = Prior(alpha, beta, _cut(n, alpha, beta))
        found = law_of(prior, n).quantile(0.5)
        low, high = (beta, high) if found < median else (low, beta)
    if abs(found / median - 1) > 0.02:
        raise BadOptions(
            phrase(
                "no beta law of the usual form has a median of {median:g} for {n} people (sizes up to {most_people} "
                "are computed); give the prior by alpha, beta and most",
                median=median,
                n=n,
                most_people=MOST_PEOPLE,
            )
        )
    return prior


def _cut(n: int, alpha: float, beta: float) -> float:
    """Where the density falls to 1 % of its highest value."""
    mode = n + max(0.0, n * (beta - 1) / (1 + alpha))
    prior = Prior(alpha, beta, 0.0)
    top = prior.log_density(np.array([mode]), n)[0]
    low, high = mode, float(MOST_PEOPLE)
    for _ in range(36):
        middle = np.sqrt(low * high)
        inside = prior.log_density(np.array([middle]), n)[0] > top + log(0.01)
        low, high = (middle, high) if inside else (low, middle)
    return float(high)


def grid(n: int, most: float) -> Real:
    """Sizes from the sample's own upwards, closer together where they are small."""
    return np.asarray(n + (most - n) * np.linspace(0.0, 1.0, POINTS) ** 2)


def law_of(prior: Prior, n: int) -> Law:
    sizes = grid(n, prior.most)
    density = prior.log_density(sizes, n)
    return Law(sizes, np.exp(density - density.max()))


def posterior(degrees: Whole, prior: Prior) -> Law:
    """The posterior law of N given network sizes in the order of recruitment.

    Handcock, Gile, Mar (2014), Electronic Journal of Statistics 8, 1491-1521. Given N and a degree law f, the
    ordered sample has probability N!/(N-n)! prod f(d_k) d_k / (b_k + U), b_k = d_k + ... + d_n, averaged over the
    sum U of the N - n unseen degrees. With 1/x = integral of exp(-phi x), that average is an integral over one number,

        integral of g(r) gamma(r)^(N-n) dr,   gamma(r) = sum_j f(j) exp(-r j),

    with g the density of r = sum of E_k / b_k, E_k exponential: sspse draws r, the unseen degrees and f in turn; here
    r and the two parameters of f (Conway-Maxwell-Poisson) are summed on grids, so that nothing has to converge.
    """
    n = len(degrees)
    sizes = grid(n, prior.most)
    laws = DegreeLaw(counts_of(degrees))
    r, weight = mixing(degrees, 1.5 * float(sizes[-1] * degrees.mean()))
    unseen = sizes - n
    fall = np.exp(-np.outer(r, laws.values))
    total = np.full(len(sizes), -np.inf)
    for a, b in laws.points():
        law = laws.law(a, b)
        inner = weight[:, None] + log(fall @ law)[:, None] * unseen[None, :]
        top = inner.max(axis=0)
        inside = top + log(np.exp(inner - top).sum(axis=0))
        total = np.logaddexp(total, inside + laws.log_sample(law) + laws.log_prior(law))
    total = total + gammaln(sizes + 1) - gammaln(unseen + 1) + prior.log_density(sizes, n)
    return Law(sizes, np.exp(total - total.max()))


def mixing(degrees: Whole, most: float) -> tuple[Real, Real]:
    """Points r and log weights of g, the law of the sum of E_k / b_k, by its saddlepoint approximation.

    With the cumulant generating function c(t) = -sum log(1 - t/b_k), g(r) = exp(c(t) - t r) / sqrt(2 pi c''(t)) where
    c'(t) = r: exact for one gamma variable up to a constant, which cancels. -t runs up to the largest sum of unseen
    degrees, because that is how far the power gamma(r)^(N-n) pulls r down.
    """
    left = np.cumsum(degrees[::-1])[::-1].astype(np.float64)
    least = left.min()
    t = np.concatenate([-np.geomspace(most, 1e-2 * least, 600), least * (1 - np.geomspace(1.0, 1e-2, 150))])
    sums = [_cumulant(left, part) for part in np.array_split(t, 1 + len(t) * len(left) // 2_000_000)]
    r, level = (np.concatenate([one[i] for one in sums]) for i in (0, 1))
    step = 1.0 / np.sqrt(len(degrees))  # about one standard deviation of log r where it is narrowest
    even = np.arange(log(r[0]), log(r[-1]) + step, step)
    return np.exp(even), np.interp(even, log(r), level) + even


def _cumulant(left: Real, t: Real) -> tuple[Real, Real]:
    """c'(t) and the log density there."""
    gaps = left[None, :] - t[:, None]
    r = (1 / gaps).sum(axis=1)
    return r, -log(gaps / left).sum(axis=1) - t * r - 0.5 * log((1 / gaps**2).sum(axis=1))
