"""Networks in figures: notifications by network and member organisation, protected; and how many are trained."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from palermo.disclosure import TOTAL, Dimension, Rule, Table, protect_linked
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.kernel.organisations.models import Organisation
from palermo.rooms.networks.models import Network
from palermo.rooms.networks.queries.networks import is_focal, known
from palermo.rooms.networks.queries.words import sector_name
from palermo.web.protection import explained

# Stages lie inside one another or beside one another: each is a share of what was sent.
STAGES = {
    "sent": _("Sent"),
    "child": _("About children"),
    "acknowledged": _("Acknowledged in time"),
    "accepted": _("Accepted in time"),
    "answered": _("Answered in time"),
    "late": _("Not answered in time"),
}
COUNTERS = ("coordinator", "analyst")


@dataclass(frozen=True, slots=True)
class Trained:
    """How many members of a network are trained. Staff, not persons who are helped: nothing is withheld."""

    members: int = 0
    trained: int = 0
    soon: int = 0
    lapsed: int = 0
    never: int = 0

    @property
    def share(self) -> int | None:
        """Members whose training holds, in percent; None without members."""
        return round(100 * self.trained / self.members) if self.members else None


@dataclass(frozen=True, slots=True)
class Figures:
    """Protected counts: (row, stage) -> number, None where it is withheld. `names` and `sectors` by row."""

    since: date
    until: date
    rows: tuple[str, ...]
    names: dict[str, str]
    sectors: dict[str, str]
    cells: dict[tuple[str, str], int | None]
    anonymous: dict[str, int | None]
    trained: dict[str, Trained]
    explanation: tuple[str, ...]


def figures(viewer: Viewer, *, since: date, until: date, network_id: UUID | None = None) -> Figures:
    """Notifications of a period: by network for coordinators and analysts; of one network by member organisation.

    A focal point sees the own network. Small counts are withheld, and the others that would give them away.
    """
    if network_id is None:
        require(viewer, "networks.figures.view")
    known(viewer, "networks.figures.view")
    if not viewer.has(*COUNTERS) and (network_id is None or not is_focal(viewer, network_id)):
        raise NotFound()
    rows = _rows("SELECT network, house, stage, n FROM networks_counts(%s, %s)", [since, until])
    exact: dict[tuple[str, str], int] = {}
    for network, house, stage, number in rows:
        if network_id in (None, network):
            key = (str(network) if network_id is None else str(house), stage)
            exact[key] = exact.get(key, 0) + int(number)
    names, sectors = _names(network_id, {row for row, _stage in exact})
    cells, explanation = _protected(tuple(names), exact)
    return Figures(
        since, until, tuple(names), names, sectors, cells, _anonymous(since, until, network_id), _trained(),
        explanation,
    )  # fmt: skip


def _names(network_id: UUID | None, found: set[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Names of the rows in their order; of every open network, or of the houses from which something came."""
    if network_id is not None:
        houses = Organisation.objects.filter(pk__in=found).order_by("name")
        return {str(pk): words for pk, words in houses.values_list("pk", "name")}, {}
    nets = [n for n in Network.objects.order_by("name") if n.closed_on is None or str(n.pk) in found]
    return {str(n.pk): n.name for n in nets}, {str(n.pk): sector_name(n.sector) for n in nets}


def _protected(
    rows: Sequence[str], exact: dict[tuple[str, str], int]
) -> tuple[dict[tuple[str, str], int | None], tuple[str, ...]]:
    """The counts after suppression, with their sums under TOTAL."""
    if not rows:
        return {}, ()
    cells: dict[tuple[str, ...], int] = {}
    for row in rows:
        cells |= {(row, stage): exact.get((row, stage), 0) for stage in STAGES}
        # Everything was sent: the margin over the stages is the first of them.
        cells[row, TOTAL] = cells[row, "sent"]
    dimensions = (Dimension("row", tuple(rows)), Dimension("stage", tuple(STAGES), overlapping=True))
    table = Table.from_counts(dimensions, cells, population="notifications")
    protected = protect_linked((table,), Rule(threshold=settings.PALERMO_THRESHOLD), method="flows")
    shown = {key: value for key, value in protected.tables[0].cells.items() if key[1] != TOTAL}
    return shown, explained(protected)


def _anonymous(since: date, until: date, network_id: UUID | None) -> dict[str, int | None]:
    """Anonymous notifications by network, whole months; None under the threshold."""
    rows = _rows("SELECT network, n FROM networks_tallies(%s, %s)", [since, until])
    least = settings.PALERMO_THRESHOLD
    return {
        str(network): int(number) if number >= least else None
        for network, number in rows
        if network_id in (None, network)
    }


def _trained() -> dict[str, Trained]:
    rows = _rows("SELECT network, members, trained, soon, lapsed, never FROM networks_trained()", [])
    return {str(network): Trained(*(int(n) for n in numbers)) for network, *numbers in rows}


def _rows(sql: str, values: list[object]) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
