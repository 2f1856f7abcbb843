"""`palermo keys rotate`: the rotation as the command line asks for it, with sentences for progress."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from palermo.kernel.access.viewer import Viewer


def rotate(*, progress: Callable[[str], None]) -> dict[str, Any]:
    """Rotate as the operator and say how far it is. Not inside a transaction: each batch commits by itself."""
    from palermo.kernel.vault import actions

    done = actions.rotate(
        actor=Viewer.operator(), progress=lambda done, total: progress(f"{done} of {total} keys wrapped anew")
    )
    return asdict(done)
