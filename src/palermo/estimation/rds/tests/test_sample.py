"""Samples as they come: everything wrong is said at once, by row; large files take little room."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.estimation.problems import BadInput, BadOptions
from palermo.estimation.rds import reading
from palermo.estimation.rds.checking import MOST_PEOPLE
from palermo.estimation.rds.reading import read
from palermo.estimation.rds.sample import RecruitmentSample
from palermo.estimation.rds.tests.samples import shared_sample, small


def rules(found: pytest.ExceptionInfo[BadInput]) -> set[tuple[str, int | None]]:
    return {(problem.rule, problem.row) for problem in found.value.problems}


def test_everything_wrong_is_said_at_once_with_its_row() -> None:
    with pytest.raises(BadInput) as found:
        RecruitmentSample.from_columns(
            ["a", "b", "c", "d", "e", "f", "f", "g", ""],
            ["b", "a", "seed", "d", "nobody", "c", "c", "", "c"],
            [1, 0, -1, 2.5, None, "many", 3, 4, 5e9],
        )
    assert rules(found) == {
        ("cycle", 1), ("own_recruiter", 4), ("recruiter_unknown", 5), ("id_twice", 7), ("id_missing", 9),
        ("degree_zero", 2), ("degree_negative", 3), ("degree_fraction", 4), ("degree_missing", 5),
        ("degree_number", 6), ("degree_huge", 9),
    }  # fmt: skip
    assert "row 7, column id" in str(found.value)


def test_a_sample_without_a_seed_is_refused() -> None:
    with pytest.raises(BadInput) as found:
        RecruitmentSample.from_columns("abc", ["b", "c", "a"], [1, 2, 3])
    assert {rule for rule, _row in rules(found)} == {"no_seed", "cycle"}
    assert "a <- b <- c <- a" in str(found.value)


def test_a_tail_that_leads_into_a_ring_is_not_a_second_ring() -> None:
    with pytest.raises(BadInput) as found:
        RecruitmentSample.from_columns("sabcd", ["seed", "b", "a", "a", "c"], [1, 2, 3, 4, 5])
    assert [problem.rule for problem in found.value.problems] == ["cycle"]


@pytest.mark.parametrize("seed", ["seed", "Seed", "", None, float("nan"), "NA", "0"])
def test_the_ways_to_say_seed(seed: object) -> None:
    assert RecruitmentSample.from_columns("ab", [seed, "a"], [3, 4]).seeds.tolist() == [0]


def test_an_empty_sample_and_columns_of_other_lengths_are_refused() -> None:
    for columns in (([], [], []), ("ab", ["seed"], [1, 2]), ("ab", ["seed", "a"], [1, 2, 3])):
        with pytest.raises(BadInput):
            RecruitmentSample.from_columns(*columns)


def test_missing_degrees_are_imputed_only_when_asked_and_said() -> None:
    columns = ("abcd", ["seed", "a", "a", "b"], [4, None, 0, 8])
    with pytest.raises(BadInput) as found:
        RecruitmentSample.from_columns(*columns)
    assert rules(found) == {("degree_missing", 2), ("degree_zero", 3)}
    sample = RecruitmentSample.from_columns(*columns, missing_degrees="impute")
    assert sample.degree.tolist() == [4, 6, 6, 8]
    assert [caution.code for caution in sample.cautions] == ["degrees_imputed"]
    with pytest.raises(BadInput):
        RecruitmentSample.from_columns(*columns[:2], [None] * 4, missing_degrees="impute")


def test_more_recruits_than_coupons_and_dates_that_run_backwards() -> None:
    columns = ("abcd", ["seed", "a", "a", "a"], [4, 5, 6, 8])
    with pytest.raises(BadInput) as found:
        RecruitmentSample.from_columns(*columns, coupons=2)
    assert rules(found) == {("coupons", 1)}
    late = RecruitmentSample.from_columns(*columns, time=[5, 6, 4, 9])
    assert "time_backwards" in {caution.code for caution in late.cautions}
    assert late.order.tolist() == [2, 0, 1, 3]


def test_trees_waves_and_recruits() -> None:
    sample = small()
    assert sample.wave.tolist() == [0, 1, 1, 2, 2, 2, 3, 0, 1, 1, 2, 2]
    assert sample.root.tolist() == [0] * 7 + [7] * 5
    assert sample.recruits.tolist() == [2, 2, 1, 1, 0, 0, 0, 2, 2, 0, 0, 0]
    start, rows = sample.children
    assert rows[start[1] : start[2]].tolist() == [3, 4]


def test_a_chain_of_forty_thousand_people_takes_moments() -> None:
    names = [str(i) for i in range(40_000)]
    sample = RecruitmentSample.from_columns(names, ["seed", *names[:-1]], [2] * len(names))
    assert sample.wave[-1] == 39_999
    assert (sample.root == 0).all()


def test_who_loses_the_recruiter_becomes_a_seed() -> None:
    sample = small()
    kept = sample.kept(sample.outcomes["group"].codes == 0)
    assert kept.n == 7
    assert kept.ids == ("A", "B", "D", "G", "I", "J", "L")
    assert [kept.ids[row] for row in kept.seeds] == ["A", "I", "J"]


@settings(max_examples=40, deadline=None)
@given(st.permutations(range(12)))
def test_the_order_of_rows_changes_no_hash(order: list[int]) -> None:
    whole = small()
    names = [whole.ids[i] for i in order]
    bosses = [whole.ids[whole.recruiter[i]] if whole.recruiter[i] >= 0 else "seed" for i in order]
    answers = [whole.outcomes["group"].levels[whole.outcomes["group"].codes[i]] for i in order]
    moved = RecruitmentSample.from_columns(
        names, bosses, whole.degree[list(order)].tolist(), {"group": answers}
    )
    assert moved.hash == whole.hash


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.text(max_size=3), st.text(max_size=3), st.one_of(st.none(), st.floats(), st.text(max_size=3))
        ),
        max_size=8,
    )
)
def test_nonsense_is_refused_in_words_or_is_a_sample(rows: list[tuple[str, str, object]]) -> None:
    columns = tuple(zip(*rows, strict=True)) or ((), (), ())
    try:
        sample = RecruitmentSample.from_columns(*columns)
    except BadInput:
        return
    assert (sample.degree >= 1).all()
    assert (sample.wave >= 0).all()


def test_csv_is_read_by_line_with_outcomes_and_derived_columns_left_out() -> None:
    sample = shared_sample("fauxmadrona")
    assert (sample.n, len(sample.seeds), list(sample.outcomes)) == (500, 10, ["disease"])
    text = "\ufeffid, recruiter_id,network_size,sex\n\nA,seed,3,f\nB,A,0,m\nC,A,5\n"
    with pytest.raises(BadInput) as found:
        read(text.splitlines(keepends=True))
    assert rules(found) == {("fields", 5), ("degree_zero", 4)}
    with pytest.raises(BadInput) as found:
        read(["\ufeff\n", *text[1:].replace("C,A,5\n", "").splitlines(keepends=True)])
    assert rules(found) == {("degree_zero", 5)}


def test_lines_and_what_stands_in_them_are_told_together() -> None:
    text = "id;recruiter_id;network_size;sex\nA;seed;3;f\nB;A;4\nC;Q;-5;m\nD;A;4;m;x\n"
    with pytest.raises(BadInput) as found:
        read(text.splitlines(keepends=True))
    assert rules(found) == {("fields", 3), ("recruiter_unknown", 4), ("degree_negative", 4), ("fields", 5)}


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_weights_and_dates_are_used_only_when_named(separator: str) -> None:
    text = "id,recruiter_id,network_size,weight,day\nA,seed,3,1,2026-03-02\nB,A,4,2.5,2026-03-01T12:00\n"
    lines = text.replace(",", separator).splitlines(keepends=True)
    plain = read(lines)
    assert plain.weights is None
    assert list(plain.outcomes) == ["weight", "day"]
    named = read(lines, outcomes=[], weight="weight", time="day")
    assert named.weights is not None
    assert named.weights.tolist() == [1, 2.5]
    assert named.order.tolist() == [1, 0]
    with pytest.raises(BadInput):
        read(lines, time="weight_of_day")


def test_headers_binary_and_no_lines() -> None:
    for lines, rule in (
        ([], "empty"), (["id,recruiter_id\n"], "column_missing"),
        (["id,id,recruiter_id,network_size\n"], "column_twice"),
        (["id,recruiter_id,network_size\n", "a,\0,3\n"], "csv"), (["id" * 100_000], "line"),
    ):  # fmt: skip
        with pytest.raises(BadInput) as found:
            read(lines)
        assert rule in {problem.rule for problem in found.value.problems}
    with pytest.raises(BadInput):
        read(["id,recruiter_id,network_size\n", "a,seed,3\n"], outcomes=["sex"])


def crowd() -> Iterator[str]:
    """A file of 100 MB, were all its lines asked for."""
    yield "id,recruiter_id,network_size,remark\n"
    for i in range(2_000_000):
        yield f"person-{i},seed,7,a remark that nobody will ever read again\n"


def test_a_file_of_a_hundred_megabytes_is_refused_as_soon_as_it_shows() -> None:
    lines = crowd()
    with pytest.raises(BadInput) as found:
        read(lines)
    assert {problem.rule for problem in found.value.problems} == {"too_many"}
    assert int(next(lines).split(",")[0].removeprefix("person-")) == MOST_PEOPLE + 1


def test_reading_keeps_equal_texts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty thousand lines of 60 bytes in some 5 MB, and so the most that are taken in some 13."""
    monkeypatch.setattr(reading, "MOST_PEOPLE", 20_000)
    tracemalloc.start()
    with pytest.raises(BadInput):
        read(crowd())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8e6


def test_an_outcome_with_too_many_answers_or_none_is_refused() -> None:
    sample = RecruitmentSample.from_columns(
        range(50), ["seed"] * 50, [3] * 50, {"name": list(range(50)), "nothing": [None] * 50}
    )
    for name in ("name", "nothing", "unknown"):
        with pytest.raises(BadOptions):
            sample.outcome(name)
