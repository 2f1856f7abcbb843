"""What did not move is one unknown: the attack finds the same with it, and with fewer unknowns."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.disclosure import Dimension, Published, Rule, Table, dated_editions, gathered, protect
from palermo.disclosure.attack import intervals
from palermo.disclosure.editions import joined
from palermo.disclosure.programme import Contradiction
from palermo.disclosure.system import System
from palermo.disclosure.tests.tables import made
from palermo.disclosure.unmoved import united

RULE = Rule(5)
START = datetime(2026, 1, 1, tzinfo=UTC)


def hidden(table: Table, places: list[int]) -> Published:
    cells = {at: None if number in places else n for number, (at, n) in enumerate(table.cells.items())}
    return Published(table.dimensions, cells)


def found(system: System) -> dict[Any, tuple[float, float]]:
    return {bound.cell: (round(bound.low, 5), round(bound.high, 5)) for bound in intervals(system)}


def by_united(system: System) -> dict[Any, tuple[float, float]]:
    one = united(system)
    known = found(one.system)
    told = {}
    for place, (key, value) in enumerate(zip(system.keys, system.values, strict=True)):
        if np.isnan(value):
            at = one.of[place]
            shown = one.system.values[at]
            told[key] = known[one.system.keys[at]] if np.isnan(shown) else (shown, shown)
    return told


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 9), min_size=6, max_size=6),
    st.lists(st.sampled_from([0, 0, 0, 0, 0, 2]), min_size=6, max_size=6),
    st.lists(st.sampled_from([0, 0, 0, 0, 0, 1]), min_size=6, max_size=6),
    st.lists(st.sets(st.integers(0, 11), max_size=7), min_size=3, max_size=3),
)
def test_every_interval_stays_what_it_was(
    counts: list[int], late: list[int], later: list[int], withheld: list[set[int]]
) -> None:
    second = [n + more for n, more in zip(counts, late, strict=True)]
    third = [n + more for n, more in zip(second, later, strict=True)]
    editions = [
        [hidden(made((2, 3), values), sorted(places))]
        for values, places in zip((counts, second, third), withheld, strict=True)
    ]
    system = joined(editions)
    whole, small = found(system), by_united(system)
    assert small.keys() == whole.keys()
    for key, bounds in whole.items():
        assert small[key] == pytest.approx(bounds, abs=1e-4)


def test_a_year_in_which_nothing_moved_is_counted_once() -> None:
    def by_year(counts: list[int]) -> Table:
        dims = Dimension("year", ("2024", "2025")), Dimension("sex", ("f", "m", "x"))
        names = [(year, sex) for year in dims[0].categories for sex in dims[1].categories]
        return Table.from_counts(dims, dict(zip(names, counts, strict=True)))

    one = protect(by_year([3, 30, 2, 0, 0, 0]), RULE).tables
    two = protect(by_year([3, 30, 2, 40, 4, 1]), RULE).tables
    system = joined([one, two])
    small = united(system).system
    both = {key for key in system.keys if ("year", "2024") in key[1] and key[0].startswith("1|")}
    assert both
    assert not both & set(small.keys), "what is of 2024 stands there once"
    assert np.isnan(small.values).sum() < np.isnan(system.values).sum()


def test_a_total_that_stayed_while_a_part_rose_is_a_contradiction() -> None:
    first, second = made((2,), [10, 10]), made((2,), [12, 8])
    with pytest.raises(Contradiction):
        united(joined([[hidden(first, [2])], [hidden(second, [2])]]))


def test_what_was_counted_at_one_moment_is_one_edition() -> None:
    first, second = (
        Published(t.dimensions, dict(t.cells)) for t in (made((2,), [7, 8]), made((3,), [7, 8, 0]))
    )
    later, other = hidden(made((2,), [7, 9]), [1]), Published((), {(): 3}, "others")
    day = timedelta(days=1)
    dated = [(START + day, later), (START, first), (START + day, later), (START, other), (START, second)]
    assert gathered(dated) == [(first, other, second), (later,)]
    assert [moment for moment, _tables in dated_editions(dated)] == [START, START + day]


def test_tables_of_one_moment_that_disagree_stay_apart() -> None:
    first, second = (Published(t.dimensions, dict(t.cells)) for t in (made((2,), [7, 8]), made((2,), [7, 9])))
    assert gathered([(START, first), (START, second)]) == [(first,), (second,)]
