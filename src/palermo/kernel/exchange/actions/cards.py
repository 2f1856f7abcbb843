"""Own keys and cards, and whom this instance trusts."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.exchange import (
    Card,
    Dated,
    Private,
    Refusal,
    follow,
    hybrid_possible,
    read_card,
    thumbprint,
    write_card,
)
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import OPERATOR, Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid
from palermo.kernel.exchange import handlers, posting
from palermo.kernel.exchange.actions.leaving import send
from palermo.kernel.exchange.keeping import moment, own_card, private, seconds, shut
from palermo.kernel.exchange.models import OwnCard, OwnKey, Partner, PartnerState

SIGN_DAYS, SEAL_DAYS = 730, 90
KNOWN_AFTER = 3  # a fresh signing key is used once partners had these days to hear of it
OPEN_DAYS = 30  # so long an old sealing key still opens what was sealed to it


def _invalid(field: str, words: str, rule: str) -> Invalid:
    return Invalid(words, problems=[FieldProblem(field, words, rule)], rule=f"exchange.{rule}")


@transaction.atomic
def make_card(
    *, actor: Viewer, name: str = "", endpoint: str = "", contact: str = "", sign_too: bool = False
) -> bytes:
    """A new version of this instance's card with fresh sealing keys; the first one makes the signing key too.

    sign_too: a fresh signing key as well; the one before signs for it. Sealing keys past their time are destroyed.
    """
    require(actor, "exchange.key.make")
    now, before = timezone.now(), own_card()
    name, endpoint = name or (before.name if before else ""), endpoint or (before.endpoint if before else "")
    if not name.strip():
        raise _invalid("name", _("Say under what name partners shall know this office."), "name")
    signers = [one for one in OwnKey.objects.filter(use="sign").order_by("-since") if one.wrapped]
    if not signers or sign_too:
        signers.insert(0, _new("sign", SIGN_DAYS, after=KNOWN_AFTER if signers else 0))
    uses = ("hybrid", "jose") if hybrid_possible() else ("jose",)
    fresh = [_new(use, SEAL_DAYS) for use in uses]
    OwnKey.objects.exclude(use="sign").filter(until__lt=now - timedelta(days=OPEN_DAYS)).update(wrapped=b"")
    keys = tuple(
        Dated(key.public(), seconds(one.since), seconds(one.until))
        for one in (*fresh, *signers)
        if (key := private(one)) is not None
    )
    card = Card(
        before.issuer if before else str(uuid.uuid4()), name.strip()[:200], (before.version if before else 0) + 1,
        seconds(now), endpoint.strip()[:500], keys,
        {kind.name: kind.version for kind in handlers.KINDS.values()}, contact or (before.contact if before else ""),
    )  # fmt: skip
    secrets = [key for one in signers if (key := private(one)) is not None]
    data = write_card(card, secrets[0], also=secrets[1:4])
    OwnCard.objects.create(version=card.version, data=data)
    record(
        actor=actor,
        action="exchange.card.make",
        object_kind="exchange_owncard",
        detail={"version": card.version},
    )
    for one in Partner.objects.filter(state=PartnerState.ACTIVE):
        send(
            actor=actor, partner=one, kind="partner.card", body={"card": data.decode()}, subject=one.pk,
            purpose="exchange", legal_basis="agreement",
        )  # fmt: skip
    return data


def _new(use: str, days: int, *, after: int = 0) -> OwnKey:
    key = Private.new(use)  # type: ignore[arg-type]
    public = key.public()
    since = timezone.now() + timedelta(days=after)
    return OwnKey.objects.create(
        id=public.id, use=use, public=public.raw, wrapped=shut("key", public.id, key.raw), since=since,
        until=since + timedelta(days=days),
    )  # fmt: skip


@transaction.atomic
def propose(*, actor: Viewer, data: bytes, least: int = 2) -> Partner:
    """The card of another instance, to be pinned once two people have compared its thumbprint. Raises Invalid.

    One that was revoked, or not compared yet, begins anew with another card.
    """
    require(actor, "exchange.partner.pin")
    try:
        card = read_card(data)
    except Refusal:
        raise _invalid(
            "file", _("This is no card of an instance, or it was changed on the way."), "card"
        ) from None
    mine = own_card()
    if mine is not None and card.issuer == mine.issuer:
        raise _invalid("file", _("This is the card of this very instance."), "own")
    known = Partner.objects.select_for_update().filter(issuer=card.issuer).first()
    if known is not None and known.state == PartnerState.ACTIVE:
        raise Conflict(
            _("This instance is known already. A newer card of it comes by itself."), rule="exchange.known"
        )
    made = known or Partner(issuer=card.issuer[:100], least=least)
    made.name, made.card, made.earlier, made.readers = card.name[:200], data, [], []
    made.state, made.why, made.least = PartnerState.PROPOSED, "", max(least, made.least)
    made.endpoint = card.endpoint[:500]
    made.save()
    record(actor=actor, action="exchange.partner.propose", object_kind="exchange_partner", object_id=made.pk)
    return made


@transaction.atomic
def confirm(*, actor: Viewer, partner: Partner, digits: str) -> Partner:
    """Somebody heard the thumbprint over another channel and types it. Two people, or the operator, make it active."""
    require(actor, "exchange.partner.pin")
    row = Partner.objects.select_for_update().get(pk=partner.pk)
    if row.state != PartnerState.PROPOSED:
        raise Conflict(_("This cannot be done now."), rule="exchange.partner.state", state=row.state)
    wanted = "".join(thumbprint(read_card(bytes(row.card))).split())
    if "".join(digits.split()) != wanted:
        record(
            actor=actor,
            action="exchange.partner.confirm",
            object_kind="exchange_partner",
            object_id=row.pk,
            result="refused",
        )
        raise _invalid(
            "digits",
            _("These are not the digits of this card. Do not go on: ask for the card anew."),
            "thumbprint",
        )
    who = str(actor.user_id or "operator")
    row.readers = sorted({*row.readers, who})
    if len(row.readers) > 1 or actor.kind == OPERATOR:
        row.state, row.pinned_at = PartnerState.ACTIVE, timezone.now()
    row.save(update_fields=["readers", "state", "pinned_at"])
    record(actor=actor, action="exchange.partner.confirm", object_kind="exchange_partner", object_id=row.pk)
    return row


@transaction.atomic
def follow_card(*, actor: Viewer, data: bytes) -> Partner:
    """The next card of a partner that is pinned, signed by a key of the last one. Raises Invalid."""
    try:
        card = read_card(data)
        row = Partner.objects.select_for_update().get(issuer=card.issuer, state=PartnerState.ACTIVE)
        before = read_card(bytes(row.card))
        follow(before, data)
    except (Refusal, Partner.DoesNotExist):
        raise _invalid("file", _("This card does not follow from one that is pinned here."), "card") from None
    if card.version > before.version:
        there = {one["raw"] for one in row.earlier}
        row.earlier += [
            {"raw": one.key.raw.hex(), "since": one.since, "until": one.until}
            for one in before.keys
            if one.key.use == "sign" and one.key.raw.hex() not in there
        ]
        row.card, row.name = data, card.name[:200]
        if posting.host(card.endpoint) == posting.host(row.endpoint):
            row.endpoint = card.endpoint[
                :500
            ]  # to another host it moves by people alone: with a new card to compare
        row.save(update_fields=["card", "name", "earlier", "endpoint"])
        record(
            actor=actor, action="exchange.partner.card", object_kind="exchange_partner", object_id=row.pk,
            detail={"version": card.version, "issued": moment(card.issued).date().isoformat()},
        )  # fmt: skip
    return row


@transaction.atomic
def revoke(*, actor: Viewer, partner: Partner, why: str) -> None:
    """Nothing more goes to this partner and nothing more is taken from it but receipts. For good."""
    require(actor, "exchange.partner.revoke")
    if not why.strip():
        raise _invalid("why", _("Say why, in at most 300 characters."), "why")
    row = Partner.objects.select_for_update().get(pk=partner.pk)
    row.state, row.why = PartnerState.REVOKED, " ".join(why.split())[:300]
    row.save(update_fields=["state", "why"])
    record(actor=actor, action="exchange.partner.revoke", object_kind="exchange_partner", object_id=row.pk)
