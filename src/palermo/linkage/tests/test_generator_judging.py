"""Scores of a linkage against the truth, checked by counting pairs one by one."""

from itertools import combinations

import numpy as np
import pytest

from palermo.linkage.generator import invent
from palermo.linkage.generator.judging import people, score


def test_the_truth_itself_is_perfect_and_singles_find_nothing() -> None:
    made = invent(400, seed=1)
    best = score(made, people(made))
    assert (best.precision, best.recall, best.f1) == (1, 1, 1)
    none = score(made, np.arange(len(made)))
    assert (none.found, none.recall, none.precision) == (0, 0, 1)


def test_pairs_are_counted() -> None:
    made = invent(120, seed=2)
    labels = np.random.default_rng(3).integers(0, 60, len(made))
    true = people(made)
    pairs = list(combinations(range(len(made)), 2))
    found = {pair for pair in pairs if labels[pair[0]] == labels[pair[1]]}
    same = {pair for pair in pairs if true[pair[0]] == true[pair[1]]}
    got = score(made, labels)
    assert (got.found, got.true, got.right) == (len(found), len(same), len(found & same))
    assert got.f1 == pytest.approx(2 * len(found & same) / (len(found) + len(same)))


def test_every_record_needs_a_cluster() -> None:
    with pytest.raises(ValueError, match="each record"):
        score(invent(100, seed=1), [0, 1])
