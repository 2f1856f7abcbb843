"""The score of a list and what it is made of, counted by hand on records that are in no database."""

import uuid
from datetime import UTC, date, datetime
from typing import Any

import pytest

from palermo.linkage.people import FIELDS
from palermo.rooms.reconciliation.models import Listed
from palermo.rooms.reconciliation.queries.quality import PARTS, WEIGHTS, again, parts, score

EVERYTHING = (1 << len(FIELDS)) - 1


def row(
    code: str, recorded: date | None, *, filled: int = EVERYTHING, late: int = 0, faults: Any = ()
) -> Listed:
    day = recorded or date(2024, 1, 1)
    arrived = datetime(day.year, day.month, day.day, tzinfo=UTC).fromordinal(day.toordinal() + late)
    return Listed(
        id=uuid.uuid4(), code=code, recorded_on=recorded, filled=filled, faults=list(faults),
        received_at=arrived.replace(tzinfo=UTC),
    )  # fmt: skip


def test_weights_add_up() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1)
    assert sum(PARTS) == pytest.approx(1)


def test_a_list_without_a_fault_has_a_hundred() -> None:
    rows = [row(f"L{n}", date(2024, 1, n)) for n in range(1, 6)]
    assert (parts(rows, 0.0), score(rows, 0.0)) == ((100, 100, 100, 100), 100)


def test_each_part_counts_what_it_says() -> None:
    names = 1 << FIELDS.index("given_name") | 1 << FIELDS.index("family_name")
    rows = [
        row("L1", date(2024, 1, 1)),
        row("L2", date(2024, 1, 2), late=31),
        row("L3", None, filled=names),
        row("L4", date(2024, 1, 4), faults=["no_name"]),
    ]
    # 3 of 4 rows hold everything, the fourth two names of weight 0.35; 3 are plausible, 2 prompt, 1 stands twice.
    assert parts(rows, 0.25) == (84, 75, 50, 75)
    assert score(rows, 0.25) == round(0.5 * 83.75 + 0.2 * 75 + 0.2 * 50 + 0.1 * 75)


def test_the_later_record_of_a_person_is_the_one_too_many() -> None:
    rows = [
        row("L1", date(2024, 5, 1)),
        row("L2", date(2023, 5, 1)),
        row("L3", date(2025, 5, 1)),
        row("L4", None),
    ]
    person, other = uuid.uuid4(), uuid.uuid4()
    stands = {rows[0].pk: person, rows[1].pk: person, rows[2].pk: other}
    assert again(rows, stands) == {rows[0].pk}
    assert again(rows, {}) == set()
