"""Many persons at once: written together, judged one by one, each with a line of its own."""

import time
import uuid
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from palermo.kernel.access.context import acting
from palermo.kernel.audit.models import Entry
from palermo.kernel.workflow.models import Deadline, Origin, Transition
from palermo.rooms.encounters import actions
from palermo.rooms.encounters.models import Answers, Event, Migrant
from palermo.rooms.encounters.tests.conftest import ALL_AID, NOTHING_PRESSES

PERSONS = 200
# Statements for one change of many, however many they are; a bound, with room for a guard that asks for itself.
STATEMENTS = 30
# The promise is five seconds for 200 on a quiet machine; this one is shared.
SECONDS = 10.0


def chosen(event: Event) -> dict[uuid.UUID, int]:
    return dict(Migrant.objects.filter(event_id=event.pk).values_list("pk", "version"))


def test_two_hundred_are_moved_together_with_few_statements(people: Any) -> None:
    with acting(people.case_worker.viewer) as viewer:
        event = actions.open_event(actor=viewer, kind="vessel", place="North pier")
        text = "\n".join(f"W{n:03};30;{'fm'[n % 2]};ar fr;;;" for n in range(1, PERSONS + 1))
        actions.add_lines(actor=viewer, event=event, text=text, key=uuid.uuid4())
        told = {"rights_told": True, "helpline_told": True}
        for change in (
            lambda: actions.aid_many(actor=viewer, event=event, chosen=chosen(event), given=ALL_AID),
            lambda: actions.move_many(actor=viewer, event=event, step="stabilise", chosen=chosen(event)),
            lambda: actions.answer_many(
                actor=viewer, event=event, chosen=chosen(event), answers=NOTHING_PRESSES
            ),
            lambda: actions.move_many(actor=viewer, event=event, step="screen", chosen=chosen(event)),
        ):
            began = time.monotonic()
            with CaptureQueriesContext(connection) as asked:
                moved = change()
            assert (moved.done, moved.refused) == (PERSONS, [])
            assert len(asked) <= STATEMENTS, len(asked)
            assert time.monotonic() - began < SECONDS
        done = actions.move_many(
            actor=viewer,
            event=event,
            step="no_need",
            chosen=chosen(event),
            inputs=told | {"consulate_told": True},
        )
        assert (done.done, done.refused) == (PERSONS, [])
        keys = list(chosen(event))
        assert (
            Migrant.objects.filter(pk__in=keys, state="informed", consulate_told_at__isnull=False).count()
            == PERSONS
        )
        assert Transition.objects.filter(object_id__in=keys, event="screen").count() == PERSONS
        assert Answers.objects.filter(migrant_id__in=keys).count() == PERSONS
        assert (
            Origin.objects.filter(object_id__in=keys, state="informed", came_from="triaged").count()
            == PERSONS
        )
        clocks = Deadline.objects.filter(object_id__in=keys)
        assert clocks.filter(rule="som_stabilise").exclude(met_at=None).count() == PERSONS
        assert not clocks.filter(met_at=None, cancelled_at=None).exists()
        entries = Entry.objects.filter(object_id__in=keys)
        assert entries.filter(action="encounters.migrant.answer").count() == PERSONS
        assert entries.filter(action="workflow.transition").count() == 3 * PERSONS


def test_who_cannot_go_on_is_named_and_nobody_else_waits(people: Any, event: Event) -> None:
    with acting(people.case_worker.viewer) as viewer:
        seen = chosen(event)
        first = Migrant.objects.get(event_id=event.pk, number=1)
        actions.give_aid(actor=viewer, migrant=first, given=ALL_AID, expected_version=first.version)
        stale = actions.aid_many(actor=viewer, event=event, chosen=seen, given=["food"])
        assert (stale.done, [n for n, _why in stale.refused]) == (5, [1])
        moved = actions.move_many(actor=viewer, event=event, step="stabilise", chosen=chosen(event))
        assert moved.done == 1
        assert [n for n, _why in moved.refused] == [2, 3, 4, 5, 6]
        assert all("First:" in why for _n, why in moved.refused)
        alone = actions.move_many(actor=viewer, event=event, step="screen", chosen=chosen(event))
        assert alone.done == 0
        assert Migrant.objects.get(pk=first.pk).state == "screening"
        # The version that was seen counts for each: nobody is moved by who looked too long ago.
        late = actions.move_many(actor=viewer, event=event, step="screen", chosen=seen)
        assert late.done == 0


def test_the_consulate_is_not_told_to_who_stays(people: Any, event: Event, triaged: Any) -> None:
    """A child is not only informed: the step is refused and nothing of it stays."""
    with acting(people.case_worker.viewer) as viewer:
        child = triaged(1)
        grown = triaged(5)
        told = {"rights_told": True, "helpline_told": True, "consulate_told": True}
        moved = actions.move_many(
            actor=viewer,
            event=event,
            step="no_need",
            chosen={child.pk: child.version, grown.pk: grown.version},
            inputs=told,
        )
        assert (moved.done, [n for n, _why in moved.refused]) == (1, [1])
        assert Migrant.objects.get(pk=child.pk).consulate_told_at is None
        assert Migrant.objects.get(pk=grown.pk).consulate_told_at is not None
