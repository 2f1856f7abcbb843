"""Two invented sides that keep everything in memory and change nothing before their commit, and a line that loses."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass, field

from palermo.exchange import (
    Answer,
    Card,
    Dated,
    Fate,
    Kind,
    Known,
    Letter,
    Partner,
    Private,
    Refusal,
    Side,
    answered,
    envelope,
    keep_older,
    pause,
    sign,
    take,
    unanswered,
)
from palermo.exchange.signing import digest

NOW, DAY = 1_780_000_000, 86_400
KINDS = {"rfi.request": Kind("rfi.request", 1, 2, frozenset({"question", "crime"}))}
CANARY = "Zzyvandoria Quillamene"  # invented, and in no other text of the house


@dataclass
class Sent:
    """A letter that was let go, and what is known of it."""

    letter: Letter
    signed: bytes
    fate: Fate = Fate.WAITING
    attempts: int = 0
    next_at: int = 0


@dataclass
class House:
    """A side: its keys, whom it has pinned, what it sent and what lies there. skew: how wrong its clock is, seconds."""

    issuer: str
    skew: int = 0
    sign: Private = field(default_factory=lambda: Private.new("sign"))
    living: dict[str, Private] = field(default_factory=dict)
    version: int = 0
    dated: dict[str, tuple[int, int]] = field(default_factory=dict)
    partners: dict[str, Partner] = field(default_factory=dict)
    sent: dict[str, Sent] = field(default_factory=dict)
    known: dict[tuple[str, str], Known] = field(default_factory=dict)
    arrived: list[Letter] = field(default_factory=list)
    too_late: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.new_card(NOW)

    def new_card(self, now: int, *, uses: tuple[str, ...] = ("jose", "hybrid")) -> Card:
        """Fresh sealing keys; those of before still open until they are destroyed."""
        fresh = [Private.new(use) for use in uses]  # type: ignore[arg-type]
        self.living |= {one.public().id: one for one in fresh}
        self.version += 1
        days = self.dated.setdefault(self.sign.public().id, (now - DAY, now + 90 * DAY))
        keys = [Dated(one.public(), now - DAY, now + 90 * DAY) for one in fresh]
        keys.append(Dated(self.sign.public(), *days))  # a key keeps its days from card to card
        self.card = Card(
            self.issuer, f"Office of {self.issuer}", self.version, now, "https://example.invalid/exchange/",
            tuple(keys), {"rfi.request": "1.2"},
        )  # fmt: skip
        return self.card

    def pin(self, other: House, **more: object) -> None:
        self.partners[other.issuer] = Partner(other.card, **more)  # type: ignore[arg-type]

    def follow(self, other: House) -> None:
        before = self.partners[other.issuer]
        self.partners[other.issuer] = Partner(
            keep_older(other.card, before.card), before.least, before.revoked
        )

    def side(self) -> Side:
        signers = {
            key.key.id: issuer
            for issuer, partner in self.partners.items()
            for key in partner.card.keys
            if key.key.use == "sign"
        }
        return Side(self.issuer, self.sign, self.living.get, self.partners.get, signers.get)

    def write(self, to: House, now: int, *, days: int = 14, **more: object) -> Sent:
        mine = [one for one in self.sent.values() if one.letter.conversation == more.get("conversation", "c")]
        told = {
            "issuer": self.issuer, "audience": to.issuer, "id": str(uuid.uuid4()), "conversation": "c",
            "sequence": len(mine) + 1, "kind": "rfi.request", "version": "1.2", "created": now + self.skew,
            "expires": now + self.skew + days * DAY, "purpose": "prosecution", "legal_basis": "UNTOC 18",
            "previous": digest(mine[-1].signed) if mine else "", "body": {"question": CANARY, "crime": "tip"}, **more,
        }  # fmt: skip
        letter = Letter(**told)  # type: ignore[arg-type]
        one = Sent(letter, sign(letter, self.sign, KINDS))
        self.sent[letter.id] = one
        return one

    def seal(self, one: Sent, now: int) -> bytes:
        return envelope(
            one.signed, self.partners[one.letter.audience], expires=one.letter.expires,
            message_id=uuid.uuid4().hex, now=now + self.skew,
        )  # fmt: skip

    def receive(self, data: bytes, now: int) -> bytes:
        """At the door, then the commit, then the receipt."""
        found: Answer = take(data, self.side(), lambda i, k: self.known.get((i, k)), now + self.skew)
        for letter in (found.letter, found.late):
            if letter is not None:
                self.known[found.issuer, letter.id] = Known(digest(found.signed), found.receipt)
        if found.letter is not None:
            self.arrived.append(found.letter)
        if found.late is not None:
            self.too_late.append(found.late.id)
        return found.receipt

    def hear(self, one: Sent, answer: bytes | None, now: int) -> None:
        """What an attempt came to: a receipt that holds, or nothing that does."""
        try:
            if answer is None:
                raise LookupError
            partner = self.partners[one.letter.audience]
            one.fate = answered(
                answer, side=self.side(), partner=partner, of=one.letter.id, digest=digest(one.signed)
            )
        except (LookupError, Refusal):
            one.fate = unanswered(one.fate, expires=one.letter.expires, now=now + self.skew)


def two() -> tuple[House, House]:
    here, there = House("side-a"), House("side-b")
    here.pin(there)
    there.pin(here)
    return here, there


def waited(one: Sent, chance: random.Random, now: int) -> None:
    one.attempts += 1
    one.next_at = now + pause(one.attempts, chance.random())
