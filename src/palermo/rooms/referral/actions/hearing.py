"""A person refused or took a consent back: what relied on it ends, in the same transaction."""

from uuid import UUID

from django.db import OperationalError, transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict
from palermo.kernel.workflow.actions import transition
from palermo.rooms.consents import queries as consents
from palermo.rooms.referral.models import Referral, Sending
from palermo.rooms.referral.queries import purpose_of
from palermo.standards.workflows import machine

PURPOSES = ("referral", "transfer")


@transaction.atomic
def consents_ended(*, actor: Viewer, person_id: UUID, purpose: str) -> None:
    """End every referral of the person whose ground is gone. Another consent lets it go on; a law lets what was told
    be kept. Done as the system: who writes the withdrawal down may be on either side."""
    if purpose not in PURPOSES:
        return
    seen = set(Sending.objects.filter(person_id=person_id).values_list("pk", flat=True))
    with acting(Viewer.operator()):
        halves = list(Sending.objects.filter(person_id=person_id, transfer=purpose == "transfer"))
    for half in halves:
        row = _locked(half)
        if machine(row.machine).find(row.state, "consent_withdrawn") is None:
            continue
        if half.pk not in seen and row.receiver_id not in actor.organisation_ids:
            # Somebody else's ledger line: only who sent it, or got it, speaks about it.
            continue
        basis = consents.basis(
            actor,
            person_id=person_id,
            purpose=purpose_of(row.transfer),
            categories=half.categories,
            recipient_id=row.receiver_id,
        )
        if basis is not None and basis.kind == consents.CONSENT:
            continue
        with acting(Viewer.operator()) as system:
            transition(
                actor=system,
                obj=row,
                event="consent_withdrawn",
                expected_version=row.version,
                inputs={"keep": basis is not None},
            )


def _locked(half: Sending) -> Referral:
    """The envelope, locked before it is looked at: who moves it at this moment is before or after the withdrawal.

    It does not wait: the ledger has told the audit already, for which the other one may be waiting. Raises Conflict.
    """
    try:
        with transaction.atomic(), acting(Viewer.operator()):
            return Referral.objects.select_for_update(of=("self",), nowait=True).get(pk=half.pk)
    except OperationalError:
        words = _("A referral of this person is being answered at this very moment. Please do it once more.")
        raise Conflict(words, rule="referral.busy") from None
