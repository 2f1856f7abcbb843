"""End a screening without a decision: the person left, or asked to stop. What was answered stays as it is."""

from django.db import transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import FieldProblem, Invalid
from palermo.kernel.workflow.actions import transition
from palermo.rooms.identification.models import Screening

REASON_AT_LEAST, REASON_AT_MOST = 10, 1000


@transaction.atomic
def abandon_screening(
    *, actor: Viewer, screening: Screening, reason: str, expected_version: int
) -> Screening:
    """End the asking without a decision. The way back is a new screening that names this one."""
    require(actor, "identification.screening.answer", screening.pk)
    reason = reason.strip()
    if not REASON_AT_LEAST <= len(reason) <= REASON_AT_MOST:
        words = _("Say why in a sentence.")
        raise Invalid(_("The screening was not ended."), problems=[FieldProblem("reason", words, "length")])
    transition(actor=actor, obj=screening, event="abandon", expected_version=expected_version, reason=reason)
    return screening
