"""Which files belong to an object, for whoever holds the scope they need."""

from uuid import UUID

from django.db.models import QuerySet

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.files.models import File


def files_of(viewer: Viewer, object_id: UUID) -> QuerySet[File]:
    """The files of one object, newest first; the database leaves out those whose scope the viewer lacks."""
    return File.objects.filter(object_id=object_id, erased_at=None)
