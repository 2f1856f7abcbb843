"""Freezing what is told: sealed words, and name and ways of contact from the vault where the basis covers them."""

import hashlib

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.vault.actions import reveal
from palermo.kernel.vault.texts import Place, seal_text
from palermo.rooms.cases import queries as cases
from palermo.rooms.consents.actions import require_basis
from palermo.rooms.referral import queries
from palermo.rooms.referral.models import Packet, Referral, Sending
from palermo.rooms.referral.queries import bodies
from palermo.rooms.referral.queries.pages import owner_of
from palermo.rooms.referral.queries.words import FROM_VAULT


def freeze(*, actor: Viewer, row: Referral, sent: Sending) -> Packet:
    """Seal the packet as it is told from now on. The use of the consent leaves its own trace; the draft is emptied."""
    basis = require_basis(
        actor=actor,
        person_id=sent.person_id,
        purpose=queries.purpose_of(row.transfer),
        categories=sent.categories,
        recipient_id=row.receiver_id,
        case_id=sent.case_id,
    )
    words = {c: t for c, t in queries.texts_of(actor, row, sent).items() if c in sent.categories}
    case = cases.case(actor, sent.case_id)
    crime = case.crime if "exploitation" in sent.categories else ""
    if crime:
        words["exploitation"] = f"{case.get_crime_display()}. {words.get('exploitation', '')}".strip()
    packet = Packet(
        referral_id=row.pk,
        categories=list(sent.categories),
        crime=crime,
        child=case.child,
        basis_kind=basis.kind,
    )
    packet.sealed = _sealed(row, packet, "sealed", words)
    packet.sealed_identity = _sealed(row, packet, "sealed_identity", _identity(actor, sent))
    packet.digest = hashlib.sha256(bytes(packet.sealed) + bytes(packet.sealed_identity)).hexdigest()
    packet.save(force_insert=True)
    # As it is known now: it may have been learned since the draft that the person is a child, or is none.
    sent.child = case.child
    sent.sealed, sent.basis_kind, sent.basis_id = b"", basis.kind, basis.id
    sent.save(update_fields=["child", "sealed", "basis_kind", "basis_id"])
    record(
        actor=actor,
        action="referral.packet.freeze",
        object_kind="case",
        object_id=sent.case_id,
        fields=tuple(sent.categories),
        detail={"referral": row.code, "receiver": str(row.receiver_id), "digest": packet.digest[:16]},
    )
    return packet


def _identity(actor: Viewer, sent: Sending) -> dict[str, str]:
    """Fields of the vault, opened with their own trace and a fresh sign-in, only when a category asks for them."""
    wanted = [field for code in FROM_VAULT if code in sent.categories for field in FROM_VAULT[code]]
    if not wanted:
        return {}
    shown = reveal(actor=actor, person_id=sent.person_id, fields=wanted, purpose="refer")
    return {name: value for name, value in shown.items() if value}


def _sealed(row: Referral, packet: Packet, column: str, words: dict[str, str]) -> bytes:
    place = Place("referral_packet", column, packet.pk)
    return seal_text(owner=owner_of(row), place=place, text=bodies.write(words))
