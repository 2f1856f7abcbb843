"""Populations with a known truth, and coverage at a table's own model."""

import json
from dataclasses import replace

import numpy as np
import pytest

from palermo.estimation import BadOptions, CaptureTable, Options, mse
from palermo.estimation.mse import designs, simulate
from palermo.estimation.mse.designs import DESIGNS, design
from palermo.estimation.mse.simulate import Answer, Coverage
from palermo.estimation.tests.shared import shared_table

ROME = {"1000": 400, "0100": 300, "0010": 250, "0001": 200, "1100": 110, "1010": 30, "1001": 26, "0110": 24,
        "0101": 20, "0011": 17, "1110": 8, "1101": 7, "1011": 2, "0111": 2, "1111": 1}  # fmt: skip
TABLE = CaptureTable.from_counts(("police", "shelters", "health", "labour"), ROME)


@pytest.mark.parametrize("name", DESIGNS)
def test_a_design_has_the_shares_and_the_odds_that_it_names(name):
    made = design(name)
    chances = made.chances()
    histories = np.arange(1 << made.k)
    assert chances.sum() == pytest.approx(1)
    for j, share in enumerate(made.shares):
        factor = sum(weight * times for weight, times in made.kinds)
        assert chances[(histories >> j & 1) == 1].sum() == pytest.approx(share * factor, rel=1e-6)
    for (i, j), ratio in made.odds.items():
        a, b = 1 << i, 1 << j
        assert chances[a | b] * chances[0] / (chances[a] * chances[b]) == pytest.approx(ratio)


def test_an_unknown_design_names_those_there_are():
    with pytest.raises(BadOptions, match="independent, dependent"):
        design("easy")


def test_a_population_depends_on_the_seed_and_its_own_number_only():
    made = design("dependent")
    many = made.tables(130, seed=7)
    assert (made.tables(3, seed=7) == many[:3]).all()
    assert (made.tables(70, seed=7)[64:] == many[64:70]).all()
    assert (made.tables(3, seed=8) != many[:3]).any()
    assert not many[:, 0].any()
    assert many.sum(axis=1).mean() == pytest.approx(made.people * (1 - made.chances()[0]), rel=0.01)


def test_the_range_holds_the_truth_where_the_model_is_true():
    found = simulate.coverage(TABLE, "stepwise", Options(), runs=100, bootstrap=200)
    assert found.people == 4_502
    assert found.share >= 0.9
    assert found.refused == 0
    assert abs(found.bias) < 0.05
    assert found.cautions == ()


def test_threads_change_nothing():
    one = simulate.coverage(TABLE, "stepwise", Options(), runs=20, bootstrap=64)
    assert simulate.coverage(TABLE, "stepwise", Options(threads=2), runs=20, bootstrap=64) == one
    assert simulate.coverage(TABLE, "stepwise", Options(seed=2), runs=20, bootstrap=64) != one


def test_a_short_range_is_said():
    made = design("hidden")
    answers = simulate.intervals_of(made.tables(40), made.lists, "main", Options())
    found = simulate.summary(answers, made.people, 0, 0.95)
    assert found.share < 0.1
    assert [one.code for one in found.cautions] == ["range_too_short"]


def test_counting_what_holds():
    answers = [Answer(100, 90, 120), Answer(130, 111, 160), Answer(None), Answer(80, 70, 99)]
    found = simulate.summary(answers, 100, 0, 0.95)
    assert found.share == pytest.approx(1 / 3)
    assert found.refused == pytest.approx(1 / 4)
    assert found.relative_rmse == pytest.approx(np.sqrt((0.3**2 + 0.2**2) / 3))
    assert {one.code for one in found.cautions} == {"range_too_short", "often_refused"}
    assert simulate.summary([Answer(None)], 100, 0, 0.95).share is None


def test_another_method_goes_through_the_register():
    found = simulate.coverage(TABLE, "chao", Options(), runs=10)
    assert found.share is not None
    assert found.people == 4_502


def test_one_table_is_answered_as_the_estimator_does():
    counts = design("independent").tables(2)
    answers = simulate.intervals_of(counts, design("independent").lists, "stepwise", Options(), bootstrap=64)
    table = design("independent").table(counts[1])
    assert answers[1].value == pytest.approx(mse("stepwise").estimate(table, Options(bootstrap=0)).value)
    main = simulate.intervals_of(counts, design("independent").lists, "main", Options())
    exact = mse("main").estimate(table, Options())
    assert (main[1].lower, main[1].upper) == pytest.approx((exact.interval.lower, exact.interval.upper))


def test_nothing_is_simulated_without_a_model():
    table = CaptureTable.from_counts(("A", "B", "C"), {"100": 40, "010": 30, "001": 20})
    assert simulate.coverage(table, "stepwise", Options()) is None


def test_coverage_uses_the_model_of_the_result():
    table = shared_table("korea_palembang_3list")
    result = mse("stepwise").estimate(table, Options(bootstrap=0))
    chances, people = simulate.truth(table, Options(), replace(result, model="[1,2,3]"))
    assert people == 142
    assert simulate.truth(table, Options(), result)[1] == 269
    assert chances.sum() == pytest.approx(1)


def test_to_json_and_back():
    for found in (
        simulate.coverage(TABLE, "stepwise", Options(), runs=10, bootstrap=64),
        simulate.summary([Answer(None)], 100, 0, 0.95),
    ):
        assert Coverage.from_json(json.loads(json.dumps(found.as_json(), allow_nan=False))) == found


def test_the_population_of_the_sparse_design_is_hardly_seen():
    made = designs.DESIGNS["tiny"]
    assert made.people * (1 - made.chances()[0]) == pytest.approx(179, abs=1)
