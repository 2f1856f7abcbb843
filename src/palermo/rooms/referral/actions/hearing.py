"""A person refused or took a consent back: what relied on it ends, in the same transaction."""

from uuid import UUID

from django.db import connection, transaction

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.workflow.actions import transition
from palermo.rooms.consents import queries as consents
from palermo.rooms.referral.models import Referral, Sending
from palermo.rooms.referral.queries import purpose_of
from palermo.standards.workflows import machine

PURPOSES = ("referral", "transfer")


def wait_for(person_id: UUID) -> None:
    """One at a time for a person, until this transaction ends; taken before any row is locked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('referral ' || %s, 0))", [str(person_id)]
        )


@transaction.atomic
def consents_ended(*, actor: Viewer, person_id: UUID, purpose: str) -> None:
    """End every referral of the person whose ground is gone. Another consent lets it go on; a law lets what was told
    be kept. Done as the system: who writes the withdrawal down may be on either side."""
    if purpose not in PURPOSES:
        return
    wait_for(person_id)
    seen = set(Sending.objects.filter(person_id=person_id).values_list("pk", flat=True))
    with acting(Viewer.operator()):
        halves = list(Sending.objects.filter(person_id=person_id, transfer=purpose == "transfer"))
    for half in halves:
        with acting(Viewer.operator()):
            # Locked before it is looked at: who accepts at this moment is either before or after the withdrawal.
            row = Referral.objects.select_for_update(of=("self",)).get(pk=half.pk)
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
