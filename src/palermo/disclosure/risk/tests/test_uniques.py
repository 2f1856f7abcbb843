"""k, l, t and special uniques, on a file judged by hand and against a slow search."""

from itertools import combinations

import numpy as np
import pytest

from palermo.disclosure.microdata import Rows
from palermo.disclosure.risk.tests.people import three
from palermo.disclosure.risk.uniques import exposure, special_uniques


def test_k_l_and_t_by_hand():
    people = Rows.from_records(
        ["sex", "age", "form"],
        [("f", "a", "x"), ("f", "a", "x"), ("f", "a", "y"), ("m", "a", "y"), ("m", "", "y"), ("m", "", "y")],
    )
    found = exposure(people, ["sex", "age"], "form", threshold=3)
    assert (found.groups, found.k, found.alone, found.below, found.l) == (3, 1, 1, 3, 1)
    # Overall x 1/3, y 2/3; among the first group 2/3 and 1/3; in the others 0 and 1.
    assert found.t == pytest.approx(1 / 3)
    assert exposure(people.take([]), ["sex"]).k == 0
    assert exposure(people, ["sex"]).l is None


def test_a_row_alone_in_a_group_is_k_one():
    members = three(400)[0]
    found = exposure(members, ["year", "sex", "age"])
    groups: dict[tuple[int, ...], int] = {}
    for code in members.codes[:, :3].tolist():
        groups[tuple(code)] = groups.get(tuple(code), 0) + 1
    assert (found.groups, found.k) == (len(groups), min(groups.values()))
    assert found.alone == sum(size == 1 for size in groups.values())
    assert found.below == sum(size for size in groups.values() if size < 10)


def slow_minimal(codes, most):
    """Straight from the definition: unique, and no part of it is unique."""
    n, d = codes.shape

    def alone(i, columns):
        return sum((codes[k, columns] == codes[i, columns]).all() for k in range(n)) == 1

    counts = np.zeros((n, most), dtype=int)
    for i in range(n):
        for s in range(1, most + 1):
            for columns in combinations(range(d), s):
                parts = (list(part) for size in range(1, s) for part in combinations(columns, size))
                counts[i, s - 1] += alone(i, list(columns)) and not any(alone(i, part) for part in parts)
    return counts


def test_special_uniques_are_least_sets():
    some = three(60)[0].only(["sex", "age", "means_1", "means_2", "means_3"])
    found = special_uniques(some, most_columns=3)
    assert found.counts.tolist() == slow_minimal(some.codes, 3).tolist()
    assert found.people == tuple((slow_minimal(some.codes, 3) > 0).sum(axis=0))


def test_few_columns_weigh_more():
    people = Rows.from_records(
        ["a", "b", "c"], [("1", "1", "1"), ("1", "1", "2"), ("1", "2", "1"), ("3", "2", "2")]
    )
    found = special_uniques(people, most_columns=2)
    assert found.counts.tolist() == [[0, 1], [0, 2], [0, 2], [1, 1]]
    assert found.scores[3] > found.scores[0] > 0


def test_nobody_is_unique_among_equals():
    people = Rows.from_records(["a", "b"], [("1", "1")] * 5)
    assert special_uniques(people).people == (0, 0)
