"""One check for one request: a case that `case()` gave to this viewer is not asked about again."""

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.cases.models import Case


def require_seen(viewer: Viewer, case: Case) -> None:
    """Raise NotFound unless the viewer holds the case; free where `case()` has just asked."""
    if getattr(case, "given_to", None) != viewer:
        require(viewer, "cases.case.view", case.pk)
        case.given_to = viewer  # type: ignore[attr-defined]
