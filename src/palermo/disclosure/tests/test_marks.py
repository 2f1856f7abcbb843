"""Marks that everybody sees: the attacker is given them, and they do not help him."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.disclosure import (
    Contradiction,
    Published,
    Rule,
    Table,
    Unprotectable,
    audit,
    key_of,
    protect,
    protect_edition,
)
from palermo.disclosure.attack import intervals
from palermo.disclosure.editions import joined
from palermo.disclosure.tests.tables import made, random_tables

SHAPES = [(2, 2), (2, 3), (3, 3), (2, 5), (2, 2, 2), (2, 3, 2), (4,)]


@settings(max_examples=60, deadline=None)
@given(random_tables(SHAPES, most=25))
def test_marks_do_not_help(table: Table) -> None:
    rule = Rule(5, marked=True)
    result = protect(table, rule)
    shown = result.tables[0]
    if result.unmarked:
        assert not shown.limits
    bare = {b.cell: b for b in audit([Published(shown.dimensions, shown.cells, shown.population)])}
    for bound in audit(result.tables):
        if bound.cell in result.primary:
            assert bare[bound.cell].low <= 1 + 1e-6, "nor without the marks"
            assert bare[bound.cell].high >= 5 - 1e-6
            low, high = result.narrow.get(bound.cell, (1.0, 4.0))
            assert bound.low <= low + 1e-6
            assert bound.high >= high - 1e-6
            assert high - low >= 1
        else:
            assert not bound.exact
            assert bound.low >= (0 if result.unmarked else 5 - 1e-6)


def test_what_a_mark_says_is_published_with_it() -> None:
    table = made((2, 2), [3, 20, 30, 40])
    result = protect(table, Rule(5, marked=True))
    shown = result.tables[0]
    for at, count in shown.cells.items():
        if count is None:
            small = key_of("persons", table.dimensions, at) in result.primary
            assert shown.limits[at][0] == (1 if small else 5)


def test_marks_that_would_give_every_count_away_are_not_given() -> None:
    """Four ones under a total of 4: each is at least 1 and all are at most 4, so all would be known."""
    result = protect(made((4,), [1, 1, 1, 1]), Rule(5, marked=True))
    assert result.unmarked == {"persons"}
    assert not result.tables[0].limits


def test_a_small_total_narrows_its_parts_and_that_is_told() -> None:
    result = protect(made((2,), [1, 3]), Rule(5, marked=True))
    assert set(result.narrow.values()) == {(1.0, 3.0), (2.0, 4.0)}


def test_marks_need_at_least_two_small_counts() -> None:
    with pytest.raises(ValueError, match="marks"):
        Rule(2, marked=True)


@settings(max_examples=8, deadline=None)
@given(
    st.lists(st.integers(0, 14), min_size=9, max_size=9),
    st.lists(st.sampled_from([0, 0, 0, 1, 2, 6]), min_size=9, max_size=9),
)
def test_marks_do_not_help_over_two_editions(counts: list[int], late: list[int]) -> None:
    """The second edition is protected beside the first, whose marks are known too."""
    rule = Rule(5, marked=True)
    later = [n + more for n, more in zip(counts, late, strict=True)]
    one = protect_edition([made((3, 3), counts)], rule)
    try:
        two = protect_edition([made((3, 3), later)], rule, earlier=[one.tables])
    except Unprotectable:
        return
    try:
        bounds = intervals(joined([one.tables, two.tables]))
    except Contradiction:
        return
    small = {(f"{at}|{p}", parts) for at, found in enumerate((one, two)) for p, parts in found.primary}
    alone = {(f"0|{b.cell[0]}", b.cell[1]) for b in audit(one.tables) if b.exact}
    assert not [bound for bound in bounds if bound.cell in small - alone and bound.exact]
