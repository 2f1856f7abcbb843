"""Rows of categories: texts in and out, missing as a category, and nothing outside the code lists."""

import numpy as np
import pytest

from palermo.disclosure.microdata import MISSING, Rows, aligned

RECORDS = [("f", "0-8"), ("m", None), ("", "0-8")]
LISTS = {"sex": ["f", "m"], "age": ["0-8", "9-17"]}


def test_there_and_back():
    rows = Rows.from_records(["sex", "age"], RECORDS)
    assert rows.to_records() == [("f", "0-8"), ("m", ""), ("", "0-8")]
    assert (rows.n, rows.d, rows.sizes) == (3, 2, (3, 2))


def test_code_lists_are_kept_whole_with_missing_in_front():
    rows = Rows.from_records(["sex", "age"], RECORDS, LISTS)
    assert rows.categories == ((MISSING, "f", "m"), (MISSING, "0-8", "9-17"))
    assert rows.codes.tolist() == [[1, 1], [2, 0], [0, 1]]


def test_values_outside_are_refused_all_at_once_and_not_repeated():
    with pytest.raises(
        ValueError, match="row 1, sex: not in the code list; row 2, age: not in the code list"
    ) as told:
        Rows.from_records(["sex", "age"], [("Jane Roe", "0-8"), ("f", "8")], LISTS)
    assert "Jane" not in str(told.value)
    with pytest.raises(ValueError, match="and 5 more"):
        Rows.from_records(["sex"], [("?",)] * 25, LISTS)
    with pytest.raises(ValueError, match="without a list of categories: year"):
        Rows.from_records(["sex", "year"], [], LISTS)


def test_no_rows():
    rows = Rows.from_records(["sex", "age"], [])
    assert (rows.n, rows.to_records(), rows.sizes) == (0, [], (0, 0))


def test_codes_cannot_be_written_and_must_fit():
    rows = Rows.from_records(["sex", "age"], RECORDS)
    with pytest.raises(ValueError, match="read-only"):
        rows.codes[0, 0] = 1
    with pytest.raises(ValueError, match="a code has no category"):
        Rows(("sex",), np.array([[2]]), (("f", "m"),))
    with pytest.raises(ValueError, match="different names"):
        Rows(("sex", "sex"), np.zeros((1, 2)), (("f",), ("f",)))
    with pytest.raises(ValueError, match="stands there twice"):
        Rows(("sex",), np.zeros((1, 1)), (("f", "f"),))
    with pytest.raises(ValueError, match="one column of codes"):
        Rows(("sex",), np.zeros((1, 2)), (("f",),))
    with pytest.raises(ValueError, match="2 values"):
        Rows.from_records(["sex", "age"], [("f",)])


def test_equal_codes_are_equal_values_after_aligning():
    one, two = Rows.from_records(["a"], [("x",), ("y",)]), Rows.from_records(["a"], [("y",), ("z",)])
    first, second = aligned(one, two)
    assert first.categories == second.categories == (("x", "y", "z"),)
    assert (first.to_records(), second.to_records()) == (one.to_records(), two.to_records())
    assert first.codes[1, 0] == second.codes[0, 0]
    with pytest.raises(ValueError, match="same columns"):
        aligned(one, Rows.from_records(["b"], []))
    with pytest.raises(ValueError, match="not among the categories"):
        two.recoded([("x", "y")])


def test_some_rows_and_some_columns():
    rows = Rows.from_records(["sex", "age"], RECORDS, LISTS)
    assert rows.take([2, 0]).only(["age"]).to_records() == [("0-8",), ("0-8",)]
    assert rows.take(rows.codes[:, 0] == 2).to_records() == [("m", "")]
