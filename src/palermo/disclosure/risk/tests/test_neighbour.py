"""The audit never accuses an honest mechanism, and catches one that lies."""

import math

import numpy as np
import pytest
from scipy.stats import binom

from palermo.disclosure.microdata import Rows
from palermo.disclosure.risk.neighbour import audit, clopper_pearson, from_runs

PEOPLE = Rows.from_records(
    ["citizenship", "age"], [("A", "0-8")] * 20 + [("B", "9-17")] * 20 + [("C", "0-8")]
)
PLANTED = (2, 1)


def counter(epsilon, seed, sensitivity=1):
    """How many people have the planted values, with two-sided geometric noise (Ghosh and others 2009)."""
    chance, share = np.random.default_rng(seed), 1 - math.exp(-epsilon / sensitivity)

    def count(rows, _run):
        noise = chance.geometric(share) - chance.geometric(share)
        return float((rows.codes == PLANTED).all(axis=1).sum() + noise)

    return count


@pytest.mark.parametrize("epsilon", [0.5, 1.0, 3.0])
def test_an_honest_mechanism_keeps_its_promise(epsilon):
    found = [audit(counter(epsilon, seed), PEOPLE, PLANTED, declared=epsilon) for seed in range(6)]
    assert not any(one.broken for one in found)
    assert max(one.lower for one in found) > epsilon / 3  # or the audit would be blind


def test_one_that_spends_more_than_it_declares_is_caught():
    found = audit(counter(3.0, 1), PEOPLE, PLANTED, declared=1.0)
    assert found.broken
    assert found.lower > 1.0
    assert found.counted == 500


def test_one_without_noise_is_caught():
    found = audit(lambda rows, _run: float(rows.n), PEOPLE, PLANTED, declared=4.0, runs=1000)
    assert found.lower > 4.0
    assert (found.seen_with, found.seen_without) in ((500, 0), (0, 500))


def test_a_delta_is_allowed_for():
    chance = np.random.default_rng(3)
    told = (chance.random(2000) < 0.1).astype(
        float
    )  # tells the person's presence outright, with a chance of 0.1
    assert from_runs(told, np.zeros(2000), declared=1.0).broken
    assert not from_runs(told, np.zeros(2000), declared=1.0, delta=0.12).broken


def test_the_limits_are_exact():
    low, high = clopper_pearson(3, 50, 0.95)
    assert binom.sf(2, 50, low) == pytest.approx(0.025)
    assert binom.cdf(3, 50, high) == pytest.approx(0.025)
    assert clopper_pearson(0, 10, 0.95)[0] == 0
    assert clopper_pearson(10, 10, 0.95)[1] == 1


def test_no_difference_no_epsilon():
    assert from_runs(np.ones(100), np.ones(100), declared=0.1).lower == 0
    with pytest.raises(ValueError, match="at least 4 runs"):
        from_runs(np.ones(3), np.ones(3), declared=1)
