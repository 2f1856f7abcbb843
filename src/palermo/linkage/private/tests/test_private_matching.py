"""The unit's side: how right the persons are, what it says of that itself, and lists that are no lists."""

from dataclasses import replace

import numpy as np
import pytest

from palermo.linkage.generator import Invented, invent, sized
from palermo.linkage.people import PersonList, PersonRecord
from palermo.linkage.private import encoding, keys, matching
from palermo.linkage.private.files import Encoded
from palermo.linkage.private.parameters import Parameters

NOBODY = PersonRecord("1", given_name="Amina", family_name="Haddad", birth_date="1998", nationality="SYR")


def encoded(lists: tuple[PersonList, ...], seed: int = 1) -> list[Encoded]:
    """In the order of the lists: row numbers rise, so that the truth stays in its place."""
    key = keys.join([keys.draw_share("p", body, (), bytes([seed + n]) * 32) for n, body in enumerate("ab")])
    return [
        encoding.encode(one, key, Parameters(), np.arange(len(one), dtype=np.uint64) * 7 + at, small=True)[0]
        for at, one in enumerate(lists)
    ]


def right(cluster: np.ndarray, person: np.ndarray) -> tuple[float, float]:
    """Precision and recall of pairs."""

    def pairs(labels: np.ndarray) -> int:
        sizes = np.unique(labels, return_counts=True)[1].astype(np.int64)
        return int((sizes * (sizes - 1) // 2).sum())

    both = np.unique(np.stack([cluster, person]), axis=1, return_inverse=True)[1]
    return pairs(both) / max(1, pairs(cluster)), pairs(both) / max(1, pairs(person))


@pytest.fixture(scope="module")
def country() -> Invented:
    return sized(4000, noise=0.5, seed=5)


@pytest.fixture(scope="module")
def found(country: Invented) -> matching.Matched:
    return matching.match(encoded(country.lists))


def test_persons_are_found_and_the_unit_knows_how_well(country: Invented, found: matching.Matched) -> None:
    precision, recall = right(found.cluster, np.concatenate(country.persons))
    assert 2 * precision * recall / (precision + recall) > 0.89
    assert found.calibrated
    assert found.precision.value == pytest.approx(precision, abs=0.05)
    assert found.recall.value == pytest.approx(recall, abs=0.05)
    assert 0.85 < found.compared <= 1


def test_draws_scatter_around_a_table_that_counts_what_was_missed(
    country: Invented, found: matching.Matched
) -> None:
    drawn = list(found.draws(5, 1))
    assert drawn == list(found.draws(5, 1))
    assert len({tuple(sorted(one.items())) for one in drawn}) == 5

    def several(table: object) -> int:
        return sum(count for seen, count in dict(table).items() if sum(seen) > 1)

    mean = np.mean([several(one) for one in drawn])
    true = several(country.histories)
    assert abs(mean - true) < 0.1 * true


def test_the_lists_in_another_order_give_the_same_persons(country: Invented, found: matching.Matched) -> None:
    lists = encoded(country.lists)
    turned = matching.match(lists[::-1])
    begins = np.cumsum([0, *map(len, lists[::-1])])
    back = np.concatenate([turned.cluster[begins[at] : begins[at + 1]] for at in reversed(range(len(lists)))])
    assert right(found.cluster, back) == (1.0, 1.0)


def test_another_secret_gives_chance(country: Invented) -> None:
    mine, theirs = encoded(country.lists[:1])[0], encoded(country.lists[1:2], seed=9)[0]
    forced = matching.match([mine, theirs], force=True)
    assert sum(count for seen, count in forced.histories().items() if sum(seen) > 1) < 0.01 * len(mine)


@pytest.mark.parametrize("sizes", [(0, 0), (0, 1), (1, 1), (1, 30)])
def test_lists_of_nobody_and_of_one_are_no_error(sizes: tuple[int, int]) -> None:
    lists = [
        PersonList.from_records(f"list {at}", [replace(NOBODY, record_id=f"{n}") for n in range(size)])
        for at, size in enumerate(sizes)
    ]
    done = matching.match(encoded(tuple(lists)), force=True)
    assert len(done.cluster) == sum(sizes)
    assert sum(done.histories().values()) <= sum(sizes)


def test_a_thousand_of_one_name_are_never_one_person(country: Invented) -> None:
    many = PersonList.from_records("many", [replace(NOBODY, record_id=f"{n}") for n in range(1000)])
    done = matching.match(encoded((country.lists[0], many)))
    assert np.unique(done.cluster, return_counts=True)[1].max() <= 60


def test_an_empty_country_has_no_pairs() -> None:
    done = matching.match(encoded(invent(0, seed=1).lists), force=True)
    assert done.pairs == 0
    assert done.histories() == {}
