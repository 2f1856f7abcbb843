"""Files of capture histories: what they say, and everything that can be wrong with them, at once."""

import itertools
import random
import time
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.estimation import BadInput
from palermo.estimation.mse.cells import Count, count_of
from palermo.estimation.mse.reading import frame_strata, frame_table, read_strata, read_stratified, read_table

SMALL = "A,B,C,count\n1,0,0,40\n0,1,0,30\n0,0,1,20\n1,1,0,9\n1,0,1,6\n0,1,1,5\n"


def read(text):
    return read_table(text.splitlines(keepends=True))


def problems(text, by=()):
    with pytest.raises(BadInput) as caught:
        read_strata(text.splitlines(keepends=True), by)
    return caught.value.problems


def codes(table):
    return [caution.code for caution in table.cautions]


def test_a_table():
    table = read(SMALL)
    assert table.lists == ("A", "B", "C")
    assert table.cells() == [(1, 40), (2, 30), (3, 9), (4, 20), (5, 6), (6, 5)]
    assert table.cautions == ()


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + SMALL,
        SMALL.replace("\n", "\r\n"),
        SMALL.replace(",", ";"),
        SMALL.replace(",", "\t"),
        SMALL.replace("A,", '"A",').replace("1,0,0,40", '"1","0","0","40"'),
        SMALL.replace("count", "Count").replace("40", "40.0"),
        SMALL + "\n\n,,,\n",
        "\n" + SMALL,
        SMALL.rstrip("\n"),
        SMALL.replace("1,0,0,40", "TRUE,FALSE,FALSE,40"),
        SMALL + "0,0,0,0\n1,1,1,0\n",
        SMALL.replace(",", " , "),
    ],
    ids=["bom", "windows", "semicolons", "tabs", "quoted", "floats", "blank lines", "blank start", "no last newline",
         "booleans", "zeros", "spaces"],
)  # fmt: skip
def test_the_same_table_in_other_dress(text):
    assert read(text).hash == read(SMALL).hash


def test_without_counts_each_row_is_a_person():
    table = read("A,B,C\n" + "1,0,0\n" * 7 + "1,1,0\n" * 2 + "0,0,1\n" * 3 + "0,1,0\n")
    assert table.cells() == [(1, 7), (2, 1), (3, 2), (4, 3)]
    assert table.cautions == ()


def test_duplicated_histories_are_added_up_and_said():
    table = read(SMALL + "1,0,0,2\n0,1,0,30\n")
    assert dict(table.cells())[1] == 42
    assert dict(table.cells())[2] == 60
    assert codes(table) == ["duplicate_histories"]
    assert table.cautions[0].values == {"histories": 2}


def test_suppressed_counts_are_intervals():
    table = read(SMALL.replace("0,1,1,5", "0,1,1,<5").replace("1,0,1,6", "1,0,1,0-9"))
    assert table.suppressed == {6: (1, 4), 5: (0, 9)}
    assert table.counts[6] == 1


def test_a_suppressed_row_and_a_known_one_add_up():
    table = read(SMALL + "0,1,1,<5\n")
    assert table.suppressed == {6: (6, 9)}
    assert codes(table) == ["duplicate_histories"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("7", Count(7, 7)), ("7.0", Count(7, 7)), ("+7", Count(7, 7)), ("<5", Count(1, 4)), ("< 5", Count(1, 4)),
        ("<=4", Count(1, 4)), ("≤4", Count(1, 4)), ("1-4", Count(1, 4)), ("1–4", Count(1, 4)), ("0..4", Count(0, 4)),
        ("<2", Count(1, 1)),
    ],
)  # fmt: skip
def test_counts(text, count):
    assert count_of(text) == count


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("-3", "negative"), ("2.5", "whole"), ("2,5", "whole"), ("1,234", "separators"), ("1 234", "separators"),
        ("many", "whole number"), ("", "missing"), ("NA", "missing"), ("4-1", "smaller"), ("<1", "below"),
        ("inf", "whole number"), ("1e3", "whole number"), ("9" * 40, "whole number"),
    ],
)  # fmt: skip
def test_what_is_no_count(text, said):
    assert said in count_of(text)


def test_everything_wrong_at_once():
    text = (
        'A,B,C,count\n1,0,0,-4\n0,2,0,3\n0,0,1,2.5\n1,1\n0,0,0,9\n"1,0,1,6\n0,1,1,many\n1,1,1,<1\n1,1,0,7\n'
    )
    found = [(one.row, one.rule, one.column, one.value) for one in problems(text)]
    assert found == [
        (2, "count", "count", "-4"),
        (3, "list", "B", "2"),
        (4, "count", "count", "2.5"),
        (5, "ragged", "", "1,1"),
        (6, "nobody", "", "0,0,0,9"),
        (7, "quotes", "", ""),
        (8, "count", "count", "many"),
        (9, "count", "count", "<1"),
    ]


@pytest.mark.parametrize(
    ("text", "rule", "said"),
    [
        ("", "empty", "file is empty"),
        ("\n \n", "empty", "file is empty"),
        ("A,B,C,count\n", "empty", "no row below"),
        ("A,B,C,count\n1,0,0,0\n0,1,0,0\n", "empty", "counts nobody"),
        ("A,count\n1,5\n", "lists", "1 list"),
        ("1,0,0,40\n0,1,0,30\n", "header", "first row names"),
        ("A,A,B,count\n1,0,0,4\n", "header", "same name"),
        ("A,B,,count\n1,0,0,4\n", "header", "column 3 has no name"),
        ("A,B,count,COUNT\n1,0,4,4\n", "header", "more than one column of counts"),
        ("PK\x03\x04\0\0", "header", "not a CSV file"),
    ],
)
def test_files_that_are_no_table(text, rule, said):
    found = problems(text)
    assert any(one.rule == rule and said in one.message for one in found), found


def test_twenty_lists_and_what_else_is_wrong():
    names = [f"L{i}" for i in range(20)]
    text = ",".join([*names, "count"]) + "\n" + ",".join(["1"] * 20 + ["-1"]) + "\n"
    assert [one.rule for one in problems(text)] == ["lists", "count"]


def test_sixteen_lists_are_read():
    names = [f"L{i}" for i in range(16)]
    rows = [",".join(str(int(i == j)) for j in range(16)) + f",{i + 1}" for i in range(16)]
    table = read("\n".join([",".join([*names, "count"]), *rows]))
    assert (table.k, table.n) == (16, 136)


def test_a_column_of_words_is_one_problem():
    text = "A,B,sex,count\n" + "1,0,female,3\n0,1,male,2\n1,1,male,1\n" * 3
    (found,) = problems(text)
    assert (found.rule, found.column, found.value, found.row) == ("column", "sex", "female", 2)
    assert "strata" in found.message


def test_a_list_that_saw_nobody_is_left_out_and_named():
    table = read("A,B,C,count\n1,0,0,40\n0,1,0,30\n1,1,0,9\n")
    assert table.lists == ("A", "B")
    assert codes(table) == ["empty_list"]


def test_a_copied_list_is_recognised():
    table = read("A,B,C,count\n1,1,0,40\n0,0,1,30\n1,1,1,9\n")
    assert "duplicated_list" in codes(table)


STRATA = "year,A,B,C,count\n2020,1,0,0,4\n2020,1,1,0,2\n2020,0,0,1,3\n2021,1,0,NA,5\n2021,0,1,NA,3\n2021,1,1,NA,1\n"


def test_strata_and_a_list_that_did_not_exist_in_one():
    tables = read_strata(STRATA.splitlines(), ["year"])
    assert list(tables) == [("2020",), ("2021",)]
    assert tables[("2020",)].lists == ("A", "B", "C")
    assert tables[("2021",)].lists == ("A", "B")
    assert tables[("2021",)].cells() == [(1, 5), (2, 3), (3, 1)]


def test_strata_in_one_table():
    text = STRATA + ",1,0,0,7\n,0,1,1,2\n2020,1,0,0,1\n"
    table = read_stratified(text.splitlines(), ["year"])
    assert (table.lists, table.dimensions, table.keys) == (("A", "B", "C"), ("year",), (("2020",), ("2021",)))
    assert table.operating.tolist() == [[True, True, True], [True, True, False]]
    assert table.n == 28
    assert {"missing_values", "duplicate_histories"} == set(codes(table))


@pytest.mark.parametrize(("by", "rule"), [(["sex"], "by"), ([], "by")])
def test_one_table_needs_strata(by, rule):
    with pytest.raises(BadInput) as caught:
        read_stratified(STRATA.splitlines(), by)
    assert rule in [one.rule for one in caught.value.problems]


def test_a_list_half_blank_in_a_stratum():
    found = problems(STRATA.replace("2021,1,0,NA,5", "2021,1,0,1,5"), ["year"])
    assert [(one.rule, one.row, one.column) for one in found] == [("list", 6, "C")]


def test_a_stratum_that_counts_nobody_is_named():
    found = problems(
        STRATA.replace(",4\n", ",0\n").replace(",2\n", ",0\n").replace("1,3\n2021", "1,0\n2021"), ["year"]
    )
    assert [one.message for one in found] == ["2020: the table counts nobody"]


def test_an_unknown_stratum_column():
    found = problems(STRATA, ["sex"])
    assert (found[0].rule, found[0].column) == ("by", "sex")
    assert "year, A, B, C, count" in found[0].message


def test_at_most_two_hundred_problems():
    text = "A,B,count\n" + "".join(f"1,0,x{i}\n" for i in range(5000))
    found = problems(text)
    assert len(found) == 200
    assert [one.row for one in found] == list(range(2, 202))


class Frame(dict):
    """What pandas and polars frames have in common, as far as the library asks."""

    @property
    def columns(self):
        return list(self)


def test_a_data_frame():
    frame = Frame(A=[1, 0, 1], B=[0, 1, 1], count=[4.0, 3.0, np.int64(2)])
    assert frame_table(frame).cells() == [(1, 4), (2, 3), (3, 2)]
    assert frame_table(Frame(A=[True, False, True], B=[False, True, True])).cells() == [
        (1, 1),
        (2, 1),
        (3, 1),
    ]
    by_sex = frame_strata(Frame(frame, sex=["f", "f", "m"]), ["sex"])
    assert by_sex[("m",)].cells() == [(3, 2)]
    with pytest.raises(BadInput) as caught:
        frame_table(Frame(frame, count=[4.5, float("nan"), 1]))
    assert [(one.row, one.column) for one in caught.value.problems] == [(1, "count"), (2, "count")]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 7), st.integers(0, 30)), min_size=1), st.randoms())
def test_the_order_of_rows_and_lists_changes_nothing(rows, shuffled):
    def text(order):
        lines = [",".join(str(mask >> j & 1) for j in order) + f",{count}" for mask, count in rows]
        shuffled.shuffle(lines)
        return "\n".join([",".join([*("ABC"[j] for j in order), "count"]), *lines])

    def outcome(order):
        try:
            table = read(text(order))
        except BadInput as error:
            return [one.message for one in error.problems]
        seen = [
            ("".join(sorted(t for j, t in enumerate(table.lists) if m >> j & 1)), c) for m, c in table.cells()
        ]
        return sorted(seen), codes(table)

    assert len({str(outcome(order)) for order in itertools.permutations(range(3))}) == 1


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet='01,;"\n<5-ABcount ', max_size=200))
def test_nonsense_is_refused_or_read_and_never_a_crash(text):
    found: tuple = ()
    table = None
    try:
        table = read(text)
    except BadInput as error:
        found = error.problems
    assert found or table.n or table.suppressed


def test_two_million_people_in_seconds_and_little_memory():
    chance = random.Random(3)
    block = ["".join(("1", "0")[chance.random() < 0.7] + ",}"[j == 4] for j in range(5)) for _ in range(1000)]
    block = [row.replace("}", "\n") for row in block if "1" in row]

    def lines():
        yield "A,B,C,D,E\n"
        for _ in range(2000):
            yield from block

    told = []
    began = time.process_time()
    table = read_table(lines(), progress=told.append)
    assert time.process_time() - began < 6
    assert table.n == 2000 * len(block) == told[-1] - 1
    tracemalloc.start()
    read_table(itertools.islice(lines(), 400_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60e6
