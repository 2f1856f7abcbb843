"""Numbers among the options that only one method knows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from palermo.estimation.problems import BadOptions


def number(more: Mapping[str, Any], name: str) -> float | None:
    """The number of this name; None where it is not given. Raises BadOptions for anything but a number above 0."""
    said = more.get(name)
    if said is None:
        return None
    try:
        found = float(said)
    except (TypeError, ValueError):
        raise BadOptions(f'{name} must be a number, not "{said}"') from None
    if not (math.isfinite(found) and found > 0):
        raise BadOptions(f"{name} must be above 0, not {said}")
    return found
