"""What came: checked at the door and kept in one transaction with its receipt; the worker hands it to its room."""

import logging
import uuid
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from palermo.exchange import (
    Cause,
    Fate,
    Known,
    Letter,
    Receipt,
    Refusal,
    Stage,
    may_be_read,
    sign_receipt,
    take,
)
from palermo.exchange.letters import parse
from palermo.exchange.receipts import further
from palermo.exchange.signing import check, digest
from palermo.kernel.access.context import acting
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.database.locks import take_turns
from palermo.kernel.exchange.actions.leaving import NOBODY, put_out
from palermo.kernel.exchange.handlers import HANDLERS, KINDS, Received
from palermo.kernel.exchange.keeping import (
    NoCard,
    moment,
    opened,
    own_card,
    pinned,
    seconds,
    shut,
    side,
    signing_key,
)
from palermo.kernel.exchange.models import Arrival, ArrivalState, Dispatch, Partner, Refused, Told
from palermo.kernel.jobs.actions import enqueue
from palermo.kernel.jobs.models import Effect

logger = logging.getLogger(__name__)
RECEIPT_DAYS = 30
ENDED = {Stage.REFUSED: Fate.REFUSED, Stage.LATE: Fate.LATE}
ALARMS = frozenset({Cause.FORGED, Cause.CHANGED, Cause.WRONG_AUDIENCE, Cause.DOWNGRADE, Cause.REVOKED})


def hand_in(data: bytes) -> bytes | None:
    """What the door does with an envelope: who sent it proves itself inside, nobody is signed in."""
    with acting(Viewer.operator()) as system:
        return arrive(actor=system, data=data)


def arrive(*, actor: Viewer, data: bytes) -> bytes | None:
    """Keep what is in an envelope and return the receipt for it; the same envelope again gets the same receipt.

    None where it was refused, which was counted by its cause: the caller answers the same whatever it was.
    """
    try:
        with transaction.atomic():
            return _kept(actor, data)
    except Refusal as refusal:
        _counted(actor, refusal)
    except NoCard:
        logger.warning("A letter came, and this instance has no card yet.")
    return None


def _kept(actor: Viewer, data: bytes) -> bytes:
    here = side()
    found = take(data, here, _known, seconds(timezone.now()))
    if found.told is not None:
        _told(actor, found.told, found.signed)
        return b""
    letter = found.letter or found.late
    if letter is None:
        return found.receipt
    partner = Partner.objects.get(issuer=found.issuer)
    take_turns("exchange arrival", partner.pk, letter.id)
    again = _known(found.issuer, letter.id)
    if again is not None:  # two of the same at one moment: the second is told what the first was told
        if again.digest != digest(found.signed):
            raise Refusal(Cause.CHANGED)
        return again.receipt
    key, late = uuid.uuid4(), found.letter is None
    Arrival.objects.create(
        id=key, partner=partner, letter_id=letter.id, digest=digest(found.signed), receipt=found.receipt,
        kind=letter.kind[:60], conversation=letter.conversation[:100], sequence=letter.sequence,
        sealed=b"" if late else shut("arrival", key, found.signed), expires=moment(letter.expires),
        state=ArrivalState.LATE if late else ArrivalState.WAITING,
    )  # fmt: skip
    if not late:
        enqueue("exchange.handle", key)
    record(
        actor=actor, action="exchange.letter.arrive", object_kind="exchange_arrival", object_id=key,
        detail={"kind": letter.kind[:60], "partner": str(partner.pk), "late": late},
    )  # fmt: skip
    return found.receipt


def _known(issuer: str, letter_id: str) -> Known | None:
    row = Arrival.objects.filter(partner__issuer=issuer, letter_id=letter_id).first()
    return Known(row.digest, bytes(row.receipt)) if row else None


def _counted(actor: Viewer, refusal: Refusal) -> None:
    """How often and why, by the hour; what only an enemy or a fault does goes into the audit once an hour."""
    with transaction.atomic():
        hour = timezone.now().replace(minute=0, second=0, microsecond=0)
        row, first = Refused.objects.get_or_create(hour=hour, cause=str(refusal.cause)[:20])
        Refused.objects.filter(pk=row.pk).update(times=F("times") + 1)
        if first and refusal.cause in ALARMS:
            record(
                actor=actor,
                action="exchange.letter.refuse",
                detail={"cause": str(refusal.cause)},
                result="alarm",
            )


def _told(actor: Viewer, receipt: Receipt, signed: bytes) -> None:
    """A further stage of one of our letters; told twice it is known already."""
    try:
        key = UUID(receipt.of)
    except ValueError:
        raise Refusal(Cause.MALFORMED, "of") from None
    rows = Dispatch.objects.select_for_update().filter(pk=key, digest=receipt.digest)
    row = rows.filter(partner__issuer=receipt.issuer).exclude(kind="receipt").first()
    if row is None:
        raise Refusal(Cause.WRONG_AUDIENCE, "receipt")
    made, first = Told.objects.get_or_create(
        dispatch=row, stage=receipt.stage,
        defaults={"reason": receipt.reason, "at": moment(receipt.at), "signed": signed},
    )  # fmt: skip
    if first:
        if row.settled_at is None or receipt.stage is not Stage.LATE:
            row.stage = further(row.stage, made.stage)
        if row.settled_at is None or receipt.stage is Stage.REFUSED:
            row.fate = ENDED.get(receipt.stage, Fate.STORED)
        row.settled_at = row.settled_at or timezone.now()
        row.save(update_fields=["stage", "settled_at", "fate"])
        record(
            actor=actor, action="exchange.letter.told", object_kind="exchange_dispatch", object_id=row.pk,
            detail={"stage": str(receipt.stage)},
        )  # fmt: skip


def handle(viewer: Viewer, effect: Effect) -> None:
    """Hand a letter to the room that reads its kind, in the order of its conversation, and tell the other side."""
    row = Arrival.objects.filter(pk=effect.object_id or NOBODY).select_related("partner").first()
    if row is None:
        return
    take_turns("exchange conversation", row.partner_id, row.conversation)
    rows = Arrival.objects.select_for_update(of=("self",)).select_related("partner").order_by("sequence")
    for one in rows.filter(partner=row.partner, conversation=row.conversation, state=ArrivalState.WAITING):
        if not _next(one):
            return  # it waits for the one before it, whose own job comes back here
        _handed(viewer, one)


def _next(row: Arrival) -> bool:
    before = Arrival.objects.filter(
        partner=row.partner, conversation=row.conversation, sequence=row.sequence - 1
    )
    return row.sequence == 1 or before.exclude(state=ArrivalState.WAITING).exists()


def _handed(viewer: Viewer, row: Arrival) -> None:
    letter = _letter(row)
    row.handled_at = timezone.now()
    try:
        may_be_read(letter, KINDS)
        if letter.kind not in HANDLERS:
            raise Refusal(Cause.UNKNOWN_KIND)
    except Refusal as refusal:
        row.state = ArrivalState.REFUSED
        row.save(update_fields=["state", "handled_at"])
        _receipt(viewer, row, Stage.REFUSED, str(refusal.cause))
        return
    HANDLERS[letter.kind](viewer, received(row, letter))
    row.state = ArrivalState.HANDLED
    row.save(update_fields=["state", "handled_at"])
    _receipt(viewer, row, Stage.DELIVERED, "")


def _letter(row: Arrival) -> Letter:
    card = pinned(row.partner).card
    signed = opened("arrival", row.pk, row.sealed)
    return parse(check(signed, lambda key: found.key if (found := card.signer(key)) else None, "letter"))


def received(row: Arrival, letter: Letter | None = None) -> Received:
    """A letter that came as its room reads it."""
    one = letter or _letter(row)
    return Received(
        row.partner, one.kind, one.version, row.pk, one.conversation, one.in_reply_to, one.body, one.purpose,
        one.legal_basis, one.consent, one.handling, one.urgency, moment(one.created), moment(one.expires),
    )  # fmt: skip


@transaction.atomic
def answer_receipt(*, actor: Viewer, received_id: UUID, stage: str, reason: str = "") -> None:
    """Tell the other side that its letter was opened, decided or closed. reason: a code, never a sentence.

    The worker does it: who works on a letter here sees what its room made of it, not the letter itself.
    """
    require(actor, "exchange.letter.send")
    enqueue("exchange.receipt", received_id, stage=str(Stage(stage)), reason=reason or "none")


def tell(viewer: Viewer, effect: Effect) -> None:
    """The job of `answer_receipt`."""
    row = Arrival.objects.select_related("partner").filter(pk=effect.object_id or NOBODY).first()
    if row is not None:
        _receipt(viewer, row, Stage(effect.ids["stage"]), effect.ids["reason"])


def _receipt(actor: Viewer, row: Arrival, stage: Stage, reason: str) -> None:
    card, now = own_card(), timezone.now()
    if card is None:
        return
    told = Receipt(
        card.issuer, row.partner.issuer, row.letter_id, row.digest, stage, seconds(now), reason[:100]
    )
    until = seconds(now + timedelta(days=RECEIPT_DAYS))
    put_out(row.partner, uuid.uuid4(), "receipt", sign_receipt(told, signing_key()), until, actor=actor)
