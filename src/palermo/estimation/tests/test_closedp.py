"""The closed-population family against Rcapture, and what it refuses to call an estimate."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.estimation import BadOptions, CaptureTable, Options
from palermo.estimation.mse import closedp
from palermo.estimation.mse.glm import expected_between, fit_poisson, has_maximum
from palermo.estimation.tests.shared import TABLES, reference, shared_table

# Rcapture keeps one more bend of the bound than the table has sightings to hold it up (its deviance is the same).
KEPT_TOO_MANY = {("new_orleans_8list", "Mh Chao (LB)"), ("new_orleans_8list", "Mth Chao (LB)")}


@pytest.mark.parametrize("name", [name for name in TABLES if "v186" not in name])
def test_every_model_of_every_table_is_rcaptures(name):
    table = shared_table(name)
    theirs = {row["model"]: row for row in reference("rcapture_closedp", name)[0]["models"]}
    ours = {one.name: one for one in closedp.members(table)}
    assert set(ours) == set(theirs)
    for model, one in ours.items():
        row = theirs[model]
        assert one.deviance == pytest.approx(row["deviance"], rel=1e-6)
        if (name, model) not in KEPT_TOO_MANY:
            assert one.df == row["df"]
            assert (one.aic, one.bic) == pytest.approx((row["AIC"], row["BIC"]), rel=1e-6)
        if one.abundance is None:
            continue
        assert one.abundance == pytest.approx(row["abundance"], rel=1e-6)
        if model != "Mbh":  # Rcapture takes the weights of its last step but one: five digits
            assert one.stderr == pytest.approx(row["stderr"], rel=2e-3)


def test_what_is_no_number_of_people_is_no_estimate_and_says_why():
    found = closedp.fit(shared_table("netherlands_6list"), "Mb")
    assert found.abundance is None
    assert found.raw == pytest.approx(-16535, abs=1)
    assert "used up" in found.reason
    assert closedp.fit(shared_table("korea_palembang_3list"), "Mbh").abundance is None  # 76 of 123 seen


def test_a_model_without_a_finite_maximum_is_no_estimate():
    found = closedp.fit(shared_table("artificial_3list"), "Mh Gamma3.5")
    assert found.abundance is None
    assert "finite" in found.reason


def test_the_error_of_mbh_is_that_of_a_simulation_where_rcaptures_is_not():
    """Rcapture prints 14.6 for the hares; tables drawn from the fitted model vary by about a third of that."""
    table = shared_table("hare_6occasion")
    ours = closedp.fit(table, "Mbh")
    masks = np.arange(1, 64)
    bits = ((masks[:, None] >> np.arange(6)) & 1).astype(float)
    first = bits.argmax(axis=1)
    design = np.column_stack([np.ones(63), first, bits.sum(axis=1) - 1, first == 0])
    fitted = fit_poisson(design, table.counts[1:].astype(float)).fitted
    generator = np.random.Generator(np.random.Philox(key=1))
    shares = np.append(fitted, ours.abundance - fitted.sum()) / ours.abundance
    drawn = generator.multinomial(round(ours.abundance), shares, size=150)[:, :-1]
    found = [closedp.fit(_dense(row, 6), "Mbh") for row in drawn]
    raw = np.array([one.raw for one in found if one.abundance is not None])
    spread = np.subtract(*np.percentile(raw, [75, 25])) / 1.349
    assert ours.stderr == pytest.approx(4.649, abs=0.01)
    assert 0.5 * ours.stderr < spread < 1.5 * ours.stderr


def test_the_headline_is_the_best_fit_and_says_when_models_disagree():
    result = closedp.estimate(shared_table("hiv_rome_4list"), Options())
    assert result.model == "Mt"
    assert result.lower < result.value < result.upper
    result = closedp.estimate(shared_table("australia_4list"), Options())
    assert "poor_fit" in {one.code for one in result.cautions}
    assert closedp.estimate(shared_table("hiv_rome_4list"), Options(more={"model": "Mb"})).value == (
        pytest.approx(4045.9033, abs=1e-3)
    )
    with pytest.raises(BadOptions):
        closedp.estimate(shared_table("hiv_rome_4list"), Options(more={"model": "Mq"}))


def test_suppressed_cells_come_between_their_ends():
    table = CaptureTable.from_counts(
        "ABC",
        {"100": 60, "010": 50, "001": 40, "110": 12, "101": 9},
        suppressed={"011": (1, 4), "111": (1, 4)},
    )
    ends = []
    for low_high in (1, 4):
        plain = CaptureTable.from_counts(
            "ABC",
            {"100": 60, "010": 50, "001": 40, "110": 12, "101": 9, "011": low_high, "111": low_high},
        )
        ends.append(closedp.fit(plain, "Mt").abundance)
    assert min(ends) < closedp.fit(table, "Mt").abundance < max(ends)
    assert expected_between(2.0, 3, 3) == 3
    assert 1 < expected_between(1e-9, 1, 4) < 1.001


def test_existence_is_decided_from_the_empty_cells():
    design = np.array([[1.0, 0], [1, 1]])
    assert has_maximum(design, np.array([3.0, 2]))
    assert not has_maximum(design, np.array([3.0, 0]))  # the second goes down for ever
    assert not has_maximum(np.array([[1.0, 1], [1, 1]]), np.array([3.0, 2]))  # not unique


cells = st.lists(st.integers(0, 60), min_size=7, max_size=7).filter(lambda row: sum(row) > 20)


@settings(max_examples=25, deadline=None)
@given(cells, st.permutations([0, 1, 2]))
def test_the_order_of_lists_changes_nothing_but_behaviour(row, order):
    table = _dense(row, 3)
    moved = _dense([row[sum(((mask >> order[j]) & 1) << j for j in range(3)) - 1] for mask in range(1, 8)], 3)
    for model in ("Mt", "Mth Darroch", "Mth Chao (LB)", "M0", "Mh Gamma3.5"):
        one, other = closedp.fit(table, model), closedp.fit(moved, model)
        assert (one.abundance is None) == (other.abundance is None)
        if one.abundance is not None:
            assert other.abundance == pytest.approx(one.abundance, rel=1e-5)
            assert one.abundance >= table.n


def _dense(row, k):
    return CaptureTable(tuple("ABCDEFGH"[:k]), np.concatenate([[0], np.asarray(row, dtype=np.int64)]))


@pytest.mark.parametrize("name", ["uk_2013_6list", "new_orleans_8list", "artificial_3list"])
def test_many_lists_take_another_way_to_the_same_answer(name, monkeypatch):
    table = shared_table(name)
    plain = closedp.members(table)
    monkeypatch.setattr(closedp, "MANY", 2)
    for one, other in zip(plain, closedp.members(table), strict=True):
        assert other.reason == one.reason
        assert (other.aic, other.deviance) == pytest.approx((one.aic, one.deviance), rel=1e-7)
        if one.abundance is not None:
            assert other.abundance == pytest.approx(one.abundance, rel=1e-7)
            assert other.stderr == pytest.approx(one.stderr, rel=1e-6)


def test_sixteen_lists_are_no_trouble():
    generator = np.random.Generator(np.random.Philox(key=1))
    history = ((generator.random((5000, 16)) < 0.08) * (1 << np.arange(16))).sum(axis=1)
    table = CaptureTable.from_histories([f"list {j}" for j in range(16)], history[history > 0])
    assert closedp.fit(table, "Mt").abundance == pytest.approx(5000, rel=0.04)
    assert closedp.fit(table, "Mth Chao (LB)").abundance == pytest.approx(5000, rel=0.06)
