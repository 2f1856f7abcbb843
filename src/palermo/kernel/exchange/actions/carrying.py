"""Where there is no link: envelopes as files, carried by hand. The same door; receipts come back as files too."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from palermo.exchange import Refusal
from palermo.exchange.receipts import parse
from palermo.exchange.signing import check, kind_of, signer_id
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.exchange.actions.arriving import arrive
from palermo.kernel.exchange.actions.leaving import sealed, settle
from palermo.kernel.exchange.keeping import NoCard, side
from palermo.kernel.exchange.models import Dispatch, Partner


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of a file: kept, a receipt for one of ours, or refused."""

    name: str
    done: str
    answer: bytes = b""


@transaction.atomic
def carry_out(*, actor: Viewer, partner: Partner) -> dict[UUID, bytes]:
    """Every letter and receipt that still waits for this partner, as envelopes by their ids."""
    require(actor, "exchange.letter.carry")
    found: dict[UUID, bytes] = {}
    for row in (
        Dispatch.objects.select_for_update().filter(partner=partner, settled_at=None).order_by("created_at")
    ):
        try:
            found[row.pk] = sealed(row)
        except Refusal:
            continue
        row.attempts += 1
        settle(actor, row, b"" if row.kind == "receipt" else None)
    record(actor=actor, action="exchange.letter.carry", object_kind="exchange_partner", object_id=partner.pk,
           detail={"letters": len(found)})  # fmt: skip
    return found


def carry_in(*, actor: Viewer, name: str, data: bytes) -> Carried:
    """A file that was carried here: an envelope, or the receipt for one of ours that comes back on the same way."""
    require(actor, "exchange.letter.carry")
    if _settled(actor, data):
        return Carried(name, "receipt")
    answer = arrive(actor=actor, data=data)
    return Carried(name, "refused") if answer is None else Carried(name, "kept", answer)


@transaction.atomic
def _settled(actor: Viewer, data: bytes) -> bool:
    try:
        if kind_of(data) != "receipt":
            return False
        here = side()
        issuer = here.issuer_of(signer_id(data))
        partner = here.partner(issuer) if issuer else None
        if partner is None:
            return False
        told = parse(
            check(data, lambda key: one.key if (one := partner.card.signer(key)) else None, "receipt")
        )
        row = Dispatch.objects.select_for_update().filter(pk=UUID(told.of), partner__issuer=issuer).first()
    except (Refusal, NoCard, ValueError):
        return False
    if row is None:
        return False
    if row.settled_at is None:
        settle(actor, row, data)
    return row.settled_at is not None and row.settled_at <= timezone.now()
