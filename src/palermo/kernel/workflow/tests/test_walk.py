"""Every legal move of every machine really happens on a test model, and every guard really refuses."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import PERSON as A_PERSON
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict, Refused, Stale
from palermo.kernel.workflow import actions, rules
from palermo.kernel.workflow.models import Deadline, Origin, Transition
from palermo.kernel.workflow.moves import moves
from palermo.kernel.workflow.rules import GUARDS
from palermo.kernel.workflow.tests.ticket import TICKETS, Ticket, new_ticket, share, ticket_table
from palermo.standards.workflows import PERSON, PREVIOUS, SYSTEM, Event, machine, names

pytestmark = pytest.mark.usefixtures("engine_alone")


@pytest.fixture(scope="module", autouse=True)
def _table(cluster: Any, django_db_setup: None) -> Iterator[None]:
    with ticket_table(cluster):
        yield


@pytest.fixture
def open_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "refusal", lambda *args: "")
    monkeypatch.setattr(actions, "effect_of", lambda *args: lambda *given: None)


def as_role(person: Any, role: str) -> Viewer:
    return replace(person.viewer, roles=frozenset({role}))


def prepared(person: Any, name: str, state: str, event: Event, origin: str) -> Ticket:
    """An object in that state with everything that the event needs, and its clocks over."""
    ticket = TICKETS[name](state=state, child=event.track == "child", version=10, served_at=timezone.now())
    with acting(person.viewer):
        share(person, ticket.pk)
        ticket.save(force_insert=True)
        Transition.objects.bulk_create(
            Transition(
                object_id=ticket.pk, object_kind="ticket", machine=name, machine_version=1, event=code,
                from_state=origin if n == 0 else state, to_state=state, actor_kind="operator", at=timezone.now(),
                object_version=n,
            )
            for n, code in enumerate(["came", *event.needs])
        )  # fmt: skip
        Origin.objects.create(object_id=ticket.pk, machine=name, state=state, came_from=origin)
        actions.reckon(actor=person.viewer, obj=ticket)
        past = timezone.now() - timedelta(days=1)
        Deadline.objects.filter(object_id=ticket.pk).update(due_at=past, base_at=past, started_at=past)
    return ticket


@pytest.mark.parametrize("name", names())
def test_every_legal_move_happens(name: str, people: Any, open_rules: None) -> None:
    m, seen = machine(name), set()
    for event in m.events:
        role = sorted(event.actors - {PERSON})[0]
        for state in event.sources:
            for target in m.targets(event, state) if event.to == PREVIOUS else [event.to]:
                ticket = prepared(
                    people.case_worker, name, state, event, target if event.to == PREVIOUS else "x"
                )
                viewer = Viewer.operator() if role == SYSTEM else as_role(people.case_worker, role)
                with acting(viewer):
                    actions.transition(
                        actor=viewer, obj=ticket, event=event.code, expected_version=10, reason="because"
                    )
                assert ticket.state in m.targets(event, state), (state, event.code)
                if event.to == PREVIOUS:
                    assert ticket.state == target
                seen.add((state, event.code))
    assert seen == {(s, e.code) for e in m.events for s in e.sources}


@pytest.mark.parametrize("name", names())
def test_every_guard_refuses_with_its_rule(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "missing_steps", lambda *args: [])
    monkeypatch.setattr(actions, "_too_early", lambda *args: "")
    monkeypatch.setattr(actions, "last_doers", lambda *args: set())
    m = machine(name)
    for event in m.events:
        role = sorted(event.actors - {PERSON})[0]
        viewer = Viewer.operator() if role == SYSTEM else Viewer(A_PERSON, uuid4(), roles=frozenset({role}))
        for guard in event.guards:
            monkeypatch.setattr(
                actions, "refusal", lambda g, *args, closed=guard: "Not like this." if g == closed else ""
            )
            obj = SimpleNamespace(pk=uuid4(), state=event.sources[0], child=event.track == "child")
            with pytest.raises(Conflict, match="Not like this") as caught:
                actions.judge(viewer, obj, m, event.code, "because", {})
            assert caught.value.rule == f"workflow.{name}.{event.code}.{guard}"
            assert caught.value.state == obj.state


def act(person: Any, ticket: Ticket, event: str, role: str, **inputs: Any) -> None:
    viewer = as_role(person, role)
    with acting(viewer):
        actions.transition(
            actor=viewer,
            obj=ticket,
            event=event,
            expected_version=ticket.version,
            reason="because",
            inputs=inputs,
        )


def clocks(person: Any, ticket: Ticket) -> dict[tuple[str, bool], Deadline]:
    with acting(person.viewer):
        rows = Deadline.objects.filter(object_id=ticket.pk, met_at=None, cancelled_at=None)
        return {(d.rule, d.fires): d for d in rows}


def test_a_review_knows_its_decision_after_the_person_was_missing(people: Any, open_rules: None) -> None:
    one, two, three = people.case_worker, people.supervisor, people.competent_authority
    ticket = new_ticket(one, two, three, machine="identification", state="referred", child=False)
    act(one, ticket, "propose_rg_negative", "competent_authority")
    act(two, ticket, "rg_negative", "competent_authority")
    act(one, ticket, "request_review", "case_manager")
    act(one, ticket, "missing", "case_manager")
    act(one, ticket, "found", "case_manager")
    assert ticket.state == "review"
    for decider in (one, two):
        with pytest.raises(Refused, match="second person"):
            act(decider, ticket, "uphold", "competent_authority")
    act(three, ticket, "uphold", "competent_authority")
    assert ticket.state == "negative_rg"


def test_a_proposal_does_not_stop_the_clock_of_the_decision(people: Any, open_rules: None) -> None:
    one, two = people.case_worker, people.supervisor
    ticket = new_ticket(one, two, machine="identification", state="presumed", child=False)
    act(one, ticket, "refer", "case_manager")
    first = clocks(one, ticket)["rg_decision", False]
    act(one, ticket, "propose_rg_negative", "competent_authority")
    act(two, ticket, "reject_rg_negative", "competent_authority")
    again = clocks(one, ticket)["rg_decision", False]
    assert (again.pk, again.due_at) == (first.pk, first.due_at)
    act(one, ticket, "propose_rg_negative", "competent_authority")
    act(two, ticket, "rg_negative", "competent_authority")
    with acting(one.viewer):
        assert Deadline.objects.get(pk=first.pk).met_at is not None


def test_asking_for_information_stops_the_clock_once(people: Any, open_rules: None) -> None:
    one = people.case_worker
    ticket = new_ticket(one, machine="identification", state="presumed", child=False)
    act(one, ticket, "refer", "case_manager")
    for paused in (True, False):
        act(one, ticket, "request_info", "competent_authority")
        clock = clocks(one, ticket)["rg_decision", False]
        assert (clock.paused_at is not None) is paused
        assert clock.paused_for == ("request_info" if paused else "")
        act(one, ticket, "missing", "case_manager")
        assert clocks(one, ticket)["rg_decision", False].paused_at is not None
        act(one, ticket, "found", "case_manager")
        assert (clocks(one, ticket)["rg_decision", False].paused_at is not None) is paused
        act(one, ticket, "supply", "case_manager")
        assert clocks(one, ticket)["rg_decision", False].paused_at is None


def test_the_time_for_a_review_counts_from_the_service(people: Any, open_rules: None) -> None:
    one, two = people.case_worker, people.supervisor
    ticket = new_ticket(one, two, machine="identification", state="rg_negative_proposed", child=False)
    act(one, ticket, "rg_negative", "competent_authority")
    assert clocks(one, ticket) == {}
    served = timezone.now() - timedelta(days=3)
    with acting(one.viewer) as viewer:
        ticket.served_at = served
        ticket.save(update_fields=["served_at"])
        actions.reckon(actor=viewer, obj=ticket)
    found = clocks(one, ticket)
    assert found["review_request", False].due_at == served + timedelta(days=30)
    assert found["review_lapse", True].due_at == served + timedelta(days=37)


def test_a_higher_risk_moves_the_running_clock(people: Any) -> None:
    one = people.case_worker
    ticket = new_ticket(one, risk="low", state="active")
    with acting(one.viewer) as viewer:
        actions.reckon(actor=viewer, obj=ticket)
        before = clocks(one, ticket)["review_low", False]
        ticket.risk = "high"
        ticket.save(update_fields=["risk"])
        actions.reckon(actor=viewer, obj=ticket)
    after = clocks(one, ticket)
    assert list(after) == [("review_high", False)]
    moved = after["review_high", False]
    assert (moved.pk, moved.started_at) == (before.pk, before.started_at)
    assert before.due_at - moved.due_at == timedelta(days=83)


def test_an_effect_runs_before_the_clocks_are_worked_out(
    people: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = people.case_worker
    until = timezone.now() + timedelta(days=99)

    def longer(obj: Any, actor: Viewer, inputs: Any) -> None:
        obj.recovery_until = inputs["until"]
        obj.save(update_fields=["recovery_until"])

    monkeypatch.setattr(actions, "refusal", lambda *args: "")
    monkeypatch.setattr(actions, "effect_of", lambda *args: longer)
    ticket = new_ticket(one, machine="identification", state="recovery", child=False)
    with acting(one.viewer) as viewer:
        actions.reckon(actor=viewer, obj=ticket)
    act(one, ticket, "extend", "competent_authority", until=until)
    assert ticket.recovery_until == until
    assert clocks(one, ticket)["recovery_period", True].due_at == until


def test_entering_a_state_calls_what_a_room_registered(people: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setitem(
        actions.ENTERING, ("case", "on_hold"), [lambda obj, actor, inputs: seen.append(obj.state)]
    )
    ticket = new_ticket(people.case_worker, state="active")
    act(people.case_worker, ticket, "pause", "case_manager", pause_reason="hospital")
    act(people.case_worker, ticket, "review_hold", "case_manager")
    assert seen == ["on_hold"]


def test_a_withdrawal_is_checked_by_a_supervisor_first(people: Any, open_rules: None) -> None:
    one, two = people.case_worker, people.supervisor
    ticket = new_ticket(one, two, machine="identification", state="presumed", child=False)
    act(one, ticket, "refer", "case_manager")
    with pytest.raises(Conflict, match="First: “Check for coercion”"):
        act(one, ticket, "withdraw", "case_manager")
    with acting(one.viewer):
        withdraw = next(m for m in moves(as_role(one, "case_manager"), ticket) if m.event == "withdraw")
        assert withdraw.why_not == "First: “Check for coercion”."
    act(two, ticket, "check_coercion", "supervisor")
    with pytest.raises(Refused, match="second person"):
        act(two, ticket, "withdraw", "case_manager")
    act(one, ticket, "withdraw", "case_manager")
    assert ticket.state == "withdrawn"
    assert clocks(one, ticket) == {}


def test_a_case_is_transferred_by_an_accepted_transfer(people: Any) -> None:
    ticket = new_ticket(people.case_worker, people.supervisor)
    wrong = SimpleNamespace(machine="transfer", state="sent", case_id=ticket.pk)
    with pytest.raises(Conflict, match="by itself"):
        act(people.case_worker, ticket, "transfer", "case_manager", transfer=wrong)
    right = SimpleNamespace(machine="transfer", state="accepted", case_id=ticket.pk)
    act(people.case_worker, ticket, "transfer", "case_manager", transfer=right)
    assert ticket.state == "transferred"
    assert set(clocks(people.case_worker, ticket)) == {("case_owner", False)}


def test_moves_say_what_is_asked_and_why_not(people: Any) -> None:
    ticket = new_ticket(people.case_worker, people.supervisor)
    with acting(people.case_worker.viewer) as viewer:
        found = {m.event: m for m in moves(viewer, ticket)}
    assert found["accept"].why_not.startswith("This is for:")
    assert found["check_urgent_needs"].possible
    assert found["check_urgent_needs"].due_at is not None
    active = new_ticket(people.case_worker, state="active")
    with acting(people.case_worker.viewer) as viewer:
        found = {m.event: m for m in moves(viewer, active)}
    assert [s.key for s in found["propose_closure"].asks] == ["outcome", "handed_over"]
    assert ("hospital", "In hospital") in found["pause"].pause_reasons
    assert found["pause"].to == "on_hold"


@pytest.fixture
def patched() -> Iterator[pytest.MonkeyPatch]:
    """Undone before the rooms come back, whoever asked for `monkeypatch` first."""
    with pytest.MonkeyPatch.context() as patch:
        yield patch


def test_what_the_form_gives_does_not_hide_the_form(people: Any, patched: pytest.MonkeyPatch) -> None:
    patched.setitem(GUARDS, ("referral", "outcome_is_coded"), lambda obj, actor, inputs: "Choose one.")
    patched.setattr(rules, "load_rules", lambda: None)
    mine = people.case_worker.viewer.organisation_id
    ticket = new_ticket(people.case_worker, machine="referral", state="accepted", receiver_id=mine)
    with acting(people.case_worker.viewer) as viewer:
        assert "Choose one." in {m.why_not for m in moves(viewer, ticket)}
        patched.setattr(rules, "FROM_FORM", {("referral", "outcome_is_coded")})
        assert "Choose one." not in {m.why_not for m in moves(viewer, ticket)}
        with pytest.raises(Conflict, match="Choose one"):
            actions.transition(actor=viewer, obj=ticket, event="complete", expected_version=1)
    elsewhere = new_ticket(people.case_worker, machine="referral", state="accepted", receiver_id=uuid4())
    with acting(people.case_worker.viewer) as viewer, pytest.raises(Conflict, match="addressed to"):
        actions.transition(actor=viewer, obj=elsewhere, event="first_service", expected_version=1)


@pytest.mark.django_db(transaction=True)
def test_back_to_the_state_before_when_two_try_at_once(people: Any, open_rules: None) -> None:
    one, two = people.case_worker, people.supervisor
    for origin in ("referred", "determination"):
        ticket = new_ticket(one, two, machine="identification", state=origin, child=False)
        act(one, ticket, "missing", "case_manager")
        gate, outcomes = threading.Barrier(2), list[str]()

        def run(
            person: Any, ticket: Ticket = ticket, gate: Any = gate, outcomes: list[str] = outcomes
        ) -> None:
            try:
                gate.wait(timeout=20)
                act(person, TICKETS["identification"](pk=ticket.pk, version=2), "found", "case_manager")
                outcomes.append("won")
            except Stale:
                outcomes.append("stale")
            finally:
                connection.close()

        threads = [threading.Thread(target=run, args=(person,)) for person in (one, two)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert sorted(outcomes) == ["stale", "won"]
        with acting(one.viewer):
            assert Ticket.objects.get(pk=ticket.pk).state == origin


def test_limits_are_those_of_the_country_where_it_runs(people: Any, settings: Any, monkeypatch: Any) -> None:
    """A decision asked for on Maundy Thursday in London is due after Easter, at the same hour of summer time."""
    settings.PALERMO_PACK = "uk-nrm"
    london = ZoneInfo("Europe/London")
    thursday = datetime(2027, 3, 25, 16, 30, tzinfo=london)
    monkeypatch.setattr(actions.timezone, "now", lambda: thursday)
    ticket = new_ticket(people.case_worker, machine="identification", state="referred", child=False)
    with acting(people.case_worker.viewer) as viewer:
        actions.reckon(actor=viewer, obj=ticket)
    due = clocks(people.case_worker, ticket)["rg_decision", False].due_at.astimezone(london)
    assert due == datetime(2027, 4, 5, 16, 30, tzinfo=london)
    assert due.utcoffset() != thursday.utcoffset()
