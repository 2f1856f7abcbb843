"""Guards and effects of the machine `child_protection`: what the law asks before each step.

A guard that looks at a paper of the same move finds it in the inputs; the papers are made in the transaction of the
move (`steps.py`), so that a move that is refused leaves none.
"""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.workflow.actions import effect, guard, on_enter
from palermo.kernel.workflow.rules import Inputs
from palermo.rooms.cases.actions.age import settle_age
from palermo.rooms.children.actions.telling import tell_bodies, told_before
from palermo.rooms.children.models import (
    AgeAssessment,
    Assessment,
    Body,
    Conclusion,
    Depth,
    Determination,
    Guardian,
    Happening,
    Kept,
    Opinion,
    Panel,
    Placement,
    Told,
    View,
)
from palermo.rooms.children.queries.codes import ELEMENT, NEEDED_SECTORS, TRANSITION, codes

MACHINE = "child_protection"
# How long before 18 a plan may be made; it is due 180 days before (limit ageing_out).
PLAN_FROM = timedelta(days=365)
RISK_WITHIN = timedelta(hours=24)  # palermo default of the event `found`


def given(inputs: Inputs, name: str, kind: type, obj: Any) -> Any:
    """The paper of that kind in the inputs, if it is about this child."""
    found = inputs.get(name)
    return found if isinstance(found, kind) and getattr(found, "child_id", None) == obj.pk else None


@guard("age_is_decided", machine=MACHINE)
def age_is_decided(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """The newest assessment says "adult", and somebody else made it."""
    newest = AgeAssessment.objects.filter(child_id=obj.pk).order_by("-written_at").first()
    if newest is None or newest.conclusion != Conclusion.ADULT:
        return _(
            "In doubt a child: an age assessment must first find that the person is an adult beyond doubt."
        )
    if newest.written_by_id == actor.user_id:
        return _("A second person must decide this: you wrote the age assessment.")
    return ""


@guard("child_is_heard", machine=MACHINE, from_form=True)
def child_is_heard(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """The child was heard at this very step."""
    heard = given(inputs, "view", View, obj)
    return "" if heard else _("Hear the child in a way that fits the age, and write the view down.")


@guard("guardian_is_heard", machine=MACHINE, from_form=True)
def guardian_is_heard(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """There is a guardian, and the assessment says what the guardian says."""
    made = given(inputs, "assessment", Assessment, obj)
    spoken = made is not None and bool(made.sealed_guardian)
    return "" if spoken and _guarded(obj) else _("Hear the guardian first.")


@guard("three_bodies_are_told", machine=MACHINE, from_form=True)
def three_bodies_are_told(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """Each of the three has a row."""
    told = set(Told.objects.filter(child_id=obj.pk, about=Happening.FOUND).values_list("body", flat=True))
    if set(Body.values) <= told:
        return ""
    return _("Tell child protection, the police unit and the coordinator at the same time.")


@guard("family_is_checked_first", machine=MACHINE, from_form=True)
def family_is_checked_first(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """A place away from the exploiters; the database asks for the check of the family."""
    found = given(inputs, "placement", Placement, obj)
    safe = found is not None and found.away
    return (
        ""
        if safe
        else _(
            "Check that the family is safe before there is any contact, and keep the place from the exploiters."
        )
    )


def _guarded(obj: Any, **more: Any) -> bool:
    return Guardian.objects.filter(child_id=obj.pk, ended_at=None, **more).exists()


@guard("guardian_is_recorded", machine=MACHINE, from_form=True)
def guardian_is_recorded(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """A guardian was appointed who is independent of the exploiters."""
    appointed = _guarded(obj, independent=True)
    return "" if appointed else _("Appoint a guardian who is independent of the exploiters.")


@guard("parent_is_safe", machine=MACHINE, from_form=True)
def parent_is_safe(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """The child is with a parent, who was checked and speaks for the child."""
    if obj.situation not in ("with_family", "child_of_victim"):
        return _("The child is not with a parent: appoint a guardian.")
    safe = _guarded(obj, kind="parent", independent=True)
    return (
        ""
        if safe
        else _("The parent must be the parent, be safe for the child and have no part in what happened.")
    )


@guard("bia_is_recorded", machine=MACHINE, from_form=True)
def bia_is_recorded(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """A full assessment that weighed every element; safety and the child's views are known."""
    made = given(inputs, "assessment", Assessment, obj)
    if made is None or made.depth != Depth.FULL or set(made.findings) < set(codes(ELEMENT)):
        return _("Weigh every element of the best interests first.")
    if "unknown" in (made.findings["safety"], made.findings["views"]):
        return _("A full assessment knows about safety and about the child's own views.")
    return ""


@guard("panel_is_complete", machine=MACHINE, from_form=True)
def panel_is_complete(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """Social services, health and police at the table, one of them in the chair, who is not the lead worker."""
    panel = given(inputs, "panel", Panel, obj)
    members = list(panel.members.all()) if panel is not None else []
    missing = set(NEEDED_SECTORS) - {member.sector for member in members}
    if missing:
        return _("A panel needs social services, health and police.")
    if sum(member.chairs for member in members) != 1:
        return _("One member is in the chair.")
    if panel.chair_id is not None and panel.chair_id == panel.lead_worker_id:
        return _("The lead worker of the case is not in the chair.")
    return ""


@guard("dissent_is_minuted", machine=MACHINE, from_form=True)
def dissent_is_minuted(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """Whoever disagrees has said why."""
    panel = given(inputs, "panel", Panel, obj)
    if panel is None:
        return _("Write down who disagreed and why, or that nobody did.")
    silent = [m for m in panel.members.all() if m.opinion == Opinion.DISSENTS and not m.sealed]
    return _("Write down who disagreed and why, or that nobody did.") if silent else ""


@guard("ordinary_protection_takes_over", machine=MACHINE, from_form=True)
def ordinary_protection_takes_over(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """It is written which organisation has taken over."""
    paper = given(inputs, "handover", Kept, obj)
    taken = paper is not None and paper.organisation_id is not None
    return "" if taken else _("The ordinary child protection must have taken the child's protection over.")


@guard("transition_plan_is_made", machine=MACHINE, from_form=True)
def transition_plan_is_made(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """The month of birth is estimated, 18 is less than a year away, and the plan has every part."""
    if obj.turns_18_at is None:
        return _("Estimate the month of birth first.")
    if obj.turns_18_at - PLAN_FROM > timezone.now():
        return _("This is planned in the last year before 18.")
    plan = given(inputs, "plan", Kept, obj)
    if plan is None or set(plan.codes) < set(codes(TRANSITION)):
        return _("The plan must say something on every part.")
    return ""


@guard("majority_is_reached", machine=MACHINE)
def majority_is_reached(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """The estimated month in which the child turns 18 is over."""
    grown = obj.turns_18_at is not None and obj.turns_18_at <= timezone.now()
    return "" if grown else _("The estimated month of coming of age is not over yet.")


@guard("bid_is_recorded", machine=MACHINE, from_form=True)
def bid_is_recorded(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """A determination by this panel, not by the lead worker of the case."""
    made = given(inputs, "determination", Determination, obj)
    if made is None:
        return _("A panel determines the best interests first.")
    alone = made.lead_worker_id is not None and made.written_by_id == made.lead_worker_id
    return _("The lead worker of the case does not decide on a durable solution.") if alone else ""


@guard("guardian_agrees_to_solution", machine=MACHINE, from_form=True)
def guardian_agrees_to_solution(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """The guardian agrees to this solution."""
    made = given(inputs, "determination", Determination, obj)
    return "" if made is not None and made.guardian_agrees else _("The guardian must agree.")


@guard("guardian_agrees_to_close", machine=MACHINE, from_form=True)
def guardian_agrees_to_close(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """The closing paper says so."""
    paper = given(inputs, "closing", Kept, obj)
    return "" if paper is not None and "guardian_agrees" in paper.codes else _("The guardian must agree.")


@guard("child_is_told", machine=MACHINE, from_form=True)
def child_is_told(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """The child was told in the own language, and what the child said to it is written down."""
    paper, view = given(inputs, "closing", Kept, obj), given(inputs, "view", View, obj)
    told = paper is not None and "child_told" in paper.codes and view is not None
    own = view is not None and (not obj.language or view.language == obj.language)
    return "" if told and own else _("Tell the child in the own language.")


@effect("raise_missing_alert", machine=MACHINE)
def raise_missing_alert(obj: Any, actor: Viewer, inputs: Inputs) -> None:
    """Police, coordinator and child protection hear at once that a child is missing; nothing else."""
    tell_bodies(actor=actor, child=obj, about=Happening.MISSING, organisations=told_before(obj))


@effect("force_risk_assessment", machine=MACHINE)
def force_risk_assessment(obj: Any, actor: Viewer, inputs: Inputs) -> None:
    """A child who was found has a new risk assessment within 24 hours."""
    obj.risk_due_at = timezone.now() + RISK_WITHIN
    obj.save(update_fields=["risk_due_at"])


@on_enter(MACHINE, "adult_track")
def the_case_is_about_an_adult(obj: Any, actor: Viewer, inputs: Inputs) -> None:
    """Found to be an adult, or grown up: the case says so to every room that asks, for consent and for referrals."""
    if actor.is_person:
        settle_age(actor=actor, case_id=obj.pk, child=False)
