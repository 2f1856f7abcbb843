"""The database itself: who does not hold the event finds nobody, whatever the program asks."""

import uuid
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.kernel.errors import NotFound
from palermo.kernel.workflow.models import Transition
from palermo.rooms.encounters import actions, queries
from palermo.rooms.encounters.models import Migrant

TABLES = ("event", "migrant", "intake", "answers", "assessment", "familylink")


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM encounters_{table}")
        return int(cursor.fetchone()[0])


@pytest.fixture
def full(people: Any, event: Any, triaged: Any) -> Any:
    """An event with a row in every table."""
    with acting(people.case_worker.viewer) as viewer:
        row = triaged(4)
        actions.assess(actor=viewer, migrant=row, kind="return")
        actions.link_family(actor=viewer, event=event, one=2, other=3, relation="parent")
    return event


def test_only_holders_read(people: Any, full: Any) -> None:
    for member, sees in (
        (people.case_worker, True), (people.supervisor, True), (people.first_responder, True),
        (people.other_worker, False), (people.coordinator, False), (people.administrator, False),
        (people.competent_authority, False), (people.analyst, False),
    ):  # fmt: skip
        with acting(member.viewer):
            assert all((count(table) > 0) is sees for table in TABLES), member


def test_who_is_not_in_it_writes_nothing(people: Any, full: Any) -> None:
    with acting(people.other_worker.viewer) as viewer:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE encounters_migrant SET tag = 'X'")
            assert cursor.rowcount == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            Migrant.objects.create(
                event_id=full.pk, organisation_id=viewer.organisation_id, number=99, state="emergency"
            )
        with pytest.raises(NotFound):
            queries.event(viewer, full.pk)


def test_rounds_and_intakes_are_written_once(people: Any, full: Any) -> None:
    with acting(people.case_worker.viewer):
        for statement in (
            "UPDATE encounters_answers SET asylum = 'no'", "DELETE FROM encounters_answers",
            "UPDATE encounters_assessment SET found = '{}'", "DELETE FROM encounters_intake",
            "DELETE FROM encounters_migrant", "DELETE FROM encounters_event",
        ):  # fmt: skip
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)


def test_the_database_keeps_the_consulate_out(people: Any, full: Any) -> None:
    with acting(people.case_worker.viewer):
        row = Migrant.objects.get(number=5)
        for values in (
            {"asylum": "yes"},
            {"consulate_blocked_at": timezone.now(), "consulate_told_at": timezone.now()},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                Migrant.objects.filter(pk=row.pk).update(**values)


def test_a_share_opens_event_persons_and_history_and_its_end_closes_them(people: Any, full: Any) -> None:
    with acting(people.case_worker.viewer) as viewer:
        made = actions.share_event(
            actor=viewer, event=full, grantee_kind="organisation",
            grantee_id=people.other_organisation.pk, purpose="Shelter for the group",
        )  # fmt: skip
    with acting(people.other_worker.viewer) as viewer:
        assert count("migrant") == 6
        assert Transition.objects.filter(object_kind="migrant").count() >= 6
        actions.add_some(actor=viewer, event=full, number=2, key=uuid.uuid4())
    with acting(people.case_worker.viewer) as viewer:
        assert count("migrant") == 8
        late = Migrant.objects.get(number=8)
        assert Transition.objects.filter(object_id=late.pk).count() == 1
        actions.end_share(actor=viewer, event=full, grant_id=made)
    with acting(people.other_worker.viewer):
        assert count("migrant") == 0
        assert not Transition.objects.filter(object_kind="migrant").exists()


def test_the_coordinator_counts_and_nobody_else_does(people: Any, full: Any) -> None:
    with acting(people.coordinator.viewer) as viewer:
        found = queries.figures(viewer)
        assert found.kinds == ("vessel",)
        # Two children and a few adults: too few to be told apart.
        assert found.cells["vessel", "child_alone"] is None
    with acting(people.case_worker.viewer), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM encounters_figures()")
        assert cursor.fetchone()[0] == 0
