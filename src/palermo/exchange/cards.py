"""The card of a side: who it is, where it listens, its public keys with their days, what it speaks. Signed by itself.

A card is pinned once two officers have read its thumbprint to the other side over a second channel: no trust on first
use. After that a higher version takes its place by itself, if a key of the pinned card signs for it: a rotation needs
no telephone. A lower version never comes back.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from palermo.exchange import signing
from palermo.exchange.errors import Cause, Refusal
from palermo.exchange.keys import USES, Private, Public
from palermo.exchange.letters import MOST, fine

MOST_BYTES, MOST_KEYS, MOST_VERSIONS = 65_536, 40, 1_000_000
DAY = 86_400
SKEW = 2 * DAY  # how far two clocks may be apart


@dataclass(frozen=True, slots=True)
class Dated:
    """A public key and its days, in seconds since 1970."""

    key: Public
    since: int
    until: int

    def lives(self, at: int, *, skew: int = 0) -> bool:
        return self.since - skew <= at <= self.until + skew


@dataclass(frozen=True, slots=True)
class Card:
    """issuer: the side's id, never given to another. kinds: what it reads, kind -> highest "major.minor"."""

    issuer: str
    name: str
    version: int
    issued: int
    endpoint: str
    keys: tuple[Dated, ...]
    kinds: Mapping[str, str]
    contact: str = ""

    def signer(self, key_id: str) -> Dated | None:
        return next((one for one in self.keys if one.key.use == "sign" and one.key.id == key_id), None)

    def sealing(self, now: int, *, least: int) -> Public:
        """The key to seal to now: of the highest suite, the one that lives longest. Raises Refusal (stale_key)."""
        uses = ("hybrid",) if least > 1 else ("hybrid", "jose")
        for use in uses:
            found = [one for one in self.keys if one.key.use == use and one.lives(now)]
            if found:
                return max(found, key=lambda one: (one.until, one.key.id)).key
        raise Refusal(Cause.STALE_KEY)


def thumbprint(card: Card) -> str:
    """What is read aloud: twelve groups of five digits over the issuer and its signing keys, 192 bits of SHA-256."""
    keys = b"".join(sorted(one.key.raw for one in card.keys if one.key.use == "sign"))
    found = hashlib.sha256(card.issuer.encode() + b"\0" + keys).digest()
    return " ".join(f"{int.from_bytes(found[i : i + 2], 'big'):05d}" for i in range(0, 24, 2))


def write(card: Card, key: Private, *, also: Iterable[Private] = ()) -> bytes:
    """The card as a file. also: older keys that sign for it too, so that who has pinned them believes it."""
    told = _plain(card)
    signed = [signing.sign(told, one, "card").decode() for one in (key, *also)]
    return json.dumps({"palermo-card": 1, "signed": signed}).encode()


def read(data: bytes) -> Card:
    """A card that one of its own keys has signed: to be looked at, and pinned by people. Raises Refusal."""
    for signed in _signatures(data):
        card = _card(_unchecked(signed))
        own = {one.key.id: one.key for one in card.keys if one.key.use == "sign"}
        if signing.signer_id(signed) in own:
            signing.check(signed, own.get, "card")
            return card
    raise Refusal(Cause.FORGED, "card")


def follow(pinned: Card, data: bytes) -> Card:
    """The next card of somebody whose card is pinned. The same version again is the pinned card.

    Raises Refusal: old_card, wrong_audience (another issuer), forged (no pinned key signs for it).
    """
    card = read(data)
    if card.issuer != pinned.issuer:
        raise Refusal(Cause.WRONG_AUDIENCE, "card")
    if card == pinned:
        return pinned
    if card.version <= pinned.version:
        raise Refusal(Cause.OLD_CARD)
    trusted = {one.key.id: one.key for one in pinned.keys if one.key.use == "sign"}
    for signed in _signatures(data):
        known = signing.signer_id(signed) in trusted
        if known and _card(signing.check(signed, trusted.get, "card")) == card:
            return card
    raise Refusal(Cause.FORGED, "card")


def keep_older(card: Card, older: Card) -> Card:
    """The new card with the signing keys of the old one whose days are not over: letters in flight still count."""
    there = {one.key.id for one in card.keys}
    kept = tuple(one for one in older.keys if one.key.use == "sign" and one.key.id not in there)
    return replace(card, keys=card.keys + kept)


def _plain(card: Card) -> dict[str, Any]:
    return {
        "issuer": card.issuer, "name": card.name, "version": card.version, "issued": card.issued,
        "endpoint": card.endpoint, "kinds": dict(card.kinds), "contact": card.contact,
        "keys": [
            {"use": one.key.use, "raw": base64.b64encode(one.key.raw).decode(), "since": one.since, "until": one.until}
            for one in card.keys
        ],
    }  # fmt: skip


def _signatures(data: bytes) -> list[bytes]:
    if len(data) > MOST_BYTES:
        raise Refusal(Cause.OVERSIZE, "card")
    try:
        told = json.loads(data)
        found = [one.encode("ascii") for one in told["signed"] if told["palermo-card"] == 1]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Refusal(Cause.MALFORMED, "card") from None
    if not 1 <= len(found) <= 8:
        raise Refusal(Cause.MALFORMED, "card")
    return found


def _unchecked(signed: bytes) -> dict[str, Any]:
    """What a card says, before its signature is looked at: only to learn which keys it names."""
    try:
        middle = signed.split(b".")[1]
        told = json.loads(base64.urlsafe_b64decode(middle + b"=" * (-len(middle) % 4)))
    except (ValueError, IndexError, RecursionError):
        raise Refusal(Cause.MALFORMED, "card") from None
    return told if isinstance(told, dict) else {}


def _card(told: Mapping[str, Any]) -> Card:
    try:
        keys = tuple(
            Dated(
                Public(one["use"], base64.b64decode(one["raw"], validate=True)),
                int(one["since"]),
                int(one["until"]),
            )
            for one in told["keys"]
            if one["use"] in USES
        )
        kinds = {str(name): str(version) for name, version in told["kinds"].items()}
        card = Card(
            str(told["issuer"]), str(told["name"]), int(told["version"]), int(told["issued"]), str(told["endpoint"]),
            keys, kinds, str(told.get("contact", "")),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Refusal(Cause.MALFORMED, "card") from None
    texts = (card.issuer, card.name, card.endpoint, card.contact, *card.kinds, *card.kinds.values())
    numbers = (card.issued, *(day for one in keys for day in (one.since, one.until)))
    in_bounds = 1 <= card.version <= MOST_VERSIONS and all(0 <= one <= MOST for one in numbers)
    if not (card.issuer and in_bounds and len(keys) <= MOST_KEYS and all(map(fine, texts))):
        raise Refusal(Cause.MALFORMED, "card")
    return card
