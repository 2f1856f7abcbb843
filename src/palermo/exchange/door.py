"""At the door: what comes in is opened and checked before anything of it is kept, and answered once and for all.

The order matters. Opened first (who sent it stands inside alone), then who signed, then whether that side may still
write, then the suite that was agreed with it, then whether it is for us, then whether it came before, then whether it
is in time. Whoever is refused hears the same, whatever the cause was, and nothing that was refused is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from palermo.exchange import letters, receipts, signing
from palermo.exchange.cards import SKEW, Card
from palermo.exchange.envelopes import Header, unseal
from palermo.exchange.errors import Cause, Refusal
from palermo.exchange.keys import Private, Public
from palermo.exchange.letters import Letter
from palermo.exchange.receipts import Receipt, Stage


@dataclass(frozen=True, slots=True)
class Partner:
    """A side whose card is pinned. least: the lowest suite that is taken from it and used toward it."""

    card: Card
    least: int = 2
    revoked: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Side:
    """This side. sign: the key of today. find: id -> private sealing key that still lives, or None.

    partner: issuer -> Partner or None; issuer_of: id of a signing key -> issuer, for the keys of every pinned card.
    """

    issuer: str
    sign: Private
    find: Callable[[str], Private | None]
    partner: Callable[[str], Partner | None]
    issuer_of: Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Known:
    """What lies here under (issuer, id): the digest of the signed form, and the receipt that was given for it."""

    digest: str
    receipt: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What is kept and what is said. receipt: to be sent back, empty for receipts, which are never receipted.

    Exactly one of these: `letter` new here; `late` new but after its last day (its id is kept, its words are not);
    `again` here before; `told` a receipt for one of our own.
    """

    receipt: bytes
    issuer: str
    signed: bytes = b""
    letter: Letter | None = None
    late: Letter | None = None
    again: bool = False
    told: Receipt | None = None


def take(data: bytes, side: Side, known: Callable[[str, str], Known | None], now: int) -> Answer:
    """What an envelope is. known: (issuer, id of the letter) -> what lies here of it. Raises Refusal.

    The caller keeps what the answer holds and only then sends the receipt: a crash in between means that it comes
    again, and is told the same.
    """
    header, signed = unseal(data, side.find)
    issuer = side.issuer_of(signing.signer_id(signed))
    partner = side.partner(issuer) if issuer is not None else None
    if issuer is None or partner is None:
        raise Refusal(Cause.STRANGER)
    if header.suite < partner.least:
        raise Refusal(Cause.DOWNGRADE)
    if signing.kind_of(signed) == "receipt":
        return Answer(b"", issuer, signed, told=_receipt(signed, side, partner))
    letter = letters.parse(signing.check(signed, _keys(partner.card), "letter"))
    _stands(letter, header, side, partner, signed, now)
    before = known(issuer, letter.id)
    if before is not None:
        if before.digest != signing.digest(signed):
            raise Refusal(Cause.CHANGED)
        return Answer(before.receipt, issuer, signed, again=True)
    late = now > letter.expires
    receipt = Receipt(
        side.issuer, issuer, letter.id, signing.digest(signed), Stage.LATE if late else Stage.STORED, now
    )
    written = signing.sign(receipts.plain(receipt), side.sign, "receipt")
    return (
        Answer(written, issuer, signed, late=letter)
        if late
        else Answer(written, issuer, signed, letter=letter)
    )


def _keys(card: Card) -> Callable[[str], Public | None]:
    return lambda key_id: found.key if (found := card.signer(key_id)) else None


def _stands(letter: Letter, header: Header, side: Side, partner: Partner, signed: bytes, now: int) -> None:
    """The letter itself, without its body: from whom it says, for whom, when, and in the days of its key."""
    if (
        letter.issuer != partner.card.issuer
        or letter.audience != side.issuer
        or header.expires != letter.expires
    ):
        raise Refusal(Cause.WRONG_AUDIENCE)
    if partner.revoked:
        raise Refusal(Cause.REVOKED)
    if letter.created > now + SKEW:
        raise Refusal(Cause.FROM_THE_FUTURE)
    key = partner.card.signer(signing.signer_id(signed))
    if key is None or not key.lives(letter.created, skew=SKEW):
        raise Refusal(Cause.STALE_KEY)


def _receipt(signed: bytes, side: Side, partner: Partner) -> Receipt:
    """Of a partner whose right to write was taken back receipts are still read: what became of ours stays known."""
    told = receipts.parse(signing.check(signed, _keys(partner.card), "receipt"))
    if told.issuer != partner.card.issuer or told.audience != side.issuer:
        raise Refusal(Cause.WRONG_AUDIENCE)
    return told
