"""The harness passes a file that knows nobody, flags those that leak, and admits when it cannot tell."""

import numpy as np
import pytest

from palermo.disclosure.microdata import MISSING, Rows
from palermo.disclosure.risk.controls import bootstrap, k_synthetic, refused
from palermo.disclosure.risk.harness import Bars, Verdict, assess, trial
from palermo.disclosure.risk.tests.people import COLUMNS, population, three


def chance(seed=1):
    return np.random.default_rng(seed)


@pytest.fixture(scope="module")
def fresh():
    members, holdout, release = three(2500)
    return assess(release, members, holdout, rng=chance())


def test_a_fresh_draw_passes_and_the_controls_are_caught(fresh):
    assert fresh.failed == ()
    assert fresh.blind == ()
    assert fresh.publishable
    assert [proof.control for proof in fresh.proofs] == ["bootstrap", "k-synthetic"]
    assert set(fresh.proofs[0].flagged) == {one.name for one in fresh.tests}
    assert {"membership", "membership_rarest", "unique_found"} <= set(fresh.proofs[1].flagged)


def test_every_test_names_its_bar(fresh):
    assert {one.name: one.bar for one in fresh.tests} == vars(Bars())
    assert fresh.test("membership").bar == 0.02
    assert fresh.test("membership_rarest").bar == 0.03
    assert fresh.test("unique_found").bar == 0.003
    assert fresh.test("attribute").bar == 0.002


@pytest.mark.parametrize("make", [bootstrap, k_synthetic])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_leaks_is_flagged_as_a_release(make, seed):
    members, holdout, _fresh = three(1500, seed)
    found = assess(make(members, chance(seed)), members, holdout, rng=chance(seed), prove=False)
    assert found.failed
    assert not found.publishable


def test_no_fresh_draw_is_accused():
    for seed in range(4, 10):
        members, holdout, release = three(800, seed)
        assert assess(release, members, holdout, rng=chance(seed), prove=False).failed == ()


def test_a_control_is_never_publishable_whatever_the_attacks_say(fresh):
    members, holdout, release = three(1500)
    found = assess(release, members, holdout, rng=chance(), method="k-synthetic")
    assert found.refused
    assert not found.publishable
    assert refused("bootstrap")
    assert not refused("mixture")


def test_without_the_proof_nothing_is_publishable():
    members, holdout, release = three(1500)
    found = assess(release, members, holdout, rng=chance(), prove=False)
    assert found.blind == ("bootstrap", "k-synthetic")
    assert not found.publishable


def test_too_few_people_are_unsure_and_the_attacks_blind():
    members, holdout, release = three(12)
    found = assess(release, members, holdout, rng=chance())
    assert found.failed == ()
    assert "membership" in found.unsure
    assert not found.publishable


@pytest.mark.parametrize("n", [1, 40])
def test_people_who_are_all_alike(n):
    alike = Rows.from_records(["a", "b", "c"], [("x", "", "y")] * n)
    found = assess(alike, alike, alike, rng=chance())
    assert found.blind == ("bootstrap", "k-synthetic")
    assert not found.publishable
    assert found.test("membership").members == 0.5
    assert found.test("unique_found").verdict is Verdict.UNSURE


def test_files_of_other_sizes_and_lists():
    members, holdout, release = three(900)
    names = [(*one[:-1], one[-1]) for one in release.to_records()]
    found = assess(
        Rows.from_records(COLUMNS, names[:700]), members, holdout.take(range(500)), rng=chance(), prove=False
    )
    assert (found.rows, found.people) == (700, 500)
    with pytest.raises(ValueError, match="same columns"):
        assess(release.only(COLUMNS[:3]), members, holdout, rng=chance())
    with pytest.raises(ValueError, match="at least one member"):
        assess(release, members, holdout.take([]), rng=chance())


def test_a_trial_of_a_mechanism_on_half_of_the_people():
    people, draw = three(2000)[0], population()
    assert trial(lambda half: draw(half.n, chance(9)), people, rng=chance()).failed == ()
    leaky = trial(lambda half: bootstrap(half, chance(9)), people, rng=chance())
    assert leaky.people == 1000
    assert not leaky.publishable


def test_k_synthetic_rows_hold_only_frequent_combinations():
    members = three(900)[0]
    made = k_synthetic(members, chance(), k=10)
    assert made.n == members.n
    first, second, third = ("year", "citizenship", "means_1")
    counts: dict[tuple[str, ...], int] = {}
    for row in members.only([first, second, third]).to_records():
        counts[row] = counts.get(row, 0) + 1
    for row in made.only([first, second, third]).to_records():
        assert MISSING in row or counts[row] >= 10
    assert sum(MISSING not in row for row in made.to_records()) < 0.5 * made.n


def test_the_same_seed_gives_the_same_assessment():
    members, holdout, release = three(300)
    one, other = (assess(release, members, holdout, rng=chance(7)) for _ in range(2))
    assert one == other


def crowd(n, chance):
    """People with two columns of few values: many of each kind."""
    codes = np.column_stack([chance.integers(0, 3, n), chance.integers(0, 2, n)])
    return Rows(("sex", "age"), codes, (("", "f", "m"), ("", "child")))


def test_where_nobody_stands_out_the_promise_is_all_there_is():
    """A k-anonymous file of two columns leaks nothing that could be caught: that it is not caught says nothing."""
    chance_ = chance()
    members, holdout, release = (crowd(1200, chance_) for _ in range(3))
    found = assess(release, members, holdout, rng=chance_)
    assert found.blind
    assert found.alone == 0
    assert not found.publishable  # by the attacks alone
    assert found.crowded
    assert found.rests_on_promise


def test_few_people_or_people_who_stand_out_rest_on_nothing():
    for n in (12, 300):
        members, holdout, release = three(n)
        found = assess(release, members, holdout, rng=chance())
        assert not found.crowded
        assert not found.rests_on_promise
    members, holdout, release = (crowd(300, chance()) for _ in range(3))
    assert not assess(release, members, holdout, rng=chance()).rests_on_promise
    unproved = (crowd(1200, chance()) for _ in range(3))
    assert not assess(*unproved, rng=chance(), prove=False).rests_on_promise


def test_a_control_is_never_excused():
    chance_ = chance()
    members, holdout, release = (crowd(1200, chance_) for _ in range(3))
    found = assess(release, members, holdout, rng=chance_, method="bootstrap")
    assert not found.rests_on_promise
