"""Intervals for shares that stay shares, from replicates; and what normal limits would have said."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from scipy.special import expit

from palermo.estimation.problems import BadOptions
from palermo.estimation.rds.weights import Real
from palermo.estimation.results import Interval
from palermo.saying import phrase

KINDS = ("logit", "percentile")
FEWEST = 20


@dataclass(frozen=True)
class Spread:
    """What replicates say of one share: the interval, the standard error and the ends of the normal interval."""

    interval: Interval
    error: float
    normal: tuple[float, float]

    @property
    def leaves(self) -> bool:
        """Would the normal interval, which other programmes print, contain impossible shares?"""
        return self.normal[0] < 0 or self.normal[1] > 1


def spread(share: float, replicates: Real, level: float, kind: str, effective: float) -> Spread | None:
    """The interval of one share; None when fewer than 20 replicates have an estimate.

    logit: with s the standard deviation of the replicates, logit(p) +- z s / (p (1 - p)), taken back to a share.
    percentile: quantiles of the replicates. A share of 0 or 1 has no spread of its own: the score interval (Wilson)
    for `effective` people is given instead.
    """
    if kind not in KINDS:
        raise BadOptions(phrase('ends are "logit" or "percentile", not "{kind}"', kind=kind))
    kept = replicates[np.isfinite(replicates)]
    lost = 1 - len(kept) / max(1, len(replicates))
    if len(kept) < FEWEST:
        return None
    z = NormalDist().inv_cdf(0.5 + level / 2)
    error = float(kept.std(ddof=1))
    normal = (share - z * error, share + z * error)
    if not 0 < share < 1 or error == 0:
        low, high = wilson(share, effective, z)
        return Spread(Interval(low, high, level, "score", len(replicates), lost), error, normal)
    if kind == "percentile":
        low, high = (float(np.quantile(kept, q)) for q in ((1 - level) / 2, (1 + level) / 2))
        doubt = _quantile_error(kept, (1 - level) / 2), _quantile_error(kept, (1 + level) / 2)
        return Spread(Interval(low, high, level, kind, len(replicates), lost, doubt), error, normal)
    low, high = logit_ends(share, error, z)
    doubt_of_error = 1 / np.sqrt(2 * len(kept))  # relative, of a standard deviation
    moved = logit_ends(share, error * (1 + doubt_of_error), z)
    doubt = abs(moved[0] - low), abs(moved[1] - high)
    return Spread(Interval(low, high, level, kind, len(replicates), lost, doubt), error, normal)


def logit_ends(share: float, error: float, z: float) -> tuple[float, float]:
    """Ends on the logit scale, taken back: always between 0 and 1."""
    middle = np.log(share / (1 - share))
    reach = z * error / (share * (1 - share))
    return float(expit(middle - reach)), float(expit(middle + reach))


def wilson(share: float, n: float, z: float) -> tuple[float, float]:
    """The score interval for a share of n people."""
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, float(middle - reach)), min(1.0, float(middle + reach))


def design_effect(share: float, error: float, n: int, population: float | None) -> float | None:
    """Variance over that of a simple random sample of n people (without replacement where the population is known)."""
    simple = share * (1 - share) / n
    if population is not None and population > 1:
        simple *= (population - n) / (population - 1)
    return float(error**2 / simple) if simple > 0 else None


def effective_people(weights: Real) -> float:
    """How many people of equal weight would say as much: (sum w)^2 / sum w^2 (Kish)."""
    return float(weights.sum() ** 2 / (weights**2).sum())


def _quantile_error(kept: Real, q: float) -> float:
    """Standard error of a quantile of replicates, from the quantiles one standard error to each side."""
    reach = np.sqrt(q * (1 - q) / len(kept))
    near = np.quantile(kept, np.clip([q - reach, q + reach], 0, 1))
    return float((near[1] - near[0]) / 2)
