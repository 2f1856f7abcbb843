"""The belief varied: the curve, the xi that a decision hangs on, and what xi means."""

import json
import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.estimation import CaptureTable, Options, mse
from palermo.estimation.mse import fitting, models
from palermo.estimation.mse.sensitivity import (
    Reach,
    curve_as_json,
    curve_from_json,
    sensitivity,
    xi_for,
)
from palermo.estimation.results import Caution, Interval, Level, Result

UK = Result("stepwise", "mse", 11_418.0, Interval(9_153.0, 14_363.0), 2_744)
PAGE = Path(__file__).parents[4] / "docs" / "methods" / "mse-sensitivity.md"


def test_the_curve_passes_through_the_estimate_and_moves_the_range_alike():
    curve = sensitivity(UK, [0.25, 1.0, 4.0])
    assert [point.y for point in curve] == [2_744 + 8_674 * xi for xi in (0.25, 1, 4)]
    assert (curve[1].lower, curve[1].upper) == (9_153, 14_363)
    assert curve[2].upper == 2_744 + 4 * (14_363 - 2_744)
    usual = sensitivity(UK)
    assert (usual[0].x, usual[-1].x) == (0.25, 4.0)


def test_no_headline_number_has_no_curve():
    hard = UK.with_cautions(Caution("x", Level.HARD, "Never."))
    assert sensitivity(hard) == ()
    assert xi_for(hard, 10_000).xi is None
    assert sensitivity(hard.insist())


@pytest.mark.parametrize("xi", [0.0, -1.0, math.inf, math.nan])
def test_a_xi_that_is_no_multiple_is_refused(xi):
    with pytest.raises(ValueError, match="xi"):
        sensitivity(UK, [1.0, xi])


@given(st.floats(2_745, 1e6), st.floats(0.05, 20))
def test_xi_for_is_the_inverse_of_the_curve(threshold, xi):
    reach = xi_for(UK, threshold)
    assert sensitivity(UK, [reach.xi])[0].y == pytest.approx(threshold)
    assert xi_for(UK, sensitivity(UK, [xi])[0].y).xi == pytest.approx(xi)
    assert reach.by_upper <= reach.xi <= reach.by_lower


def test_ends_of_what_can_be_reached():
    assert xi_for(UK, 2_000).xi == 0.0
    assert xi_for(replace(UK, value=2_744.0), 3_000).xi == math.inf
    endless = replace(UK, interval=Interval(9_153.0, math.inf))
    assert xi_for(endless, 50_000).by_upper == 0.0


@given(st.floats(-1.5, 1.5), st.integers(3, 4))
def test_xi_is_what_the_highest_interaction_does(strength, k):
    """People made with an interaction of all lists: the model without it is off by the factor that the module names."""
    top = (1 << k) - 1
    alphas = {0: 11.0, **{1 << j: -1.0 - 0.2 * j for j in range(k)}, 3: 0.5, top: strength}
    mu = np.array([math.exp(sum(a for t, a in alphas.items() if t & w == t)) for w in range(1 << k)])
    counts = np.rint(mu * 1e4).astype(np.int64)
    counts[0] = 0
    table = CaptureTable(tuple("ABCD"[:k]), counts)
    found = fitting.fit(table, frozenset(range(top)))
    assert models.order(found.model) == k - 1
    xi = math.exp((-1) ** k * strength)
    assert found.n0 * xi == pytest.approx(mu[0] * 1e4, rel=1e-3)


def test_to_json_and_back():
    for curve in (sensitivity(UK), sensitivity(replace(UK, interval=Interval(9_153.0, math.inf)))):
        assert curve_from_json(json.loads(json.dumps(curve_as_json(curve), allow_nan=False))) == curve
    for reach in (xi_for(UK, 20_000), xi_for(replace(UK, value=2_744.0, interval=None), 3_000)):
        assert Reach.from_json(json.loads(json.dumps(reach.as_json(), allow_nan=False))) == reach


def test_the_worked_example_of_the_page():
    page = PAGE.read_text()
    table = CaptureTable.from_counts(
        ("police", "shelters", "health"),
        {"100": 120, "010": 90, "001": 60, "110": 40, "101": 12, "011": 10, "111": 6},
    )
    result = mse("stepwise").estimate(table, Options(bootstrap=0))
    half, one, double = sensitivity(result, [0.5, 1.0, 2.0])
    reach = xi_for(result, 1_500)
    told = re.search(r"N\(1/2\) = ([\d,]+), N\(1\) = ([\d,]+), N\(2\) = ([\d,]+)", page)
    assert told, "the page names N(1/2), N(1) and N(2)"
    assert [f"{round(p.y):,}" for p in (half, one, double)] == list(told.groups())
    assert f"xi = {reach.xi:.2f}" in page
    assert f"xi = {reach.by_upper:.2f}" in page
    assert result.model in page
