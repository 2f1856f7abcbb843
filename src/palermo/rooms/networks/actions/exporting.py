"""Networks in figures as a file: the protected counts of the page, by the one way out."""

from datetime import date
from uuid import UUID

from django.db import transaction

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.exports.actions import File, hand_out
from palermo.kernel.exports.writers import csv_bytes
from palermo.rooms.networks import queries

WITHHELD = "withheld"


@transaction.atomic
def export_figures(*, actor: Viewer, since: date, until: date, network_id: UUID | None = None) -> File:
    """The table of the page as CSV: withheld counts stay withheld. On record."""
    found = queries.figures(actor, since=since, until=until, network_id=network_id)
    by = "organisation" if network_id else "network"
    header = (by, *(() if network_id else ("sector",)), *queries.STAGES)
    rows = []
    for row in found.rows:
        cells = [found.cells.get((row, stage)) for stage in queries.STAGES]
        shown = [WITHHELD if cell is None else str(cell) for cell in cells]
        sector = [] if network_id else [found.sectors[row]]
        rows.append(dict(zip(header, [found.names[row], *sector, *shown], strict=True)))
    return hand_out(
        actor=actor,
        permission="networks.figures.view",
        what="networks",
        format="csv",
        content=csv_bytes(rows, header),
    )
