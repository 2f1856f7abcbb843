"""Hand out the directory as a file. A confidential address is not in the table it comes from."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import FieldProblem, Invalid
from palermo.kernel.exports.actions import File, hand_out
from palermo.kernel.exports.writers import csv_bytes, json_bytes, xlsx_bytes
from palermo.rooms.services.models.hours import write_day
from palermo.rooms.services.queries import Row, services

FORMATS = ("csv", "xlsx", "json")
HEADER = (
    "name", "organisation", "kind", "state", "areas", "languages", "open_to", "sexes", "age_from", "age_until",
    "families", "hours", "phone", "email", "website", "address", "cost", "places", "free", "told_at", "conditions",
)  # fmt: skip


@transaction.atomic
def export_services(*, actor: Viewer, format: str = "csv", **wanted: Any) -> File:
    """The directory, or what a search found of it, as csv, xlsx or json. On record. Staff telephones stay inside."""
    if format not in FORMATS:
        raise Invalid(_("Choose csv, xlsx or json."), problems=[FieldProblem("format", format, "choice")])
    rows = [_row(row) for row in services(actor, **wanted, all_at_once=True).rows]
    if format == "xlsx":
        content = xlsx_bytes(rows, HEADER)
    else:
        content = json_bytes(rows) if format == "json" else csv_bytes(rows, HEADER)
    return hand_out(
        actor=actor, permission="services.service.export", what="services", format=format, content=content
    )


def _row(row: Row) -> dict[str, Any]:
    it = row.service
    hours = "; ".join(f"{day} {write_day(times)}" for day, times in it.hours.items() if times)
    return {
        "name": it.name,
        "organisation": it.organisation.name,
        "kind": it.kind,
        "state": it.state,
        "areas": " ".join(it.areas),
        "languages": " ".join(it.languages),
        "open_to": it.crime,
        "sexes": " ".join(it.sexes),
        "age_from": it.age_from,
        "age_until": it.age_until,
        "families": it.families,
        "hours": "24/7" if it.around_the_clock else hours,
        "phone": it.phone,
        "email": it.email,
        "website": it.website,
        "address": it.address,
        "cost": it.cost,
        "places": row.total if row.places else None,
        "free": row.free,
        "told_at": row.told_at.isoformat(timespec="minutes") if row.told_at else "",
        "conditions": it.conditions,
    }
