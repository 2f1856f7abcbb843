"""Case conferences: who took part, what each may see and was told, what was decided."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import FieldProblem, Invalid
from palermo.rooms.cases.actions.words import all_known, known, long_enough, write_parts
from palermo.rooms.cases.models import Case, Conference

ROLES, CATEGORIES = "palermo/conference_role", "palermo/consent_category"
LEAST = 10
MOST = 20


@transaction.atomic
def minute_conference(
    *,
    actor: Viewer,
    case: Case,
    held_on: date,
    participants: Sequence[Mapping[str, Any]],
    minutes: str,
    decisions: str,
) -> Conference:
    """Write down a conference. A participant is {"organisation", "role", "sees", "told"}, without a person's name.

    Nobody was told what he may not see: `told` lies within `sees`.
    """
    require(actor, "cases.plan.change", case.pk)
    problems = long_enough("decisions", decisions, LEAST, _("Say what was decided."))
    problems += long_enough("minutes", minutes, 0, "")
    if held_on > timezone.localdate():
        problems.append(FieldProblem("held_on", _("This day has not come yet."), "future"))
    if not 1 <= len(participants) <= MOST:
        problems.append(FieldProblem("participants", _("Say who took part."), "length"))
    for row in participants:
        problems += _problems_of(row)
    if problems:
        raise Invalid(_("The conference was not saved."), problems=problems)
    assert actor.user_id is not None
    made = Conference.objects.create(
        case=case,
        held_on=held_on,
        participants=[
            {name: row[name] for name in ("organisation", "role", "sees", "told")} for row in participants
        ],
        words=write_parts(actor, case, {"minutes": minutes, "decisions": decisions}),
        made_by_id=actor.user_id,
    )
    record(
        actor=actor,
        action="cases.conference.minute",
        object_kind="case",
        object_id=case.pk,
        detail={"count": len(participants)},
    )
    return made


def _problems_of(row: Mapping[str, Any]) -> list[FieldProblem]:
    sees, told = row.get("sees", []), row.get("told", [])
    name = row.get("organisation")
    problems = known("role", ROLES, row.get("role"))
    if not isinstance(name, str) or not 2 <= len(name.strip()) <= 120:
        problems.append(FieldProblem("organisation", _("Name the organisation, not the person."), "length"))
    if not isinstance(sees, list) or not isinstance(told, list):
        return [*problems, FieldProblem("sees", _("Choose from the list."), "choice")]
    problems += all_known("sees", CATEGORIES, sees) + all_known("told", CATEGORIES, told)
    if not problems and not set(told) <= set(sees):
        words = _("Somebody was told more than he may see. Change what he may see, or what he was told.")
        problems.append(FieldProblem("told", words, "told"))
    return problems
