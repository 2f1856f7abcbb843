"""The search downhill: never worse than R's, the minimum where that is known, and where R's single descent is stuck."""

from __future__ import annotations

import numpy as np
import pytest

from palermo.estimation import BadOptions, CaptureTable, Options, mse
from palermo.estimation.mse import fitting, models
from palermo.estimation.mse.comparing import search
from palermo.estimation.mse.downhill import Downhill, descents
from palermo.estimation.mse.replicates import draw
from palermo.estimation.mse.stepwise import candidates
from palermo.estimation.tests.shared import reference, shared_table

# R's greedy search stops here; what there is to find was fitted model by model (tests of the exhaustive search).
STUCK = {("uk_2013_5list", 2), ("uk_2013_5list", 4), ("netherlands_5list", 2), ("netherlands_6list", 2),
         ("netherlands_6list", 5)}  # fmt: skip
ROWS = [
    ("artificial_3list", 2), ("australia_4list", 3), ("hiv_rome_4list", 3), ("korea_palembang_3list", 2),
    ("lesbian_allegheny_4list", 3), ("netherlands_5list", 2), ("netherlands_5list", 4), ("netherlands_6list", 2),
    ("netherlands_6list", 5), ("new_orleans_5list", 4), ("new_orleans_8list", 2), ("new_orleans_8list", 3),
    ("new_orleans_v186_8list", 2), ("uk_2013_5list", 2), ("uk_2013_5list", 4), ("uk_2013_6list", 2),
    ("uk_2013_6list", 5),
]  # fmt: skip


def theirs(name, order):
    return next(row for row in reference("mse_downhill", name) if row["settings"]["maxorder"] == order)


def ours(name, order, **more):
    return mse("downhill").estimate(shared_table(name), Options(order=order, bootstrap=0, **more))


@pytest.mark.parametrize(("name", "order"), ROWS)
def test_it_finds_what_r_finds_or_better(name, order):
    row, answer = theirs(name, order), ours(name, order)
    if (name, order) in STUCK:
        assert answer.diagnostics["bic"] < row["bic"] - 0.5
    else:
        assert answer.diagnostics["bic"] == pytest.approx(row["bic"], rel=1e-9)
        assert answer.value == pytest.approx(row["estimate"], rel=1e-6)
        assert answer.model == models.text(models.parse(row["model"], shared_table(name).k))


@pytest.mark.parametrize(("name", "order"), sorted(STUCK))
def test_where_r_is_stuck_every_single_step_is_uphill_and_yet_there_is_better(name, order):
    """R's model is a true local minimum: no term added or removed lowers BIC. Only other starts get past it."""
    row, table = theirs(name, order), shared_table(name)
    stuck = models.parse(row["model"], table.k)
    here = fitting.fit(table, stuck).bic
    assert here == pytest.approx(row["bic"], rel=1e-9)
    terms = candidates(table.k, order)
    out = [stuck - {term} for term in terms if term in models.maximal(stuck)]
    into = [stuck | {term} for term in terms if term not in stuck and models.is_hierarchical(stuck | {term})]
    assert min(fitting.fit(table, model).bic for model in out + into) > here
    answer = ours(name, order)
    assert answer.diagnostics["bic"] < here - 0.5
    assert answer.diagnostics["proved"]


@pytest.mark.parametrize(
    ("name", "order"), [("uk_2013_5list", 4), ("netherlands_6list", 2), ("netherlands_5list", 2)]
)
def test_the_descents_themselves_reach_the_minimum_of_all_models(name, order):
    table = shared_table(name)
    found = descents(table.counts, table.k, Options(order=order), 20)
    whole = search(table.counts, table.k, order)
    assert found.values.min() == pytest.approx(whole.values.min(), abs=1e-6)
    assert not found.improved
    assert 1 <= found.reached < 20
    assert found.proved


def test_seven_lists_and_more_where_not_all_models_can_be_tried():
    answer = ours("new_orleans_8list", 2)
    assert answer.diagnostics["proved"]  # of 268 million models
    assert answer.value == pytest.approx(1183.692, abs=0.01)
    unproved = ours("new_orleans_8list", 3)
    assert "best_not_proved" in {one.code for one in unproved.cautions}
    assert unproved.diagnostics["reached"] > 10


def test_ten_lists_with_one_pair_that_belongs_together():
    chance = np.random.Generator(np.random.Philox(key=1))
    seen = chance.random((4000, 10)) < chance.uniform(0.03, 0.15, 10)
    seen[:, 1] |= seen[:, 0] & (chance.random(4000) < 0.4)
    histories = seen @ (1 << np.arange(10))
    table = CaptureTable.from_histories([f"L{j}" for j in range(10)], histories[histories > 0])
    answer = mse("downhill").estimate(table, Options(bootstrap=0))
    assert answer.model == "[1.2,3,4,5,6,7,8,9,10]"
    assert answer.lower < 4000 < answer.upper


def test_replicates_mostly_get_the_best_model_of_their_table_and_threads_change_nothing():
    table = shared_table("uk_2013_5list")
    one = mse("downhill").estimate(table, Options(order=2, bootstrap=130))
    two = mse("downhill").estimate(table, Options(order=2, bootstrap=130, threads=2))
    assert one == two
    assert one.lower < one.value < one.upper
    assert sum(row["share"] for row in one.diagnostics["winners"]) <= 1 + 1e-9
    terms = candidates(5, 2)
    kept = tuple(term in models.parse(one.model, 5) for term in terms)
    tables = draw(table, np.flatnonzero(table.counts), 2, 0, 30)
    outcomes = Downhill(5, terms, (kept, (False,) * 10)).block(tables)
    best = [search(counts, 5, 2) for counts in tables]
    same = [
        abs(total / found.totals[found.order[0]] - 1) < 1e-6
        for total, found in zip(outcomes.totals, best, strict=True)
    ]
    assert np.mean(same) > 0.7


def test_suppressed_counts_and_tables_without_any_estimate():
    hidden = CaptureTable.from_counts(
        "ABCD", {"1000": 40, "0100": 35, "0010": 20, "0001": 31, "1100": 9, "1010": 6, "0110": 5, "0011": 9},
        suppressed={"1111": (1, 4)},
    )  # fmt: skip
    assert mse("downhill").estimate(hidden, Options(bootstrap=0)).value > hidden.n
    apart = CaptureTable.from_counts("ABC", {"100": 40, "010": 30, "001": 20})
    answer = mse("downhill").estimate(apart, Options(bootstrap=0))
    assert answer.value is None
    assert answer.hard


def test_what_is_no_option_is_refused():
    for more in ({"starts": 0}, {"starts": 1.5}, {"criterion": "x"}):
        with pytest.raises(BadOptions):
            mse("downhill").estimate(shared_table("artificial_3list"), Options(bootstrap=0, more=more))
