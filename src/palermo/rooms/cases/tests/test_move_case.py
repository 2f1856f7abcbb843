"""move_case: through the machine, with guards, two persons, clocks, and what is stated kept."""

from typing import Any

import pytest

from palermo.kernel.access.context import acting
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import Conflict, Invalid, NotFound, Refused, Stale
from palermo.rooms.cases import actions, queries
from palermo.rooms.cases.models import Case
from palermo.rooms.cases.queries.standing import open_actions
from palermo.rooms.cases.tests import records


def move(member: Any, case: Case, event: str, reason: str = "", **answers: Any) -> Case:
    with acting(member.viewer) as viewer:
        current = Case.objects.get(pk=case.pk)
        return actions.move_case(
            actor=viewer,
            case=current,
            event=event,
            reason=reason,
            expected_version=current.version,
            answers=answers,
        )


def write(member: Any, case: Case, *writers: Any) -> None:
    with acting(member.viewer) as viewer:
        for writer in writers:
            writer(viewer, case)


def activate(people: Any, case: Case) -> None:
    worker = people.case_worker
    write(worker, case, records.risk, records.assessed, records.safe)
    move(people.supervisor, case, "accept")
    move(worker, case, "complete_assessment")
    write(worker, case, records.planned)
    move(people.supervisor, case, "approve_plan")


def finish(member: Any, case: Case) -> None:
    """Every action of the plan in force has an end."""
    with acting(member.viewer) as viewer:
        for action in open_actions(case.pk):
            actions.settle_action(actor=viewer, case=case, key=action.key, result="done")


def test_from_intake_to_closed_and_back(people: Any, case: Case) -> None:
    activate(people, case)
    finish(people.case_worker, case)
    move(people.case_worker, case, "propose_closure", "Goals are met.", outcome="goals_met", handed_over=True)
    with acting(people.case_worker.viewer) as viewer:
        records.risk(viewer, case, cause="exit")
    closed = move(people.supervisor, case, "approve_closure")
    assert (closed.state, closed.ending, closed.exit_assessed, closed.plan_agreed) == (
        "closed", "goals_met", True, True,
    )  # fmt: skip
    assert closed.closed_at is not None
    move(people.case_worker, case, "ask_reopening", "Threatened again.")
    assert move(people.supervisor, case, "reopen", "New episode.").closed_at is None


def test_a_wrong_state_is_a_conflict_that_names_it(people: Any, case: Case) -> None:
    with pytest.raises(Conflict) as caught:
        move(people.case_worker, case, "review")
    assert caught.value.state == "intake"


def test_a_guard_refuses_in_words(people: Any, case: Case) -> None:
    move(people.supervisor, case, "accept")
    with pytest.raises(Conflict) as caught:
        move(people.case_worker, case, "complete_assessment")
    assert "risk" in caught.value.message


def test_the_wrong_role_and_strangers_are_refused(people: Any, case: Case) -> None:
    with pytest.raises(Refused):
        move(people.case_worker, case, "accept")
    with acting(people.other_worker.viewer) as viewer, pytest.raises(NotFound):
        actions.move_case(actor=viewer, case=case, event="accept", reason="", expected_version=1)


def test_a_stale_version_moves_nothing(people: Any, case: Case) -> None:
    with acting(people.supervisor.viewer) as viewer, pytest.raises(Stale):
        actions.move_case(actor=viewer, case=case, event="accept", reason="", expected_version=7)


def test_an_unknown_outcome_is_refused(people: Any, case: Case) -> None:
    activate(people, case)
    with pytest.raises(Invalid):
        move(people.case_worker, case, "propose_closure", "Done.", outcome="vanished", handed_over=True)


def test_every_move_is_audited_and_the_register_hears_of_help_and_closure(people: Any, case: Case) -> None:
    activate(people, case)
    with acting(people.case_worker.viewer):
        moves = Entry.objects.filter(object_id=case.pk, action="workflow.transition")
        done = {entry.detail["event"] for entry in moves}
        told = {e.detail["kind"] for e in Entry.objects.filter(action="register.case_event.record")}
    assert {"accept", "complete_assessment", "approve_plan"} <= done
    assert "case_opened" in told


def test_the_page_says_what_is_possible_and_why_not(people: Any, case: Case) -> None:
    with acting(people.case_worker.viewer) as viewer:
        found = {move.event: move for move in queries.moves(viewer, Case.objects.get(pk=case.pk))}
        assert found["check_urgent_needs"].possible
        assert "Supervisor" in found["accept"].why_not
        assert queries.deadlines(viewer, case)
        assert [due.title.startswith(case.code) for due in queries.due_for(viewer)] == [True]
