"""What this room hears of others: a consent that was taken back, an organisation that has closed.

Both end referrals in the transaction in which it happens. They lock every envelope first, in the order of its id, and
write the audit after that, as every move does: so they wait for who is moving one at that moment, and nobody waits in
a circle.
"""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from palermo.kernel.access.context import acting
from palermo.kernel.access.notices import tell
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.workflow.actions import transition
from palermo.rooms.consents import queries as consents
from palermo.rooms.referral.models import Decline, Ending, Outcome, Referral, Sending
from palermo.rooms.referral.queries import purpose_of
from palermo.rooms.referral.queries.lists import ENDED
from palermo.standards.workflows import machine

PURPOSES = ("referral", "transfer")
CLOSED = {
    "receiver_closed": {"decline": Decline.CLOSED.value},
    "help_closed": {"outcome": Outcome.CLOSED.value},
    "sender_closed": {"ending": Ending.CLOSED.value},
}


@transaction.atomic
def consents_ended(*, actor: Viewer, person_id: UUID, purpose: str) -> None:
    """End every referral of the person whose ground is gone. Another consent lets it go on; a law lets what was told
    be kept. Done as the system: who writes the withdrawal down may be on either side."""
    if purpose not in PURPOSES:
        return
    seen = set(Sending.objects.filter(person_id=person_id).values_list("pk", flat=True))
    with acting(Viewer.operator()):
        halves = list(Sending.objects.filter(person_id=person_id, transfer=purpose == "transfer"))
        rows = _locked([half.pk for half in halves])
    for half in halves:
        row = rows[half.pk]
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


@transaction.atomic
def organisation_closed(*, actor: Viewer, organisation_id: UUID) -> None:
    """End what is open with a house that has closed, and tell the other side. Done as the system: who closes a house
    in the directory sees no referral. What the closed house had sent and others accepted goes on."""
    with acting(Viewer.operator()) as system:
        ours = Q(organisation=organisation_id) | Q(receiver=organisation_id)
        ids = Referral.objects.filter(ours).exclude(state__in=ENDED).values_list("pk", flat=True)
        rows = _locked(list(ids))
        for row in rows.values():
            sent = row.organisation_id == organisation_id
            events = ("sender_closed",) if sent else ("receiver_closed", "help_closed")
            event = next((e for e in events if machine(row.machine).find(row.state, e)), None)
            if event is None:
                continue
            (code,) = CLOSED[event].values()
            transition(
                actor=system,
                obj=row,
                event=event,
                expected_version=row.version,
                reason=code,
                inputs=CLOSED[event],
            )


@transaction.atomic
def age_settled(*, actor: Viewer, case_id: UUID, child: bool) -> None:
    """Tell who refers a case that the person is a child, while something is open: what was right for an adult may not
    be any more. Nothing is ended. What is still to be sent or accepted asks the case itself (`child_protection_agrees`,
    `guardian_first`, `referral_hand_over`). Done as the system: who settles an age may see no referral."""
    if not child:
        return
    with acting(Viewer.operator()):
        rows = Referral.objects.filter(sending__case_id=case_id).exclude(state__in=ENDED)
        for key, sender in rows.values_list("pk", "sender_id"):
            tell(sender, kind="referral_child_learned", object_kind="referral", object_id=key)


def _locked(ids: Collection[UUID]) -> dict[UUID, Referral]:
    """The envelopes, locked before they are looked at: who moves one at this moment is before or after this."""
    rows = Referral.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    return {row.pk: row for row in rows}
