"""Split R-hat and effective sizes against chains whose true values are known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from palermo.estimation.mse.convergence import convergence, effective, ranks, split


def autoregressive(rho: float, chains: int = 8, sweeps: int = 4000, seed: int = 1) -> np.ndarray:
    random = np.random.Generator(np.random.Philox(seed))
    draws = np.empty((chains, sweeps))
    draws[:, 0] = random.standard_normal(chains)
    for i in range(1, sweeps):
        draws[:, i] = rho * draws[:, i - 1] + math.sqrt(1 - rho**2) * random.standard_normal(chains)
    return draws


@pytest.mark.parametrize("rho", [0.0, 0.5, 0.9, -0.4])
def test_effective_size_of_a_known_process(rho: float) -> None:
    draws = autoregressive(rho)
    told = convergence(draws)
    assert told.bulk == pytest.approx(draws.size * (1 - rho) / (1 + rho), rel=0.2)
    assert told.rhat < 1.01


def test_chains_in_two_places_disagree() -> None:
    draws = autoregressive(0.3)
    draws[:2] += 4
    assert convergence(draws).rhat > 1.3
    assert convergence(draws).bulk < 50


def test_a_drift_within_chains_shows() -> None:
    assert convergence(autoregressive(0.3) + np.linspace(0, 3, 4000)).rhat > 1.2


def test_chains_that_differ_only_in_spread_disagree() -> None:
    draws = autoregressive(0.0)
    draws[0] *= 6
    assert convergence(draws).rhat > 1.02


def test_ranks_make_it_hold_for_heavy_tails_and_any_scale() -> None:
    draws = autoregressive(0.5)
    assert convergence(np.exp(3 * draws)).bulk == pytest.approx(convergence(draws).bulk)
    random = np.random.Generator(np.random.Philox(5))
    assert convergence(random.standard_cauchy((8, 2000))).rhat < 1.01


def test_chains_that_never_moved() -> None:
    assert convergence(np.ones((4, 100))).rhat == 1.0
    assert math.isinf(convergence(np.repeat([[1.0], [2.0]], 100, axis=1)).rhat)
    assert effective(np.ones((4, 100))) == 1.0


def test_error_of_the_median() -> None:
    medians = [np.median(autoregressive(0.6, 4, 1000, seed)) for seed in range(60)]
    told = np.mean([convergence(autoregressive(0.6, 4, 1000, seed)).median_error for seed in range(10)])
    assert told == pytest.approx(np.std(medians), rel=0.3)


def test_split_and_too_few() -> None:
    assert split(np.arange(10.0).reshape(1, 10)).shape == (2, 5)
    with pytest.raises(ValueError, match="at least"):
        convergence(np.ones((4, 3)))


def test_ties_share_their_mean_rank() -> None:
    from scipy.special import ndtri
    from scipy.stats import rankdata

    draws = np.array([[3.0, 1.0, 3.0, 2.0], [2.0, 2.0, 5.0, 0.0]])
    assert ranks(draws) == pytest.approx(ndtri((rankdata(draws).reshape(2, 4) - 0.375) / 8.25))
