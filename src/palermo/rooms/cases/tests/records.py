"""Records that the machine asks for, written as a worker would write them. Invented."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from palermo.rooms.cases import actions
from palermo.rooms.cases.models import Case, Plan

ITEM = actions.SafetyItem("followed", "public", "worker", "The cafe at the corner, Quibblestone Lane.")


def risk(viewer: Any, case: Case, level: str = "low", cause: str = "", **more: Any) -> Case:
    fresh = Case.objects.get(pk=case.pk)
    return actions.assess_risk(
        actor=viewer, case=fresh, risk=level, reason="Nobody knows where.", cause=cause,
        expected_version=fresh.version, **more,
    )  # fmt: skip


def assessed(viewer: Any, case: Case) -> None:
    actions.assess(actor=viewer, case=case, risks=["i_money"], protective=["i_plans"], needs_recorded=True)


def safe(viewer: Any, case: Case, number: int = 0) -> Any:
    return actions.revise_safety(actor=viewer, case=case, items=[ITEM], expected_number=number)


def planned(viewer: Any, case: Case, agreed: bool = True) -> Plan:
    plan = actions.draft_plan(actor=viewer, case=case)
    goal = actions.put_goal(
        actor=viewer, plan=plan, kind="shelter", text="A quiet room.", expected_version=plan.version
    )
    actions.put_action(
        actor=viewer, plan=plan, kind="shelter", doer="worker", due_on=timezone.localdate() + timedelta(days=9),
        text="Ask the shelter for a room.", goal_key=goal.key, expected_version=plan.version,
    )  # fmt: skip
    if agreed:
        actions.agree_plan(actor=viewer, plan=plan, language="en", expected_version=plan.version)
    return plan
