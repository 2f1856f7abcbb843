"""The way out: a letter is signed when people let it go, sealed anew for each attempt, asked after until it is known.

Two sides behind a bad line can never both be sure at one moment. What can be had is that they end up saying the same: a
letter past its last day is never taken in any more, so an envelope sent after it is a question, and the answer is
final: STORED if it lies there since before, LATE if it does not and never will. Until then this side says UNSURE.
"""

from __future__ import annotations

from enum import StrEnum

from palermo.exchange import letters, receipts, signing
from palermo.exchange.door import Partner, Side
from palermo.exchange.envelopes import seal
from palermo.exchange.errors import Cause, Refusal
from palermo.exchange.keys import Private
from palermo.exchange.kinds import Kinds, may_leave
from palermo.exchange.letters import Letter
from palermo.exchange.receipts import Receipt, Stage

FIRST, LAST = (
    30,
    6 * 3600,
)  # seconds between attempts: doubled from the first to the last, by chance up to half less


class Fate(StrEnum):
    """What this side knows of a letter that it let go."""

    WAITING = "waiting"  # not attempted yet: may still be taken back
    TRIED = "tried"  # attempted, no receipt yet
    STORED = "stored"  # it lies there; further stages are told by receipts
    UNSURE = "unsure"  # past its last day, and nobody has said whether it lies there
    LATE = "late"  # it did not arrive and never will
    REFUSED = "refused"  # the other side says that it is in no version that it reads
    CANCELLED = "cancelled"


OPEN = frozenset({Fate.WAITING, Fate.TRIED, Fate.UNSURE})


def sign(letter: Letter, key: Private, kinds: Kinds) -> bytes:
    """The signed form: every attempt sends these very bytes. Raises Refusal for a field outside the list."""
    may_leave(letter, kinds)
    return signing.sign(letters.plain(letter), key, "letter")


def sign_receipt(receipt: Receipt, key: Private) -> bytes:
    """A further stage, to be sealed and sent like a letter."""
    return signing.sign(receipts.plain(receipt), key, "receipt")


def envelope(signed: bytes, partner: Partner, *, expires: int, message_id: str, now: int) -> bytes:
    """One attempt: sealed to the partner's key of today, so that a key that was changed in flight costs one attempt.

    Raises Refusal: revoked, stale_key (the pinned card has no key for today), oversize.
    """
    if partner.revoked:
        raise Refusal(Cause.REVOKED)
    return seal(
        signed, partner.card.sealing(now, least=partner.least), message_id=message_id, expires=expires
    )


def answered(answer: bytes, *, side: Side, partner: Partner, of: str, digest: str) -> Fate:
    """What the answer to an attempt means. Raises Refusal where it is no receipt of this partner for this letter."""
    keys = {one.key.id: one.key for one in partner.card.keys if one.key.use == "sign"}
    told = receipts.parse(signing.check(answer, keys.get, "receipt"))
    ours = (told.issuer, told.audience, told.of, told.digest) == (
        partner.card.issuer,
        side.issuer,
        of,
        digest,
    )
    if not ours:
        raise Refusal(Cause.WRONG_AUDIENCE, "receipt")
    return {Stage.LATE: Fate.LATE, Stage.REFUSED: Fate.REFUSED}.get(told.stage, Fate.STORED)


def unanswered(fate: Fate, *, expires: int, now: int) -> Fate:
    """An attempt without an answer that holds: it may have arrived all the same."""
    if fate not in OPEN:
        return fate
    return Fate.UNSURE if now > expires else Fate.TRIED


def pause(attempts: int, chance: float) -> int:
    """Seconds until the next attempt. attempts: made so far; chance: from 0 to 1, drawn by the caller."""
    whole = min(FIRST * 2 ** min(max(attempts - 1, 0), 20), LAST)
    return int(whole * (1 - chance / 2))
