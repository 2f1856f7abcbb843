"""Several editions of one table: the attack by differences succeeds without the wall and fails with it."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.disclosure import (
    Bound,
    Dimension,
    Published,
    Rule,
    Table,
    Unprotectable,
    attack_editions,
    protect,
    protect_edition,
    protected_cells,
    true_of,
    truth_of,
)
from palermo.disclosure.attack import weak_cells
from palermo.disclosure.editions import joined
from palermo.disclosure.goals import goals
from palermo.disclosure.system import consistent, join
from palermo.disclosure.tables import Key, coordinates, key_of, keys_of
from palermo.disclosure.tests.tables import made

RULE = Rule(5)


def numbered(number: int, keys: frozenset[Key]) -> frozenset[Key]:
    return frozenset((f"{number}|{population}", parts) for population, parts in keys)


def test_a_late_registration_gives_both_editions_away_without_the_wall() -> None:
    """The first edition withholds 3 and 30 of a row; the second, protected alone, shows 30 and hides another cell."""
    first = made((2, 3), [3, 30, 60, 40, 50, 70])
    second = made((2, 3), [3, 30, 60, 40, 50, 71])
    one = protect(first, RULE)
    alone = Published(
        second.dimensions,
        {at: None if at in HIDDEN_OTHERWISE else n for at, n in second.cells.items()},
    )
    before = protected_cells([one.tables], RULE)
    assert before >= numbered(0, one.primary), "each small count is in doubt as long as there is one edition"
    weak = attack_editions([one.tables, [alone]], before, RULE)
    assert {bound.cell for bound in weak} & numbered(0, one.primary), (
        "the attack must succeed without the wall"
    )
    walled = protect_edition([second], RULE, earlier=[one.tables])
    assert not attack_editions([one.tables, walled.tables], before | numbered(1, walled.primary), RULE)


HIDDEN_OTHERWISE = {("a0", "b0"), ("a0", "b2"), ("a1", "b0"), ("a1", "b2")}


def test_a_new_small_count_beside_known_ones_is_found_out_without_the_wall() -> None:
    """50 and 50 were shown; with three newcomers in a third group the old counts are floors nobody can go under."""
    first, second = made((3,), [50, 50, 0]), made((3,), [50, 50, 3])
    one, alone = protect(first, RULE), protect(second, RULE)
    weak = attack_editions([one.tables, alone.tables], numbered(1, alone.primary), RULE)
    assert weak, "each edition is safe alone; together they are not"
    walled = protect_edition([second], RULE, earlier=[one.tables])
    assert walled.tables[0].cells["Total",] is None
    assert not attack_editions([one.tables, walled.tables], numbered(1, walled.primary), RULE)


def test_what_was_withheld_once_stays_withheld() -> None:
    first, second = made((2, 2), [3, 20, 30, 40]), made((2, 2), [9, 20, 30, 40])
    one = protect(first, RULE)
    two = protect_edition([second], RULE, earlier=[one.tables])
    hidden = {at for at, n in one.tables[0].cells.items() if n is None}
    assert all(two.tables[0].cells[at] is None for at in hidden)


def test_unchanged_counts_give_the_same_edition_again() -> None:
    table = made((3, 4), [3, 20, 1, 20, 4, 50, 60, 7, 80, 2, 9, 12])
    one = protect(table, RULE)
    again = protect_edition([table], RULE, earlier=[one.tables])
    assert dict(again.tables[0].cells) == dict(one.tables[0].cells)


def test_a_new_year_and_a_new_category_are_no_obstacle() -> None:
    def by_year(years: tuple[str, ...], codes: tuple[str, ...], counts: list[int]) -> Table:
        dims = Dimension("year", years), Dimension("citizenship", codes)
        return Table.from_counts(dims, dict(zip(product(years, codes), counts, strict=True)))

    one = protect(by_year(("2023",), ("A", "B", "C"), [3, 20, 30]), RULE)
    later = by_year(("2023", "2024"), ("A", "B", "C", "D"), [3, 21, 30, 0, 8, 40, 22, 2])
    two = protect_edition([later], RULE, earlier=[one.tables])
    assert two.secondary
    care = protected_cells([one.tables], RULE) | numbered(1, two.primary)
    assert not attack_editions([one.tables, two.tables], care, RULE)


def test_a_count_that_fell_ties_nobody() -> None:
    first, second = made((3,), [50, 20, 30]), made((3,), [48, 20, 30])
    one = protect(first, RULE)
    two = protect_edition([second], RULE, earlier=[one.tables])
    assert two.tables[0].cells["a0",] == 48


def test_a_count_that_fell_below_the_threshold_refuses_no_later_edition() -> None:
    """5 is out; one person is taken out. Who believes that counts never fall holds the 4 for 5 or 6, and is wrong."""
    first, second = made((3,), [5, 20, 30]), made((3,), [4, 22, 30])
    one = protect(first, RULE)
    two = protect_edition([second], RULE, earlier=[one.tables])
    assert two.tables[0].cells["a0",] is None
    weak = attack_editions([one.tables, two.tables], numbered(1, two.primary), RULE)
    assert [(round(bound.low), round(bound.high)) for bound in weak] == [(5, 6)]
    assert true_of(weak, truth_of([second], 1), RULE) == []
    assert true_of(weak, {}, RULE) == weak
    assert true_of(weak, truth_of([made((3,), [6, 20, 30])], 1), RULE) == weak


def test_to_be_held_for_small_with_another_number_is_to_be_learned() -> None:
    cell = ("1|persons", (("d0", "a0"),))
    held = [Bound(cell, 3.0, 4.0)]
    assert true_of(held, {cell: 2}, RULE) == held


def test_what_no_choice_can_protect_is_refused() -> None:
    """The threshold was lower: a count of 4 is out and cannot be made small again."""
    table = made((3,), [4, 20, 30])
    one = protect(table, Rule(3))
    with pytest.raises(Unprotectable, match="earlier editions"):
        protect_edition([table], Rule(10), earlier=[one.tables])


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, 14), min_size=9, max_size=9),
    st.lists(st.sampled_from([0, 0, 0, 1, 2, 6]), min_size=9, max_size=9),
    st.lists(st.sampled_from([0, 0, 0, 0, 1, -1]), min_size=9, max_size=9),
)
def test_the_promise_holds_over_three_editions(counts: list[int], late: list[int], fixed: list[int]) -> None:
    """Late registrations, then corrections in both directions."""
    second = [n + more for n, more in zip(counts, late, strict=True)]
    third = [max(0, n + more) for n, more in zip(second, fixed, strict=True)]
    editions: list[tuple[Published, ...]] = []
    care: frozenset[Key] = frozenset()
    for number, values in enumerate((counts, second, third)):
        try:
            found = protect_edition([made((3, 3), values)], RULE, earlier=editions)
        except Unprotectable:
            return
        for at, count in found.tables[0].cells.items():
            if count is not None:
                assert count == made((3, 3), values).cells[at]
        care = care | numbered(number, found.primary)
        editions.append(found.tables)
        weak = {bound.cell for bound in attack_editions(editions, care, RULE)}
        assert not weak


def test_asking_for_the_cells_in_care_alone_finds_the_same() -> None:
    """The attack leaves out what nobody asked for; what it says of the rest is what the whole attack says."""
    first, second = made((2, 3), [3, 30, 60, 40, 50, 70]), made((2, 3), [3, 30, 60, 40, 50, 71])
    one = protect(first, RULE)
    cells = {at: None if at in HIDDEN_OTHERWISE else n for at, n in second.cells.items()}
    system = joined([one.tables, [Published(second.dimensions, cells)]])
    care = np.array([key in numbered(0, one.primary) for key in system.keys])
    aims = goals(system, care, RULE)
    wanted = {key for key, cared in zip(system.keys, care, strict=True) if cared}
    whole = [bound for bound in weak_cells(system, aims) if bound.cell in wanted]
    alone = weak_cells(system, aims, care_alone=True)
    assert whole, "there is something to be found"
    assert [(b.cell, round(b.low, 6), round(b.high, 6)) for b in alone] == [
        (b.cell, round(b.low, 6), round(b.high, 6)) for b in whole
    ]


def test_every_cell_stands_where_its_own_key_says() -> None:
    table = made((2, 3, 2), list(range(12)))
    assert list(keys_of(table)) == [
        key_of(table.population, table.dimensions, at) for at in coordinates(table.dimensions)
    ]
    assert consistent(join([table])), "every total of the system is the sum of its own parts"
