"""Exact noise and what it costs.

Noise is discrete Gaussian (Canonne, Kamath, Steinke, "The Discrete Gaussian for Differential Privacy", NeurIPS 2020),
drawn by OpenDP from the operating system's generator: it has no seed, and nobody can draw it again. What a
draw costs is counted in zCDP (rho, which adds up) and told as (epsilon, delta) by their Corollary 13, the
tight conversion.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from palermo.disclosure.synthesis.extra import noise_library

Ints = npt.NDArray[np.int64]
MOST_EPSILON = 20.0
MOST_DELTA = 1e-4
USUAL_DELTA = 1e-6


@dataclass(frozen=True)
class Budget:
    """What a release may spend, fixed before the data are read. Refuses (ValueError, with the reason) what
    would protect nobody or leave nothing."""

    epsilon: float
    delta: float = USUAL_DELTA

    def __post_init__(self) -> None:
        wrong = budget_problems(self.epsilon, self.delta)
        if wrong:
            raise ValueError("; ".join(wrong.values()))

    @property
    def rho(self) -> float:
        """The same budget in zCDP."""
        return rho_of(self.epsilon, self.delta)


def budget_problems(epsilon: float, delta: float) -> dict[str, str]:
    """What is wrong with a budget, by the name of the number."""
    wrong = {}
    if not (math.isfinite(epsilon) and epsilon > 0):
        wrong["epsilon"] = (
            "epsilon must be a number above 0: at 0 nothing of the data may be used, so there would be "
            "nothing to publish"
        )
    elif epsilon > MOST_EPSILON:
        wrong["epsilon"] = (
            f"epsilon {epsilon:g} protects nobody: what is published could change a guess about one person "
            "by a factor "
            f"of e to the {epsilon:g}; the most that is taken is {MOST_EPSILON:g}, and 4 for one yearly "
            "release is usual"
        )
    if not (math.isfinite(delta) and 0 < delta <= MOST_DELTA):
        wrong["delta"] = (
            f"delta must be above 0 and at most {MOST_DELTA:g}: it is the chance that the promise fails, "
            "and must be "
            "far below one in the number of people"
        )
    return wrong


def delta_of(rho: float, epsilon: float) -> float:
    """The smallest delta at which rho-zCDP gives (epsilon, delta): Corollary 13."""
    if rho <= 0:
        return 0.0

    def log_delta(alpha: float) -> float:
        return (alpha - 1) * (alpha * rho - epsilon) + alpha * math.log1p(-1 / alpha) - math.log(alpha - 1)

    # The exponent is convex in alpha: a golden section finds its least value.
    low, high = 1 + 1e-9, (epsilon + 1) / (2 * rho) + 2
    share = (math.sqrt(5) - 1) / 2
    for _ in range(200):
        one, two = high - share * (high - low), low + share * (high - low)
        low, high = (low, two) if log_delta(one) < log_delta(two) else (one, high)
    return math.exp(min(0.0, log_delta((low + high) / 2)))


def epsilon_of(rho: float, delta: float) -> float:
    """The smallest epsilon at which rho-zCDP gives (epsilon, delta)."""
    low, high = 0.0, rho + 2 * math.sqrt(rho * math.log(1 / delta)) + 1
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (low, middle) if delta_of(rho, middle) <= delta else (middle, high)
    return high


def rho_of(epsilon: float, delta: float) -> float:
    """The largest rho that gives (epsilon, delta)."""
    low, high = 0.0, epsilon + 1
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if delta_of(middle, epsilon) <= delta else (low, middle)
    return low


def sigma_of(rho: float) -> float:
    """The scale of the noise on a table in which one person is in one cell, at this cost."""
    return math.sqrt(1 / (2 * rho))


def noisy(counts: npt.ArrayLike, sigma: float) -> tuple[Ints, float]:
    """Counts of a table in which one person is in one cell, each with discrete Gaussian noise, and what it
    cost as the library itself reckons it (rho)."""
    exact = np.asarray(counts, dtype=np.int64)
    mechanism = _gaussian(sigma)
    drawn = np.asarray(mechanism(exact.ravel().tolist()), dtype=np.int64)
    return drawn.reshape(exact.shape), float(mechanism.map(1))


@lru_cache(maxsize=64)
def _gaussian(sigma: float) -> Any:
    dp = noise_library()
    return dp.m.make_gaussian(dp.vector_domain(dp.atom_domain(T="i64")), dp.l2_distance(T="i64"), sigma)


def likeliest(scores: list[int], scale: float) -> tuple[int, float]:
    """The place of the highest score, by report-noisy-max (the exponential mechanism), and its cost (rho).
    One person may change every score, each by 1 at most; scores are whole numbers, so that no rounding makes
    it 2."""
    dp = noise_library()
    space = dp.vector_domain(dp.atom_domain(T="i64")), dp.linf_distance(T="i64")
    mechanism = dp.m.make_noisy_max(*space, dp.zero_concentrated_divergence(), scale=scale)
    return int(mechanism(scores)), float(mechanism.map(1))


def scale_of(rho: float) -> float:
    """The scale of report-noisy-max at this cost."""
    return math.sqrt(1 / (2 * rho))
