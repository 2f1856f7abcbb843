"""Assess the risk to the person, and write down what happened that makes it necessary to look again."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import FieldProblem, Invalid
from palermo.kernel.workflow.actions import reckon
from palermo.kernel.workflow.clocks import country, due_at
from palermo.rooms.cases.actions.words import all_known, known, long_enough, write
from palermo.rooms.cases.models import Case, Happening, Risk, RiskAssessment
from palermo.web.room import tell

REASON_AT_LEAST = 10
# Within what the risk is looked at again after something happened; the pack names it after its hardest case.
AFTER_A_HAPPENING = "risk_after_found"
FACTORS, CAUSES = "palermo/risk_factor", "palermo/risk_cause"
# Why one looks without anything having happened.
CALM = ("first", "review", "exit", "other")


@transaction.atomic
def assess_risk(
    *,
    actor: Viewer,
    case: Case,
    risk: str,
    reason: str,
    expected_version: int,
    factors: Sequence[str] = (),
    cause: str = "",
) -> Case:
    """Say how high the risk to the person is now, by which factors, and why one looked; settles what happened.

    The running clocks of the case move with the level. Raises Invalid, Stale.
    """
    require(actor, "cases.facts.change", case.pk)
    require(actor, "cases.plan.change", case.pk)
    problems = []
    if risk not in Risk.values or risk == Risk.NOT_ASSESSED:
        problems.append(FieldProblem("risk", _("Choose high, medium or low."), "choice"))
    problems += long_enough("reason", reason, REASON_AT_LEAST, _("Say in a sentence what the risk is."))
    problems += all_known("factors", FACTORS, factors)
    waiting = Happening.objects.filter(case=case, met_by=None)
    cause = cause or _cause(case, waiting.order_by("due_at").values_list("kind", flat=True).first())
    problems += known("cause", CAUSES, cause)
    if problems:
        raise Invalid(_("The risk was not changed."), problems=problems)
    assert actor.user_id is not None
    before = case.risk
    case.change({"risk": risk}, expected_version=expected_version, base={"risk": before})
    made = RiskAssessment.objects.create(
        case=case,
        level=risk,
        cause=cause,
        factors=list(dict.fromkeys(factors)),
        words=write(actor, case, reason),
        made_by_id=actor.user_id,
    )
    settled = waiting.update(met_by=made)
    reckon(actor=actor, obj=case)  # The clocks that depend on the risk move with it.
    tell("cases.risk_assessed", actor=actor, case_id=case.pk)
    record(
        actor=actor,
        action="cases.case.assess_risk",
        object_kind="case",
        object_id=case.pk,
        fields=("risk",),
        detail={"from": before, "to": risk, "cause": cause, "settled": settled},
    )
    return case


def _cause(case: Case, happened: str | None) -> str:
    """Why one looks, where nobody says: what happened last, else the clock, else because nobody has looked yet."""
    return happened or ("first" if case.risk == Risk.NOT_ASSESSED else "review")


@transaction.atomic
def note_happening(
    *, actor: Viewer, case: Case, kind: str, text: str = "", at: datetime | None = None
) -> Happening:
    """Write down that something happened after which the risk must be assessed anew, within the pack's limit."""
    require(actor, "cases.plan.change", case.pk)
    at = at or timezone.now()
    problems = known("kind", CAUSES, kind)
    if kind in CALM:
        problems = [FieldProblem("kind", _("Choose what happened."), "choice")]
    if at > timezone.now():
        problems.append(FieldProblem("at", _("This day has not come yet."), "future"))
    problems += long_enough("text", text, 0, "")
    if problems:
        raise Invalid(_("Nothing was written down."), problems=problems)
    made = happened(actor, case, kind, at, text)
    record(
        actor=actor,
        action="cases.happening.note",
        object_kind="case",
        object_id=case.pk,
        detail={"kind": kind},
    )
    return made


def happened(actor: Viewer, case: Case, kind: str, at: datetime, text: str = "") -> Happening:
    """The row itself. The clock starts when it is written down: a limit cannot have passed unseen."""
    assert actor.user_id is not None
    return Happening.objects.create(
        case=case,
        kind=kind,
        made_at=at,
        due_at=due_at(AFTER_A_HAPPENING, timezone.now(), country()),
        words=write(actor, case, text),
        made_by_id=actor.user_id,
    )
