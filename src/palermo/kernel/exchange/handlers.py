"""What rooms say to the exchange when they start: which kinds they speak, and what is done with one that came."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from palermo.exchange import Kind
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.exchange.models import Partner


@dataclass(frozen=True, slots=True, repr=False)
class Received:
    """A letter that came, for the room that reads its kind. `id` is of the row here, to answer with."""

    partner: Partner
    kind: str
    version: str
    id: UUID
    conversation: str
    in_reply_to: str
    body: Mapping[str, Any]
    purpose: str
    legal_basis: str
    consent: Mapping[str, Any] | None
    handling: str
    urgency: str
    created: datetime
    expires: datetime


Handler = Callable[[Viewer, Received], None]
KINDS: dict[str, Kind] = {}
HANDLERS: dict[str, Handler] = {}


def declare(kind: str, major: int, minor: int, fields: frozenset[str]) -> None:
    """A kind of letter that this side speaks; `fields` is all that a body of it may hold."""
    KINDS[kind] = Kind(kind, major, minor, fields)


def receive(kind: str, function: Handler) -> None:
    """What is done with a letter of that kind, in the worker's transaction: once, in the order of its conversation."""
    HANDLERS[kind] = function


def _next_card(viewer: Viewer, received: Received) -> None:
    """A partner's next card: pinned if a key of the last one signs for it."""
    from palermo.kernel.exchange.actions.cards import follow_card

    follow_card(actor=viewer, data=str(received.body.get("card", "")).encode())


declare("test.ping", 1, 0, frozenset({"words"}))
receive("test.ping", lambda _viewer, _received: None)
declare("partner.card", 1, 0, frozenset({"card"}))
receive("partner.card", _next_card)
