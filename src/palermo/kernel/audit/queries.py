"""Reading the audit. The database shows each viewer his own entries and those about objects he holds."""

from uuid import UUID

from django.db.models import QuerySet

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.models import Entry


def trail(viewer: Viewer, object_id: UUID) -> QuerySet[Entry]:
    """What was done to one object, newest first; NotFound unless the viewer holds it."""
    require(viewer, "audit.trail.view", object_id)
    return Entry.objects.filter(object_id=object_id).order_by("-seq")


def entries(viewer: Viewer) -> QuerySet[Entry]:
    """All entries, newest first, for the administrator: pseudonyms and codes only."""
    require(viewer, "audit.entry.list")
    return Entry.objects.order_by("-seq")
