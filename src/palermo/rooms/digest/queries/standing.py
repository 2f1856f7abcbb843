"""Editions, and what became of their cases since."""

from typing import Any

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.rooms.caselaw.queries import stones
from palermo.rooms.digest.models import Edition


def editions(viewer: Viewer) -> list[Edition]:
    """Every edition, the latest first."""
    require(viewer, "digest.public.view")
    return list(Edition.objects.defer("content"))


def edition(viewer: Viewer, number: int) -> Edition:
    """One edition. Raises NotFound."""
    require(viewer, "digest.public.view")
    found = Edition.objects.filter(number=number).first()
    if found is None:
        raise NotFound()
    return found


def changed_since(viewer: Viewer, one: Edition) -> list[dict[str, Any]]:
    """Cases of an edition that were withdrawn or merged after it came out: code, title, why, and where it leads."""
    require(viewer, "digest.public.view")
    titles = {case["palermo_id"]: case["title"] for case in one.content["cases"]}
    found = stones(viewer, titles)
    return [
        {"palermo_id": key, "title": titles[key], "why": found[key].why, "into": found[key].into}
        for key in sorted(found)
    ]
