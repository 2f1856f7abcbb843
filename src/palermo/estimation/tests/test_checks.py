"""An estimate against variants of its own table."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.estimation import CaptureTable, Interval, Options, mse
from palermo.estimation.mse import checks, fitting, models
from palermo.estimation.mse.consistency import given as given_list
from palermo.estimation.mse.consistency import within
from palermo.estimation.mse.designs import Design
from palermo.estimation.mse.refitting import draws
from palermo.estimation.tests.shared import shared_table

OPTIONS = Options()
FOUR = Design("four", 50_000, (0.2, 0.15, 0.1, 0.08), {(0, 1): 3.0, (2, 3): 0.4})


def expected(made: Design) -> CaptureTable:
    """The table of a design without any chance in it."""
    counts = np.rint(made.chances() * made.people * 100).astype(np.int64)
    counts[0] = 0
    return CaptureTable(made.lists, counts)


def codes(check):
    return [caution.code for caution in check.cautions]


def test_every_row_is_the_estimate_of_its_variant():
    table = shared_table("uk_2013_5list")
    whole = mse("stepwise").estimate(table, Options(bootstrap=0)).value
    left = checks.leave_one_out(table, "stepwise", OPTIONS)
    joint = checks.merges(table, "stepwise", OPTIONS)
    assert [row["lists"] for row in left.rows] == [[name] for name in table.lists]
    assert len(joint.rows) == 10
    for row in left.rows:
        direct = mse("stepwise").estimate(
            table.without(table.lists.index(row["lists"][0])), Options(bootstrap=0)
        )
        assert row["estimate"] == pytest.approx(direct.value)
        assert row["people"] == direct.n_observed
        assert row["ratio"] == pytest.approx(direct.value / whole)
    row = joint.rows[-1]
    pair = tuple(table.lists.index(name) for name in row["lists"])
    assert row["estimate"] == pytest.approx(
        mse("stepwise").estimate(table.merged(pair), Options(bootstrap=0)).value
    )


def test_a_list_that_decides_is_named():
    table = shared_table("uk_2013_5list")
    found = checks.leave_one_out(table, "stepwise", OPTIONS, interval=Interval(9_153, 14_363))
    assert codes(found) == ["one_list_decides"]
    assert found.cautions[0].values["lists"] == [["PFNCA"]]
    assert "without PFNCA it is 22,623" in found.cautions[0].message


def test_a_move_outside_the_range_counts_however_small():
    table = expected(FOUR)
    value = mse("stepwise").estimate(table, Options(bootstrap=0)).value
    calm = checks.leave_one_out(
        table, "stepwise", OPTIONS, value=value, interval=Interval(value / 2, value * 2)
    )
    assert codes(calm) == []
    ratios = [row["ratio"] for row in calm.rows]
    narrow = Interval(value * (max(r for r in ratios if r < 1) + 1e-9), value * 2)
    assert codes(checks.leave_one_out(table, "stepwise", OPTIONS, value=value, interval=narrow)) == [
        "one_list_decides"
    ]


def test_two_lists_have_no_variants_and_three_fall_back_to_independence():
    two = CaptureTable.from_counts(("A", "B"), {"10": 40, "01": 30, "11": 12})
    for check in (checks.leave_one_out, checks.merges, checks.internal_consistency):
        assert check(two, "main", OPTIONS).rows == ()
    three = shared_table("korea_palembang_3list")
    rows = checks.leave_one_out(three, "stepwise", OPTIONS).rows
    assert {row["method"] for row in rows} == {"main"}


def test_methods_outside_the_compiled_engine_are_checked_too():
    table = shared_table("hiv_rome_4list")
    rows = checks.leave_one_out(table, "bic", OPTIONS).rows
    direct = mse("bic").estimate(table.without(0), Options(bootstrap=0)).value
    assert rows[0]["estimate"] == pytest.approx(direct)


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(4)))
def test_the_order_of_the_lists_changes_no_row(order):
    table = shared_table("hiv_rome_4list")
    masks = [sum(1 << new for new, old in enumerate(order) if mask >> old & 1) for mask in range(16)]
    counts = np.zeros(16, np.int64)
    counts[masks] = table.counts
    turned = CaptureTable(tuple(table.lists[old] for old in order), counts)
    for check in (checks.leave_one_out, checks.merges):
        found = {frozenset(row["lists"]): row["estimate"] for row in check(table, "stepwise", OPTIONS).rows}
        again = {frozenset(row["lists"]): row["estimate"] for row in check(turned, "stepwise", OPTIONS).rows}
        assert found == pytest.approx(again, rel=1e-6)


def test_known_numbers_are_predicted_exactly_where_the_model_is_true():
    table = expected(FOUR)
    found = checks.internal_consistency(table, "stepwise", OPTIONS, model="[12,34]")
    assert [row["list"] for row in found.rows] == ["A", "B", "C", "D", None]
    for row in found.rows:
        assert row["error"] == pytest.approx(0, abs=1e-3)
        assert row["lower"] < row["known"] < row["upper"]
    assert codes(found) == []
    wrong = checks.internal_consistency(table, "main", OPTIONS, model="[1,2,3,4]")
    assert max(abs(row["error"]) for row in wrong.rows) > 0.02


def test_people_who_differ_are_found_out():
    table = expected(Design("two kinds", 500, (0.10, 0.08, 0.12, 0.06), kinds=((0.9, 0.3), (0.1, 7.3))))
    found = checks.internal_consistency(table, "main", OPTIONS, model="[1,2,3,4]")
    assert codes(found) == ["inconsistent"]
    assert all(row["predicted"] < row["known"] for row in found.rows)


def test_within_a_list_the_other_lists_keep_their_people():
    table = shared_table("hiv_rome_4list")
    for j in range(4):
        inside = within(table, j)
        assert inside.n == table.totals[j] - table.counts[1 << j]
        others = [i for i in range(4) if i != j]
        assert inside.totals.tolist() == [table.overlaps[i, j] for i in others]
    assert models.text(given_list(models.parse("[12,13,4]", 4), 0)) == "[1,2,3]"
    assert models.text(given_list(models.parse("[123,34]", 4), 1)) == "[12,23]"


def test_the_curve_of_a_true_model_is_flat_and_ends_at_the_estimate():
    table = expected(replace(FOUR, people=500))
    value = mse("stepwise").estimate(table, Options(bootstrap=0)).value
    found = checks.trajectory(table, "stepwise", OPTIONS, value=value)
    assert [row["share"] for row in found.rows] == [i / 10 for i in range(1, 11)]
    assert found.rows[-1]["estimate"] == value
    assert found.rows[-1]["people"] == table.n
    for row in found.rows:
        assert row["lower"] <= row["estimate"] <= row["upper"]
        assert row["estimate"] == pytest.approx(value, rel=0.1)
    assert codes(found) == []


def test_an_estimate_that_still_moves_is_named():
    rows = [{"share": (i + 1) / 10, "people": 100 * i, "estimate": 1_000.0 * 1.1**i} for i in range(10)]
    assert [one.code for one in checks._climbs(rows)] == ["still_climbing"]
    falling = [{**row, "estimate": 1e6 / row["estimate"]} for row in rows]
    assert [one.code for one in checks._climbs(falling)] == ["still_falling"]
    level = [{**row, "estimate": 1_000.0 + 100 * (i % 2)} for i, row in enumerate(rows)]
    assert list(checks._climbs(level)) == []


def test_the_same_seed_gives_the_same_and_another_seed_another_curve():
    table = shared_table("uk_2013_5list")
    one = checks.trajectory(table, "stepwise", OPTIONS)
    assert checks.trajectory(table, "stepwise", Options(threads=2)) == one
    assert checks.trajectory(table, "stepwise", Options(seed=2)) != one


def test_suppressed_counts_are_filled_in_first():
    table = CaptureTable.from_counts(
        ("A", "B", "C"), {"100": 120, "010": 90, "001": 60, "110": 40, "101": 12, "111": 6}, suppressed={"011": (5, 15)}
    )  # fmt: skip
    whole = fitting.fit(table, models.independence(3)).n
    rows = checks.merges(table, "stepwise", OPTIONS).rows
    assert {row["people"] for row in rows} == {round(whole)}


def test_to_json_and_back():
    table = shared_table("korea_palembang_3list")
    for check in (
        checks.leave_one_out(table, "stepwise", OPTIONS, interval=Interval(120, 430)),
        checks.internal_consistency(table, "stepwise", OPTIONS, model="[12,3]"),
        checks.trajectory(table, "stepwise", OPTIONS),
    ):
        again = checks.Check.from_json(json.loads(json.dumps(check.as_json(), allow_nan=False)))
        assert again == check
        assert again.as_json() == check.as_json()


def test_a_slow_method_is_asked_less_often():
    assert draws(64, "stepwise", 6) == 64
    assert draws(64, "stepwise", 14) == 16
    assert draws(64, "bic", 5) == 4
    assert draws(64, "latent", 5) == 0
    table = shared_table("korea_palembang_3list")
    assert checks.trajectory(table, "latent", OPTIONS).rows == ()
    assert checks.merges(table, "latent", OPTIONS, value=150.0).rows == ()
    assert len(checks.trajectory(table, "chao", OPTIONS).rows) == 10
