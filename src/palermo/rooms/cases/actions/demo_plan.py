"""Risk, safety and plans of the invented people, through the same actions as real ones."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.cases.actions.assessing import assess
from palermo.rooms.cases.actions.conferring import minute_conference
from palermo.rooms.cases.actions.planning import agree_plan, draft_plan, put_action, put_goal
from palermo.rooms.cases.actions.results import settle_action
from palermo.rooms.cases.actions.risk import assess_risk, note_happening
from palermo.rooms.cases.actions.safety import SafetyItem, review_safety, revise_safety
from palermo.rooms.cases.models import Action, Case, Plan

ITEMS = (
    SafetyItem("followed", "public", "worker", "The cafe at the corner is open until midnight."),
    SafetyItem("calls", "not_answer", "helpline", "Keep the message and bring the telephone along."),
    SafetyItem("despair", "with_somebody", "helpline", ""),
)
GOALS = (
    ("shelter", "A place of her own, where nobody from before finds her."),
    ("livelihood", "Work with a contract and wages that are paid."),
)
ACTIONS = (
    ("shelter", "worker", 10, "Ask the shelter for a room from the first of the month."),
    ("medical", "service", 21, "Second appointment with the doctor, with the interpreter."),
    ("livelihood", "person", 45, "Enrol in the language course at the community centre."),
)


def before(event: str, case_id: UUID, cast: Any, number: int) -> None:
    """What has to be there before the event can happen."""
    worker = cast.case_worker.viewer
    with acting(worker):
        case = Case.objects.get(pk=case_id)
        if event == "complete_assessment":
            _assessed(worker, case, number)
        elif event == "approve_plan":
            _planned(worker, case)
        elif event == "propose_closure":
            _finished(worker, case)
        elif event == "approve_closure":
            _risk(worker, case, "low", "Has work and friends here; nobody has called for months.", "exit")


def told_again(case_id: UUID, cast: Any, number: int) -> None:
    """What happened since: in some active cases the exploiters called, a conference was held, the plan is looked at."""
    worker = cast.case_worker.viewer
    with acting(worker):
        case = Case.objects.get(pk=case_id)
        if case.state != "active":
            return
        review_safety(actor=worker, case=case)
        if number % 2:
            minute_conference(
                actor=worker,
                case=case,
                held_on=timezone.localdate(),
                participants=[
                    {"organisation": "Harbour shelter", "role": "shelter", "sees": ["needs"], "told": ["needs"]},
                    {"organisation": "Our team", "role": "case_manager", "sees": ["health"], "told": ["health"]},
                ],
                minutes="The room is quiet; the stairs are difficult.",
                decisions="The shelter looks for a room on the ground floor.",
            )  # fmt: skip
        else:
            note_happening(
                actor=worker, case=case, kind="new_contact", text="Two calls from a hidden number."
            )


def _risk(worker: Viewer, case: Case, level: str, reason: str, cause: str = "") -> None:
    assess_risk(
        actor=worker,
        case=case,
        risk=level,
        reason=reason,
        factors=("debt", "no_status") if level != "low" else ("none_known",),
        cause=cause,
        expected_version=case.version,
    )


def _assessed(worker: Viewer, case: Case, number: int) -> None:
    assess(
        actor=worker,
        case=case,
        risks=("i_money", "i_papers", "h_debt", "s_removal") if number % 2 else ("i_mind", "c_reach"),
        protective=("i_plans", "c_help"),
        needs_recorded=True,
        texts={"household": "Sends money home; the family does not know."},
    )
    revise_safety(actor=worker, case=case, items=ITEMS[: 2 + number % 2], expected_number=0)


def _planned(worker: Viewer, case: Case) -> None:
    plan = draft_plan(actor=worker, case=case)
    keys = {}
    for kind, text in GOALS:
        goal = put_goal(actor=worker, plan=plan, kind=kind, text=text, expected_version=plan.version)
        keys[kind] = goal.key
    for kind, doer, days, text in ACTIONS:
        put_action(
            actor=worker,
            plan=plan,
            kind=kind,
            doer=doer,
            due_on=timezone.localdate() + timedelta(days=days),
            text=text,
            goal_key=keys.get(kind),
            expected_version=plan.version,
        )
    agree_plan(actor=worker, plan=plan, language="en", expected_version=plan.version)


def _finished(worker: Viewer, case: Case) -> None:
    plan = Plan.objects.filter(case=case, approved_at__isnull=False).latest("number")
    for place, action in enumerate(Action.objects.filter(plan=plan)):
        result, why = ("not_done", "not_wanted") if place == 1 else ("done", "")
        settle_action(actor=worker, case=case, key=action.key, result=result, why=why)
