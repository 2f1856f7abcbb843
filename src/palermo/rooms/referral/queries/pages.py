"""What one side reads of one referral: its own half, the packet, feedback, and what can be done now."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from palermo.kernel.access.policy import granted
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.vault.texts import Owner, Place, open_texts
from palermo.kernel.workflow.moves import Move, moves
from palermo.rooms.consents import queries as consents
from palermo.rooms.referral.models import Feedback, Packet, Receiving, Referral, Sending
from palermo.rooms.referral.queries import bodies
from palermo.rooms.referral.queries.lists import OUTBOX, side_of
from palermo.rooms.referral.queries.words import FROM_VAULT, NAMES, ORDER

# Who may do it: the engine's guards say so too; the page leaves out what is for the other side.
SENDERS = frozenset({"send", "revoke", "recall", "confirm"})
BOTH = frozenset({"consent_withdrawn"})


@dataclass(frozen=True, slots=True)
class Paper:
    """The packet, opened: (category, its name, the words). None for words that were changed outside palermo."""

    packet: Packet
    parts: tuple[tuple[str, str, str | None], ...]
    has_identity: bool
    may_open_identity: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One category that could be told, and whether consent or law covers it for this receiver."""

    code: str
    name: str
    covered: bool


def sending(viewer: Viewer, row: Referral) -> Sending | None:
    """The sender's half; None for everybody else."""
    return Sending.objects.filter(pk=row.pk).first()


def receiving(viewer: Viewer, row: Referral) -> Receiving | None:
    """The receiver's half; None for the sender, and for who does not hold the receiver's case."""
    return Receiving.objects.filter(pk=row.pk).first()


def owner_of(row: Referral) -> Owner:
    """Whose key seals what is told: the envelope's, which both sides hold; the walls decide who gets the bytes."""
    return Owner("referral", row.pk, row.organisation_id)


def draft_place(half: Sending) -> Place:
    return Place("referral_sending", "sealed", half.referral_id, half.sealed_version)


def texts_of(viewer: Viewer, row: Referral, half: Sending) -> dict[str, str]:
    """The words of a draft by category; empty once they are frozen."""
    sealed = [(draft_place(half), half.sealed)]
    (text,) = open_texts(actor=viewer, owner=owner_of(row), sealed=sealed)
    return bodies.read(text)


def paper(viewer: Viewer, row: Referral, *, own: UUID | None = None) -> Paper | None:
    """The packet as this side may read it now; None while it may not. `own`: the case of this side, if it is known."""
    packet = Packet.objects.filter(referral_id=row.pk).first()
    if packet is None:
        return None
    place = Place("referral_packet", "sealed", packet.pk)
    (text,) = open_texts(actor=viewer, owner=owner_of(row), sealed=[(place, packet.sealed)])
    words = bodies.read(text)
    parts = tuple(
        (code, str(NAMES[code]), None if text is None else words.get(code, ""))
        for code in ORDER
        if code in packet.categories and code not in FROM_VAULT
    )
    return Paper(packet, parts, bool(packet.sealed_identity), _may_open(viewer, row, own))


def _may_open(viewer: Viewer, row: Referral, own: UUID | None) -> bool:
    """Whether the viewer holds the scope identity on his own side's case."""
    own = own or own_case(viewer, row)
    return own is not None and granted(own, "identity")


def own_case(viewer: Viewer, row: Referral) -> UUID | None:
    """The case of the viewer's own side, if he holds it."""
    half = sending(viewer, row) or receiving(viewer, row)
    return half.case_id if half else None


def identity_of(viewer: Viewer, row: Referral, packet: Packet) -> dict[str, str]:
    """Name and ways of contact as they were frozen. The action has asked for the right and leaves the trace."""
    place = Place("referral_packet", "sealed_identity", packet.pk)
    (text,) = open_texts(actor=viewer, owner=owner_of(row), sealed=[(place, packet.sealed_identity)])
    return bodies.read(text)


def feedback_of(viewer: Viewer, row: Referral) -> list[Feedback]:
    """What the receiver told, newest first."""
    return list(Feedback.objects.filter(referral_id=row.pk).select_related("written_by"))


def moves_of(viewer: Viewer, row: Referral) -> list[Move]:
    """What this side can do now, possible things first, each with a reason where it is not possible."""
    out = side_of(viewer, row) == OUTBOX
    return [move for move in moves(viewer, row) if move.event in BOTH or (move.event in SENDERS) == out]


def purpose_of(transfer: bool) -> str:
    """The purpose in the ledger of consents."""
    return "transfer" if transfer else "referral"


def choices_of(viewer: Viewer, *, person_id: UUID, receiver_id: UUID, transfer: bool = False) -> list[Choice]:
    """Each category, and whether it may be told to this receiver now."""
    ask: dict[str, Any] = {
        "person_id": person_id,
        "purpose": purpose_of(transfer),
        "recipient_id": receiver_id,
    }
    return [
        Choice(code, str(NAMES[code]), bool(consents.basis(viewer, categories=[code], **ask)))
        for code in ORDER
    ]


def crime_agreed(viewer: Viewer, person_id: UUID, *, transfer: bool) -> bool:
    """Whether somebody may be told what the case is about: the form ticks it then; sending asks for this receiver."""
    ask: dict[str, Any] = {"person_id": person_id, "purpose": purpose_of(transfer)}
    return consents.basis(viewer, categories=["exploitation"], **ask) is not None


def missing_consent(receiver: str) -> str:
    """The sentence that says what is missing and how to get it."""
    return _(
        "The person has not agreed that this is told to %(receiver)s. Ask the person and write the answer down "
        "under “Consent”, tell less, or ask a second person to confirm a legal basis."
    ) % {"receiver": receiver}
