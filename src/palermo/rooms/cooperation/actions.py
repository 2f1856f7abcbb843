"""What is said to partner instances."""

from uuid import uuid4

from django.db import transaction

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.exchange import actions
from palermo.kernel.exchange.models import Dispatch, Partner


@transaction.atomic
def attempt(*, actor: Viewer, partner: Partner) -> Dispatch:
    """A letter that says nothing, to see whether it arrives."""
    require(actor, "cooperation.partner.try")
    return actions.send(
        actor=actor, partner=partner, kind="test.ping", body={"words": "ping"}, subject=uuid4(), purpose="test",
        legal_basis="agreement",
    )  # fmt: skip
