"""No two tables of one's own reveal a small count by their difference; without the protection they do."""

from collections import Counter

import numpy as np
import pytest

from palermo.disclosure import Published, Rule, Table, protect_linked
from palermo.rooms.statistics.queries import counting
from palermo.rooms.statistics.queries.differences import differences, questions
from palermo.rooms.statistics.queries.plan import AGES, AXES, FORMS, POPULATIONS, SEXES

PLAN = POPULATIONS["persons"]
PAIRS = 100_000
CODES = {
    "year": ("2023", "2024"), "sex": SEXES, "age": AGES, "status": AXES["status"].codes or (),
    "citizens": AXES["citizens"].codes or (), "source": ("hotline", "case_management"), "area": ("A", "B", "C"),
}  # fmt: skip


def tables(seed: int, persons: int) -> list[Table]:
    """The plan's tables of invented persons, built by the room's own functions."""
    rng = np.random.default_rng(seed)
    people = []
    for _number in range(persons):
        one = {
            name: codes[min(int(rng.geometric(0.55)) - 1, len(codes) - 1)] for name, codes in CODES.items()
        }
        one["citizenship"] = {"nationals": "XPA", "other_eu": "ROU", "others": "NGA"}.get(
            one["citizens"], "not_recorded"
        )
        one["form"] = tuple(form for form in FORMS[:3] if rng.random() < 0.4) or (FORMS[3],)  # type: ignore[assignment]
        people.append(one)
    made: list[Table] = []
    for names in PLAN.tables:
        found: Counter[tuple[str, ...]] = Counter()
        for one in people:
            for form in (*one["form"], "Total") if "form" in names else ("",):
                found[tuple(form if name == "form" else one[name] for name in names)] += 1
        made += counting._tables(PLAN.name, names, found, CODES["year"])
    return made


@pytest.fixture(scope="module")
def exact() -> list[Table]:
    return tables(3, 200)


def test_100_000_random_pairs_reveal_nothing(exact: list[Table]) -> None:
    shown = protect_linked(exact, Rule(5)).tables
    found = differences(shown, PLAN.name, PAIRS, np.random.default_rng(1), threshold=5)
    assert found.pairs == PAIRS
    assert found.differences > 1_000_000
    assert found.small == 0
    assert found.least >= 5


def test_the_control_without_secondary_cells_is_found(exact: list[Table]) -> None:
    """The same questions to tables in which only small counts are withheld: the test would see it."""
    open_ones = [
        Published(t.dimensions, {at: None if 0 < n < 5 else n for at, n in t.cells.items()}, t.population)
        for t in exact
    ]
    found = differences(open_ones, PLAN.name, 1_000, np.random.default_rng(1), threshold=5)
    assert found.small > 50


def test_every_choice_stands_in_one_table() -> None:
    for name, plan in POPULATIONS.items():
        assert questions(plan), name
        for by in questions(plan):
            assert plan.holding(frozenset(by)) is not None


def test_who_is_not_under_a_code_is_counted_too(exact: list[Table]) -> None:
    """The difference of the total and one form of exploitation is a count of its own, and is protected as one."""
    pairs = [
        t for t in exact if any(code.startswith("without:") for d in t.dimensions for code in d.categories)
    ]
    assert len(pairs) == len(FORMS)
    for table in pairs:
        form = table.dimensions[-1]
        for at, count in table.cells.items():
            if at[-1] == "Total":
                assert count == sum(table.cells[(*at[:-1], code)] for code in form.categories)
