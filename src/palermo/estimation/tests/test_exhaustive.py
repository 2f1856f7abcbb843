"""The search over all models: R's figures, leaps and bounds against fitting everything, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.estimation import BadOptions, CaptureTable, Level, Options, mse
from palermo.estimation.mse import models
from palermo.estimation.mse.comparing import bounded, search
from palermo.estimation.mse.enumerate import expanded, hierarchical
from palermo.estimation.mse.exhaustive import Best, BestOfTop
from palermo.estimation.mse.existence import verdict
from palermo.estimation.mse.replicates import draw
from palermo.estimation.mse.stepwise import candidates
from palermo.estimation.tests.shared import reference, shared_table

MEASURED = [
    ("australia_4list", 3), ("hiv_rome_4list", 3), ("korea_palembang_3list", 2), ("lesbian_allegheny_4list", 3),
    ("uk_2013_5list", 2), ("uk_2013_5list", 4), ("netherlands_5list", 4), ("new_orleans_5list", 4),
    ("uk_2013_6list", 2),
]  # fmt: skip
RCAPTURE = [
    ("australia_4list", 3), ("hiv_rome_4list", 3), ("korea_palembang_3list", 2), ("lesbian_allegheny_4list", 3),
    ("uk_2013_5list", 2), ("uk_2013_5list", 4), ("uk_2013_6list", 2),
]  # fmt: skip


def measured(method, name, order):
    return next(row for row in reference(method, name) if row["settings"]["maxorder"] == order)


def table_of(name, order):
    table = shared_table(name)
    return table, search(table.counts, table.k, order)


@pytest.mark.parametrize(("name", "order"), MEASURED)
def test_the_ten_best_models_and_the_number_with_an_estimate_are_those_of_r(name, order):
    row = measured("mse_bic", name, order)
    table, found = table_of(name, order)
    assert int(np.isfinite(found.values).sum()) == row["n_models_valid"]
    assert sum(found.left_out.values()) == found.tried - row["n_models_valid"]
    best = found.order[:10]
    for place, theirs in zip(best, row["top10"], strict=False):
        assert found.model(place) == models.parse(theirs["model"], table.k)
        assert found.totals[place] == pytest.approx(theirs["estimate"], rel=1e-6)
        assert found.values[place] == pytest.approx(theirs["bic"], rel=1e-9)
    answer = mse("bic").estimate(table, Options(order=order, bootstrap=0))
    assert answer.value == pytest.approx(row["estimate"], rel=1e-8)
    assert answer.model == models.text(models.parse(row["model"], table.k))
    assert answer.diagnostics["bic"] == pytest.approx(row["bic"], rel=1e-9)


@pytest.mark.parametrize(("name", "order"), RCAPTURE)
def test_rcapture_agrees_on_every_model_that_it_could_fit(name, order):
    row = measured("rcapture_ms", name, order)
    table, found = table_of(name, order)
    place = {int(number): i for i, number in enumerate(found.numbers)}
    compared = 0
    for theirs in row["top10_bic"]:
        model = models.parse(theirs["model"], table.k)
        at = place[sum(1 << term for term in model)]
        if theirs["infoFit"] == 0 and np.isfinite(found.values[at]):
            assert found.values[at] == pytest.approx(theirs["BIC"], rel=1e-6)
            compared += 1
    assert compared or row["n_flagged"]


def test_aic_agrees_with_rcapture_where_its_choice_has_an_estimate():
    row = measured("rcapture_ms", "hiv_rome_4list", 3)["best_aic"]
    table = shared_table("hiv_rome_4list")
    answer = mse("bic").estimate(table, Options(order=3, bootstrap=0, more={"criterion": "aic"}))
    assert answer.model == models.text(models.parse(row["model"], 4))
    assert answer.value == pytest.approx(row["abundance"], rel=1e-6)
    assert answer.diagnostics["top"][0]["aic"] == pytest.approx(row["AIC"], rel=1e-9)


def test_a_model_that_fits_better_but_has_no_estimate_is_named_with_the_reason():
    """Rcapture's best model of Australia by AIC, [234,12] with N = 2,440, is on the edge: it has no estimate."""
    table = shared_table("australia_4list")
    theirs = measured("rcapture_ms", "australia_4list", 3)["best_aic"]
    assert theirs["model"] == "[234,12]"
    assert not verdict(table, models.parse("[234,12]", 4)).exists
    answer = mse("bic").estimate(table, Options(order=3, bootstrap=0, more={"criterion": "aic"}))
    assert answer.diagnostics["barred"][0]["model"] == "[234,12]"
    assert answer.diagnostics["barred"][0]["why"].startswith("Nobody was seen on C + D, and this model")
    assert answer.model == "[123,24]"


@pytest.mark.parametrize(("name", "order"), [("uk_2013_5list", 4), ("netherlands_6list", 5)])
def test_the_greedy_search_of_r_ends_where_better_models_are_left(name, order):
    stuck = measured("mse_downhill", name, order)
    _table, found = table_of(name, order)
    best = found.order[0]
    assert found.proved
    assert found.values[best] < stuck["bic"] - 1
    assert found.totals[best] > 2 * stuck["estimate"]


def test_pairs_of_the_netherlands_have_the_minimum_that_the_reading_measured():
    _table, found = table_of("netherlands_6list", 2)
    assert found.totals[found.order[0]] == pytest.approx(116_667, abs=1)
    assert found.values[found.order[0]] == pytest.approx(310.4416486, abs=1e-6)


@pytest.mark.parametrize(("name", "order"), MEASURED)
def test_leaps_and_bounds_finds_what_fitting_every_model_finds(name, order):
    table, whole = table_of(name, order)
    same_as(whole, bounded(table.counts.astype(float), table.k, candidates(table.k, order), "bic"))


def same_as(whole, near):
    within = whole.values <= whole.values.min() + 9.99
    assert near.proved
    assert set(whole.numbers[within].tolist()) <= set(near.numbers.tolist())
    place = {int(number): i for i, number in enumerate(whole.numbers)}
    for number, total, value in zip(near.numbers, near.totals, near.values, strict=True):
        at = place[int(number)]
        assert total == pytest.approx(whole.totals[at], rel=1e-5)
        assert value == pytest.approx(whole.values[at], abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(st.just(0), st.integers(0, 4), st.integers(5, 400)), min_size=15, max_size=15))
def test_leaps_and_bounds_finds_the_best_of_any_table(counts):
    people = np.array([0, *counts], dtype=float)
    if not people.any():
        return
    whole = search(people, 4, 3)
    near = bounded(people, 4, candidates(4, 3), "bic")
    if len(whole.order):
        same_as(whole, near)
    else:
        assert not len(near.order)


@pytest.mark.parametrize("name", ["korea_palembang_3list", "artificial_3list", "australia_4list"])
def test_the_quick_verdict_is_the_exact_one_on_replicates_too(name):
    table = shared_table(name)
    for counts in draw(table, np.flatnonzero(table.counts), 7, 0, 12):
        found = search(counts, table.k, table.k - 1)
        seen = np.flatnonzero(counts).tolist()
        for place, number in enumerate(found.numbers):
            fine = verdict(seen, expanded(number), k=table.k).fine
            assert fine == np.isfinite(found.values[place]), (seen, expanded(number))


def test_every_replicate_gets_the_best_of_all_models():
    table = shared_table("uk_2013_5list")
    tables = draw(table, np.flatnonzero(table.counts), 3, 0, 6)
    terms = candidates(5, 3)
    best = Best(5, terms)
    outcomes = best.block(tables)
    numbers = tuple(int(one) for one in hierarchical(5, 3))
    listed = BestOfTop(5, terms, numbers)
    same = listed.block(tables)
    for b, counts in enumerate(tables):
        found = search(counts, 5, 3)
        assert outcomes.totals[b] == pytest.approx(found.totals[found.order[0]], rel=1e-6)
        assert best.model(outcomes.chosen[b]) == found.model(found.order[0])
        assert listed.model(same.chosen[b]) == found.model(found.order[0])


def test_neither_threads_nor_the_order_of_lists_change_the_answer():
    table = shared_table("uk_2013_5list")
    one = mse("bic").estimate(table, Options(order=3, bootstrap=130, seed=4))
    two = mse("bic").estimate(table, Options(order=3, bootstrap=130, seed=4, threads=2))
    assert one == two
    order = [3, 0, 4, 2, 1]
    moved = {tuple(mask >> order[j] & 1 for j in range(5)): count for mask, count in table.cells()}
    turned = CaptureTable.from_counts([table.lists[j] for j in order], moved)
    assert search(turned.counts, 5, 3).values.min() == pytest.approx(search(table.counts, 5, 3).values.min())


def test_models_that_are_equally_good_are_a_caution_and_winners_are_counted():
    table = shared_table("uk_2013_5list")
    answer = mse("bic").estimate(table, Options(order=3, bootstrap=400, more={"top": 100}))
    [close] = [one for one in answer.cautions if one.code == "close_models"]
    assert close.level is Level.CARE
    assert close.values["lower"] < 13_000 < 28_000 < close.values["upper"]
    [best] = [one for one in answer.diagnostics["winners"] if one["model"] == answer.model]
    assert 0.12 < best["share"] < 0.26  # the paper: 16 to 22 %
    [row] = [one for one in reference("mse_bic", "uk_2013_5list") if one["settings"]["ntop"] == 100]
    assert answer.lower == pytest.approx(row["bca"]["0.025"], rel=0.15)
    assert answer.n_observed <= answer.lower < answer.value < answer.upper


def test_without_any_model_there_is_no_number():
    apart = CaptureTable.from_counts("ABC", {"100": 40, "010": 30, "001": 20})
    answer = mse("bic").estimate(apart, Options(bootstrap=0))
    assert answer.value is None
    assert answer.hard


def test_suppressed_counts_take_part():
    table = CaptureTable.from_counts(
        "ABCD",
        {
            "1000": 40,
            "0100": 35,
            "0010": 20,
            "0001": 31,
            "1100": 9,
            "1010": 6,
            "0110": 5,
            "0011": 9,
            "0101": 7,
        },
        suppressed={"1111": (1, 4)},
    )
    answer = mse("bic").estimate(table, Options(bootstrap=60))
    assert answer.value > table.n
    assert "suppressed_counts" in {one.code for one in answer.cautions}


@pytest.mark.parametrize("more", [{"criterion": "dic"}, {"top": 0}, {"top": "some"}])
def test_what_is_no_option_is_refused(more):
    with pytest.raises(BadOptions):
        mse("bic").estimate(shared_table("artificial_3list"), Options(bootstrap=0, more=more))


def test_an_order_below_one_is_refused():
    with pytest.raises(BadOptions):
        mse("bic").estimate(shared_table("artificial_3list"), Options(order=0, bootstrap=0))
