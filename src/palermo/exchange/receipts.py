"""Receipts: what became of a letter on the other side, signed there. A receipt is never receipted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from palermo.exchange.errors import Cause, Refusal
from palermo.exchange.letters import MOST, fine


class Stage(StrEnum):
    """In their order; a letter that is refused or came too late goes no further."""

    STORED = "stored"  # it lies there, opened and checked
    DELIVERED = "delivered"  # it is on the desk of who it is for
    OPENED = "opened"
    DECIDED = "decided"
    CLOSED = "closed"
    REFUSED = "refused"  # it was understood to be for nobody, or in no version that is read there
    LATE = "late"  # it came after its last day; it will never be taken in


def further(one: str, other: str) -> str:
    """The later of two stages, whichever receipt came first. one: empty where nothing was told yet."""
    order = list(Stage)
    return other if not one or order.index(Stage(other)) > order.index(Stage(one)) else one


@dataclass(frozen=True, slots=True)
class Receipt:
    """issuer: who received; audience: who sent. of, digest: the letter's id and the hash of its signed form."""

    issuer: str
    audience: str
    of: str
    digest: str
    stage: Stage
    at: int
    reason: str = ""


def plain(receipt: Receipt) -> dict[str, Any]:
    """The receipt as an object of JSON."""
    return asdict(receipt)


def parse(told: Mapping[str, Any]) -> Receipt:
    """The receipt that was signed. Raises Refusal (malformed)."""
    names = {one.name for one in fields(Receipt)}
    texts = names - {"at"}
    if set(told) != names or not all(fine(told[name]) for name in texts):
        raise Refusal(Cause.MALFORMED, "receipt")
    if type(told["at"]) is not int or not 0 <= told["at"] <= MOST or told["stage"] not in set(Stage):
        raise Refusal(Cause.MALFORMED, "receipt")
    return Receipt(**{**told, "stage": Stage(told["stage"])})
