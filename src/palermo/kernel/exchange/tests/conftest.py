"""A partner instance that lives in memory: the pure library alone, on the other side of a wire that a test holds."""

from collections.abc import Iterator
from typing import Any

import pytest

from palermo.exchange import Refusal, read_card, write_card
from palermo.exchange.tests.world import House
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.exchange import actions, posting
from palermo.kernel.exchange.models import Partner

NAMES = ("test.ping",)


class Far:
    """The other side. lost: what happens to envelopes on their way there ("", "request", "answer")."""

    def __init__(self, house: House, partner: Partner) -> None:
        self.house, self.partner, self.lost = house, partner, ""
        self.now = 0
        self.wire: list[bytes] = []

    def post(self, address: str, data: bytes) -> bytes | None:
        assert address == self.house.card.endpoint
        self.wire.append(data)
        if self.lost == "request":
            return None
        try:
            answer = self.house.receive(data, self.now)
        except Refusal:
            return None
        return None if self.lost == "answer" else answer


@pytest.fixture
def here(db: Any) -> Iterator[Any]:
    """This instance with keys and a card."""
    with acting(Viewer.operator()) as viewer:
        data = actions.make_card(actor=viewer, name="Office here", endpoint="https://here.invalid/exchange/")
    return read_card(data)


@pytest.fixture
def far(here: Any, monkeypatch: pytest.MonkeyPatch) -> Far:
    """A partner that is pinned on both sides."""
    import time

    from palermo.exchange import Partner as Pinned
    from palermo.kernel.exchange.queries import card_of

    house = House("far-side")
    now = int(time.time())
    house.dated.clear()
    house.new_card(now)
    house.partners[here.issuer] = Pinned(here)
    with acting(Viewer.operator()) as viewer:
        made = actions.propose(actor=viewer, data=write_card(house.card, house.sign))
        made = actions.confirm(actor=viewer, partner=made, digits=card_of(made)[1])
    found = Far(house, made)
    found.now = now
    monkeypatch.setattr(posting, "post", found.post)
    return found
