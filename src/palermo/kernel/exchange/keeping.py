"""At rest: private keys and letters under a key that hangs on the instance secret, bound to the row they stand in."""

import os
from datetime import UTC, datetime
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from django.utils import timezone

from palermo.exchange import Card, Dated, Private, Side, read_card
from palermo.exchange import Partner as Pinned
from palermo.exchange.keys import Public
from palermo.kernel.exchange.models import OwnCard, OwnKey, Partner, PartnerState
from palermo.kernel.vault.crypto import DataKey, Tampered
from palermo.kernel.vault.unlock import keyring

NONCE = 12


class NoCard(Exception):
    """This instance has no keys for the exchange yet: its operator makes them."""


def _cipher() -> DataKey:
    return DataKey(keyring().purpose_key("exchange"))


def shut(place: str, row: object, data: bytes) -> bytes:
    """Sealed for this column of this row alone."""
    nonce = os.urandom(NONCE)
    return nonce + _cipher().encrypt(nonce, data, f"exchange|{place}|{row}".encode())


def opened(place: str, row: object, data: bytes | memoryview) -> bytes:
    """What was sealed there. Raises Tampered."""
    whole = bytes(data)
    try:
        return _cipher().decrypt(whole[:NONCE], whole[NONCE:], f"exchange|{place}|{row}".encode())
    except InvalidTag:
        raise Tampered("A letter at rest was changed.") from None


def private(key: OwnKey) -> Private | None:
    """The private half; None once it was destroyed."""
    return Private(key.use, opened("key", key.pk, key.wrapped)) if key.wrapped else None  # type: ignore[arg-type]


def find_private(key_id: str) -> Private | None:
    found = OwnKey.objects.filter(pk=key_id).first()
    return private(found) if found else None


def own_card() -> Card | None:
    """This instance's card of today; None before it has keys."""
    found = OwnCard.objects.order_by("-version").first()
    return _read(bytes(found.data)) if found else None


@lru_cache(maxsize=64)
def _read(data: bytes) -> Card:
    return read_card(data)


def pinned(partner: Partner) -> Pinned:
    """The partner as the exchange knows it: its card with the signing keys of its earlier ones."""
    card = _read(bytes(partner.card))
    there = {one.key.id for one in card.keys}
    earlier = tuple(
        Dated(Public("sign", bytes.fromhex(one["raw"])), one["since"], one["until"])
        for one in partner.earlier
    )
    kept = tuple(one for one in earlier if one.key.id not in there)
    whole = Card(
        card.issuer,
        card.name,
        card.version,
        card.issued,
        card.endpoint,
        card.keys + kept,
        card.kinds,
        card.contact,
    )
    return Pinned(whole, partner.least, partner.state == PartnerState.REVOKED)


def side() -> Side:
    """This side with all whom it has pinned. Raises NoCard."""
    card = own_card()
    if card is None:
        raise NoCard
    known = {one.issuer: pinned(one) for one in Partner.objects.exclude(state=PartnerState.PROPOSED)}
    signers = {
        key.key.id: issuer for issuer, one in known.items() for key in one.card.keys if key.key.use == "sign"
    }
    return Side(card.issuer, signing_key(), find_private, known.get, signers.get)


def signing_key() -> Private:
    """The key that signs today: the youngest that lives. Raises NoCard."""
    rows = OwnKey.objects.filter(use="sign", since__lte=timezone.now()).exclude(wrapped=b"")
    found = rows.order_by("-since", "pk").first()
    if found is None or (key := private(found)) is None:
        raise NoCard
    return key


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def moment(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)
