"""The average of all models: R's models weighted by hand, the mixture, and replicates."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from palermo.estimation import CaptureTable, Options, mse
from palermo.estimation.mse import fitting, intervals, models
from palermo.estimation.mse.average import Averaged, _ends, average, mixture
from palermo.estimation.mse.comparing import search
from palermo.estimation.mse.enumerate import hierarchical
from palermo.estimation.mse.exhaustive import choose
from palermo.estimation.mse.replicates import draw
from palermo.estimation.mse.stepwise import candidates
from palermo.estimation.tests.shared import reference, shared_table


def estimate(name, **options):
    return mse("average").estimate(shared_table(name), Options(**{"bootstrap": 0, **options}))


def test_the_models_of_r_weighted_by_hand_give_the_same_average():
    """All six models of the Korean table that have an estimate, with R's BIC and N."""
    row = next(one for one in reference("mse_bic", "korea_palembang_3list") if not one["settings"]["nboot"])
    assert row["n_models_valid"] == len(row["top10"]) == 6
    weights = np.array([math.exp(-(one["bic"] - row["bic"]) / 2) for one in row["top10"]])
    by_hand = weights @ [one["estimate"] for one in row["top10"]] / weights.sum()
    answer = estimate("korea_palembang_3list")
    assert answer.value == pytest.approx(by_hand, rel=1e-8)
    assert [one["weight"] for one in answer.diagnostics["top"]] == pytest.approx(weights / weights.sum())


def test_with_one_model_it_is_that_model_and_the_mixture_is_its_wald_interval():
    table = shared_table("hiv_rome_4list")
    answer = mse("average").estimate(table, Options(order=1, bootstrap=0))
    alone = fitting.fit(table, models.independence(4))
    plain = intervals.wald(alone)
    assert answer.value == pytest.approx(alone.N, rel=1e-8)
    assert (answer.lower, answer.upper) == pytest.approx((plain.lower, plain.upper), rel=1e-6)
    assert answer.diagnostics["between_models"] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("name", ["australia_4list", "uk_2013_5list"])
def test_the_spread_of_every_model_is_that_of_its_own_fit(name):
    table = shared_table(name)
    compared = search(table.counts, table.k, 3)
    mixed = mixture(table.counts, table.k, candidates(table.k, 3), compared)
    for i, place in enumerate(compared.order[:12]):
        one = fitting.fit(table, compared.model(place))
        assert mixed.deviation[i] == pytest.approx(fitting.standard_errors(one)[0], rel=1e-3)
        assert mixed.mean[i] == pytest.approx(math.log(one.n0), rel=1e-6)
    assert mixed.share_below(math.log(mixed.quantile(0.3) - table.n)) == pytest.approx(0.3, abs=1e-6)


def test_the_interval_holds_what_the_best_models_say_apart():
    """UK, five lists: one of the two best models says 12,262 and the other 25,311; neither interval holds both."""
    answer = estimate("uk_2013_5list", order=4)
    best = mse("bic").estimate(shared_table("uk_2013_5list"), Options(order=4, bootstrap=0))
    assert best.lower > 12_262
    assert answer.lower < 12_262 < 25_311 < answer.upper
    assert answer.diagnostics["between_models"] > 0.8
    assert answer.n_observed < answer.value < best.value


def test_replicates_average_anew_and_threads_change_nothing():
    one = estimate("uk_2013_5list", order=3, bootstrap=130)
    assert one == estimate("uk_2013_5list", order=3, bootstrap=130, threads=2)
    assert one.interval.kind == "bca"
    assert one.lower < one.value < one.upper
    assert one.diagnostics["their_weight"] > 0.99
    assert one.diagnostics["their_average"] == pytest.approx(one.value, rel=0.01)


def test_the_average_of_every_replicate_is_that_of_its_own_search():
    table = shared_table("australia_4list")
    tables = draw(table, np.flatnonzero(table.counts), 5, 0, 8)
    numbers = tuple(int(one) for one in hierarchical(4, 3))
    outcomes = Averaged(4, candidates(4, 3), numbers).block(tables)
    for counts, total in zip(tables, outcomes.totals, strict=True):
        assert total == pytest.approx(average(search(counts, 4, 3)), rel=1e-6)


def test_an_unlikely_model_that_leads_the_average_is_a_caution():
    table = shared_table("korea_palembang_3list")
    found, compared = choose(table, Options(bootstrap=0))
    totals = compared.totals.copy()
    totals[compared.order[2]] = 1e12
    led = replace(compared, totals=totals)
    value = average(led)
    _interval, said, figures = _ends(table, Options(bootstrap=0), found, led, value, 0, 500, None)
    assert [one.code for one in said] == ["led_by_unlikely_models"]
    assert figures["median"] < 1_000 < value
    _interval, said, _figures = _ends(
        table, Options(bootstrap=0), found, compared, average(compared), 0, 500, None
    )
    assert said == ()


def test_without_any_model_there_is_no_average():
    apart = CaptureTable.from_counts("ABC", {"100": 40, "010": 30, "001": 20})
    answer = mse("average").estimate(apart, Options(bootstrap=0))
    assert answer.value is None
    assert answer.interval is None
    assert answer.hard
