"""What became of an action of the plan."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Invalid, NotFound
from palermo.rooms.cases.actions.words import known, long_enough, write
from palermo.rooms.cases.models import Action, Case, Result

RESULTS, REASONS = "palermo/action_result", "palermo/not_done_reason"


@transaction.atomic
def settle_action(
    *, actor: Viewer, case: Case, key: UUID, result: str, why: str = "", text: str = ""
) -> Result:
    """Say what became of an action of an approved plan: done, not done and why, handed over, or open again."""
    require(actor, "cases.plan.change", case.pk)
    if not Action.objects.filter(case=case, key=key, plan__approved_at__isnull=False).exists():
        raise NotFound()
    problems = known("result", RESULTS, result)
    if result == "not_done":
        problems += known("why", REASONS, why)
    problems += long_enough("text", text, 0, "")
    if problems:
        raise Invalid(_("Nothing was saved."), problems=problems)
    assert actor.user_id is not None
    made = Result.objects.create(
        case=case,
        key=key,
        result=result,
        why=why if result == "not_done" else "",
        words=write(actor, case, text),
        made_by_id=actor.user_id,
    )
    record(
        actor=actor,
        action="cases.plan.settle",
        object_kind="case",
        object_id=case.pk,
        detail={"result": result, "why": made.why},
    )
    return made
