"""Risk, safety, assessment and plan: what is kept, who may, what forces a new look, and what stays as it was."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import Conflict, Invalid, NotFound, Refused, Stale
from palermo.kernel.workflow.models import Deadline
from palermo.rooms.cases import actions, queries
from palermo.rooms.cases.models import Action, Case, Conference, Goal, Happening, Plan, RiskAssessment, Words
from palermo.rooms.cases.queries.standing import open_actions
from palermo.rooms.cases.tests import records
from palermo.rooms.cases.tests.test_move_case import activate, finish, move, write

SECRET = "Quibblestone Lane"


def clock(case: Case, rule: str) -> Deadline:
    return Deadline.objects.get(object_id=case.pk, rule=rule, met_at=None, cancelled_at=None)


def reasons(people: Any, case: Case, event: str, who: str = "case_worker", **answers: Any) -> str:
    with pytest.raises(Conflict) as caught:
        move(getattr(people, who), case, event, "Because.", **answers)
    return str(caught.value.message)


# Guards, both ways


def test_the_assessment_is_complete_with_risk_levels_needs_and_safety(people: Any, case: Case) -> None:
    worker = people.case_worker
    move(people.supervisor, case, "accept")
    assert "risk" in reasons(people, case, "complete_assessment")
    write(worker, case, records.risk)
    assert "four levels" in reasons(people, case, "complete_assessment")
    with acting(worker.viewer) as viewer:
        actions.assess(actor=viewer, case=case, risks=["i_money"], protective=[], needs_recorded=False)
    assert "Record the needs" in reasons(people, case, "complete_assessment")
    write(worker, case, records.assessed)
    assert "safety plan" in reasons(people, case, "complete_assessment")
    write(worker, case, records.safe)
    assert move(worker, case, "complete_assessment").state == "planning"


def test_a_plan_is_written_agreed_and_approved_by_somebody_else(people: Any, case: Case) -> None:
    worker = people.case_worker
    write(worker, case, records.risk, records.assessed, records.safe)
    move(people.supervisor, case, "accept")
    move(worker, case, "complete_assessment")
    assert "at least one action" in reasons(people, case, "approve_plan", "supervisor")
    with acting(worker.viewer) as viewer:
        plan = records.planned(viewer, case, agreed=False)
    assert "has not agreed" in reasons(people, case, "approve_plan", "supervisor", agreed=True)
    with acting(people.supervisor.viewer) as boss:
        actions.agree_plan(actor=boss, plan=plan, language="en", expected_version=plan.version)
    assert "second person" in reasons(people, case, "approve_plan", "supervisor")
    with acting(people.supervisor.viewer) as boss:
        found = queries.moves(boss, Case.objects.get(pk=case.pk))
        assert "second person" in next(m.why_not for m in found if m.event == "approve_plan")


def test_with_the_case_the_plan_is_approved_and_stays_as_it_is(people: Any, case: Case) -> None:
    activate(people, case)
    with acting(people.case_worker.viewer) as viewer:
        plan = Plan.objects.get(case=case)
        assert plan.approved_by_id == people.supervisor.pk
        assert plan.authors == [people.case_worker.pk]
        assert Case.objects.get(pk=case.pk).plan_agreed
        with pytest.raises(Conflict):
            actions.put_goal(
                actor=viewer, plan=plan, kind="shelter", text="Another one.", expected_version=plan.version
            )
    for sql in (
        "UPDATE cases_plan SET agreed_language = 'fr'",
        "UPDATE cases_plan SET approved_at = NULL, approved_by_id = NULL",
    ):
        with (
            pytest.raises(IntegrityError, match="not changed"),
            acting(people.case_worker.viewer),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql + " WHERE case_id = %s", [case.pk])
    with acting(people.case_worker.viewer):
        assert Action.objects.filter(case=case).delete()[0] == 0
        assert Goal.objects.filter(case=case).delete()[0] == 0
        assert Action.objects.filter(case=case).count() == 1
        row = Action.objects.get(case=case)
        with pytest.raises(DatabaseError), transaction.atomic():
            Action.objects.filter(pk=row.pk).update(doer="person")


def test_nothing_is_closed_while_an_action_is_open(people: Any, case: Case) -> None:
    activate(people, case)
    ends = {"outcome": "goals_met", "handed_over": True}
    assert "1 action" in reasons(people, case, "propose_closure", **ends)
    finish(people.case_worker, case)
    assert move(people.case_worker, case, "propose_closure", "Done.", **ends).state == "closing"
    assert "before the closure" in reasons(people, case, "approve_closure", "supervisor", exit_assessed=True)
    with acting(people.case_worker.viewer) as viewer:
        records.risk(viewer, case, cause="exit")
    closed = move(people.supervisor, case, "approve_closure")
    assert closed.exit_assessed


def test_a_review_needs_a_new_look_at_the_risk(people: Any, case: Case) -> None:
    activate(people, case)
    assert "part of every review" in reasons(people, case, "review")
    write(people.case_worker, case, records.risk)
    move(people.case_worker, case, "review")
    assert "part of every review" in reasons(people, case, "review")


# Risk


def test_what_happens_forces_a_new_assessment_within_a_day(people: Any, case: Case) -> None:
    activate(people, case)
    write(people.case_worker, case, records.risk)
    with acting(people.case_worker.viewer) as viewer:
        made = actions.note_happening(actor=viewer, case=case, kind="release", text="Out since " + SECRET)
        assert timedelta(hours=23) < made.due_at - timezone.now() < timedelta(hours=25)
        titles = [due.title for due in queries.due_for(viewer)]
        assert f"{case.code}: assess the risk anew" in titles
    assert "Something happened" in reasons(people, case, "review")
    with acting(people.case_worker.viewer) as viewer:
        records.risk(viewer, case, "high")
        assert RiskAssessment.objects.filter(case=case).latest("made_at").cause == "release"
        assert queries.happenings(viewer, case) == []
    assert move(people.case_worker, case, "review").state == "active"


def test_who_comes_back_from_a_hold_is_assessed_anew(people: Any, case: Case) -> None:
    activate(people, case)
    move(people.case_worker, case, "pause", "Not seen since Monday.", pause_reason="missing")
    move(people.case_worker, case, "resume")
    with acting(people.case_worker.viewer) as viewer:
        assert [row.kind for row in queries.happenings(viewer, case)] == ["found"]
    with pytest.raises(Invalid):
        move(people.case_worker, case, "pause", "Away.", pause_reason="holiday")


def test_the_clock_of_the_review_moves_with_the_risk(people: Any, case: Case) -> None:
    activate(people, case)
    with acting(people.case_worker.viewer) as viewer:
        low = clock(case, "review_low")
        records.risk(viewer, case, "high")
        high = clock(case, "review_high")
        assert not Deadline.objects.filter(
            object_id=case.pk, rule="review_low", cancelled_at=None, met_at=None
        )
        assert timedelta(days=82) < low.due_at - high.due_at < timedelta(days=84)
        newest = queries.risks(viewer, case)[0]
        due = queries.risk_due(newest)
        assert due is not None
        assert timedelta(days=6) < due - newest.made_at < timedelta(days=8)


@pytest.mark.parametrize(
    "wrong", [{"factors": ["dragons"]}, {"cause": "boredom"}, {"risk": "not_assessed"}, {"reason": "short"}]
)
def test_a_risk_that_is_not_one_is_refused_and_nothing_is_kept(
    as_worker: Any, case: Case, wrong: dict[str, Any]
) -> None:
    given = {"risk": "low", "reason": "Nobody knows where.", "expected_version": case.version} | wrong
    with pytest.raises(Invalid):
        actions.assess_risk(actor=as_worker, case=case, **given)
    assert not RiskAssessment.objects.filter(case=case).exists()


def test_what_happened_is_not_rewritten(as_worker: Any, case: Case) -> None:
    made = actions.note_happening(actor=as_worker, case=case, kind="move")
    with pytest.raises(IntegrityError, match="not rewritten"), transaction.atomic():
        Happening.objects.filter(pk=made.pk).update(due_at=timezone.now() + timedelta(days=99))
    with pytest.raises(Invalid):
        actions.note_happening(actor=as_worker, case=case, kind="review")


# Safety


def test_the_safety_plan_is_kept_in_versions_and_reviewed_with_one_tap(as_worker: Any, case: Case) -> None:
    with pytest.raises(NotFound):
        actions.review_safety(actor=as_worker, case=case)
    records.safe(as_worker, case)
    with pytest.raises(Stale):
        records.safe(as_worker, case, number=0)
    records.safe(as_worker, case, number=1)
    actions.review_safety(actor=as_worker, case=case)
    now = queries.safety(as_worker, case)
    assert now is not None
    assert (now.plan.number, now.today, now.lines[0].text) == (2, True, records.ITEM.text)
    assert [row.number for row in queries.safety_versions(as_worker, case)] == [2, 1]
    with pytest.raises(Invalid):
        actions.revise_safety(actor=as_worker, case=case, items=[], expected_number=2)


# Plan


def test_a_revision_takes_everything_over_and_results_stay(people: Any, case: Case) -> None:
    activate(people, case)
    finish(people.case_worker, case)
    with acting(people.case_worker.viewer) as viewer:
        draft = actions.draft_plan(actor=viewer, case=case)
        assert actions.draft_plan(actor=viewer, case=case).pk == draft.pk
        shown = queries.version(viewer, case, draft)
        assert (draft.number, shown.goals[0].text, shown.actions[0].result) == (2, "A quiet room.", "done")
        new = actions.put_action(
            actor=viewer, plan=draft, kind="medical", doer="person", due_on=timezone.localdate(),
            text="See the doctor.", expected_version=draft.version,
        )  # fmt: skip
        assert not open_actions(case.pk).exists()
        actions.agree_plan(actor=viewer, plan=draft, language="fr", expected_version=draft.version)
        with pytest.raises(Refused):
            actions.approve_plan(actor=viewer, plan=draft, expected_version=draft.version)
    with acting(people.supervisor.viewer) as boss:
        actions.approve_plan(actor=boss, plan=Plan.objects.get(pk=draft.pk), expected_version=draft.version)
        assert [row.key for row in open_actions(case.pk)] == [new.key]


def test_who_changes_a_draft_asks_the_person_again(as_worker: Any, case: Case) -> None:
    plan = records.planned(as_worker, case)
    assert plan.agreed_at is not None
    key = Goal.objects.get(plan=plan).key
    actions.take_out(actor=as_worker, plan=plan, key=key, expected_version=plan.version)
    assert Plan.objects.get(pk=plan.pk).agreed_at is None
    assert Action.objects.get(plan=plan).goal_key is None
    with pytest.raises(Stale):
        actions.take_out(actor=as_worker, plan=plan, key=key, expected_version=1)


def approve_raw(who: Any, plan: Plan) -> None:
    with acting(who.viewer), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_plan SET approved_at = now(), approved_by_id = %s, version = version + 1 WHERE id = %s",
            [who.pk, plan.pk],
        )


def test_the_database_wants_a_second_person(people: Any, case: Case) -> None:
    with acting(people.case_worker.viewer) as viewer:
        plan = records.planned(viewer, case)
    with pytest.raises(IntegrityError, match="second person"):
        approve_raw(people.case_worker, plan)  # its author, and no supervisor
    with acting(people.supervisor.viewer) as boss:
        plan = Plan.objects.get(pk=plan.pk)
        actions.agree_plan(actor=boss, plan=plan, language="en", expected_version=plan.version)
    with pytest.raises(IntegrityError, match="second person"):
        approve_raw(people.supervisor, plan)  # wrote in it too
    with acting(people.supervisor.viewer), connection.cursor() as cursor:
        with pytest.raises(IntegrityError, match="second person"), transaction.atomic():
            cursor.execute(
                "UPDATE cases_plan SET approved_at = now(), approved_by_id = %s WHERE id = %s",
                [people.case_worker.pk, plan.pk],
            )  # in somebody else's name
        cursor.execute("UPDATE cases_plan SET authors = '{}' WHERE id = %s", [plan.pk])
    with acting(people.supervisor.viewer):
        assert set(Plan.objects.get(pk=plan.pk).authors) == {people.case_worker.pk, people.supervisor.pk}


def test_an_action_that_was_not_done_says_why(people: Any, case: Case) -> None:
    activate(people, case)
    with acting(people.case_worker.viewer) as viewer:
        key = open_actions(case.pk).get().key
        with pytest.raises(Invalid):
            actions.settle_action(actor=viewer, case=case, key=key, result="not_done")
        actions.settle_action(actor=viewer, case=case, key=key, result="not_done", why="not_there")
        assert not open_actions(case.pk).exists()
        actions.settle_action(actor=viewer, case=case, key=key, result="open")
        assert open_actions(case.pk).exists()
        assert any("action of the plan" in str(due.title) for due in queries.due_for(viewer))


# Conferences


def test_nobody_is_told_more_than_he_may_see(as_worker: Any, case: Case) -> None:
    def minute(told: list[str]) -> Conference:
        someone = {"organisation": "Harbour shelter", "role": "shelter", "sees": ["needs"], "told": told}
        return actions.minute_conference(
            actor=as_worker, case=case, held_on=timezone.localdate(), participants=[someone],
            minutes=SECRET, decisions="A room on the ground floor.",
        )  # fmt: skip

    with pytest.raises(Invalid):
        minute(["needs", "health"])
    minute(["needs"])
    row = queries.conferences(as_worker, case)[0]
    assert (row.minutes, row.people[0]["told"]) == (SECRET, ["What help you need"])


# Walls and words


def test_words_are_sealed_and_only_who_holds_the_notes_reads_them(people: Any, case: Case) -> None:
    with acting(people.case_worker.viewer) as viewer:
        records.safe(viewer, case)
        actions.note_happening(actor=viewer, case=case, kind="move", text=SECRET)
        assert Words.objects.filter(case=case).count() == 2
        with connection.cursor() as cursor:
            for table in ("cases_words", "cases_safetyplan", "cases_happening", "audit_entry"):
                cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{SECRET}%"])
                assert cursor.fetchone() == (0,)
                cursor.execute(
                    f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{SECRET.encode().hex()}%"]
                )
                assert cursor.fetchone() == (0,)
    with acting(people.case_worker.viewer), connection.cursor() as cursor:
        cursor.execute("SELECT access_make_grant('case', %s, 'person', %s, %s, 'assistance', now(), NULL)",
                       [case.pk, people.other_worker.pk, ["case"]])  # fmt: skip
    with acting(people.other_worker.viewer) as viewer:
        assert not Words.objects.filter(case=case).exists()
        now = queries.safety(viewer, queries.case(viewer, case.pk))
        assert now is not None
        assert (now.lines[0].sign, now.lines[0].text) == ("Somebody follows or waits outside", "")


def test_strangers_see_no_row_and_change_nothing(people: Any, case: Case) -> None:
    with acting(people.case_worker.viewer) as viewer:
        plan = records.planned(viewer, case)
        records.safe(viewer, case)
        records.risk(viewer, case)
    with acting(people.other_worker.viewer) as viewer:
        for model in (Plan, Goal, Action, RiskAssessment, Words):
            assert not model.objects.filter(case=case).exists()  # type: ignore[attr-defined]
        with pytest.raises(NotFound):
            actions.draft_plan(actor=viewer, case=case)
        with pytest.raises(NotFound):
            actions.agree_plan(actor=viewer, plan=plan, language="en", expected_version=1)
        with pytest.raises(NotFound):
            records.safe(viewer, case, 1)
        with pytest.raises(NotFound):
            queries.in_force(viewer, case)


def test_everything_leaves_a_trace_without_words(people: Any, case: Case) -> None:
    activate(people, case)
    with acting(people.case_worker.viewer) as viewer:
        done = set(Entry.objects.filter(object_id=case.pk).values_list("action", flat=True))
        said = " ".join(deed.did for deed in queries.deeds(viewer, case))
    assert {"cases.safety.revise", "cases.assessment.write", "cases.plan.agree", "cases.plan.approve"} <= done
    assert "cases." not in said
