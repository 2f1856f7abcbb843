"""The loops of linkage by themselves: as plain Python and compiled, against simpler ways of saying the same."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo import compiling
from palermo.linkage import keys_kernel, numbers, pairs_kernel, partition_kernel
from palermo.linkage.calibrating import calibrate
from palermo.linkage.clustering import MISSING, drawn, graph, partition
from palermo.linkage.expecting import pairs_of, together
from palermo.linkage.histories import as_histories, by_stratum, completed, counted, patterns
from palermo.linkage.names import similarity
from palermo.linkage.prepare import LONGEST, prepare

words = st.text("abcdeimnos", min_size=1, max_size=LONGEST)


def row(text: str) -> np.ndarray:
    letters = np.zeros(LONGEST, np.uint8)
    letters[: len(text)] = np.frombuffer(text.encode(), np.uint8)
    return letters


@settings(max_examples=200)
@given(words, words)
def test_similarity_is_that_of_the_names(one: str, other: str):
    found = pairs_kernel.jaro_winkler(row(one), len(one), row(other), len(other))
    assert found == pytest.approx(similarity(one, other), abs=1e-9)


@given(st.text("0123456789ABC", min_size=5, max_size=12), st.text("0123456789ABC", min_size=5, max_size=12))
def test_one_slip_is_that_of_the_numbers(one: str, other: str):
    if one != other:
        assert pairs_kernel.one_slip(row(one), row(other)) == numbers.one_slip(one, other)


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ((1998, 5, 17, 0), (1998, 5, 17, 0), pairs_kernel.SAME_DAY),
        ((1998, 5, 4, 0), (1998, 4, 5, 0), pairs_kernel.DAY_MONTH_SWAPPED),
        ((1998, 5, 17, 0), (1998, 5, 18, 0), pairs_kernel.DAY_SLIP),
        ((1998, 5, 17, 0), (1998, 5, 0, 0), pairs_kernel.SAME_MONTH),
        ((1998, 5, 17, 0), (1998, 0, 0, 1), pairs_kernel.SAME_YEAR_ESTIMATED),
        ((1998, 5, 17, 0), (1989, 5, 17, 0), pairs_kernel.YEAR_SLIP),
        ((1998, 0, 0, 1), (2000, 0, 0, 0), pairs_kernel.NEAR_ESTIMATE),
        ((1998, 0, 0, 0), (2541, 0, 0, 0), pairs_kernel.OTHER_CALENDAR),
        ((1998, 0, 0, 0), (1980, 0, 0, 0), pairs_kernel.FAR_APART),
        ((0, 0, 0, 0), (1980, 0, 0, 0), pairs_kernel.NO_DATE),
    ],
)
def test_dates(one, other, level):
    assert pairs_kernel.dates(*one, *other) == pairs_kernel.dates(*other, *one) == level


@given(
    st.lists(st.tuples(st.integers(0, 40), st.sampled_from([0.5, 1.0, 2.5])), max_size=40), st.integers(1, 6)
)
def test_the_heap_keeps_the_best(worths: list[tuple[int, float]], keep: int):
    score = np.zeros(41, np.float32)
    for other, worth in worths:
        score[other] += worth
    touched = np.nonzero(score)[0].astype(np.int32)
    partner, worth = np.full(keep, -1, np.int32), np.zeros(keep, np.float32)
    keys_kernel.best(touched, len(touched), score, keep, 1.0, partner, worth)
    best = sorted((-score[at], at) for at in touched if score[at] >= 1.0)[:keep]
    assert sorted(partner[partner >= 0].tolist()) == sorted(at for _worth, at in best)


def worth_of(cluster, pairs: dict[tuple[int, int], float]) -> float:
    return sum(
        pairs.get((one, other), MISSING)
        for one, other in itertools.combinations(range(len(cluster)), 2)
        if cluster[one] == cluster[other]
    )


def some_graph(seed: int, records: int = 6):
    rng = np.random.default_rng(seed)
    pairs = {
        pair: float(np.float32(rng.normal(0, 3)))
        for pair in itertools.combinations(range(records), 2)
        if rng.random() < 0.6
    }
    left, right = (np.array([pair[at] for pair in pairs], np.int32) for at in (0, 1))
    return pairs, graph(records, left, right, np.array(list(pairs.values()), np.float32))


def every_partition(records: int):
    """All ways to put records together, as numbers of clusters."""

    def grown(begun: list[int]):
        if len(begun) == records:
            yield list(begun)
            return
        for number in range(max(begun, default=-1) + 2):
            yield from grown([*begun, number])

    return grown([])


@pytest.mark.parametrize("seed", range(12))
def test_a_partition_is_nearly_the_best(seed):
    """Greedy joining and moving single records; compared with all 203 partitions of six records."""
    pairs, of = some_graph(seed)
    found = partition(of, 0.0)
    worths = sorted((worth_of(one, pairs) for one in every_partition(6)), reverse=True)
    assert worth_of(found, pairs) >= worths[3] - 1e-4


def test_draws_come_as_often_as_they_are_likely():
    """Where nothing has to be raised, the share of each partition among the draws is that of its odds."""
    left, right = np.array([0, 1, 0], np.int32), np.array([1, 2, 2], np.int32)
    odds = np.array([0.4, -0.3, 0.2], np.float32)
    of = graph(3, left, right, odds)
    pairs = dict(zip([(0, 1), (1, 2), (0, 2)], odds.tolist(), strict=True))
    kernel = compiling.of(partition_kernel)
    near = partition_kernel.Near(of.starts, of.other, of.odds, MISSING)
    cluster = np.arange(3, dtype=np.int32)
    now = partition_kernel.Now(cluster, np.ones(3, np.int32), np.zeros(4, np.int32))
    times: dict[tuple[int, ...], int] = {}
    for sweep in range(40_000):
        kernel.moved(np.arange(3, dtype=np.int32), np.arange(3), near, now, 5, sweep, True)
        _names, at = np.unique(cluster, return_inverse=True)
        key = tuple(
            {number: place for place, number in reversed(list(enumerate(at)))}[number] for number in at
        )
        times[key] = times.get(key, 0) + 1
    weights = {}
    for one in every_partition(3):
        key = tuple(one.index(number) for number in one)
        weights[key] = np.exp(worth_of(one, pairs))
    total = sum(weights.values())
    for key, weight in weights.items():
        assert times.get(key, 0) / 40_000 == pytest.approx(weight / total, abs=0.012)


def test_a_chain_does_not_grow():
    """Fifty records, each like the next and unlike the rest: no connected component comes out."""
    left = np.arange(49, dtype=np.int32)
    of = graph(50, left, left + 1, np.full(49, 2.0, np.float32))
    found = partition(of, 0.0)
    assert np.bincount(found).max() == 2


def test_draws_hold_as_many_pairs_as_the_probabilities():
    rng = np.random.default_rng(9)
    left = np.arange(0, 4000, 2, dtype=np.int32)
    odds = rng.normal(0, 2, len(left)).astype(np.float32)
    of = graph(4000, left, left + 1, odds)
    wanted = (1 / (1 + np.exp(-odds))).sum()
    got = [pairs_of(one) for one in drawn(of, partition(of, 0.0), 20, 1)]
    assert np.mean(got) == pytest.approx(wanted, rel=0.03)


def test_together_gives_every_pair_once():
    cluster = np.array([0, 1, 0, 2, 1, 0], np.int32)
    left, right = together(cluster)
    assert sorted(zip(left.tolist(), right.tolist(), strict=True)) == [(0, 2), (0, 5), (1, 4), (2, 5)]


def test_probabilities_are_told_by_the_lists():
    """Scores of which it is known what they are: the calibration finds the shift that was made."""
    from palermo.linkage import generator

    people = prepare(generator.sized(2000, noise=0.5, seed=61).lists)
    rng = np.random.default_rng(2)
    odds = np.concatenate([rng.uniform(-9, 12, 60_000)]).astype(np.float32)
    true = rng.random(len(odds)) < 1 / (1 + np.exp(-odds))
    from palermo.linkage.calibrating import chances

    within, between = chances(people)
    falsely_inside = rng.random((~true).sum()) < within / between
    score = np.concatenate([odds, odds[~true][falsely_inside]]) - 1.5
    inside = np.concatenate([np.zeros(len(odds), bool), np.ones(int(falsely_inside.sum()), bool)])
    found = calibrate(people, score.astype(np.float32), inside)
    assert found.learnt
    assert found.level == pytest.approx(1.5, abs=0.25)
    assert found.matches == pytest.approx(true.sum(), rel=0.03)


def test_histories_of_persons_and_strata():
    cluster = np.array([0, 0, 1, 2, 2, 2], np.int32)
    source = np.array([0, 1, 1, 0, 1, 2], np.int16)
    stratum = np.array([5, -1, 2, 2, 2, 5], np.int32)
    assert as_histories(counted(patterns(cluster, source), 3), 3) == {
        (1, 1, 0): 1,
        (0, 1, 0): 1,
        (1, 1, 1): 1,
    }
    tables = by_stratum(cluster, source, 3, stratum)
    assert {key: counts.sum() for key, counts in tables.items()} == {5: 1, 2: 2}


@settings(max_examples=50)
@given(st.lists(st.integers(0, 200), min_size=8, max_size=8), st.floats(0, 2), st.integers(0, 9))
def test_completing_moves_records_and_makes_none(counts: list[int], missed: float, seed: int):
    before = np.array([0, *counts[1:]], np.int64)
    after = completed(before, 3, missed, np.random.default_rng(seed))
    records = np.array([bin(mask).count("1") for mask in range(8)])
    assert (after >= 0).all()
    assert after @ records == before @ records
    assert after.sum() <= before.sum()
