"""What was imported, for those who may know."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db.models import QuerySet

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.kernel.imports.actions import folder
from palermo.kernel.imports.models import ImportRun


def runs(viewer: Viewer, *, before: datetime | None = None, limit: int = 50) -> QuerySet[ImportRun]:
    """The newest imports, or those that started before a moment."""
    require(viewer, "imports.run.view")
    found = ImportRun.objects.select_related("by")
    if before is not None:
        found = found.filter(started_at__lt=before)
    return found[:limit]


def rejected_path(viewer: Viewer, run_id: UUID) -> Path:
    """The file of rejected rows of an import. Raises `NotFound` when there is none (any more)."""
    require(viewer, "imports.run.view")
    run = ImportRun.objects.filter(id=run_id).exclude(rejected_file="").first()
    if run is None or not (path := folder() / run.rejected_file).is_file():
        raise NotFound()
    return path
