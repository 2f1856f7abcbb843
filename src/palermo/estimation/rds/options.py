"""Numbers among the options that only one method knows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from palermo.estimation.problems import BadOptions
from palermo.saying import phrase


def number(more: Mapping[str, Any], name: str) -> float | None:
    """The number of this name; None where it is not given. Raises BadOptions for anything but a number above 0."""
    said = more.get(name)
    if said is None:
        return None
    try:
        found = float(said)
    except (TypeError, ValueError):
        raise BadOptions(phrase('{name} must be a number, not "{said}"', name=name, said=said)) from None
    if not (math.isfinite(found) and found > 0):
        raise BadOptions(phrase("{name} must be above 0, not {said}", name=name, said=said))
    return found
