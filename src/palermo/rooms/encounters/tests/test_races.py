"""Real connections at once: a double tap adds nobody twice, and two who move the same people move them once."""

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from palermo.kernel.access.cast import make_cast
from palermo.kernel.access.context import acting
from palermo.kernel.errors import DomainError
from palermo.kernel.workflow.models import Transition
from palermo.rooms.encounters import actions
from palermo.rooms.encounters.models import Event, Migrant
from palermo.rooms.encounters.tests.conftest import ALL_AID, LINES


@pytest.fixture
def cast(transactional_db: None) -> Any:
    return make_cast()


def at_once(members: list[Any], act: Callable[[Any], Any]) -> list[Any]:
    """What each of several people at once got: the answer, or the refusal."""
    start, said = threading.Barrier(len(members)), []

    def one(member: Any) -> None:
        try:
            with acting(member.viewer) as viewer:
                start.wait(10)
                said.append(act(viewer))
        except DomainError as error:
            said.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=[member]) for member in members]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return said


def vessel(cast: Any) -> Event:
    with acting(cast.case_worker.viewer) as viewer:
        event = actions.open_event(actor=viewer, kind="vessel", place="North pier")
        actions.add_lines(actor=viewer, event=event, text=LINES, key=uuid.uuid4())
    return event


def test_two_taps_at_once_open_one_event_and_add_everybody_once(cast: Any) -> None:
    key, worker = uuid.uuid4(), cast.case_worker

    def both(viewer: Any) -> int:
        event = actions.open_event(actor=viewer, kind="vessel", place="North pier", event_id=key)
        return actions.add_lines(actor=viewer, event=event, text=LINES, key=key)

    assert at_once([worker, worker], both) == [6, 6]
    with acting(worker.viewer):
        assert (Event.objects.count(), Migrant.objects.count()) == (1, 6)


def test_two_forms_at_once_number_everybody_once(cast: Any) -> None:
    event = vessel(cast)
    told = at_once(
        [cast.case_worker, cast.first_responder],
        lambda viewer: actions.add_some(actor=viewer, event=event, number=20, key=uuid.uuid4()),
    )
    assert told == [20, 20]
    with acting(cast.case_worker.viewer):
        assert list(Migrant.objects.order_by("number").values_list("number", flat=True)) == list(range(1, 47))


def test_two_bulk_moves_at_once_move_each_person_once(cast: Any) -> None:
    event = vessel(cast)
    with acting(cast.case_worker.viewer) as viewer:
        chosen = dict(Migrant.objects.values_list("pk", "version"))
        actions.aid_many(actor=viewer, event=event, chosen=chosen, given=ALL_AID)
        chosen = dict(Migrant.objects.values_list("pk", "version"))

    told = at_once(
        [cast.case_worker, cast.first_responder],
        lambda viewer: actions.move_many(actor=viewer, event=event, step="stabilise", chosen=chosen),
    )
    assert sum(moved.done for moved in told) == 6
    assert sum(len(moved.refused) for moved in told) == 6
    with acting(cast.case_worker.viewer):
        assert Transition.objects.filter(object_kind="migrant", event="stabilise").count() == 6
