"""The full verdict: everything asked of one estimate, and only ever harsher."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from palermo.estimation import BadOptions, CaptureTable, Caution, Interval, Level, Options, Result, mse
from palermo.estimation.diagnosing import Diagnosis, diagnose
from palermo.estimation.judging import SEVERITY, verdict
from palermo.estimation.mse import doubts, fitting, models
from palermo.estimation.mse.designs import design
from palermo.estimation.results import Verdict, Word
from palermo.estimation.tests.shared import shared_table
from palermo.estimation.tests.test_simulate import TABLE

OPTIONS = Options(bootstrap=300)
NOWHERE = CaptureTable.from_counts(("A", "B", "C"), {"100": 40, "010": 30, "001": 20})


def codes(found: Diagnosis) -> set[str]:
    return {caution.code for caution in found.cautions}


@pytest.mark.parametrize(
    "name", ["uk_2013_5list", "korea_palembang_3list", "new_orleans_8list", "hiv_rome_4list"]
)
def test_the_verdict_is_never_milder_than_that_of_the_result(name):
    table = shared_table(name)
    alone = mse("stepwise").estimate(table, OPTIONS)
    found = diagnose(table, "stepwise", OPTIONS)
    assert SEVERITY.index(found.verdict.word) >= SEVERITY.index(verdict(alone).word)
    assert set(alone.verdict.reasons) <= set(found.verdict.reasons) or found.severe
    assert found.result.value == alone.value
    assert found.result.interval == alone.interval
    assert [one for one in found.result.cautions if one not in alone.cautions] == list(found.cautions)
    assert found.sensitivity[len(found.sensitivity) // 2].y == pytest.approx(alone.value)


def test_published_tables_get_the_doubts_that_the_literature_has():
    assert {"one_list_decides", "methods_disagree", "models_disagree"} <= codes(
        diagnose(shared_table("uk_2013_5list"), "stepwise", OPTIONS)
    )
    dutch = diagnose(shared_table("netherlands_6list"), "stepwise", OPTIONS)
    assert dutch.verdict.word is Word.NOT
    assert dutch.severe == ("one_list_decides",)
    assert "unequal_people" in codes(diagnose(shared_table("hiv_rome_4list"), "stepwise", OPTIONS))
    assert "thin_overlaps" in codes(diagnose(shared_table("new_orleans_8list"), "stepwise", OPTIONS))


def test_a_sound_table_may_be_published():
    made = design("dependent")
    found = diagnose(made.table(made.tables(1, seed=3)[0]), "stepwise", Options(bootstrap=2_000))
    assert found.verdict == Verdict(Word.PUBLISH)


def test_a_result_that_is_there_is_taken_and_its_verdict_kept():
    alone = mse("stepwise").estimate(TABLE, OPTIONS)
    harsh = replace(alone, verdict=Verdict(Word.NOT, ("Said elsewhere.",)))
    found = diagnose(TABLE, "stepwise", OPTIONS, result=harsh)
    assert found.verdict.word is Word.NOT
    assert "Said elsewhere." in found.verdict.reasons


def test_without_an_estimate_the_checks_still_say_what_would_help():
    found = diagnose(NOWHERE, "stepwise", OPTIONS, threshold=500)
    assert found.verdict.word is Word.NOT
    assert found.sensitivity == ()
    assert found.reach.xi is None
    assert found.coverage is None
    assert "thin_overlaps" in codes(found)
    assert len(found.leave_one_out.rows) == 3
    assert "one_list_decides" not in codes(found)


def test_two_lists_can_show_nothing():
    table = CaptureTable.from_counts(("A", "B"), {"10": 400, "01": 300, "11": 120})
    found = diagnose(table, "main", Options())
    assert "two_lists" in codes(found)
    assert found.verdict.word is Word.CARE
    with pytest.raises(BadOptions):
        diagnose(table, "stepwise", OPTIONS)


def test_suppressed_counts_go_through_every_check():
    table = CaptureTable.from_counts(
        ("A", "B", "C"), {"100": 120, "010": 90, "001": 60, "110": 40, "101": 12, "111": 6}, suppressed={"011": (5, 15)}
    )  # fmt: skip
    found = diagnose(table, "stepwise", OPTIONS, coverage_runs=5)
    assert found.coverage is not None
    assert len(found.leave_one_out.rows) == 3


def test_a_threshold_that_a_decision_hangs_on():
    found = diagnose(TABLE, "stepwise", OPTIONS, threshold=10_000)
    assert found.reach.xi == pytest.approx((10_000 - 1_397) / (found.result.value - 1_397))


def test_coverage_is_asked_for_and_heard():
    found = diagnose(TABLE, "stepwise", OPTIONS, coverage_runs=20)
    assert found.coverage.runs == 20
    assert diagnose(TABLE, "stepwise", OPTIONS).coverage is None


def test_the_doubt_about_who_is_whom_is_heard():
    own = mse("stepwise").estimate(TABLE, OPTIONS)
    wide = replace(own, interval=Interval(own.interval.lower - 500, own.interval.upper + 900))
    assert "linkage_matters" in codes(diagnose(TABLE, "stepwise", OPTIONS, linkage=wide))
    assert "linkage_matters" not in codes(diagnose(TABLE, "stepwise", OPTIONS, linkage=own))


def test_progress_rises_to_the_end():
    told = []
    diagnose(
        TABLE, "stepwise", OPTIONS, coverage_runs=5, progress=lambda share, what: told.append((share, what))
    )
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert all(what for _, what in told)


def test_threads_change_nothing():
    one = diagnose(TABLE, "stepwise", OPTIONS, coverage_runs=5)
    two = diagnose(TABLE, "stepwise", replace(OPTIONS, threads=2), coverage_runs=5)
    assert one.as_json() == two.as_json()


@pytest.mark.parametrize("table", [TABLE, NOWHERE])
def test_to_json_and_back(table):
    found = diagnose(table, "stepwise", OPTIONS, coverage_runs=5, threshold=6_000)
    written = json.loads(json.dumps(found.as_json(), allow_nan=False))
    again = Diagnosis.from_json(written)
    assert again.as_json() == found.as_json()
    assert again.verdict == found.verdict
    assert again.leave_one_out == found.leave_one_out


def test_winners_that_answer_alike_are_a_note_and_others_a_reason():
    alike = [{"model": "[12,3,4]", "share": 0.2}, {"model": "[12,34]", "share": 0.1}]
    apart = [{"model": "[12,3,4]", "share": 0.2}, {"model": "[12,13,14]", "share": 0.1}]
    assert [one.level for one in doubts.about_winners(TABLE, alike)] == [Level.NOTE]
    factor = next(iter(doubts.about_winners(TABLE, apart))).values["factor"]
    fits = [fitting.fit(TABLE, one["model"]).N for one in apart]
    assert factor == pytest.approx(max(fits) / min(fits))
    assert list(doubts.about_winners(TABLE, [{"model": "[12,3,4]", "share": 0.9}])) == []


def test_estimates_below_a_lower_bound_are_doubted_but_not_where_lists_avoid_each_other():
    low = Result("main", "mse", 2_000.0, Interval(1_800, 2_200), 1_397, model="[1,2,3,4]")
    bound = doubts.Other("chao", 3_500.0, 3_191.0, 3_876.0)
    assert [one.code for one in doubts.about_others(low, [bound])] == ["below_lower_bound"]
    shy = replace(low, diagnostics={"coefficients": {"A": -1.0, "A:B": -0.5}})
    assert list(doubts.about_others(shy, [bound])) == []


def test_the_common_score_is_standard_normal_under_the_model_and_large_where_people_differ():
    alike = design("independent")
    scores = [
        doubts.common_score(fitting.fit(alike.table(row), models.independence(5)), 5)
        for row in alike.tables(150)
    ]
    assert abs(np.mean(scores)) < 0.25
    assert 0.85 < np.std(scores) < 1.15
    differ = design("unequal")
    pushed = [
        doubts.common_score(fitting.fit(differ.table(row), models.independence(4)), 4)
        for row in differ.tables(50)
    ]
    assert np.mean(pushed) > 1.645
    assert doubts.common_score(fitting.fit(TABLE, "[12,13,14,23,24,34]"), 4) == pytest.approx(0, abs=1e-3)


def test_severe_doubts_alone_forbid():
    table = shared_table("australia_4list")
    found = diagnose(table, "stepwise", Options(bootstrap=1_000))
    assert found.verdict.word is Word.NOT
    assert not found.result.hard
    assert found.result.estimate is not None
    said = Caution("x", Level.CARE, "")
    assert said not in found.cautions


def test_the_worked_example_of_the_page():
    page = (Path(__file__).parents[4] / "docs" / "methods" / "mse-diagnostics.md").read_text()
    found = diagnose(TABLE, "stepwise", Options(bootstrap=1_000), coverage_runs=0)

    def number(pattern: str) -> int:
        told = re.search(pattern.replace(" ", r"\s+"), page)
        assert told, pattern
        return int(told[1].replace(",", ""))

    assert number(r"Estimate ([\d,]+)") == round(found.result.value)
    assert f"`{found.result.model}`" in page
    left = {row["lists"][0]: round(row["estimate"]) for row in found.leave_one_out.rows}
    assert left == {name: number(rf"without {name} ([\d,]+)") for name in TABLE.lists}
    rows = {row["list"] or "all lists together": row for row in found.consistency.rows}
    for name, row in rows.items():
        assert row["known"] == number(rf"\| {name} \| ([\d,]+) \|")
        assert round(row["predicted"]) == number(rf"\| {name} \| [\d,]+ \| ([\d,]+) \|")
    assert number(r"shelters and health as one ([\d,]+)") == min(
        round(row["estimate"]) for row in found.merges.rows
    )
    assert codes(found) == set(re.findall(r"It\s+warns\s+of\s+`(\w+)`", page))
    assert str(found.verdict.word) in page


@pytest.mark.parametrize("counts", [{"11": 32}, {"11": 1}, {"101": 1, "111": 1}, {"011": 1}, {"101": 26}])
def test_copied_lists_and_single_people_are_no_error(counts):
    table = CaptureTable.from_counts(tuple("ABC"[: len(next(iter(counts)))]), counts)
    found = diagnose(table, "main", Options())
    assert found.verdict.word is not Word.PUBLISH
