"""A later screening about the same person is taken into the open case: a person decides fact by fact."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid
from palermo.rooms.cases.actions.facts import change_facts
from palermo.rooms.cases.actions.opening import STATUS_OF
from palermo.rooms.cases.models import Case, Crime, Facts, TakenOver
from palermo.rooms.cases.queries.screenings import COMPARED, merged
from palermo.rooms.identification.queries import Decided, decided


@transaction.atomic
def take_over(
    *,
    actor: Viewer,
    case: Case,
    screening_id: UUID,
    fields: Sequence[str],
    expected_version: int,
    expected_facts: int,
) -> TakenOver:
    """Link a decided screening with the case and take the named facts from it (crime, child, forms, controls).

    None named: the screening is only linked. NotFound, Conflict (not decided, or of another case), Stale, Invalid.
    """
    require(actor, "cases.facts.change", case.pk)
    require(actor, "cases.plan.change", case.pk)
    found = _decided(actor, case, screening_id)
    if not set(fields) <= set(COMPARED):
        words = _("Choose from the list.")
        raise Invalid(_("Nothing was taken over."), problems=[FieldProblem("fields", words, "choice")])
    facts = Facts.objects.get(case_id=case.pk)
    values = {name: value for name, value in merged(case, facts, found).items() if _group(name) in fields}
    own: dict[str, Any] = {name: values.pop(name) for name in ("crime", "child") if name in values}
    if "crime" in own:
        # From now on this house knows it from its own screening, whoever told it before.
        own |= {"status": STATUS_OF[Crime(own["crime"])], "told_by_id": None}
    case.change(own, expected_version=expected_version)
    if values:
        change_facts(actor=actor, facts=facts, values=values, expected_version=expected_facts)
    made = _linked(actor, case, found, fields)
    record(
        actor=actor,
        action="cases.case.take_over",
        object_kind="case",
        object_id=case.pk,
        fields=sorted(fields),
        detail={"screening": found.code},
    )
    return made


def _group(name: str) -> str:
    return name.split("_")[0]


def _linked(actor: Viewer, case: Case, found: Decided, fields: Sequence[str]) -> TakenOver:
    assert actor.user_id is not None
    try:
        with transaction.atomic():
            return TakenOver.objects.create(
                case=case,
                screening_id=found.screening_id,
                screening_code=found.code,
                fields=sorted(fields),
                made_by_id=actor.user_id,
            )
    except IntegrityError:
        raise _of_a_case(_("This screening was taken into the case already.")) from None


def _decided(actor: Viewer, case: Case, screening_id: UUID) -> Decided:
    found = decided(actor, screening_id)
    if found is None:
        raise _of_a_case(_("Nobody has decided on this screening yet. Decide first; then take it over."))
    if Case.objects.filter(screening_id=screening_id).exists():
        raise _of_a_case(_("A case is open from this screening already."))
    return found


def _of_a_case(sentence: str) -> Conflict:
    return Conflict(sentence, rule="cases.case.take_over", state="decided")
