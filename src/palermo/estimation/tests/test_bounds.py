"""Chao's lower bound, the interval on the log scale, and Chapman for each pair."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.estimation import CaptureTable, Options
from palermo.estimation.estimators import mse
from palermo.estimation.mse import bounds
from palermo.estimation.tests.shared import reference, shared_table


def test_the_bound_is_rcaptures_and_says_that_it_is_a_lower_bound():
    table = shared_table("uk_2013_6list")
    theirs = {row["model"]: row for row in reference("rcapture_closedp", "uk_2013_6list")[0]["models"]}
    found = mse("chao").estimate(table)
    assert found.value == pytest.approx(theirs["Mth Chao (LB)"]["abundance"], rel=1e-6)
    assert table.n < found.lower < found.value < found.upper
    assert "lower_bound" in {one.code for one in found.cautions}
    assert "at least" in found.explain()
    assert len(found.diagnostics["pairs"]) == 15


def test_the_moment_form_by_hand():
    """n = 100, f1 = 60, f2 = 30, K = 3: 100 + 2/3 * 3600 / 60 = 140; corrected 100 + 2/3 * 60 * 59 / 62."""
    forms = bounds.moments(np.array([0.0, 60, 30, 10]), 3)
    assert forms["moment"][0] == pytest.approx(140)
    assert forms["bias_corrected"][0] == pytest.approx(100 + 2 / 3 * 60 * 59 / 62)
    assert bounds.moments(np.array([0.0, 60, 0, 10]), 3)["moment"] == (None, None)


def test_chapman_by_hand():
    """200 marked, 150 caught, 50 of them marked: 201 * 151 / 51 - 1."""
    found = bounds.chapman(200, 150, 50)
    assert found["estimate"] == pytest.approx(594.1176, abs=1e-4)
    assert found["stderr"] == pytest.approx(np.sqrt(201 * 151 * 150 * 100 / (51**2 * 52)), rel=1e-12)
    assert 300 < found["lower"] < found["estimate"] < found["upper"]


def test_without_overlap_there_is_no_bound():
    table = CaptureTable.from_counts("ABC", {"100": 5, "010": 6, "001": 7})
    found = mse("chao").estimate(table)
    assert found.estimate is None
    assert found.hard
    assert "no_mle" in {one.code for one in found.cautions}


def test_two_lists_give_lincoln_and_petersen():
    table = CaptureTable.from_counts("AB", {"10": 150, "01": 100, "11": 50})
    assert mse("chao").estimate(table).value == pytest.approx(200 * 150 / 50)


def test_forms_can_be_asked_for():
    table = shared_table("hiv_rome_4list")
    moment = mse("chao").estimate(table, Options(more={"form": "moment"}))
    assert moment.value == pytest.approx(moment.diagnostics["moment"])


def test_it_holds_below_the_truth_when_people_differ():
    """500 people, half of them four times as easy to see: the bound stays below, as a bound should."""
    generator = np.random.Generator(np.random.Philox(key=3))
    chance = np.where(np.arange(500) < 250, 0.1, 0.4)
    values = []
    for _ in range(30):
        seen = generator.random((500, 4)) < chance[:, None]
        history = (seen * (1 << np.arange(4))).sum(axis=1)
        table = CaptureTable.from_histories("ABCD", history[history > 0])
        values.append(mse("chao").estimate(table).value)
    assert 380 < np.mean(values) < 500


@given(st.floats(1, 1e6), st.floats(0, 1e5), st.floats(1, 1e5))
def test_the_interval_never_goes_below_what_was_seen(unseen, error, observed):
    found = bounds.log_normal(observed + unseen, error, observed, 0.95)
    assert observed <= found.lower <= observed + unseen <= found.upper * (1 + 1e-12)
