"""What the attacks on synthetic rows found, as reviewers read it: what blocks, what does not, and what to do."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from palermo.disclosure import Dated, Protected, Rule, Unprotectable, protect, protect_edition
from palermo.disclosure.microdata import Rows
from palermo.disclosure.risk.harness import Assessment, Verdict, assess
from palermo.disclosure.tests.tables import made
from palermo.rooms.releases.actions.attacking import given_away_together
from palermo.rooms.releases.actions.microdata import _attacks
from palermo.rooms.releases.queries.reading import _told

PEOPLE = 1_200


def crowd(seed: int, people: int = PEOPLE) -> Rows:
    return Rows(
        ("sex", "age"), np.random.default_rng(seed).integers(0, 2, (people, 2)), (("", "f"), ("", "child"))
    )


def found(seeds: tuple[int, int, int] = (1, 2, 3), **more: Any) -> Assessment:
    return assess(*map(crowd, seeds), rng=np.random.default_rng(1), **more)


def test_few_columns_are_not_blocked_for_want_of_a_leak() -> None:
    """Hardly anybody stands out, so that no file of these columns leaks, a copy of the records neither."""
    told = _attacks(found())
    assert told.level == "warn"
    assert "promise of epsilon alone" in _told(told.sentence, dict(told.values))


def test_attacks_that_cannot_see_block() -> None:
    told = _attacks(assess(*(crowd(seed, 40) for seed in (1, 2, 3)), rng=np.random.default_rng(1)))
    assert told.level == "block"
    assert "more years, or fewer columns" in told.sentence
    assert _attacks(replace(found(), method="bootstrap")).level == "block"


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_what_succeeds_is_named_in_words_with_what_helps(language: str) -> None:
    from django.utils.translation import override

    one = found()
    tests = tuple(
        replace(test, verdict=Verdict.FAILED) if test.name == "membership_calibrated" else test
        for test in one.tests
    )
    told = _attacks(replace(one, tests=tests))
    assert (told.level, told.values) == ("block", {"attacks": ["membership_calibrated"]})
    with override(language):
        said = _told(told.sentence, dict(told.values))
    assert "membership_calibrated" not in said
    if language == "en":
        assert "Who was in the data, for somebody who knows many others of their kind?" in said
        assert "fewer columns" in said


RULE = Rule(5)


def counted(day: int, found: Protected) -> list[Dated]:
    return [(datetime(2026, 1, day, tzinfo=UTC), table) for table in found.tables]


def test_what_was_protected_beside_the_earlier_edition_passes_the_attack_beside_it() -> None:
    """Protection cares for small counts; the attack, which knows no true count, may not ask for more than that: a
    cell withheld for another's sake and proved to be large by the earlier edition blocks nothing."""
    rng, asked = np.random.default_rng(3), 0
    for _ in range(12):
        counts = np.minimum(rng.negative_binomial(0.6, 0.04, 30), 200)
        later = np.maximum(0, counts + rng.choice([0, 0, 0, 0, 1, 2, -1], 30))
        first = protect(made((5, 6), counts.tolist()), RULE)
        try:
            second = protect_edition([made((5, 6), later.tolist())], RULE, earlier=[first.tables])
        except Unprotectable:
            continue
        asked += 1
        assert given_away_together(counted(2, second), counted(1, first), RULE) == 0
    assert asked > 6


def test_an_edition_protected_alone_is_seen_through_beside_the_earlier_one() -> None:
    first = protect(made((3,), [50, 50, 0]), RULE)
    second = protect(made((3,), [50, 50, 3]), RULE)
    assert given_away_together(counted(2, second), counted(1, first), RULE) > 0
