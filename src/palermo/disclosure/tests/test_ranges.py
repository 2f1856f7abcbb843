"""The short ways of the attack find what the long way finds: two programmes from the beginning for every cell."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import csr_array

from palermo.disclosure import Published, Rule, attack_editions, found_out
from palermo.disclosure.attack import Block, blocks, intervals
from palermo.disclosure.editions import joined
from palermo.disclosure.programme import UNBOUNDED, Contradiction, Programme
from palermo.disclosure.ranges import Ranges, outer
from palermo.disclosure.system import System
from palermo.disclosure.tables import TOTAL
from palermo.disclosure.tests.tables import made

RULE = Rule(5)
COUNTS = st.lists(st.integers(0, 9), min_size=9, max_size=9)
PLACES = st.sets(st.integers(0, 15), max_size=12)
MORE = st.lists(st.sampled_from([0, 0, 0, 1, 4]), min_size=9, max_size=9)


def two_editions(counts: list[int], more: list[int], places: list[set[int]]) -> list[list[Published]]:
    editions = []
    later = [n + added for n, added in zip(counts, more, strict=True)]
    for values, hidden in zip((counts, later), places, strict=True):
        table = made((3, 3), values)
        cells = {at: None if number in hidden else n for number, (at, n) in enumerate(table.cells.items())}
        editions.append([Published(table.dimensions, cells)])
    return editions


def by_the_long_way(block: Block, cell: int) -> tuple[float, float]:
    """Without our own programme: scipy's, from the beginning each time."""
    found = []
    for sign in (1.0, -1.0):
        objective = np.zeros(len(block.columns))
        objective[cell] = sign
        answer = linprog(
            objective,
            A_eq=block.equal if len(block.right) else None, b_eq=block.right if len(block.right) else None,
            A_ub=block.atmost if len(block.ceiling) else None, b_ub=block.ceiling if len(block.ceiling) else None,
            bounds=np.column_stack([block.floor, block.top]), method="highs-ds",
        )  # fmt: skip
        found.append(sign * answer.fun)
    low, high = found
    return low, float("inf") if high > UNBOUNDED / 2 else high


@settings(max_examples=80, deadline=None)
@given(COUNTS, MORE, st.lists(PLACES, min_size=2, max_size=2))
def test_every_interval_is_that_of_the_long_way(
    counts: list[int], more: list[int], places: list[set[int]]
) -> None:
    system = joined(two_editions(counts, more, places))
    told = {bound.cell: (bound.low, bound.high) for bound in intervals(system)}
    for block in blocks(system):
        low, high = outer(block)
        for inside, place in enumerate(block.columns):
            long = by_the_long_way(block, inside)
            assert told[system.keys[place]] == pytest.approx(long, abs=1e-5)
            assert low[inside] <= long[0] + 1e-5
            assert high[inside] >= min(long[1], UNBOUNDED) - 1e-5


@settings(max_examples=80, deadline=None)
@given(COUNTS, MORE, st.lists(PLACES, min_size=2, max_size=2))
def test_rough_bounds_find_the_same_cells(counts: list[int], more: list[int], places: list[set[int]]) -> None:
    editions = two_editions(counts, more, places)
    system = joined(editions)
    care = {key for key, value in zip(system.keys, system.values, strict=True) if np.isnan(value)}
    exact = {bound.cell: bound for bound in attack_editions(editions, care, RULE)}
    rough = {bound.cell: bound for bound in attack_editions(editions, care, RULE, exact=False)}
    assert rough.keys() == exact.keys()
    for key, bound in exact.items():
        assert rough[key].low <= bound.low + 1e-5
        assert rough[key].high >= bound.high - 1e-5


def hidden_block() -> Block:
    table = made((3, 3), [1, 2, 3, 4, 5, 6, 7, 8, 9])
    cells = {at: None if TOTAL not in at else n for at, n in table.cells.items()}
    assert None in cells.values()
    (block,) = blocks(joined([[Published(table.dimensions, cells)]]))
    return block


def test_one_programme_answers_many_questions_as_if_each_were_the_first() -> None:
    block = hidden_block()
    rng = np.random.default_rng(3)
    bounds = np.column_stack([block.floor, block.top])
    for _ in range(40):
        objective = rng.integers(-3, 4, len(block.columns)).astype(float)
        fresh = Programme(block.equal, block.right, block.atmost, block.ceiling, bounds).least(objective)
        again = block.programme.least(objective)
        assert objective @ again.point == pytest.approx(objective @ fresh.point, abs=1e-6)
        assert np.abs(block.equal @ again.point - block.right).max() < 1e-6


def test_a_programme_without_an_answer_says_so_and_says_so_again() -> None:
    block = hidden_block()
    beyond = Programme(
        block.equal, block.right, block.atmost, block.ceiling,
        np.column_stack([block.floor + 50, block.top]),
    )  # fmt: skip
    for _ in range(2):
        with pytest.raises(Contradiction):
            beyond.least(np.ones(len(block.columns)))


def test_a_table_that_reaches_the_outer_bound_saves_the_question(monkeypatch: pytest.MonkeyPatch) -> None:
    block = hidden_block()
    asked: list[int] = []
    real = Programme.least
    monkeypatch.setattr(Programme, "least", lambda self, objective: asked.append(1) or real(self, objective))
    ranges = Ranges(block)
    for inside in range(len(block.columns)):
        ranges.interval(inside)
    assert 0 < len(asked) < 2 * len(block.columns)


def test_bounds_without_end_stay_without_end() -> None:
    keys = tuple(("p", ((name, "x"),)) for name in "abc")
    system = System(keys, np.full(3, np.nan), csr_array([[1.0, -1.0, -1.0]]), csr_array((0, 3)))
    assert {bound.high for bound in intervals(system)} == {float("inf")}


def test_solving_writes_nothing_where_a_command_writes_its_answer() -> None:
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import numpy as np\nfrom scipy.sparse import csr_array\n"
            "from palermo.disclosure.programme import least\n"
            "row, none = csr_array([[-1.0]]), csr_array((0, 1))\n"
            "least(np.ones(1), none, np.zeros(0), row, np.array([-2.0]), np.array([[0.0, 9.0]]))",
        ],
        capture_output=True,
        check=True,
    )
    assert (told.stdout, told.stderr) == (b"", b"")


@settings(max_examples=80, deadline=None)
@given(COUNTS, MORE, st.lists(PLACES, min_size=2, max_size=2))
def test_what_everybody_finds_out_is_what_the_whole_attack_finds_below_the_threshold(
    counts: list[int], more: list[int], places: list[set[int]]
) -> None:
    editions = two_editions(counts, more, places)
    system = joined(editions)
    care = {key for key, value in zip(system.keys, system.values, strict=True) if np.isnan(value)}
    whole = {
        bound.cell: (bound.low, bound.high)
        for bound in attack_editions(editions, care, RULE)
        if RULE.low - 0.5 <= bound.high < RULE.threshold - 0.5
    }
    found = {bound.cell: (bound.low, bound.high) for bound in found_out(editions, RULE)}
    assert found.keys() == whole.keys()
    for key, bounds in whole.items():
        assert found[key] == pytest.approx(bounds, abs=1e-5)
