"""Work in parts gives what the whole gives, whoever does it and in whatever order."""

import pickle
from collections.abc import Iterator
from typing import Any

import numpy as np

from palermo.linkage import generator
from palermo.linkage.engine import link
from palermo.linkage.spreading import here, parts


def elsewhere(work: Any, shared: Any, total: int, at_once: int) -> Iterator[tuple[int, Any]]:
    """Another machine: sees nothing but what was sent to it, does small parts, and the last one first."""
    sent = pickle.dumps((work, shared))
    cut = parts(total, min(at_once, 997))
    done = {}
    for part in reversed(cut):
        their_work, their_shared = pickle.loads(sent)
        done[part] = pickle.loads(pickle.dumps(their_work(their_shared, *part)))
    yield from ((part[1], done[part]) for part in cut)


def test_the_parts_are_the_whole():
    assert parts(0, 5) == []
    assert parts(11, 5) == [(0, 5), (5, 10), (10, 11)]
    assert list(here(lambda shared, first, last: shared[first:last], "abcde", 5, 2)) == [
        (2, "ab"), (4, "cd"), (5, "e"),
    ]  # fmt: skip


def test_who_compares_changes_nothing():
    lists = generator.sized(3000, noise=1.0, seed=17).lists
    one, other = link(lists), link(lists, spread=elsewhere)
    assert np.array_equal(one.cluster, other.cluster)
    assert np.array_equal(one.pairs.probability, other.pairs.probability)
    assert list(one.draws(2)) == list(other.draws(2))


def test_lists_of_nobody_are_spread_as_well():
    lists = generator.sized(0, noise=1.0, seed=17).lists
    assert link(lists, spread=elsewhere).persons == link(lists).persons
