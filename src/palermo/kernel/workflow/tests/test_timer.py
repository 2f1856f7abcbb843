"""What happens by itself happens once, in its time, for each object apart; and everybody is reminded once."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict, DomainError
from palermo.kernel.workflow import actions, queries, timer
from palermo.kernel.workflow.models import Deadline, Reminder, Transition
from palermo.kernel.workflow.tests.ticket import TICKETS, Ticket, new_ticket, ticket_table

DAY = timedelta(days=1)

pytestmark = pytest.mark.usefixtures("engine_alone")


@pytest.fixture(scope="module", autouse=True)
def _table(cluster: Any, django_db_setup: None) -> Iterator[None]:
    with ticket_table(cluster):
        yield


@pytest.fixture(autouse=True)
def _rooms_are_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timer, "model_of", lambda machine, kind: TICKETS[machine])
    monkeypatch.setattr(timer, "load_rules", lambda: None)
    monkeypatch.setattr(actions, "refusal", lambda *args: "")
    monkeypatch.setattr(actions, "effect_of", lambda *args: lambda *given: None)


def standing(person: Any, machine: str, state: str, **values: Any) -> Ticket:
    """A ticket in that state with its clocks running."""
    ticket = new_ticket(person, machine=machine, state=state, **values)
    with acting(person.viewer):
        actions.reckon(actor=person.viewer, obj=ticket)
    return ticket


def make_due(ticket: Ticket, ago: timedelta = DAY, **which: Any) -> None:
    """As if the clocks of the ticket had begun so much earlier that they are over since `ago`."""
    with acting(Viewer.operator()):
        for d in Deadline.objects.filter(object_id=ticket.pk, met_at=None, cancelled_at=None, **which):
            shift = d.due_at - (timezone.now() - ago)
            Deadline.objects.filter(pk=d.pk).update(
                started_at=d.started_at - shift, base_at=d.base_at - shift, due_at=d.due_at - shift,
                next_at=d.due_at - shift,
            )  # fmt: skip


def now_is(person: Any, ticket: Ticket) -> str:
    with acting(person.viewer):
        return str(Ticket.objects.get(pk=ticket.pk).state)


def events(person: Any, ticket: Ticket) -> list[str]:
    with acting(person.viewer):
        rows = Transition.objects.filter(object_id=ticket.pk).order_by("object_version")
        return list(rows.values_list("event", flat=True))


def test_what_is_over_expires_once(people: Any) -> None:
    late, fresh = (standing(people.case_worker, "referral", "sent") for _ in range(2))
    assert timer.run() == timer.Tally()
    make_due(late, fires=True)
    assert timer.run().fired == 1
    assert (now_is(people.case_worker, late), now_is(people.case_worker, fresh)) == ("expired", "sent")
    assert timer.run() == timer.Tally()
    assert events(people.case_worker, late) == ["expire"]
    with acting(people.case_worker.viewer):
        row = Transition.objects.get(object_id=late.pk)
        assert (row.actor_id, row.actor_kind) == (None, "operator")
        assert not Deadline.objects.filter(object_id=late.pk, met_at=None, cancelled_at=None).exists()


def test_nobody_lets_it_happen_before_its_time(people: Any) -> None:
    ticket = standing(people.competent_authority, "identification", "recovery", child=False)
    with acting(people.competent_authority.viewer) as viewer, pytest.raises(Conflict, match=r"from .* on"):
        actions.transition(actor=viewer, obj=ticket, event="end_period", expected_version=1)
    with acting(Viewer.operator()) as system, pytest.raises(Conflict):
        actions.transition(actor=system, obj=ticket, event="end_period", expected_version=1)


def test_one_failing_object_does_not_stop_the_others(
    people: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tickets = [standing(people.case_worker, "referral", "sent") for _ in range(3)]
    for ticket in tickets:
        make_due(ticket, fires=True)
    bad = tickets[1].pk

    def effect(obj: Any, actor: Any, inputs: Any) -> None:
        if obj.pk == bad:
            raise RuntimeError("Lina wrote this")

    monkeypatch.setattr(actions, "effect_of", lambda *args: effect)
    tally = timer.run()
    assert (tally.fired, tally.failed) == (2, 1)
    assert [now_is(people.case_worker, t) for t in tickets] == ["expired", "sent", "expired"]
    assert "Lina" not in caplog.text
    assert timer.run() == timer.Tally()  # It waits for its next turn.
    monkeypatch.setattr(actions, "effect_of", lambda *args: lambda *given: None)
    with acting(Viewer.operator()):
        Deadline.objects.filter(object_id=bad, fires=True).update(next_at=timezone.now() - DAY)
    assert timer.run().fired == 1


def test_killed_between_batches_and_begun_again(people: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    tickets = [standing(people.case_worker, "referral", "sent") for _ in range(5)]
    for ticket in tickets:
        make_due(ticket, fires=True)
    monkeypatch.setattr(timer, "BATCH", 2)
    one, seen = timer._one, list[UUID]()

    def killed(pk: UUID, tally: timer.Tally) -> None:
        if len(seen) == 3:
            raise KeyboardInterrupt
        seen.append(pk)
        one(pk, tally)

    monkeypatch.setattr(timer, "_one", killed)
    with pytest.raises(KeyboardInterrupt):
        timer.run()
    assert sorted(now_is(people.case_worker, t) for t in tickets) == ["expired"] * 3 + ["sent"] * 2
    monkeypatch.setattr(timer, "_one", one)
    assert timer.run().fired == 2
    assert [events(people.case_worker, t) for t in tickets] == [["expire"]] * 5


def test_one_reminder_for_a_deadline_and_level(people: Any) -> None:
    both = [people.case_worker, people.supervisor]
    ticket = new_ticket(*both, risk="low")
    make_due(ticket, ago=timedelta(0), rule="case_owner")
    with acting(Viewer.operator()):
        Deadline.objects.filter(object_id=ticket.pk, rule="intake_checklist").update(next_at=None)
    assert timer.run().reminded == 2  # soon, due
    assert timer.run().reminded == 0
    with acting(people.supervisor.viewer) as viewer:
        told = [t for t in queries.reminders(viewer) if t.object_id == ticket.pk]
        assert [(t.rule, t.level, t.label) for t in told] == [("case_owner", "due", "Accept the case")]
    with acting(people.case_worker.viewer) as viewer:
        assert [t for t in queries.reminders(viewer) if t.object_id == ticket.pk] == []
    make_due(ticket, ago=timedelta(hours=7), rule="case_owner")
    assert timer.run().reminded == 2  # supervisor, coordinator
    assert timer.run() == timer.Tally()
    with acting(people.coordinator.viewer) as viewer:
        assert queries.reminders(viewer) == []
        counted = {c.rule: c.running for c in queries.escalated(viewer)}
        assert counted["case_owner"] >= 1
    with acting(people.other_worker.viewer) as viewer:
        assert queries.reminders(viewer) == []
        assert Reminder.objects.filter(object_id=ticket.pk).count() == 0
    with acting(Viewer.operator()):
        row = Reminder.objects.filter(object_id=ticket.pk).first()
        assert row is not None
        row.pk = uuid4()
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)
    with acting(people.supervisor.viewer) as viewer:
        actions.transition(actor=viewer, obj=ticket, event="accept", expected_version=1)
        assert [t for t in queries.reminders(viewer) if t.object_id == ticket.pk] == []


def test_a_message_says_nothing(people: Any) -> None:
    texts = {queries.notification(level) for level in ("soon", "due", "supervisor", "coordinator")}
    assert len(texts) == 3
    assert not any(word in text.lower() for text in texts for word in ("case", "victim", "referral", "child"))


@pytest.mark.django_db(transaction=True)
def test_the_timer_and_a_person_cannot_both_win(people: Any) -> None:
    for _round in range(3):
        ticket = standing(people.case_worker, "referral", "sent")
        make_due(ticket, fires=True)
        gate, outcomes = threading.Barrier(3), list[str]()

        def by_timer(gate: threading.Barrier = gate, outcomes: list[str] = outcomes) -> None:
            gate.wait(timeout=20)
            outcomes.extend(["expired"] * timer.run().fired)
            connection.close()

        def by_person(
            ticket: Ticket = ticket, gate: threading.Barrier = gate, outcomes: list[str] = outcomes
        ) -> None:
            try:
                gate.wait(timeout=20)
                with acting(people.case_worker.viewer) as viewer:
                    mine = TICKETS["referral"](pk=ticket.pk)
                    actions.transition(actor=viewer, obj=mine, event="acknowledge", expected_version=1)
                outcomes.append("received")
            except DomainError:
                pass
            finally:
                connection.close()

        threads = [threading.Thread(target=f) for f in (by_timer, by_timer, by_person)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert outcomes == [now_is(people.case_worker, ticket)]
        assert len(events(people.case_worker, ticket)) == 1


def test_the_worker_may_do_what_the_timer_does_and_no_more(cluster: Any, db: None) -> None:
    may = "SELECT has_table_privilege('palermo_job', %s, %s)"
    with psycopg.connect(cluster.dsn("palermo_owner")) as owner:
        for table, allowed, never in [
            ("workflow_deadline", "SELECT INSERT UPDATE", "DELETE"),
            ("workflow_origin", "SELECT INSERT UPDATE", "DELETE"),
            ("workflow_transition", "SELECT INSERT", "UPDATE DELETE"),
            ("workflow_reminder", "SELECT INSERT", "UPDATE DELETE"),
        ]:
            for right in allowed.split():
                assert owner.execute(may, [table, right]).fetchone() == (True,), (table, right)
            for right in never.split():
                assert owner.execute(may, [table, right]).fetchone() == (False,), (table, right)


@pytest.mark.django_db(transaction=True)
def test_two_timers_at_once_remind_once(people: Any) -> None:
    tickets = [new_ticket(people.case_worker, risk="low") for _ in range(4)]
    for ticket in tickets:
        make_due(ticket, ago=timedelta(days=40))
    gate, tallies = threading.Barrier(3), list[timer.Tally]()

    def tick() -> None:
        gate.wait(timeout=20)
        tallies.append(timer.run())
        connection.close()

    threads = [threading.Thread(target=tick) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sum(t.failed for t in tallies) == 0
    with acting(Viewer.operator()):
        rows = Reminder.objects.filter(object_id__in=[t.pk for t in tickets])
        assert rows.count() == sum(t.reminded for t in tallies) == 4 * 2 * 4  # tickets x limits x levels
