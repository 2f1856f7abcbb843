"""Protection: the promise, tried on many random tables and against independent checks."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.disclosure import (
    TOTAL,
    Dimension,
    Published,
    Rule,
    Table,
    Unprotectable,
    audit,
    breaches,
    key_of,
    protect,
    protect_linked,
)
from palermo.disclosure.protect import decomposable
from palermo.disclosure.tests.tables import integer_possibilities, made, random_tables

SHAPES = [(2, 2), (2, 3), (3, 3), (2, 5), (2, 2, 2), (2, 3, 2), (4,)]
METHODS = ["optimal", "flows", "auto"]


@settings(max_examples=60, deadline=None)
@given(random_tables(SHAPES), st.sampled_from(METHODS), st.sampled_from([3, 5, 10]), st.booleans())
def test_the_promise_holds_for_any_table(table: Table, method: str, threshold: int, zeros: bool) -> None:
    rule = Rule(threshold, suppress_zero=zeros)
    result = protect(table, rule, method=method)
    shown = result.tables[0]
    for at, count in shown.cells.items():
        if count is not None:
            assert count == table.cells[at]
            assert count >= threshold or (count == 0 and not zeros)
    for bound in audit(result.tables):
        if bound.cell in result.primary:
            assert bound.low <= rule.low + 1e-6
            assert bound.high >= threshold - 1e-6
        else:
            assert bound.cell in result.secondary
            assert not bound.exact


@settings(max_examples=25, deadline=None)
@given(random_tables([(2, 2), (2, 3), (2, 2, 2), (3, 2)], most=9), st.sampled_from(METHODS))
def test_whole_numbers_do_not_help_the_attacker(table: Table, method: str) -> None:
    """Tries every table of whole numbers: no solver is trusted."""
    rule = Rule(3)
    result = protect(table, rule, method=method)
    shown = result.tables[0]
    for at, possible in integer_possibilities(shown).items():
        assert len(possible) > 1, "a withheld cell can be computed"
        if key_of("persons", shown.dimensions, at) in result.primary:
            assert min(possible) <= 1
            assert max(possible) >= 3


@settings(max_examples=40, deadline=None)
@given(random_tables([(3, 3), (2, 4), (2, 2, 2)]))
def test_the_interval_of_the_audit_contains_every_possibility(table: Table) -> None:
    shown = protect(table, Rule(3)).tables[0]
    possible = integer_possibilities(shown)
    bounds = {bound.cell: bound for bound in audit([shown])}
    for at, values in possible.items():
        bound = bounds[key_of("persons", shown.dimensions, at)]
        assert bound.low <= min(values) + 1e-6
        assert max(values) <= bound.high + 1e-6


@settings(max_examples=12, deadline=None)
@given(random_tables([(2, 2), (2, 3)], most=9))
def test_the_optimal_choice_is_the_cheapest_of_all_choices(table: Table) -> None:
    """Tries every set of cells with the auditor alone."""
    rule = Rule(4)
    result = protect(table, rule, method="optimal", cost="cells")
    if result.method == "none needed":
        return
    cells = {key_of("persons", table.dimensions, at): at for at in table.cells}
    others = [at for key, at in cells.items() if key not in result.primary and table.cells[at] > 0]
    for size in range(len(result.secondary)):
        for extra in combinations(others, size):
            hidden = {cells[key] for key in result.primary} | set(extra)
            shown = Published(
                table.dimensions, {at: None if at in hidden else n for at, n in table.cells.items()}
            )
            assert [b for b in breaches([shown], result.primary, rule) if b.cell in result.primary]


def test_one_small_cell_needs_a_rectangle() -> None:
    table = made((3, 3), [3, 20, 30, 20, 40, 50, 60, 70, 80])
    result = protect(table, method="optimal", cost="cells")
    assert len(result.primary) == 1
    assert len(result.secondary) == 3


def test_primary_suppression_alone_is_found_out() -> None:
    table = made((2, 2), [3, 20, 30, 40])
    shown = Published(table.dimensions, {at: None if n == 3 else n for at, n in table.cells.items()})
    (bound,) = audit([shown])
    assert (bound.low, bound.high, bound.exact) == (3, 3, True)


def test_two_small_cells_with_a_small_sum_do_not_protect_each_other() -> None:
    """1 + 2 = 3: each is withheld, but together they are known to be 3, so both are known to be small."""
    table = made((4,), [1, 2, 30, 40])
    result = protect(table)
    assert len(result.secondary) == 1
    assert audit(result.tables)[0].high >= 5


def test_small_totals_are_withheld_too() -> None:
    result = protect(made((2, 2), [1, 0, 0, 2]))
    assert result.tables[0].cells["Total", "Total"] is None
    assert result.tables[0].cells["a0", "b1"] == 0


def test_hierarchies_are_respected() -> None:
    area = Dimension("area", ("north", "south", "n1", "n2"), {"n1": "north", "n2": "north"})
    sex = Dimension("sex", ("female", "male"))
    table = Table.from_counts(
        (area, sex),
        {
            ("n1", "female"): 2,
            ("n1", "male"): 30,
            ("n2", "female"): 40,
            ("n2", "male"): 50,
            ("south", "female"): 60,
            ("south", "male"): 70,
        },
    )
    assert table.cells["north", "Total"] == 122
    assert table.cells["Total", "female"] == 102
    result = protect(table)
    assert result.secondary
    assert not breaches(result.tables, result.primary, result.rule)


def test_a_person_with_several_forms_counts_once_in_the_total() -> None:
    form = Dimension("form", ("sexual", "labour", "unknown"), overlapping=True)
    year = Dimension("year", ("2024", "2025"))
    counts = {
        ("sexual", "2024"): 9,
        ("labour", "2024"): 3,
        ("Total", "2024"): 10,
        ("sexual", "2025"): 8,
        ("labour", "2025"): 7,
        ("unknown", "2025"): 1,
        ("Total", "2025"): 12,
    }
    table = Table.from_counts((form, year), counts)
    assert table.cells["Total", "Total"] == 22
    assert table.cells["sexual", "Total"] == 17
    result = protect(table)
    shown = result.tables[0].cells
    assert (shown["labour", "2024"] is None and shown["labour", "Total"] is None) or shown[
        "labour", "2025"
    ] is None


def test_linked_tables_are_audited_together() -> None:
    """Each table alone hides its small cell; the shared totals of the years would give it back."""
    year = Dimension("year", ("2024", "2025"))
    by_sex = Table.from_counts(
        (Dimension("sex", ("f", "m")), year),
        {("f", "2024"): 3, ("m", "2024"): 40, ("f", "2025"): 50, ("m", "2025"): 60},
    )
    by_form = Table.from_counts(
        (Dimension("form", ("s", "l")), year),
        {("s", "2024"): 20, ("l", "2024"): 23, ("s", "2025"): 55, ("l", "2025"): 55},
    )
    both = protect_linked([by_sex, by_form])
    bounds = {bound.cell: bound for bound in audit(both.tables)}
    assert all(bounds[key].high >= 5 and bounds[key].low <= 1 for key in both.primary)
    total = [t.cells["Total", "2024"] for t in both.tables]
    assert total[0] == total[1], "a margin withheld in one table and shown in the other"


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=12, max_size=12), st.sampled_from(["flows", "optimal"]))
def test_linked_random_tables(counts: list[int], method: str) -> None:
    joint = np.array(counts).reshape(2, 3, 2)
    dims = (Dimension("sex", ("f", "m")), Dimension("form", ("s", "l", "o")), Dimension("year", ("1", "2")))
    tables = [_margin(joint, dims, (0, 2)), _margin(joint, dims, (1, 2))]
    result = protect_linked(tables, Rule(4), method=method)
    for bound in audit(result.tables):
        if bound.cell in result.primary:
            assert bound.low <= 1 + 1e-6
            assert bound.high >= 4 - 1e-6


def _margin(joint: np.ndarray, dims: tuple[Dimension, ...], keep: tuple[int, ...]) -> Table:
    flat = joint.sum(axis=tuple(axis for axis in range(joint.ndim) if axis not in keep))
    chosen = tuple(dims[axis] for axis in keep)
    places = product(*(range(len(d.categories)) for d in chosen))
    return Table.from_counts(
        chosen,
        {tuple(d.categories[i] for d, i in zip(chosen, at, strict=True)): int(flat[at]) for at in places},
    )


def test_tables_that_disagree_are_refused() -> None:
    year = Dimension("year", ("2024",))
    with pytest.raises(ValueError, match="different counts for the same persons"):
        protect_linked(
            [Table.from_counts((year,), {("2024",): 7}), Table.from_counts((year,), {("2024",): 8})]
        )
    with pytest.raises(ValueError, match="not the sums"):
        protect(Table((year,), {("2024",): 7, ("Total",): 9}))


def test_the_same_table_gives_the_same_result() -> None:
    table = made((3, 4), [3, 20, 1, 20, 4, 50, 60, 7, 80, 2, 9, 12])
    first, second = protect(table), protect(table)
    assert first == second
    assert first.version


def test_a_ring_of_tables_is_warned_of() -> None:
    ring = [frozenset("ab"), frozenset("bc"), frozenset("ca")]
    assert not decomposable(ring)
    assert decomposable([frozenset("ab"), frozenset("bc"), frozenset("bd"), frozenset("b")])
    rng = np.random.default_rng(3)
    joint = rng.integers(5, 40, size=(2, 2, 2))
    dims = tuple(Dimension(n, (n + "0", n + "1")) for n in "abc")
    result = protect_linked([_margin(joint, dims, pair) for pair in ((0, 1), (1, 2), (0, 2))])
    assert any("ring" in warning for warning in result.warnings)


def test_the_account_is_in_sentences() -> None:
    told = protect(made((2, 2), [3, 20, 30, 40])).explain()
    assert told[0] == "Counts from 1 to 4 are withheld, totals included."
    assert any(sentence.startswith("4 of 9 cells are withheld: ") for sentence in told)
    assert protect(made((2,), [30, 40])).explain() == ["No count was small, so nothing is withheld."]


def test_a_large_table_takes_the_fast_way_and_passes_the_audit() -> None:
    rng = np.random.default_rng(1)
    table = made((30, 40), [int(n) for n in rng.poisson(rng.gamma(1, 20, size=1200))])
    result = protect(table)
    assert result.method == "flows"
    assert result.secondary
    assert not breaches(result.tables, result.primary, result.rule)


def test_boxes_leave_every_sum_as_it_was() -> None:
    from palermo.disclosure.cubes import cheapest_box, grids
    from palermo.disclosure.system import join

    rng = np.random.default_rng(2)
    table = made((3, 4, 3), [int(n) for n in rng.integers(0, 30, size=36)])
    system = join([table])
    (grid,) = grids([table], system.index())
    moved = 0
    for cell in range(len(system.values)):
        for amount in (3.0, -1.0):
            if system.values[cell] + amount < 0 or system.values[cell] == 0:
                continue
            change = cheapest_box(grid, cell, amount, np.ones(len(system.values)), system.values)
            if change is None:
                continue
            moved += 1
            after = system.values.copy()
            for place, by in change.items():
                after[place] += by
            assert change[cell] == amount
            assert after.min() >= 0
            assert np.abs(system.equal @ after).max() == 0
    assert moved > 50


@settings(max_examples=25, deadline=None)
@given(random_tables([(2, 3), (3, 3), (2, 2, 2)]), st.sampled_from(["flows", "optimal"]))
def test_what_is_out_already_stays_as_it_is(table: Table, method: str) -> None:
    rule = Rule(4)
    first = protect(table, rule, method=method).tables[0]
    again = protect_linked([table], rule, method=method, before=[first]).tables[0]
    assert dict(again.cells) == dict(first.cells)


def test_a_second_table_cannot_undo_the_first() -> None:
    """The profile by form is made after the table by year is out, and shares its totals."""
    year, form = Dimension("year", ("2024", "2025")), Dimension("form", ("s", "l"))
    by_year = Table.from_counts((year,), {("2024",): 3, ("2025",): 40})
    by_form = Table.from_counts((form,), {("s",): 2, ("l",): 41})
    first = protect(by_year).tables[0]
    both = protect_linked([by_year, by_form], before=[first])
    assert dict(both.tables[0].cells) == dict(first.cells)
    assert not breaches(both.tables, both.primary, both.rule)


def test_what_gives_too_much_away_is_refused() -> None:
    table = made((2,), [3, 40])
    bare = Published(table.dimensions, {at: None if n == 3 else n for at, n in table.cells.items()})
    with pytest.raises(Unprotectable):
        protect_linked([table], before=[bare])


def test_a_table_of_overlapping_groups_alone_has_no_sums_and_is_protected_all_the_same() -> None:
    """No category adds up to another here, so no equality holds; the optimum is the small cells and nothing else."""
    groups = Dimension("form", ("a", "b", "c"), overlapping=True)
    table = Table.from_counts((groups,), {("a",): 3, ("b",): 40, ("c",): 25, (TOTAL,): 60})
    shown = protect(table, Rule(5), method="optimal").tables[0]
    assert shown.cells[("a",)] is None
    assert shown.cells[("b",)] == 40


def test_margins_are_kept_before_cells_of_the_middle() -> None:
    """Large totals over all years, by sex and by age, stay readable; the attacker learns no more than before."""
    years, sexes, ages = (
        tuple(f"{what}{n}" for n in range(size)) for what, size in (("y", 6), ("s", 4), ("a", 3))
    )
    dimensions = (Dimension("year", years), Dimension("sex", sexes), Dimension("age", ages))
    share = {"s0": 60, "s1": 30, "s2": 2, "s3": 1}
    hidden: dict[str, list[int]] = {"log": [], "margins": []}
    for seed in range(4):
        rng = np.random.default_rng(seed)
        counts = {
            (y, s, a): int(rng.poisson(share[s] * (0.7, 0.3, 0.03)[place]))
            for y in years
            for s in sexes
            for place, a in enumerate(ages)
        }
        table = Table.from_counts(dimensions, counts)
        for cost, found in hidden.items():
            result = protect(table, cost=cost)
            (shown,) = result.tables
            assert breaches([shown], result.primary, Rule()) == []
            margins = [(TOTAL, s, TOTAL) for s in sexes] + [(TOTAL, TOTAL, a) for a in ages]
            found += [table.cells[at] for at in margins if shown.cells[at] is None]
    assert 4 * sum(hidden["margins"]) < sum(hidden["log"]), "persons whom no margin shows"
