"""What the machine of a case asks of the records before it goes on, and what its events bring about."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.workflow.actions import effect, guard
from palermo.kernel.workflow.models import Deadline
from palermo.kernel.workflow.rules import Guard, Inputs
from palermo.kernel.workflow.statements import STATEMENTS
from palermo.rooms.cases.actions.planning import approve_plan as approve
from palermo.rooms.cases.actions.risk import happened
from palermo.rooms.cases.models import Case, Plan
from palermo.rooms.cases.queries.remedies import stands
from palermo.rooms.cases.queries.standing import Standing

Check = Callable[[Standing, Viewer], str]
# Pause reasons of the machine, and what it means for the risk that the hold is over.
AFTER_HOLD = {"missing": "found", "detention": "move", "hospital": "move"}


def rule(name: str) -> Callable[[Check], Check]:
    """Registers a guard of the machine `case` that looks at the records. Another object with that machine (the
    engine's own tests have one) has no such records and is asked for the statement instead, where there is one.
    """

    def register(check: Check) -> Check:
        def looked(obj: Any, actor: Viewer, inputs: Inputs) -> str:
            if isinstance(obj, Case):
                return check(stands(obj), actor)
            key, sentence = STATEMENTS.get(name, ("", ""))
            return "" if not key or inputs.get(key) else str(sentence)

        function: Guard = looked
        guard(name, machine="case" if name in STATEMENTS else "")(function)
        return check

    return register


@rule("assessment_is_whole")
def assessment_is_whole(now: Standing, actor: Viewer) -> str:
    """Needs, risk and safety plan are there before planning begins."""
    if now.risk_at is None:
        return _("Assess the risk to the person first, under “Plan”.")
    if now.needs_recorded is None:
        return _("Assess the four levels and the needs first, under “Plan”.")
    if not now.needs_recorded:
        return _("Record the needs first, under “Needs and services”, and say so in the assessment.")
    if not now.safety:
        return _("Make a safety plan with the person first, under “Plan”.")
    return ""


@rule("risk_is_current")
def risk_is_current(now: Standing, actor: Viewer) -> str:
    """Nothing has happened that nobody has looked at."""
    return (
        _("Something happened after which the risk must be assessed anew first.") if now.happening_due else ""
    )


@rule("risk_is_looked_at")
def risk_is_looked_at(now: Standing, actor: Viewer) -> str:
    """The risk was assessed since the last review: a review without a look at the risk is none."""
    fresh = now.risk_at and (now.looked_since is None or now.risk_at > now.looked_since)
    return "" if fresh else _("Assess the risk anew first: that is part of every review.")


@rule("plan_is_agreed")
def plan_is_agreed(now: Standing, actor: Viewer) -> str:
    """There is a draft with actions, the person agreed to it, and the actor wrote nothing in it."""
    if not now.draft_actions:
        return _("Write a plan with at least one action first, under “Plan”.")
    if now.draft_agreed_at is None:
        return _("The person has not agreed to this version of the plan yet.")
    if actor.user_id in now.draft_authors:
        return _("A second person must do this: you wrote in this plan.")
    return ""


@rule("no_action_is_open")
def no_action_is_open(now: Standing, actor: Viewer) -> str:
    """Every action of the plan has an end, or somebody else goes on with it."""
    if not now.open_actions:
        return ""
    return ngettext(
        "%(n)s action of the plan is open. Say how it ended, or to whom it was handed over.",
        "%(n)s actions of the plan are open. Say how they ended, or to whom they were handed over.",
        now.open_actions,
    ) % {"n": now.open_actions}


@rule("exit_is_assessed")
def exit_is_assessed(now: Standing, actor: Viewer) -> str:
    """The risk of being trafficked again was assessed, in this episode and for the closure."""
    done = now.exit_at and (now.active_since is None or now.exit_at > now.active_since)
    return "" if done else _("Assess the risk before the closure first, under “Plan”.")


@effect("approve_the_plan", machine="case")
def approve_the_plan(obj: Any, actor: Viewer, inputs: Inputs) -> None:
    """With the case the draft is approved, by the same person, in the same transaction."""
    if not isinstance(obj, Case):
        return
    draft = Plan.objects.get(case=obj, approved_at=None)
    approve(actor=actor, plan=draft, expected_version=draft.version)
    obj.plan_agreed = True
    obj.save(update_fields=["plan_agreed"])


@effect("exit_was_assessed", machine="case")
def exit_was_assessed(obj: Any, actor: Viewer, inputs: Inputs) -> None:
    """The case keeps that the risk after closure was looked at."""
    if isinstance(obj, Case):
        obj.exit_assessed = True
        obj.save(update_fields=["exit_assessed"])


@effect("look_at_the_risk_again", machine="case")
def look_at_the_risk_again(obj: Any, actor: Viewer, inputs: Inputs) -> None:
    """Who was missing and is found, or comes back from elsewhere, is assessed anew within the limit."""
    if not isinstance(obj, Case) or not actor.is_person:
        return
    rows = Deadline.objects.filter(object_id=obj.pk, machine="case", paused_at__isnull=False)
    reason = rows.order_by("-paused_at").values_list("paused_for", flat=True).first()
    happened(actor, obj, AFTER_HOLD.get(reason or "", "found"), timezone.now())
