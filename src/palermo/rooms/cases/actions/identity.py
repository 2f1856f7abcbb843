"""Reveal who the person is: for a purpose from a list, freshly signed in, shown once, written down."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import FieldProblem, Invalid
from palermo.kernel.vault.actions import reveal
from palermo.kernel.vault.identity import FIELDS
from palermo.kernel.vault.models import Purpose
from palermo.rooms.cases.models import Case, Reveal

REVEALABLE = FIELDS
EXPLANATION_AT_LEAST, EXPLANATION_AT_MOST = 10, 500


@transaction.atomic
def reveal_identity(
    *, actor: Viewer, case: Case, fields: Sequence[str], purpose: str, explanation: str
) -> dict[str, str]:
    """The chosen fields of the person's identity. Both the vault and the case keep who looked, when and why.

    `purpose` is a code of the vault's `Purpose`; `explanation` a sentence of one's own, kept in the case only.
    """
    require(actor, "cases.identity.reveal", case.pk)
    explanation = explanation.strip()
    problems = []
    if purpose not in Purpose.values:
        problems.append(FieldProblem("purpose", _("Choose what you need it for."), "choice"))
    if not EXPLANATION_AT_LEAST <= len(explanation) <= EXPLANATION_AT_MOST:
        problems.append(FieldProblem("explanation", _("Say in a sentence why."), "length"))
    if problems:
        raise Invalid(_("The identity was not opened."), problems=problems)
    assert actor.user_id is not None
    Reveal.objects.create(
        case=case, seen_by_id=actor.user_id, purpose=purpose, explanation=explanation, fields=list(fields)
    )
    shown = reveal(actor=actor, person_id=case.person_id, fields=fields, purpose=purpose)
    record(
        actor=actor,
        action="cases.identity.reveal",
        object_kind="case",
        object_id=case.pk,
        purpose=purpose,
        fields=fields,
    )
    return shown
