"""The population's size from the order of degrees: against sspse, against a slow computation, and its prior's part."""

from __future__ import annotations

import numpy as np
import pytest

from palermo.estimation.estimators import Options, rds
from palermo.estimation.problems import BadOptions
from palermo.estimation.rds.degrees import DegreeLaw, counts_of, usual_cap
from palermo.estimation.rds.posterior import law_of, mixing, prior_of_median
from palermo.estimation.rds.sample import RecruitmentSample
from palermo.estimation.rds.tests.samples import measured, shared_sample


def test_the_prior_has_the_median_that_was_asked() -> None:
    for n, median in ((500, 1000), (389, 2000), (100, 5000)):
        prior = prior_of_median(n, median)
        assert law_of(prior, n).quantile(0.5) == pytest.approx(median, rel=0.01)
        assert prior.alpha == pytest.approx(median / (median - n))
    for median in (400, 1e9):
        with pytest.raises(BadOptions):
            prior_of_median(500, median)


def test_posteriors_are_those_of_sspse() -> None:
    """sspse draws 1,000 correlated values: its quartiles wander by some 5 %, its ends by more. Ours are computed."""
    rows = measured("sspse")
    assert len(rows) == 4
    for row in rows:
        options = Options(more={"prior_median": row["settings"]["prior_median"]})
        found = rds("rds-size").estimate(shared_sample(row["data"]), options)
        theirs, ours = row["posterior"], found.diagnostics["posterior"]["quantiles"]
        assert ours["50"] == pytest.approx(theirs["50%"], rel=0.07)
        assert ours["25"] == pytest.approx(theirs["25%"], rel=0.12)
        assert ours["2.5"] == pytest.approx(theirs["2.5%"], rel=0.08)
        assert ours["97.5"] == pytest.approx(theirs["97.5%"], rel=0.30)


def test_the_law_of_the_mixing_number_is_right() -> None:
    """The sum of E_k / b_k drawn a hundred thousand times against the saddlepoint law."""
    degrees = np.array([9, 7, 8, 5, 6, 3, 4, 2, 5, 3, 2, 4])
    r, weight = mixing(degrees, 1e4)
    mass = np.exp(weight - weight.max())
    mass /= mass.sum()
    left = np.cumsum(degrees[::-1])[::-1]
    drawn = (np.random.default_rng(1).exponential(size=(100_000, 12)) / left).sum(axis=1)
    for power in (-0.5, 0.5, 1.0):
        assert (mass * r**power).sum() == pytest.approx((drawn**power).mean(), rel=0.02)


def test_the_marginal_likelihood_equals_a_slow_average_over_unseen_degrees() -> None:
    """The integral over r against drawing the unseen degrees, for sizes N = 20, 40 and 80 (ratios of likelihoods)."""
    degrees = np.array([9, 7, 8, 5, 6, 3, 4, 2, 5, 3, 2, 4])
    law = DegreeLaw(counts_of(degrees)).law(1.2, 0.8)
    values = np.arange(1, 10)
    left = np.cumsum(degrees[::-1])[::-1]
    r, weight = mixing(degrees, 1e4)
    slope = np.log(np.exp(-np.outer(r, values)) @ law)
    draw = np.random.default_rng(2)
    fast, slow = [], []
    for size in (20, 40, 80):
        inner = weight + slope * (size - 12)
        fast.append(np.exp(inner).sum())
        unseen = draw.choice(values, size=(100_000, size - 12), p=law).sum(axis=1)
        slow.append(np.exp(-np.log(left[None, :] + unseen[:, None]).sum(axis=1)).mean())
    assert fast[1] / fast[0] == pytest.approx(slow[1] / slow[0], rel=0.03)
    assert fast[2] / fast[1] == pytest.approx(slow[2] / slow[1], rel=0.03)


def by_size(people: int, n: int, seed: int) -> RecruitmentSample:
    """A sample drawn as the model says, from a population of so many."""
    draw = np.random.default_rng(seed)
    degree = 1 + draw.negative_binomial(4, 0.35, people)
    order = np.argsort(draw.exponential(size=people) / degree)[:n]
    return RecruitmentSample.from_columns(
        range(n), ["seed"] + [str(i) for i in range(n - 1)], degree[order].tolist()
    )


def test_a_population_that_was_nearly_used_up_is_recognised() -> None:
    """400 of 500 people: the prior says 2,000, the fall of network sizes says otherwise, in most samples."""
    found = [
        rds("rds-size").estimate(by_size(500, 400, seed), Options(more={"prior_median": 2000}))
        for seed in range(3)
    ]
    medians = [result.value for result in found if result.value is not None]
    assert 420 < float(np.median(medians)) < 700
    held = [one.interval.lower <= 500 <= one.interval.upper for one in found if one.interval is not None]
    assert sum(held) >= 2


def test_when_the_sample_says_little_the_prior_is_said_to_carry() -> None:
    """100 of 20,000 people: network sizes do not fall, and the answer moves with the prior."""
    found = rds("rds-size").estimate(by_size(20_000, 100, 1), Options(more={"prior_median": 1000}))
    assert {"prior_carries", "prior_moves"} <= {caution.code for caution in found.cautions}
    assert found.diagnostics["prior_doubled"]["median"] > 1.25 * (found.value or 0)
    both = found.diagnostics["prior"], found.diagnostics["posterior"]
    assert all(len(one["sizes"]) == len(one["density"]) <= 50 for one in both)


def test_an_answer_at_the_end_of_the_prior_is_said() -> None:
    """1,000 of 200,000 people, of whom only 3,000 are thought possible."""
    found = rds("rds-size").estimate(by_size(200_000, 1000, 1), Options(more={"prior_median": 1300}))
    assert "prior_ends_too_soon" in {caution.code for caution in found.cautions}
    sample = shared_sample("fauxmadrona")
    fine = rds("rds-size").estimate(sample, Options(more={"prior_median": 2000}))
    assert "prior_ends_too_soon" not in {caution.code for caution in fine.cautions}


def test_what_cannot_be_asked_is_refused() -> None:
    sample = by_size(500, 60, 1)
    for more in ({}, {"prior_median": 50}, {"alpha": 1}, {"alpha": 1, "beta": 0.5, "most": 1000}, {"cap": 1}):
        with pytest.raises(BadOptions):
            rds("rds-size").estimate(sample, Options(more=more))
    equal = RecruitmentSample.from_columns(range(30), ["seed"] * 30, [4] * 30)
    with pytest.raises(BadOptions):
        rds("rds-size").estimate(equal, Options(more={"prior_median": 100}))
    with pytest.raises(BadOptions):
        rds("rds-size").estimate(by_size(500, 10, 1), Options(more={"prior_median": 100}))


def test_a_prior_can_be_given_by_its_law() -> None:
    more = {"alpha": 1.5, "beta": 2.0, "most": 4000}
    found = rds("rds-size").estimate(by_size(500, 200, 3), Options(more=more))
    assert found.value is not None
    assert 200 < found.value < 4000
    assert found.settings["beta"] == 2.0


def test_the_usual_cap_leaves_one_in_a_hundred_above() -> None:
    assert usual_cap(np.array([1] * 97 + [50, 60, 70])) == 2
    assert usual_cap(np.arange(1, 101)) < 100
