"""Partners, and how it stands with what was sent to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from palermo.exchange import Card, read_card, thumbprint
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.kernel.exchange.models import Dispatch, Partner, PartnerState, Told


@dataclass(frozen=True, slots=True)
class Sent:
    """A letter that was let go, and what the other side said of it, the latest last."""

    dispatch: Dispatch
    told: tuple[Told, ...]


def partners(viewer: Viewer) -> QuerySet[Partner]:
    """The partner instances to which something may be sent."""
    require(viewer, "exchange.partner.view")
    return Partner.objects.filter(state=PartnerState.ACTIVE)


def find_partner(viewer: Viewer, key: UUID) -> Partner:
    """One partner in any state. Raises NotFound."""
    require(viewer, "exchange.partner.view")
    found = Partner.objects.filter(pk=key).first()
    if found is None:
        raise NotFound()
    return found


def card_of(partner: Partner) -> tuple[Card, str]:
    """Its card, and the digits to be compared."""
    card = read_card(bytes(partner.card))
    return card, thumbprint(card)


def dispatch_states(viewer: Viewer, subject: UUID) -> list[Sent]:
    """What was sent about something, the earliest first, of what the viewer may see."""
    require(viewer, "exchange.letter.send")
    rows: Iterable[Dispatch] = (
        Dispatch.objects.filter(subject=subject)
        .exclude(kind="receipt")
        .select_related("partner")
        .prefetch_related("told")
    )
    return [Sent(row, tuple(row.told.all())) for row in sorted(rows, key=lambda row: row.created_at)]
