"""A letter: what one side says to another, signed. All that trust needs stands inside: audience, id, days, purpose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from palermo.exchange.errors import Cause, Refusal

TEXTS = (
    "issuer", "audience", "id", "conversation", "previous", "kind", "version", "in_reply_to", "handling", "purpose",
    "legal_basis", "urgency",
)  # fmt: skip
NUMBERS = ("sequence", "created", "expires", "reply_by")
LONGEST = 500  # of any text outside the body
LONGEST_OF = {"issuer": 100, "audience": 100, "id": 100, "conversation": 100, "kind": 60}
MOST_LETTERS = 1_000_000  # in one conversation
MOST = 4_102_444_800  # 2100-01-01


@dataclass(frozen=True, slots=True)
class Letter:
    """issuer, audience: ids of sides. id: of this letter, never used twice. Times: seconds since 1970, 0 for none.

    sequence: 1, 2, 3 ... in its conversation from this side; previous: digest of the one before ("" for the first).
    kind and version ("1.0"): how the body is read. purpose, legal_basis, handling: codes of the rooms. consent: a
    reference to a consent that stays at home (id, digest, scope, expires), or None. body: fields that its kind allows.
    """

    issuer: str
    audience: str
    id: str
    conversation: str
    sequence: int
    kind: str
    version: str
    created: int
    expires: int
    purpose: str
    legal_basis: str
    body: Mapping[str, Any] = field(default_factory=dict)
    previous: str = ""
    reply_by: int = 0
    in_reply_to: str = ""
    handling: str = ""
    urgency: str = ""
    consent: Mapping[str, Any] | None = None


def fine(text: object, most: int = LONGEST) -> bool:
    """A text outside a body: no longer than that, and without signs that hide, turn or end a text."""
    return isinstance(text, str) and len(text) <= most and text.isprintable()


def plain(letter: Letter) -> dict[str, Any]:
    """The letter as an object of JSON."""
    return asdict(letter)


def parse(told: Mapping[str, Any]) -> Letter:
    """The letter that was signed. Fields that this version does not know are refused. Raises Refusal (malformed)."""
    names = {one.name for one in fields(Letter)}
    if set(told) != names:
        raise Refusal(Cause.MALFORMED, ",".join(sorted(map(str, set(told) ^ names)))[:80])
    for name in TEXTS:
        if not fine(told[name], LONGEST_OF.get(name, LONGEST)):
            raise Refusal(Cause.MALFORMED, name)
    for name in NUMBERS:
        if type(told[name]) is not int or not 0 <= told[name] <= MOST:
            raise Refusal(Cause.MALFORMED, name)
    if not isinstance(told["body"], dict) or not isinstance(told["consent"], dict | None):
        raise Refusal(Cause.MALFORMED, "body")
    letter = Letter(**told)
    named = letter.id and letter.issuer and letter.audience and letter.conversation
    if not (named and 1 <= letter.sequence <= MOST_LETTERS):
        raise Refusal(Cause.MALFORMED, "id")
    if letter.expires <= letter.created:
        raise Refusal(Cause.MALFORMED, "expires")
    return letter
