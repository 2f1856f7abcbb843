"""Hand out one's own case list: codes, states and dates, nothing that names anybody."""

from django.db import transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import FieldProblem, Invalid
from palermo.kernel.exports.actions import File, hand_out
from palermo.kernel.exports.writers import csv_bytes, json_bytes, xlsx_bytes
from palermo.rooms.cases.models import Case
from palermo.rooms.cases.queries import found

HEADER = ("code", "person", "state", "about", "status", "risk", "opened", "closed")
MOST = 20_000
FORMATS = ("csv", "xlsx", "json")


@transaction.atomic
def export_cases(*, actor: Viewer, format: str = "csv") -> File:
    """The cases that the actor holds, newest first, as csv, xlsx or json. On record."""
    if format not in FORMATS:
        raise Invalid(_("Choose csv, xlsx or json."), problems=[FieldProblem("format", format, "choice")])
    rows = [_row(case) for case in found(actor)[:MOST]]
    return hand_out(
        actor=actor,
        permission="cases.case.export",
        what="cases",
        format=format,
        content=_content(rows, format),
    )


def _content(rows: list[dict[str, str]], format: str) -> bytes:
    if format == "xlsx":
        return xlsx_bytes(rows, HEADER)
    return json_bytes(rows) if format == "json" else csv_bytes(rows, HEADER)


def _row(case: Case) -> dict[str, str]:
    closed = case.closed_at.date().isoformat() if case.closed_at else ""
    opened = case.opened_at.date().isoformat()
    values = (case.code, case.person_code, case.state, case.crime, case.status, case.risk, opened, closed)
    return dict(zip(HEADER, values, strict=True))
