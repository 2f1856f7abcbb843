"""A transition is locked, checked, written down, has its deadlines, and is all or nothing."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.kernel.errors import Conflict, NotFound, Refused, Stale
from palermo.kernel.workflow import actions, queries
from palermo.kernel.workflow.actions import begin, transition
from palermo.kernel.workflow.clocks import country
from palermo.kernel.workflow.models import Deadline, Transition
from palermo.kernel.workflow.tests.ticket import Ticket, new_ticket, ticket_table
from palermo.standards.workdays import working_days_between
from palermo.standards.workflows import machine

STATED = {"agreed": True, "outcome": "x", "handed_over": True, "exit_assessed": True, "consented": True}


@pytest.fixture(scope="module", autouse=True)
def _table(cluster: Any, django_db_setup: None) -> Iterator[None]:
    with ticket_table(cluster):
        yield


def move(
    person: Any, ticket: Ticket, event: str, version: int | None = None, reason: str = "because"
) -> Transition:
    with acting(person.viewer):
        return transition(
            actor=person.viewer, obj=ticket, event=event, inputs=STATED, reason=reason,
            expected_version=ticket.version if version is None else version,
        )  # fmt: skip


def running(person: Any, ticket: Ticket) -> dict[str, Deadline]:
    with acting(person.viewer):
        return {
            d.rule: d for d in Deadline.objects.filter(object_id=ticket.pk, met_at=None, cancelled_at=None)
        }


def test_a_change_of_state_is_written_down_once_and_completely(people: Any) -> None:
    ticket = new_ticket(people.supervisor)
    assert (ticket.state, ticket.version) == ("intake", 1)
    row = move(people.supervisor, ticket, "accept")
    assert (ticket.state, ticket.version) == ("assessment", 2)
    assert (row.from_state, row.to_state, row.event, row.reason) == (
        "intake",
        "assessment",
        "accept",
        "because",
    )
    assert (row.actor_id, row.machine, row.machine_version, row.object_version) == (
        people.supervisor.pk,
        "case",
        machine("case").version,
        2,
    )
    with acting(people.supervisor.viewer):
        assert [t.event for t in queries.history(people.supervisor.viewer, ticket)] == ["accept", "begin"]
        stored = Ticket.objects.get(pk=ticket.pk)
    assert (stored.state, stored.version) == ("assessment", 2)


def test_the_audit_tells_of_it(people: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[dict[str, Any]] = []
    ticket = new_ticket(people.supervisor)
    monkeypatch.setattr(actions, "record", lambda **entry: told.append(entry))
    move(people.supervisor, ticket, "accept", reason="Lina needs it")
    assert [t["action"] for t in told] == ["workflow.transition"]
    assert told[0]["detail"]["to"] == "assessment"
    assert "Lina" not in repr(told)


def test_a_failing_audit_leaves_nothing_behind(people: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = new_ticket(people.supervisor)

    def fail(**entry: Any) -> None:
        raise RuntimeError("the audit is broken")

    monkeypatch.setattr(actions, "record", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        move(people.supervisor, ticket, "accept")
    with acting(people.supervisor.viewer):
        assert Ticket.objects.get(pk=ticket.pk).state == "intake"
        assert Transition.objects.filter(object_id=ticket.pk).count() == 1
    assert set(running(people.supervisor, ticket)) == {"intake_checklist", "case_owner"}


def test_stale_version_is_refused_before_anything_else(people: Any) -> None:
    ticket = new_ticket(people.supervisor)
    move(people.supervisor, ticket, "accept")
    with pytest.raises(Stale) as caught:
        move(people.supervisor, ticket, "accept", version=1)
    assert caught.value.theirs == {"state": "assessment", "version": 2}


def test_illegal_event_is_a_conflict_that_names_the_state(people: Any) -> None:
    ticket = new_ticket(people.supervisor)
    for event in ("approve_closure", "no_such_event"):
        with pytest.raises(Conflict) as caught:
            move(people.supervisor, ticket, event)
        assert caught.value.state == "intake"
        assert "Intake" in caught.value.message
    assert ticket.version == 1


def test_wrong_role_is_refused(people: Any) -> None:
    ticket = new_ticket(people.case_worker)
    with pytest.raises(Refused):
        move(people.case_worker, ticket, "accept")


def test_the_author_of_a_plan_does_not_approve_it(people: Any) -> None:
    both = [people.case_worker, people.supervisor]
    ticket = new_ticket(*both)
    move(people.supervisor, ticket, "accept")
    move(people.case_worker, ticket, "complete_assessment")
    author_promoted = replace(
        people.case_worker, viewer=replace(people.case_worker.viewer, roles=frozenset({"supervisor"}))
    )
    with pytest.raises(Refused, match="second person"):
        move(author_promoted, ticket, "approve_plan")
    with acting(people.supervisor.viewer):
        assert "approve_plan" in {e.code for e in queries.available(people.supervisor.viewer, ticket)}
        assert "approve_plan" not in {e.code for e in queries.available(author_promoted.viewer, ticket)}
    move(people.supervisor, ticket, "approve_plan")
    assert ticket.state == "active"


def test_begin_happens_once_and_only_in_the_first_state(people: Any) -> None:
    ticket = new_ticket(people.case_worker)
    with acting(people.case_worker.viewer), pytest.raises(Conflict):
        begin(actor=people.case_worker.viewer, obj=ticket)
    with acting(people.analyst.viewer), pytest.raises(Refused):
        begin(actor=people.analyst.viewer, obj=Ticket())


def test_what_is_not_there_is_not_found(people: Any) -> None:
    with pytest.raises(NotFound):
        move(people.supervisor, Ticket(state="intake"), "accept")


def test_every_event_of_the_case_can_really_happen(people: Any) -> None:
    doers = {"first_responder": people.first_responder, "case_manager": people.case_worker,
             "supervisor": people.supervisor}  # fmt: skip
    for event in machine("case").events:
        if event.code == "transfer":
            continue  # Only through a transfer: see test_a_case_is_transferred_by_an_accepted_transfer.
        role = sorted(event.actors)[0]
        for state in event.sources:
            ticket = new_ticket(doers[role], state=state)
            move(doers[role], ticket, event.code)
            assert ticket.state == event.to


# Deadlines


def test_deadlines_follow_the_state(people: Any) -> None:
    worker, boss = people.case_worker, people.supervisor
    ticket = new_ticket(worker, boss, risk="high")
    first = running(worker, ticket)
    assert set(first) == {"intake_checklist", "case_owner_high"}
    limit = first["case_owner_high"]
    assert limit.due_at - limit.started_at == timedelta(hours=1)
    assert (limit.roles, limit.organisation_id) == (["supervisor"], worker.viewer.organisation_id)
    move(boss, ticket, "accept")
    assert set(running(worker, ticket)) == {"assessment_high"}
    with acting(worker.viewer):
        old = {d.rule: d for d in Deadline.objects.filter(object_id=ticket.pk)}
    assert old["case_owner_high"].met_at is not None
    assert old["intake_checklist"].cancelled_at is not None
    move(worker, ticket, "complete_assessment")
    move(boss, ticket, "approve_plan")
    before = running(worker, ticket)["review_high"]
    move(worker, ticket, "review")
    again = running(worker, ticket)["review_high"]
    assert again.pk != before.pk
    assert again.started_at > before.started_at
    move(worker, ticket, "propose_closure")
    move(boss, ticket, "approve_closure")
    assert running(worker, ticket) == {}


def test_a_loop_leaves_other_clocks_alone(people: Any) -> None:
    ticket = new_ticket(people.case_worker)
    before = running(people.case_worker, ticket)
    move(people.case_worker, ticket, "check_urgent_needs")
    after = running(people.case_worker, ticket)
    assert after["case_owner"].pk == before["case_owner"].pk
    assert after["intake_checklist"].pk != before["intake_checklist"].pk


def test_suspension_stops_the_clocks_and_return_lets_them_go_on(
    people: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, authority = people.case_worker, people.competent_authority
    ticket = new_ticket(worker, authority, machine="identification", state="presumed", child=False)
    monkeypatch.setattr(actions, "refusal", lambda *args: "")
    monkeypatch.setattr(actions, "effect_of", lambda *args: lambda *given: None)
    move(worker, ticket, "refer")
    before = running(worker, ticket)["rg_decision"]
    start = timezone.now()
    monkeypatch.setattr(actions.timezone, "now", lambda: start)
    move(authority, ticket, "missing")
    assert ticket.state == "suspended"
    assert running(worker, ticket)["rg_decision"].paused_at == start
    with acting(authority.viewer):
        assert [d for d in queries.due(authority.viewer) if d.object_id == ticket.pk] == []
    monkeypatch.setattr(actions.timezone, "now", lambda: start + timedelta(days=9))
    move(authority, ticket, "found")
    assert ticket.state == "referred"
    after = running(worker, ticket)["rg_decision"]
    assert (after.pk, after.paused_at) == (before.pk, None)
    # Working days that were left are left again: the days without work in between are not taken from them.
    calendar, days = country().calendar, [before.due_at.date(), after.due_at.date()]
    left = working_days_between(start.date(), days[0], calendar)
    assert left == working_days_between((start + timedelta(days=9)).date(), days[1], calendar)
    assert after.due_at.time() == before.due_at.time()


def test_asking_for_information_pauses_the_decision_but_not_the_answer(
    people: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, authority = people.case_worker, people.competent_authority
    ticket = new_ticket(worker, authority, machine="identification", state="presumed", child=False)
    monkeypatch.setattr(actions, "refusal", lambda *args: "")
    monkeypatch.setattr(actions, "effect_of", lambda *args: lambda *given: None)
    move(worker, ticket, "refer")
    move(authority, ticket, "request_info")
    clocks = running(worker, ticket)
    assert clocks["rg_decision"].paused_at is not None
    assert clocks["info_answer"].paused_at is None
    move(worker, ticket, "supply")
    clocks = running(worker, ticket)
    assert clocks["rg_decision"].paused_at is None
    assert "info_answer" not in clocks


# The walls, and who is told what


def test_a_stranger_sees_neither_history_nor_deadlines(people: Any) -> None:
    ticket = new_ticket(people.case_worker)
    with acting(people.other_worker.viewer):
        assert Transition.objects.filter(object_id=ticket.pk).count() == 0
        assert Deadline.objects.filter(object_id=ticket.pk).count() == 0
    with acting(people.administrator.viewer):
        assert Transition.objects.count() == 0


def test_history_cannot_be_changed_or_removed(people: Any) -> None:
    ticket = new_ticket(people.case_worker)
    with acting(people.case_worker.viewer):
        rows = Transition.objects.filter(object_id=ticket.pk)
        assert rows.count() == 1
        with pytest.raises(ProgrammingError), transaction.atomic():
            rows.update(reason="x")
        with pytest.raises(ProgrammingError), transaction.atomic():
            rows.delete()


def test_nobody_writes_history_for_what_he_does_not_hold(people: Any) -> None:
    ticket = new_ticket(people.case_worker)
    with acting(people.other_worker.viewer), pytest.raises(NotFound) as refused, transaction.atomic():
        transition(
            actor=people.other_worker.viewer, obj=ticket, event="check_urgent_needs", expected_version=1
        )
    assert isinstance(refused.value.__cause__, ProgrammingError)  # the walls said it, not the code


def test_due_is_what_one_holds_and_can_meet_and_the_coordinator_counts(people: Any) -> None:
    ticket = new_ticket(people.case_worker, people.supervisor)
    later = timezone.now() + timedelta(hours=4)
    with acting(people.supervisor.viewer):
        mine = [d for d in queries.due(people.supervisor.viewer, now=later) if d.object_id == ticket.pk]
        assert [(d.rule, d.event, d.overdue) for d in mine] == [("case_owner", "accept", True)]
        assert mine[0].label == "Accept the case"
        assert queries.rule_name("case_owner") == "Accept the case"
        assert queries.due(people.supervisor.viewer, object_kind="nothing") == []
    with acting(people.case_worker.viewer):
        rules = [d.rule for d in queries.due(people.case_worker.viewer) if d.object_id == ticket.pk]
        assert rules == ["intake_checklist"]
    with acting(people.other_worker.viewer):
        assert [d for d in queries.due(people.other_worker.viewer) if d.object_id == ticket.pk] == []
        assert queries.load(people.other_worker.viewer) == []
    with acting(people.coordinator.viewer):
        assert queries.due(people.coordinator.viewer) == []
        counted = {c.rule: c for c in queries.load(people.coordinator.viewer, now=later)}
    assert counted["case_owner"].overdue >= 1
    assert counted["intake_checklist"].running >= 1


def test_statements_say_what_a_page_must_ask() -> None:
    event = next(e for e in machine("case").events if e.code == "propose_closure")
    assert [s.key for s in queries.statements(event)] == ["outcome", "handed_over"]


# Two at once


@pytest.mark.django_db(transaction=True)
def test_two_at_once_cannot_both_win(people: Any) -> None:
    ticket = new_ticket(people.supervisor)
    gate = threading.Barrier(2)
    outcomes: list[str] = []

    def run() -> None:
        try:
            gate.wait(timeout=20)
            move(people.supervisor, Ticket(pk=ticket.pk), "accept", version=1)
            outcomes.append("won")
        except Stale:
            outcomes.append("stale")
        finally:
            connection.close()

    for _round in range(3):
        threads = [threading.Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert sorted(outcomes) == ["stale", "won"], outcomes
        outcomes.clear()
        ticket = new_ticket(people.supervisor)
