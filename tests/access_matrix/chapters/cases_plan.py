"""The plan of the story's case: a safety plan, and a draft with one goal and one action."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.rooms.cases import actions, queries


def tell(people: Any, ids: dict[str, Any]) -> dict[str, Any]:
    with acting(people.case_worker.viewer) as viewer:
        case = queries.case(viewer, ids["case"])
        line = actions.SafetyItem("followed", "public", "worker")
        actions.revise_safety(actor=viewer, case=case, items=[line], expected_number=0)
        plan = actions.draft_plan(actor=viewer, case=case)
        goal = actions.put_goal(
            actor=viewer, plan=plan, kind="shelter", text="A quiet room.", expected_version=plan.version
        )
        action = actions.put_action(
            actor=viewer,
            plan=plan,
            kind="shelter",
            doer="worker",
            due_on=timezone.localdate() + timedelta(days=5),
            text="Ask the shelter.",
            expected_version=plan.version,
        )
    return {"plan": plan.pk, "goal": goal.key, "action": action.key}
