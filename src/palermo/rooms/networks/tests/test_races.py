"""Two at once, on connections of their own: one wins, and nothing is half done."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from palermo.kernel.access.cast import make_cast
from palermo.kernel.access.context import acting
from palermo.kernel.errors import DomainError
from palermo.rooms.cases.models import Case
from palermo.rooms.networks import actions, queries
from palermo.rooms.networks.models import Member, Notification

from .conftest import founded, kept, sent

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], Any]) -> list[str]:
    """Run the calls at the same moment; "done" or the kind of refusal, in the order of the calls."""
    gate, said = threading.Barrier(len(calls)), [""] * len(calls)

    def run(number: int) -> None:
        try:
            gate.wait(20)
            calls[number]()
            said[number] = "done"
        except DomainError as error:
            said[number] = type(error).__name__
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[number]) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return said


def test_the_same_form_sent_twice_at_once_opens_one_case() -> None:
    people = make_cast()
    found = founded(people)
    draft = kept(found.inspector, found.network)

    def send() -> None:
        sent(found.inspector, found.network, people, draft)

    # Whoever comes while the other is at it is told so; who comes after gets the same notification.
    said = at_once(send, send)
    assert "done" in said
    assert set(said) <= {"done", "Conflict"}
    with acting(found.inspector.viewer):
        assert (Notification.objects.count(), Case.objects.count()) == (1, 1)


def test_two_colleagues_answer_at_once_and_one_is_told_of_the_other() -> None:
    people = make_cast()
    found = founded(people)
    row = sent(found.inspector, found.network, people)

    def answer(code: str) -> Callable[[], None]:
        def call() -> None:
            with acting(people.other_worker.viewer) as viewer:
                seen = queries.notification(viewer, row.pk)
                actions.answer(actor=viewer, row=seen, code=code, expected_version=1)

        return call

    assert sorted(at_once(answer("in_help"), answer("not_for_us"))) == ["Stale", "done"]
    with acting(found.inspector.viewer) as viewer:
        assert len(queries.told(viewer, queries.notification(viewer, row.pk))) == 1


def test_asking_and_being_invited_at_once_is_one_membership() -> None:
    people = make_cast()
    found = founded(people)

    def ask() -> None:
        with acting(found.second.viewer) as viewer:
            actions.ask_to_join(actor=viewer, network=found.network, organisation_id=found.house.pk)

    def invite() -> None:
        with acting(found.focal.viewer) as viewer:
            actions.invite(
                actor=viewer, network=found.network, user_id=found.second.pk, organisation_id=found.house.pk
            )

    assert sorted(at_once(ask, invite)) == ["Conflict", "done"]
    with acting(found.second.viewer):
        assert Member.objects.filter(user_id=found.second.pk).count() == 1
