"""The four levels: what puts the person at risk and what protects, in oneself, at home, around, and in the country."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import FieldProblem, Invalid
from palermo.rooms.cases.actions.words import all_known, long_enough, write_parts
from palermo.rooms.cases.models import Assessment, Case
from palermo.standards.codes import codelist

RISKS, PROTECTIVE = "palermo/vulnerability_risk", "palermo/vulnerability_protective"


def levels() -> list[str]:
    """individual, household, community, structural: the heads of both lists."""
    return [code.code for code in codelist(RISKS) if not code.parent]


@transaction.atomic
def assess(
    *,
    actor: Viewer,
    case: Case,
    risks: Sequence[str],
    protective: Sequence[str],
    needs_recorded: bool,
    texts: Mapping[str, str] | None = None,
) -> Assessment:
    """Write an assessment on the four levels; `texts` are words by level. A later one does not change this one."""
    require(actor, "cases.plan.change", case.pk)
    texts = dict(texts or {})
    heads = set(levels())
    problems = all_known("risks", RISKS, risks) + all_known("protective", PROTECTIVE, protective)
    if heads & {*risks, *protective}:
        problems.append(FieldProblem("risks", _("Choose from the list."), "choice"))
    if not (risks or protective or any(text.strip() for text in texts.values())):
        problems.append(FieldProblem("risks", _("Mark at least one thing, or write a sentence."), "empty"))
    for name, text in texts.items():
        problems += long_enough(name, text, 0, "") if name in heads else all_known("texts", RISKS, [""])
    if problems:
        raise Invalid(_("The assessment was not saved."), problems=problems)
    assert actor.user_id is not None
    made = Assessment.objects.create(
        case=case,
        risks=list(dict.fromkeys(risks)),
        protective=list(dict.fromkeys(protective)),
        needs_recorded=needs_recorded,
        words=write_parts(actor, case, texts),
        made_by_id=actor.user_id,
    )
    record(
        actor=actor,
        action="cases.assessment.write",
        object_kind="case",
        object_id=case.pk,
        detail={"risks": len(made.risks), "protective": len(made.protective), "needs": needs_recorded},
    )
    return made
