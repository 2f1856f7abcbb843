"""Draws of our own generator against the distributions that they are meant to have, and streams that never meet."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

numba = pytest.importorskip("numba")

from palermo.estimation.mse import draws  # noqa: E402  after numba is known to be there

MANY = 40_000


@numba.njit
def filled(s, kind, many, a, b):  # type: ignore[no-untyped-def]
    found = np.empty(many)
    for i in range(many):
        if kind == 0:
            found[i] = draws.uniform(s)
        elif kind == 1:
            found[i] = draws.normal(s)
        elif kind == 2:
            found[i] = draws.gamma(s, a)
        elif kind == 3:
            found[i] = draws.log_gamma_draw(s, a)
        elif kind == 4:
            found[i] = draws.poisson(s, a)
        else:
            found[i] = draws.binomial(s, int(a), b)
    return found


def drawn(kind: int, a: float = 0.0, b: float = 0.0) -> np.ndarray:
    return filled(draws.stream(7, 1), kind, MANY, a, b)


def fits(sample: np.ndarray, distribution: object) -> bool:
    low = int(sample.min())
    seen = np.bincount((sample - low).astype(int))
    expected = distribution.pmf(np.arange(low, low + len(seen))) * len(sample)  # type: ignore[attr-defined]
    enough = expected > 8
    statistic = ((seen - expected)[enough] ** 2 / expected[enough]).sum()
    return bool(stats.chi2.sf(statistic, enough.sum() - 1) > 1e-4)


def test_uniform_and_normal() -> None:
    assert stats.kstest(drawn(0), "uniform").pvalue > 1e-4
    assert stats.kstest(drawn(1), "norm").pvalue > 1e-4
    far = drawn(1)
    assert (np.abs(far) > 3.5).mean() == pytest.approx(
        2 * stats.norm.sf(3.5), abs=5e-4
    )  # the tail of the ziggurat


@pytest.mark.parametrize("shape", [1.0, 2.5, 40.0, 1e4])
def test_gamma(shape: float) -> None:
    assert stats.kstest(drawn(2, shape), stats.gamma(shape).cdf).pvalue > 1e-4


@pytest.mark.parametrize("shape", [0.05, 0.5, 3.0])
def test_log_of_gamma(shape: float) -> None:
    assert stats.kstest(np.exp(drawn(3, shape)), stats.gamma(shape).cdf).pvalue > 1e-4


def test_log_of_gamma_where_the_draw_itself_would_be_nought() -> None:
    assert np.isfinite(drawn(3, 1e-4)).all()


@pytest.mark.parametrize("mean", [0.3, 9.9, 10.1, 300.0, 1e5])
def test_poisson(mean: float) -> None:
    assert fits(drawn(4, mean), stats.poisson(mean))


@pytest.mark.parametrize(
    ("n", "p"), [(1, 0.3), (5, 0.9), (40, 0.2), (40, 0.3), (1000, 0.005), (10_000, 0.999), (10_000, 0.3)]
)
def test_binomial(n: int, p: float) -> None:
    assert fits(drawn(5, n, p), stats.binom(n, p))


def test_streams_differ_and_repeat() -> None:
    keys = ((1, 0), (1, 0), (1, 1), (2, 0))
    one, same, other, seeded = (filled(draws.stream(*key), 0, 1000, 0.0, 0.0) for key in keys)
    assert (one == same).all()
    for different in (other, seeded):
        assert abs(np.corrcoef(one, different)[0, 1]) < 0.15
        assert not np.intersect1d(one, different).size
