"""Files on their way out: of a published report for everybody, of a submitted one for its judges."""

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import NotFound
from palermo.kernel.exports.actions import File
from palermo.rooms.reports import queries
from palermo.rooms.reports.models import Report, ReportFile


def public_file(*, actor: Viewer, identifier: str, name: str) -> File:
    """A file of a published report, byte for byte. Not on record: readers are not followed."""
    return _handed(queries.landing(actor, identifier).report, name)


def draft_file(*, actor: Viewer, report: Report, name: str) -> File:
    """A file that is to be published, for those who judge it. On record."""
    found = _handed(report, name)
    record(
        actor=actor, action="reports.file.look", object_kind="report", object_id=report.pk,
        detail={"name": name, "revision": report.revision},
    )  # fmt: skip
    return found


def _handed(report: Report, name: str) -> File:
    found = ReportFile.objects.filter(report=report, revision=report.revision, name=name).first()
    if found is None:
        raise NotFound()
    return File(f"{report.identifier}-{found.name}", bytes(found.content), found.content_type)
