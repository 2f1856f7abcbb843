"""The safety plan: what the person does when there is danger. Gone through at every contact."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import FieldProblem, Invalid, NotFound, Stale
from palermo.rooms.cases.actions.words import known, long_enough, write_parts
from palermo.rooms.cases.models import Case, SafetyPlan, SafetyReview

SIGNS, STEPS, CALLS = "palermo/danger_sign", "palermo/safety_step", "palermo/safety_call"
MOST = 12


@dataclass(frozen=True, slots=True)
class SafetyItem:
    """A sign of danger, what the person does then, whom to call, and words to it."""

    sign: str
    step: str
    call: str
    text: str = ""


@transaction.atomic
def revise_safety(
    *, actor: Viewer, case: Case, items: Sequence[SafetyItem], expected_number: int
) -> SafetyPlan:
    """A new version of the safety plan. `expected_number` is the version that was on the page, 0 for none: Stale."""
    require(actor, "cases.plan.change", case.pk)
    _check(items)
    latest = _latest(case)
    now = latest.number if latest else 0
    if now != expected_number:
        raise _stale(expected_number, now)
    assert actor.user_id is not None
    try:
        with transaction.atomic():
            made = SafetyPlan.objects.create(
                case=case,
                number=now + 1,
                items=[{"sign": item.sign, "step": item.step, "call": item.call} for item in items],
                words=write_parts(actor, case, {str(place): item.text for place, item in enumerate(items)}),
                made_by_id=actor.user_id,
            )
    except IntegrityError:
        raise _stale(expected_number, now + 1) from None
    record(
        actor=actor,
        action="cases.safety.revise",
        object_kind="case",
        object_id=case.pk,
        detail={"version": made.number, "count": len(items)},
    )
    return made


@transaction.atomic
def review_safety(*, actor: Viewer, case: Case) -> SafetyReview:
    """The plan was gone through with the person today, and nothing changed. NotFound where there is none."""
    require(actor, "cases.plan.change", case.pk)
    latest = _latest(case)
    if latest is None:
        raise NotFound()
    assert actor.user_id is not None
    made = SafetyReview.objects.create(plan=latest, case=case, made_by_id=actor.user_id)
    record(
        actor=actor,
        action="cases.safety.review",
        object_kind="case",
        object_id=case.pk,
        detail={"version": latest.number},
    )
    return made


def _latest(case: Case) -> SafetyPlan | None:
    return SafetyPlan.objects.filter(case=case).order_by("-number").first()


def _stale(base: int, theirs: int) -> Stale:
    message = _("Somebody else has changed the safety plan since you opened it. Nothing was saved.")
    return Stale(message, base={"version": base}, mine={"version": base + 1}, theirs={"version": theirs})


def _check(items: Sequence[SafetyItem]) -> None:
    problems = []
    if not 1 <= len(items) <= MOST:
        words = _("Write one to %(n)s lines.") % {"n": MOST}
        problems.append(FieldProblem("items", words, "length"))
    for item in items:
        problems += known("sign", SIGNS, item.sign) + known("step", STEPS, item.step)
        problems += known("call", CALLS, item.call) + long_enough("text", item.text, 0, "")
    if problems:
        raise Invalid(_("The safety plan was not saved."), problems=problems)
