"""This instance with a card, and a partner whose digits the operator has compared."""

from typing import Any

from palermo.exchange import write_card
from palermo.exchange.tests.world import House
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.exchange import actions
from palermo.kernel.exchange.queries import card_of


def tell(people: Any, ids: dict[str, Any]) -> dict[str, Any]:
    house = House("matrix-partner")
    with acting(Viewer.operator()) as viewer:
        actions.make_card(actor=viewer, name="Office here", endpoint="https://here.invalid/exchange/")
        made = actions.propose(actor=viewer, data=write_card(house.card, house.sign))
        actions.confirm(actor=viewer, partner=made, digits=card_of(made)[1])
    return {"partner": made.pk}
