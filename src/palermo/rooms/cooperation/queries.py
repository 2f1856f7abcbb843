"""Partner instances with how it stands between us, and this instance's own card."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from palermo.exchange import Card, thumbprint
from palermo.exchange.sending import OPEN
from palermo.kernel.access.policy import can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.kernel.exchange.keeping import moment, own_card
from palermo.kernel.exchange.models import Dispatch, OwnCard, Partner
from palermo.kernel.exchange.queries import card_of, find_partner


@dataclass(frozen=True, slots=True)
class Line:
    """A partner in the list: letters that arrived, that are on their way, and that are known not to have arrived."""

    partner: Partner
    arrived: int
    open: int
    lost: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A partner: its card, when its keys end, whether the viewer has compared its digits, and the count of letters."""

    partner: Partner
    card: Card
    until: datetime
    mine: bool
    line: Line


def listed(viewer: Viewer) -> list[Line]:
    """Every partner, by name."""
    require(viewer, "cooperation.partner.view")
    rows = list(Partner.objects.all())
    counts: dict[UUID, dict[str, int]] = {one.pk: {} for one in rows}
    letters = Dispatch.objects.exclude(kind="receipt").values_list("partner_id", "fate")
    for partner, fate, n in letters.annotate(n=Count("pk")).order_by():
        counts[partner][fate] = n
    return [_line(one, counts[one.pk]) for one in rows]


def _line(partner: Partner, fates: Mapping[str, int]) -> Line:
    waiting = sum(fates.get(fate, 0) for fate in OPEN)
    return Line(partner, fates.get("stored", 0), waiting, fates.get("late", 0) + fates.get("refused", 0))


def sheet(viewer: Viewer, key: UUID) -> Sheet:
    """One partner. Raises NotFound, for who may not see it too."""
    partner(viewer, key)
    found = next((one for one in listed(viewer) if one.partner.pk == key), None)
    if found is None:
        raise NotFound()
    card, _digits = card_of(found.partner)
    until = max((one.until for one in card.keys if one.key.use != "sign"), default=card.issued)
    return Sheet(found.partner, card, moment(until), str(viewer.user_id) in found.partner.readers, found)


def partner(viewer: Viewer, key: UUID) -> Partner:
    """The partner itself, for who may see it. Raises NotFound."""
    if not can(viewer, "cooperation.partner.view"):
        raise NotFound()
    return find_partner(viewer, key)


def own(viewer: Viewer) -> tuple[Card, str, bytes] | None:
    """This instance's card, its digits to be read aloud, and the file; None before the operator has made it."""
    require(viewer, "cooperation.partner.view")
    card = own_card()
    if card is None:
        return None
    return card, thumbprint(card), bytes(OwnCard.objects.get(version=card.version).data)
