"""Notices of the kernel, as things that wait for the viewer on the home page."""

from django.urls import reverse

from palermo.kernel.access import notices
from palermo.kernel.access.viewer import Viewer
from palermo.web.room import Due

SHOWN = 20


def due_for(viewer: Viewer) -> list[Due]:
    """What the viewer was told and has not marked as seen. An emergency access comes before everything else."""
    found = []
    for notice in notices.unseen(viewer)[:SHOWN]:
        urgent = notice.kind == "break_glass"
        url = reverse("account_emergency", args=[notice.object_id]) if urgent else reverse("account_notices")
        found.append(Due(title=notices.title_of(notice), url=url, level="overdue" if urgent else "soon"))
    return found
