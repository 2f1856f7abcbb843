"""The database itself keeps the register from those who may not see it, and lets cases in by one door only."""

import uuid
from datetime import date
from typing import Any

import numpy as np
import pytest
from django.db import DatabaseError, connection, transaction

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Invalid, Refused
from palermo.rooms.register import actions, queries
from palermo.rooms.register.models import Event, Person

TABLES = (
    "register_person", "register_event", "register_cell", "register_sourcelist", "register_provenance",
    "register_suspect", "register_justiceevent", "register_charge", "register_withdrawal",
    "register_correction", "imports_importrun",
)  # fmt: skip


@pytest.fixture
def filled(people: Any) -> Any:
    actions.demo_register(np.random.default_rng(3), 60)
    with acting(Viewer.operator()):
        actions.record_stage(
            actor=Viewer.operator(), source="courts", source_id="7", stage="convicted", on=date(2024, 5, 1)
        )
    return people


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def test_raw_sql_gives_a_stranger_nothing(filled: Any) -> None:
    for who in (filled.stranger, filled.case_worker, filled.administrator, filled.prosecutor):
        with acting(who.viewer):
            assert {table: count(table) for table in TABLES} == dict.fromkeys(TABLES, 0)
    assert count("register_person") == 0, "without any context there is nothing either"
    with acting(filled.coordinator.viewer):
        assert count("register_person") == 60
        assert count("register_cell") > 0
        assert count("register_justiceevent") == 1
    with acting(filled.analyst.viewer):
        assert (count("register_person"), count("register_event")) == (0, 0), (
            "an analyst counts, and reads no row"
        )
        assert count("register_cell") > 0


def test_raw_sql_of_a_reader_changes_nothing(filled: Any) -> None:
    with acting(filled.coordinator.viewer), connection.cursor() as cursor:
        cursor.execute("UPDATE register_person SET sex = 'male'")
        assert cursor.rowcount == 0
        cursor.execute("DELETE FROM register_person")
        assert cursor.rowcount == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("UPDATE register_cell SET persons = 0")
    with (
        acting(Viewer.operator()),
        connection.cursor() as cursor,
        pytest.raises(DatabaseError),
        transaction.atomic(),
    ):
        cursor.execute("INSERT INTO register_cell (source_list_id, persons) VALUES (1, 1)")


def test_a_case_feeds_the_register_and_cannot_read_it(people: Any) -> None:
    key = actions.pseudonym(uuid.uuid4())
    worker = people.case_worker.viewer
    with acting(worker):
        assert actions.record_case_event(
            actor=worker, pseudonym=key, kind="presumed", on=date(2025, 3, 4),
            attributes={"sex": "female", "age_group": "adult", "crime": "tip", "citizenship": "XPA",
                        "form": {"sexual_exploitation": True, "begging": False}},
        )  # fmt: skip
        assert not actions.record_case_event(
            actor=worker, pseudonym=key, kind="presumed", on=date(2025, 3, 4)
        )
        assert actions.record_case_event(
            actor=worker,
            pseudonym=key,
            kind="identified",
            on=date(2025, 6, 1),
            attributes={"form": {"begging": True}},
        )
        assert count("register_person") == 0
    reader = people.coordinator.viewer
    with acting(reader):
        found = Person.objects.get()
        assert (found.status, found.sex, found.year) == ("identified", "female", 2025)
        assert found.answers("form") == {"sexual_exploitation": True, "begging": True}
        assert list(Event.objects.order_by("on").values_list("kind", flat=True)) == ["presumed", "identified"]
        assert bytes(found.source_key) == key
        assert queries.tally(reader, ["status", "year"]) == [
            {"status": "identified", "year": 2025, "count": 1}
        ]
        assert queries.drift(reader) == []


def test_those_who_do_not_work_on_cases_cannot_feed_the_register(people: Any) -> None:
    key = actions.pseudonym(uuid.uuid4())
    for who in (people.analyst.viewer, people.stranger.viewer):
        with acting(who):
            with pytest.raises(Refused):
                actions.record_case_event(actor=who, pseudonym=key, kind="presumed", on=date(2025, 3, 4))
            with connection.cursor() as cursor, pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(
                    "SELECT register_case_event(%s, 'presumed', '2025-03-04', 'day', '{}', %s)",
                    [key, b"0" * 32],
                )


def test_attributes_that_the_register_does_not_know_are_all_named(people: Any) -> None:
    viewer = people.case_worker.viewer
    with acting(viewer), pytest.raises(Invalid) as caught:
        actions.record_case_event(
            actor=viewer, pseudonym=b"0" * 16, kind="eaten", on=date(2025, 3, 4),
            attributes={"family_name": "Somebody", "form": {"piracy": True}, "sex": "Somebody", "area": "a b"},
        )  # fmt: skip
    assert {problem.field for problem in caught.value.problems} == {
        "kind",
        "family_name",
        "form",
        "sex",
        "area",
    }
    assert "Somebody" not in str(caught.value.problems)


def test_an_age_band_is_kept_and_its_group_follows(people: Any) -> None:
    viewer = people.case_worker.viewer
    with acting(viewer):
        actions.record_case_event(
            actor=viewer,
            pseudonym=b"0" * 16,
            kind="presumed",
            on=date(2025, 3, 4),
            attributes={"age_group": "9-17"},
        )
    with acting(people.coordinator.viewer):
        assert Person.objects.values_list("age_band", "age_group").get() == ("9-17", "child")


def test_the_pseudonym_is_stable_and_keyed() -> None:
    one, two = uuid.uuid4(), uuid.uuid4()
    assert actions.pseudonym(one) == actions.pseudonym(one) != actions.pseudonym(two)
    assert len(actions.pseudonym(one)) == 16
    assert one.bytes[:8] not in actions.pseudonym(one)


FORGED = "SELECT register_case_event(%s, %s, %s, 'day', %s, %s)"


def test_injected_sql_feeds_nobody_and_changes_nobody(people: Any) -> None:
    """A case role that runs its own SQL, without the application, in its own or a borrowed context."""
    worker, other = people.case_worker.viewer, people.other_worker.viewer
    theirs = actions.pseudonym(uuid.uuid4())
    with acting(worker):
        actions.record_case_event(
            actor=worker, pseudonym=theirs, kind="presumed", on=date(2025, 3, 4), attributes={"sex": "female"}
        )
        good = actions.cases.signature(theirs, "feed", "identified", "2025-06-01", "day", "{}")
    with acting(other), connection.cursor() as cursor:
        for proof in (None, b"", b"0" * 32, good):
            for call in (FORGED, "SELECT register_withdraw_case(%s, 'consent', %s)"):
                values = (
                    [theirs, "identified", date(2025, 6, 1), "{}", proof]
                    if call == FORGED
                    else [theirs, proof]
                )
                with pytest.raises(DatabaseError, match="not made by the application"), transaction.atomic():
                    cursor.execute(call, values)
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("SELECT access_proof('register')")
        for closed in ("register_admit(%s, '', '')", "register_take_out(1::smallint, %s, 'consent')"):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                cursor.execute(f"SELECT {closed}", [theirs])
    with acting(people.coordinator.viewer):
        assert Event.objects.values_list("kind", flat=True).get() == "presumed"
        assert Person.objects.values_list("sex", "status").get() == ("female", "presumed")


def test_a_proof_is_for_one_call_only(people: Any) -> None:
    worker = people.case_worker.viewer
    one, two = actions.pseudonym(uuid.uuid4()), actions.pseudonym(uuid.uuid4())
    with acting(worker), connection.cursor() as cursor:
        proof = actions.cases.signature(one, "feed", "presumed", "2025-03-04", "day", "{}")
        cursor.execute(FORGED, [one, "presumed", date(2025, 3, 4), "{}", proof])
        for changed in (
            [two, "presumed", date(2025, 3, 4), "{}", proof],
            [one, "identified", date(2025, 3, 4), "{}", proof],
            [one, "presumed", date(2025, 3, 5), "{}", proof],
            [one, "presumed", date(2025, 3, 4), '{"sex": "male"}', proof],
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(FORGED, changed)
