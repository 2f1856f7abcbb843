"""What this room hears of the others: a consent that was taken back, a risk that was assessed."""

from uuid import UUID

from palermo.kernel.access.viewer import Viewer
from palermo.rooms.identification.actions.holding import tell_overseers
from palermo.rooms.identification.models import Identification

WITH_AUTHORITY = ("referred", "info_pending", "rg_negative_proposed", "recovery", "determination",
                  "cg_negative_proposed", "review")  # fmt: skip


def consent_ended(*, actor: Viewer, person_id: UUID, purpose: str) -> None:
    """Who takes back the consent to be identified may be under pressure: a supervisor talks to the person alone."""
    if purpose != "identification":
        return
    for found in Identification.objects.filter(person_id=person_id, state__in=WITH_AUTHORITY):
        tell_overseers(found, kind="identification_consent_ended", about=actor.user_id)


def risk_assessed(*, actor: Viewer, case_id: UUID) -> None:
    """The risk of somebody who was found again has been looked at."""
    Identification.objects.filter(case_id=case_id).exclude(risk_due_at=None).update(risk_due_at=None)
