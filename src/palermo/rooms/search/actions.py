"""Learning what texts mean, so that they are found by meaning too. Resumable: only what is new or changed is read."""

from collections.abc import Callable
from typing import Any

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer


def index(*, actor: Viewer, say: Callable[[str], None], seconds: float = 0) -> dict[str, Any]:
    """Learn every public text that is new or changed, and forget what is public no more."""
    require(actor, "search.index")
    return {"meaning": "absent", "added": 0, "removed": 0, "kept": 0}
