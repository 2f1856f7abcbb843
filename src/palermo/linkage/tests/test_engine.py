"""The whole way from lists to persons, on invented lists whose truth is known."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.linkage import generator
from palermo.linkage.engine import Decisions, LinkOptions, link
from palermo.linkage.generator.judging import against, score
from palermo.linkage.people import FIELDS, PersonList, PersonRecord


@pytest.fixture(scope="module")
def invented():
    return generator.sized(8000, noise=0.5, seed=51)


@pytest.fixture(scope="module")
def linked(invented):
    return link(invented.lists)


def test_persons_are_found_and_the_errors_are_known_beforehand(invented, linked):
    found = score(invented, linked.cluster)
    assert found.f1 > 0.86
    assert found.precision > 0.9
    assert linked.precision.value == pytest.approx(found.precision, abs=0.05)
    assert linked.recall.value == pytest.approx(found.recall, abs=0.05)
    assert linked.calibration.learnt


def test_the_same_at_full_noise():
    invented = generator.sized(8000, noise=1.0, seed=52)
    found = link(invented.lists)
    truth = score(invented, found.cluster)
    assert truth.f1 > 0.67
    assert truth.precision > 0.88
    assert found.precision.value == pytest.approx(truth.precision, abs=0.06)
    assert found.recall.value == pytest.approx(truth.recall, abs=0.06)


def test_draws_hold_as_many_persons_as_there_are(invented, linked):
    """The links leave some apart; the draws know how many."""
    truly = sum(invented.histories.values())
    said = sum(linked.histories().values())
    drawn = [sum(one.values()) for one in linked.draws(8)]
    assert said > 1.01 * truly
    assert np.mean(drawn) == pytest.approx(truly, rel=0.02)
    assert [sum(one.values()) for one in linked.draws(8)] == drawn


def test_the_order_of_the_records_does_not_matter(invented, linked):
    rng = np.random.default_rng(3)
    orders = [rng.permutation(len(one)) for one in invented.lists]
    mixed = [
        PersonList(one.name, {field: [one.columns[field][at] for at in order] for field in FIELDS})
        for one, order in zip(invented.lists, orders, strict=True)
    ]
    again = link(mixed)
    begin = np.cumsum([0, *map(len, mixed)])
    back = np.empty(len(again.cluster), np.int64)
    for first, order in zip(begin, orders, strict=False):
        back[first + order] = again.cluster[first : first + len(order)]
    assert (
        against(back, linked.cluster).f1 > 0.995
    )  # equally good candidates beyond the last place are taken by their number


def test_what_people_settled_holds(invented, linked):
    names = linked.sources

    def key(at: int) -> tuple[str, str]:
        return names[linked.source[at]], linked.record_ids[at]

    best = int(np.argmax(linked.pairs.weight))
    one, other = int(linked.pairs.left[best]), int(linked.pairs.right[best])
    strangers = (0, int(np.nonzero(linked.cluster != linked.cluster[0])[0][-1]))
    decisions = Decisions(
        same=((key(strangers[0]), key(strangers[1])), (("nowhere", "1"), key(5))),
        different=((key(one), key(other)),),
    )
    after = link(invented.lists, decisions=decisions)
    assert linked.cluster[one] == linked.cluster[other]
    assert after.cluster[one] != after.cluster[other]
    assert after.cluster[strangers[0]] == after.cluster[strangers[1]]


@pytest.mark.parametrize("seed", [1, 2, 196])
def test_a_settled_pair_stands_among_the_pairs_once(seed):
    """Whichever of its records comes first: a pair that stood there twice broke the run that kept it."""
    lists = list(generator.invent(500, noise=0.3, seed=seed, lists=generator.FIVE[:3]).lists)
    before = link(lists)
    key = [(before.sources[at], name) for at, name in zip(before.source, before.record_ids, strict=True)]
    doubtful = np.argsort(np.abs(before.pairs.probability - 0.5))[:30]
    pairs = [(key[before.pairs.left[at]], key[before.pairs.right[at]]) for at in doubtful]
    decisions = Decisions(
        same=tuple(pairs[:10] + [pair[::-1] for pair in pairs[10:20]]), different=tuple(pairs[20:])
    )
    after = link(lists, decisions=decisions).pairs
    assert (after.left < after.right).all()
    stands = list(zip(after.left.tolist(), after.right.tolist(), strict=True))
    assert len(stands) == len(set(stands)) == len(before.pairs.left)


def test_a_threshold_of_ones_own(invented, linked):
    strict = link(invented.lists, LinkOptions(threshold=0.95))
    assert strict.threshold == pytest.approx(0.95)
    assert score(invented, strict.cluster).precision > 0.97
    assert strict.persons > linked.persons


def record(number: int, **values: str) -> PersonRecord:
    return PersonRecord(record_id=str(number), recorded_on="2024-03-01", **values)


def test_nothing_and_nearly_nothing():
    empty, one = (
        PersonList.from_records("a", []),
        PersonList.from_records("b", [record(1, given_name="Amina")]),
    )
    for lists in ([], [empty], [one], [empty, one]):
        found = link(lists)
        assert found.persons == sum(map(len, lists))
        assert len(found.pairs) == 0


def test_empty_names_are_no_agreement():
    lists = [PersonList.from_records(name, [record(at) for at in range(300)]) for name in "ab"]
    found = link(lists)
    assert found.persons == 600
    assert ("records_without_name", 600) in found.notes


def test_identical_records_are_not_all_one_person():
    """Ten thousand times the same common name and nothing else: that is many people, or one mistake; nobody knows."""
    rows = [record(at, given_name="Mohammed", family_name="Ali", nationality="EGY") for at in range(10_000)]
    found = link([PersonList.from_records("a", rows)])
    assert found.persons > 9_000
    assert ("records_too_alike", 10_000) in found.notes


def test_a_list_against_itself():
    first = generator.sized(2000, noise=0.3, seed=53).lists[0]
    found = link([first, replace(first, name="again")])
    size = len(first)
    same = (found.cluster[:size] == found.cluster[size:]).mean()
    assert same > 0.97
    assert found.persons > 0.9 * size


def test_two_lists_of_one_name_are_refused():
    one = PersonList.from_records("a", [record(1)])
    with pytest.raises(ValueError, match="name of its own"):
        link([one, one])


def test_the_result_shows_no_record(linked):
    assert repr(linked) == f"Linkage({len(linked.record_ids)} records, {linked.persons} persons)"
    assert set(linked.to_json()) >= {"estimated_precision", "estimated_recall", "threshold", "persons"}


texts = st.text(max_size=12)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.builds(PersonRecord, *([texts] * len(FIELDS))), max_size=12))
def test_any_text_is_read(rows: list[PersonRecord]):
    found = link([PersonList.from_records("a", rows), PersonList.from_records("b", rows[:3])])
    assert len(found.cluster) == len(rows) + len(rows[:3])
