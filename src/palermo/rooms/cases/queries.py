"""What waits in the cases that the viewer holds."""

from palermo.kernel.access.viewer import Viewer
from palermo.web.room import Due


def due_for(viewer: Viewer) -> list[Due]:
    """Nothing yet: deadlines come with the workflow engine."""
    return []
