"""Have several chains told the same story? Split R-hat and effective sample sizes after rank normalisation.

Vehtari, Gelman, Simpson, Carpenter, Buerkner (2021), Rank-normalization, folding, and localization: an improved R-hat
for assessing convergence of MCMC, Bayesian Analysis 16, 667-718. Draws are an array of chains x sweeps.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
LEAST_DRAWS = 8  # sweeps in a chain


@dataclass(frozen=True)
class Convergence:
    """`rhat` 1.00 when the chains agree; `bulk` and `tail`: how many independent draws these are worth for the
    middle and for the 5 % and 95 % quantiles; `median_error`: Monte Carlo standard error of the median."""

    rhat: float
    bulk: float
    tail: float
    median_error: float


def convergence(draws: Floats) -> Convergence:
    """All of it. Raises ValueError for fewer than 8 sweeps a chain."""
    if draws.ndim != 2 or draws.shape[1] < LEAST_DRAWS:
        raise ValueError(f"convergence needs chains x sweeps with at least {LEAST_DRAWS} sweeps")
    halves = split(np.asarray(draws, dtype=np.float64))
    ranked = ranks(halves)
    folded = ranks(np.abs(halves - np.median(halves)))
    middle = effective(halves <= np.median(halves))
    return Convergence(
        rhat=max(rhat(ranked), rhat(folded)),
        bulk=effective(ranked),
        tail=min(effective(halves <= np.quantile(halves, share)) for share in (0.05, 0.95)),
        median_error=_median_error(halves, middle),
    )


def split(draws: Floats) -> Floats:
    """Each chain as two: its first and its second half, so that a drift within a chain shows too."""
    half = draws.shape[1] // 2
    return np.concatenate([draws[:, :half], draws[:, draws.shape[1] - half :]])


def ranks(draws: Floats) -> Floats:
    """Normal scores of the ranks among all draws (ties get their mean rank): equation 14 of the paper."""
    from scipy.special import ndtri

    _values, which, ties = np.unique(draws, return_inverse=True, return_counts=True)
    place = (np.cumsum(ties) - (ties - 1) / 2)[which].reshape(draws.shape)
    return np.asarray(ndtri((place - 0.375) / (draws.size + 0.25)), dtype=np.float64)


def rhat(halves: Floats) -> float:
    """Square root of total over within variance (equations 1 to 4); infinity or 1 for chains that never moved."""
    if (halves == halves[:, :1]).all():
        return 1.0 if halves.min() == halves.max() else math.inf
    sweeps = halves.shape[1]
    within = float(halves.var(axis=1, ddof=1).mean())
    between = float(halves.mean(axis=1).var(ddof=1))
    return math.sqrt((sweeps - 1) / sweeps + between / within)


def effective(halves: npt.NDArray[np.floating] | npt.NDArray[np.bool_]) -> float:
    """Effective sample size over chains by Geyer's initial monotone sequence (equations 10 to 13)."""
    draws = np.asarray(halves, dtype=np.float64)
    sweeps = draws.shape[1]
    own = _autocovariance(draws)
    within = own[:, 0].mean() * sweeps / (sweeps - 1)
    total = within * (sweeps - 1) / sweeps + draws.mean(axis=1).var(ddof=1)
    if total <= 0 or within <= 0:
        return 1.0
    correlation = 1 - (within - own.mean(axis=0) * sweeps / (sweeps - 1)) / total
    correlation[0] = 1.0
    even = sweeps // 2 * 2
    pairs = correlation[0:even:2] + correlation[1:even:2]
    negative = np.flatnonzero(pairs < 0)
    pairs = np.minimum.accumulate(pairs[: negative[0]] if len(negative) else pairs)
    time = max(2 * pairs.sum() - 1, 1 / math.log10(draws.size))
    return float(draws.size / time)


def _autocovariance(draws: Floats) -> Floats:
    sweeps = draws.shape[1]
    size = 1 << (2 * sweeps - 1).bit_length()
    waves = np.fft.rfft(draws - draws.mean(axis=1, keepdims=True), size)
    found = np.fft.irfft(np.abs(waves) ** 2, size)[:, :sweeps]
    return np.asarray(found / sweeps, dtype=np.float64)


def _median_error(halves: Floats, effective_size: float) -> float:
    """Half the distance between the quantiles that lie one standard error of the share from the middle."""
    step = 0.5 / math.sqrt(max(effective_size, 4.0))
    low, high = np.quantile(halves, [max(0.5 - step, 0.0), min(0.5 + step, 1.0)])
    return float(high - low) / 2
