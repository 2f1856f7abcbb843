"""The law of network sizes in the population, Conway-Maxwell-Poisson on 1 to K, and a grid over its two parameters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy import log
from scipy.special import gammaln

from palermo.estimation.rds.sample import Whole
from palermo.estimation.rds.weights import Real

STEP = 1.2  # in standard deviations: the trapezoid rule on a bell curve is then exact to about 1e-6
MARGIN = 5.5


@dataclass(frozen=True, eq=False)
class DegreeLaw:
    """f(j) proportional to exp(a j - b log j!), j = 1..K, with counts of the sample and the prior of Handcock et al.

    The prior of mean and variance is worth `df_mean` = 1 and `df_sd` = 3 people, around the mean and the standard
    deviation of the sample weighted by 1/degree.
    """

    counts: Real
    df_mean: float = 1.0
    df_sd: float = 3.0

    @property
    def values(self) -> Real:
        return np.arange(1.0, len(self.counts) + 1.0)

    def law(self, a: float, b: float) -> Real:
        """The probabilities of 1..K."""
        level = a * self.values - b * gammaln(self.values + 1)
        shape = np.exp(level - level.max())
        return np.asarray(shape / shape.sum())

    def log_sample(self, law: Real) -> float:
        """The log probability of the sample's own degrees under a law."""
        seen = self.counts > 0
        return float((self.counts[seen] * log(law[seen])).sum())

    def log_prior(self, law: Real) -> float:
        """Normal for the mean given the variance, scaled inverse chi-square for the variance."""
        mean, variance = _moments(self.values, law)
        centre, around = _moments(self.values, _share(self.counts / self.values))
        return float(
            -(self.df_sd / 2 + 1) * log(variance)
            - self.df_sd * around / (2 * variance)
            - 0.5 * log(variance)
            - self.df_mean * (mean - centre) ** 2 / (2 * variance)
        )

    def points(self) -> Iterator[tuple[float, float]]:
        """Parameters (a, b) on a grid that holds the posterior whatever N is.

        If the sample were everybody, f would follow the counts; if the population were endless, the counts divided by
        the degree. The grid runs from one fit beyond the other, in steps measured by the information at both.
        """
        near, one = self._fit(_share(self.counts))
        far, other = self._fit(_share(self.counts / self.values))
        n = self.counts.sum()
        scale = np.linalg.cholesky(np.linalg.inv(n * (one + other) / 2))
        way = np.linalg.solve(scale, far - near)
        length = float(np.linalg.norm(way))
        along = way / length if length > 0 else np.array([1.0, 0.0])
        across = np.array([-along[1], along[0]])
        for u in np.arange(-MARGIN, length + MARGIN + STEP, STEP):
            for v in np.arange(-MARGIN, MARGIN + STEP, STEP):
                a, b = near + scale @ (u * along + v * across)
                if b >= 0:
                    yield float(a), float(b)

    def _fit(self, target: Real) -> tuple[Real, Real]:
        """Maximum likelihood for shares `target` (Newton, damped), and the information of one person."""
        basis = np.stack([self.values, -gammaln(self.values + 1)], axis=1)
        at = np.array([log(max(2.0, float((target * self.values).sum()))), 1.0])
        information = np.eye(2)
        for _ in range(200):
            law = self.law(at[0], at[1])
            mean = basis.T @ law
            information = (basis * law[:, None]).T @ basis - np.outer(mean, mean) + 1e-9 * np.eye(2)
            step = np.linalg.solve(information, basis.T @ (target - law))
            at = at + step * min(1.0, 1.0 / max(1e-12, float(np.abs(step).max())))
            if np.abs(step).max() < 1e-10:
                break
        return at, information


def capped(degrees: Whole, cap: int) -> Whole:
    """Degrees with the cap on the influence of the largest."""
    return np.minimum(degrees, cap)


def usual_cap(degrees: Whole) -> int:
    """The degree that 99 % of the population do not pass (weights 1/degree), at least 2."""
    order = np.sort(degrees)
    below = np.cumsum(1.0 / order)
    return int(max(2, order[np.searchsorted(below, 0.99 * below[-1])]))


def counts_of(degrees: Whole) -> Real:
    """How many people have degree 1, 2, ..., up to the largest."""
    return np.bincount(degrees, minlength=int(degrees.max()) + 1)[1:].astype(np.float64)


def _share(counts: Real) -> Real:
    return np.asarray(counts / counts.sum())


def _moments(values: Real, law: Real) -> tuple[float, float]:
    mean = float((values * law).sum())
    return mean, max(float((values**2 * law).sum()) - mean**2, 1e-9)
