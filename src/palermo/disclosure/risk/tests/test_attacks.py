"""Each attack on files small enough to be judged by hand, and on invented people."""

import numpy as np
import pytest

from palermo import compiling
from palermo.disclosure.microdata import Rows, aligned
from palermo.disclosure.risk import distance_kernels
from palermo.disclosure.risk.attribute import given_away, likely_keys
from palermo.disclosure.risk.comparing import equal_sizes, excess, together
from palermo.disclosure.risk.linkage import linked
from palermo.disclosure.risk.membership import by_distance, calibrated, judged, nearest, rarest
from palermo.disclosure.risk.singling import singled_out, unique_found
from palermo.disclosure.risk.tests.people import three


def rows(*records, sizes=None):
    d = len(records[0])
    sizes = sizes or [9] * d
    known = tuple(tuple(map(str, range(size))) for size in sizes)
    return Rows(tuple("abcdefgh"[:d]), np.array(records), known)


def slow_distances(release, people):
    return [(release.codes != one).sum(axis=1).min() for one in people.codes]


@pytest.mark.parametrize("n", [1, 7, 300])
def test_the_nearest_row_is_found(n):
    members, holdout, release = (one.take(range(n)) for one in three(400))
    for people in (members, holdout):
        assert nearest(release, people).tolist() == slow_distances(release, people)


def test_many_blocks_and_many_categories():
    chance = np.random.default_rng(2)
    sizes = (700, 3, 3)
    big = Rows(
        tuple("abc"), chance.integers(0, sizes, (9000, 3)), tuple(tuple(map(str, range(s))) for s in sizes)
    )
    people = big.take(range(40)).codes.copy()
    people[:20, 0] = (people[:20, 0] + 256) % 700  # the same in its last byte
    asked = Rows(big.columns, people, big.categories)
    assert nearest(big, asked).tolist() == slow_distances(big, asked)
    assert nearest(big, asked)[20:].max() == 0


def test_compiled_and_plain_loops_agree():
    chance = np.random.default_rng(3)
    targets, release = chance.integers(0, 4, (6, 9), np.uint8), chance.integers(0, 4, (9, 5000), np.uint8)
    answers = []
    for kernel in (distance_kernels, compiling.of(distance_kernels)):
        least, times, met = (np.zeros(6, np.int32) for _ in range(3))
        kernel.nearest(targets, release[:, :60], least, times)
        kernel.joined(targets, np.ascontiguousarray(release[:, :60]), 4, 5, met)
        answers.append((least.tolist(), times.tolist(), met.tolist()))
    assert answers[0] == answers[1]
    apart = (targets[:, None, :] != release[:, :60].T[None]).sum(axis=2)
    assert answers[0][0] == apart.min(axis=1).tolist()
    assert answers[0][1] == (apart == apart.min(axis=1)[:, None]).sum(axis=1).tolist()


def test_auc_counts_pairs_and_ties_half():
    found = judged(np.array([3.0, 2.0, 2.0]), np.array([2.0, 1.0]))
    assert found.auc == pytest.approx((2 + 1.5 + 1.5) / 6)
    assert judged(np.zeros(5), np.zeros(5)).auc == 0.5
    assert judged(np.ones(5), np.zeros(5)).caught == 1.0
    assert judged(np.zeros(5), np.zeros(5)).caught == pytest.approx(0.01)


def test_the_error_of_an_auc_is_that_of_repeated_draws():
    chance = np.random.default_rng(4)
    found = [judged(chance.integers(0, 6, 300) + 0.0, chance.integers(0, 6, 200) + 0.0) for _ in range(400)]
    assert np.std([one.auc for one in found]) == pytest.approx(
        np.mean([one.error for one in found]), rel=0.12
    )


def test_the_rarest_are_those_of_rare_values():
    many = rows(*[(0, 0)] * 30, (5, 0), (5, 6))
    ours, theirs = rarest(many, many, 2)
    assert ours.tolist() == theirs.tolist() == [31, 30]


def test_a_copy_betrays_its_members_and_a_fresh_draw_nobody():
    members, holdout, fresh = three(1500)
    chance = np.random.default_rng(5)

    def guess(release, *sides):
        return by_distance(*(nearest(release, side) for side in sides))

    for attack in (guess, lambda *files: calibrated(*files, rng=chance)):
        assert attack(members, members, holdout).auc > 0.9
        found = attack(fresh, members, holdout)
        assert abs(found.auc - 0.5) < 3.5 * found.error


def test_unique_records_found():
    members, holdout = rows((0, 0), (0, 0), (1, 1), (2, 2)), rows((1, 1), (3, 3), (4, 4), (5, 5))
    found = unique_found(rows((0, 0), (1, 1), (3, 3)), members, holdout)
    assert (found.members, found.holdout, found.excess) == (0.5, 0.5, 0.0)
    assert unique_found(rows((0, 0)), rows((0, 0), (0, 0)), holdout).tried == 0


def test_singling_out_compares_with_people_held_out():
    members, holdout, fresh = three(1200)
    copied = singled_out(members, members, holdout, rng=np.random.default_rng(6), sets=60)
    assert copied.members == 1.0
    assert copied.excess > 10 * copied.error
    found = singled_out(fresh, members, holdout, rng=np.random.default_rng(6), sets=60)
    assert abs(found.excess) < 3.5 * found.error
    nothing = rows(*[(0, 0)] * 9)
    assert singled_out(nothing, nothing, nothing, rng=np.random.default_rng(6)).tried == 0


def test_one_valued_groups_give_away():
    release = rows((0, 7), (0, 7), (1, 2), (1, 3))
    members, holdout = rows((0, 7), (1, 2), (2, 2), (0, 6)), rows((0, 7), (0, 7), (0, 7), (1, 2))
    found = given_away(release, members, holdout, ["a"])
    assert (found.members, found.holdout) == (0.25, 0.75)
    assert given_away(release, members, holdout, ["a", "b"]).tried == 0
    assert given_away(rows((0, 7)).take([]), members, holdout, ["a"]).members == 0


def test_every_choice_of_keys_counts_alike():
    release = rows((0, 1, 7), (0, 2, 7), (3, 1, 7), (3, 1, 4))
    members, holdout = rows((0, 1, 7), (3, 1, 7)), rows((0, 1, 2), (5, 2, 7))
    # By the first key alone (0 gives 7), by the second alone (2 gives 7), by both (0, 1 gives 7).
    one = given_away(release, members, holdout, ["a", "b"], known=(1,))
    assert (one.members, one.holdout) == (0.25, 0.25)
    both = given_away(release, members, holdout, ["a", "b"])
    assert (both.members, both.holdout) == (0.5, 0.0)
    mean = given_away(release, members, holdout, ["a", "b"], known=(1, 2))
    assert mean.members == pytest.approx((0.5 + 0 + 0.5) / 3)
    assert mean.holdout == pytest.approx((0 + 0.5 + 0) / 3)


def test_keys_are_the_columns_that_tell_most():
    assert likely_keys(rows((0, 1, 0), (0, 2, 0), (0, 3, 1)), 2) == ("b", "c")
    assert likely_keys(three(500)[0]) == ("year", "age", "citizenship", "country", "means_8")


def test_two_halves_meet_in_a_copy():
    members, holdout, fresh = three(1500)
    chance = np.random.default_rng(7)
    found = linked(members, members, holdout, rng=chance)
    assert found.members > 0.2
    assert found.holdout < 0.02
    found = linked(fresh, members, holdout, rng=chance)
    assert abs(found.excess) <= max(3.5 * found.error, 0.01)
    assert linked(fresh.take([]), members, holdout, rng=chance).tried == 0


def test_equal_rows_have_equal_numbers_however_many_columns():
    chance = np.random.default_rng(8)
    wide = Rows(
        tuple(f"c{j}" for j in range(30)),
        chance.integers(0, 90, (50, 30)),
        (tuple(map(str, range(90))),) * 30,
    )
    (one, two), bound = together(tuple(range(30)), wide, wide)
    assert one.tolist() == two.tolist()
    assert len(set(one.tolist())) == 50
    assert one.max() < bound <= 4 * 100 + 1024


def test_sides_are_made_equal_and_must_not_be_empty():
    members, holdout, _fresh = three(50)
    ours, theirs = equal_sizes(members, holdout.take(range(20)), np.random.default_rng(9))
    assert (ours.n, theirs.n) == (20, 20)
    assert set(ours.to_records()) <= set(members.to_records())
    with pytest.raises(ValueError, match="at least one member"):
        equal_sizes(members, holdout.take([]), np.random.default_rng(9))
    assert excess([], [1]).tried == 0


def test_few_columns_are_not_counted_many_times():
    """Three columns have seven sets: two hundred draws of them are not two hundred tries."""
    chance = np.random.default_rng(8)
    sizes = (3, 3, 40)
    tables = [np.random.default_rng(2).dirichlet(0.4 / (1 + np.arange(size))) for size in sizes]

    def draw(n):
        codes = np.column_stack([chance.choice(size, n, p=p) for size, p in zip(sizes, tables, strict=True)])
        return Rows(("a", "b", "c"), codes, tuple(tuple(map(str, range(size))) for size in sizes))

    apart = []
    for _world in range(60):
        found = singled_out(draw(300), draw(300), draw(300), rng=chance)
        assert found.tried <= 7 * 20
        apart.append(abs(found.excess) > 3 * found.error)
    assert sum(apart) <= 1  # a fresh draw knows nobody


def test_that_nothing_is_recorded_is_no_value_given_away():
    """One row says form a of sex f, and nothing of sex m: of four members two are read, of whom one has a value."""
    columns = ["sex", "form"]
    release = Rows.from_records(columns, [("f", "a"), ("m", "")])
    members = Rows.from_records(columns, [("f", "a"), ("f", "b"), ("m", ""), ("m", "a")])
    files = aligned(release, members, members)
    assert given_away(*files, ["sex"]).members == 0.5
    assert given_away(*files, ["sex"], recorded=True).members == 0.25
