"""What goes out: signed when it is let go, in the transaction that decided it; attempted until it is known."""

import random
import secrets
import time
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.exchange import Fate, Letter, Refusal, Stage, answered, envelope, pause, sign, unanswered
from palermo.exchange.sending import OPEN
from palermo.exchange.signing import digest as digest_of
from palermo.kernel.access.context import acting
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.database.locks import take_turns
from palermo.kernel.errors import Conflict, FieldProblem, Invalid
from palermo.kernel.exchange import posting
from palermo.kernel.exchange.handlers import KINDS
from palermo.kernel.exchange.keeping import moment, opened, own_card, pinned, seconds, shut, side, signing_key
from palermo.kernel.exchange.models import Dispatch, Partner, PartnerState
from palermo.kernel.jobs.actions import enqueue
from palermo.kernel.jobs.models import Effect

DAYS = 14
AT_ONCE = 50
ROUND = 45.0  # seconds of a round of the clock, which comes every minute
NOBODY = UUID(int=0)


@transaction.atomic
def send(
    *,
    actor: Viewer,
    partner: Partner,
    kind: str,
    body: Mapping[str, Any],
    subject: UUID,
    purpose: str,
    legal_basis: str,
    conversation: UUID | None = None,
    in_reply_to: UUID | None = None,
    consent: Mapping[str, Any] | None = None,
    handling: str = "",
    urgency: str = "",
    expires: datetime | None = None,
) -> Dispatch:
    """A letter into the outbox: it leaves if and only if the caller's transaction commits. Who may let it go, and
    that people have seen it, is the calling room's to ask. Raises Conflict, Invalid (a field that may not leave).
    """
    require(actor, "exchange.letter.send")
    if partner.state != PartnerState.ACTIVE:
        raise Conflict(
            _("Nothing is sent to this partner."), rule="exchange.partner.state", state=partner.state
        )
    card, now = own_card(), timezone.now()
    if card is None:
        raise Conflict(
            _("This instance has no keys for the exchange yet. Ask your administrator."), rule="exchange.card"
        )
    talk = conversation or uuid.uuid4()
    take_turns("exchange", talk)
    sequence, previous = _place(talk)
    known = KINDS.get(kind)
    letter = Letter(
        issuer=card.issuer, audience=partner.issuer, id=str(uuid.uuid4()), conversation=str(talk),
        sequence=sequence, previous=previous, kind=kind,
        version=known.version if known else "0.0", created=seconds(now),
        expires=seconds(expires or now + timedelta(days=DAYS)), purpose=purpose, legal_basis=legal_basis, body=body,
        in_reply_to=str(in_reply_to or ""), handling=handling, urgency=urgency, consent=consent,
    )  # fmt: skip
    try:
        signed = sign(letter, signing_key(), KINDS)
    except Refusal as refusal:
        words = _("This may not leave: %(fields)s") % {"fields": refusal.detail}
        raise Invalid(
            words, problems=[FieldProblem("body", words, refusal.cause)], rule="exchange.allowed"
        ) from None
    made = put_out(partner, UUID(letter.id), kind, signed, letter.expires, actor=actor, subject=subject,
                   conversation=talk, sequence=letter.sequence)  # fmt: skip
    record(
        actor=actor, action="exchange.letter.send", object_kind="exchange_dispatch", object_id=made.pk, purpose=purpose,
        fields=sorted(body), detail={"kind": kind, "partner": str(partner.pk), "basis": legal_basis},
    )  # fmt: skip
    return made


def _place(conversation: UUID | None) -> tuple[int, str]:
    """The next place in a conversation and the digest of the letter before it, whoever of this side wrote that one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequence, digest FROM exchange_place(%s)", [conversation])
        row = cursor.fetchone()
    return (row[0] + 1, row[1]) if row else (1, "")


def put_out(
    partner: Partner, key: UUID, kind: str, signed: bytes, expires: int, *, actor: Viewer, **more: Any
) -> Dispatch:
    """A signed letter or receipt as a row, and the job of its first attempt."""
    made = Dispatch.objects.create(
        id=key, partner=partner, kind=kind, sealed=shut("dispatch", key, signed), digest=digest_of(signed),
        expires=moment(expires), next_at=timezone.now(), asked_by_id=actor.user_id, **more,
    )  # fmt: skip
    enqueue("exchange.attempt", made.pk)
    return made


@transaction.atomic
def cancel(*, actor: Viewer, dispatch: Dispatch) -> None:
    """Take back what was not attempted yet. Raises Conflict for what may lie there already."""
    require(actor, "exchange.letter.send")
    row = Dispatch.objects.select_for_update().get(pk=dispatch.pk)
    if row.fate != Fate.WAITING:
        raise Conflict(
            _("This has been sent already. Ask the other side to erase it."),
            rule="exchange.sent",
            state=row.fate,
        )
    if _place(row.conversation)[0] > row.sequence + 1:
        raise Conflict(
            _("Later letters follow it. Take those back first."), rule="exchange.later", state=row.fate
        )
    _cancelled(actor, row)


def _cancelled(actor: Viewer, row: Dispatch) -> None:
    """Its place in the conversation is free again: over there nobody waits for it."""
    row.fate, row.settled_at = Fate.CANCELLED, timezone.now()
    row.save(update_fields=["fate", "settled_at"])
    record(actor=actor, action="exchange.letter.cancel", object_kind="exchange_dispatch", object_id=row.pk)


def attempt(viewer: Viewer, effect: Effect) -> None:
    """The job of the outbox: the first attempt soon after the commit. What it does not reach the clock tries again."""
    row = (
        Dispatch.objects.select_for_update(skip_locked=True)
        .filter(pk=effect.object_id or NOBODY, settled_at=None)
        .first()
    )
    if row is not None:
        _attempt(viewer, row)


def turn() -> int:
    """The clock's round: every letter that is due is attempted, each in a transaction of its own. Returns how many."""
    tried, ending = 0, time.monotonic() + ROUND
    while time.monotonic() < ending and (now := sum(_tried(key) for key in _due())):
        tried += now
    return tried


def _tried(key: UUID) -> bool:
    with acting(Viewer.operator()) as viewer:
        rows = Dispatch.objects.select_for_update(skip_locked=True)
        row = rows.filter(pk=key, settled_at=None, next_at__lte=timezone.now()).first()
        if row is not None:
            _attempt(viewer, row)
    return row is not None


def _due() -> list[UUID]:
    with acting(Viewer.operator()):
        rows = Dispatch.objects.filter(settled_at=None, next_at__lte=timezone.now()).order_by("next_at")
        return list(rows.values_list("pk", flat=True)[:AT_ONCE])


def _attempt(viewer: Viewer, row: Dispatch) -> None:
    """Seal to the key of today, send, read the answer. In a conversation nothing overtakes what went before it."""
    if row.partner.state == PartnerState.REVOKED and row.fate == Fate.WAITING:
        _cancelled(viewer, row)
        return
    if _held_back(row):
        row.next_at = timezone.now() + timedelta(seconds=30)
        row.save(update_fields=["next_at"])
        return
    answer = _posted(row)
    row.attempts += 1
    row.next_at = timezone.now() + timedelta(seconds=pause(row.attempts, random.random()))  # noqa: S311 - no secret
    settle(viewer, row, answer)


def _held_back(row: Dispatch) -> bool:
    earlier = Dispatch.objects.filter(
        conversation=row.conversation, sequence__lt=row.sequence, settled_at=None
    )
    return row.kind != "receipt" and earlier.exclude(kind="receipt").exists()


def _posted(row: Dispatch) -> bytes | None:
    try:
        return posting.post(row.partner.endpoint, sealed(row)) if row.partner.endpoint else None
    except Refusal:
        return None


def sealed(row: Dispatch) -> bytes:
    """An envelope of this letter for this attempt. Raises Refusal where the partner has no key for today."""
    signed = opened("dispatch", row.pk, row.sealed)
    now = timezone.now()
    return envelope(
        signed,
        pinned(row.partner),
        expires=seconds(row.expires),
        message_id=secrets.token_hex(16),
        now=seconds(now),
    )


def settle(viewer: Viewer, row: Dispatch, answer: bytes | None) -> None:
    """Keep what an answer means. A receipt is done with any answer but none; a letter with its receipt alone."""
    fate, now = Fate(row.fate), timezone.now()
    if row.kind == "receipt":
        fate = (
            Fate.STORED
            if answer is not None
            else unanswered(fate, expires=seconds(row.expires), now=seconds(now))
        )
        fate = (
            Fate.LATE if fate is Fate.UNSURE else fate
        )  # a receipt that nobody takes is given up in the end
    else:
        fate = _said(row, answer) or unanswered(fate, expires=seconds(row.expires), now=seconds(now))
    if fate not in OPEN:
        row.settled_at = now
        if row.kind != "receipt":
            row.stage = Stage.STORED if fate is Fate.STORED else ""
            record(
                actor=viewer, action="exchange.letter.settle", object_kind="exchange_dispatch", object_id=row.pk,
                detail={"fate": str(fate), "attempts": row.attempts},
            )  # fmt: skip
    row.fate = fate
    row.save(update_fields=["fate", "stage", "attempts", "next_at", "settled_at"])


def _said(row: Dispatch, answer: bytes | None) -> Fate | None:
    """What the other side says in its answer; None where it is no receipt of it for this letter."""
    try:
        return answered(
            answer or b"", side=side(), partner=pinned(row.partner), of=str(row.pk), digest=row.digest
        )
    except Refusal:
        return None
