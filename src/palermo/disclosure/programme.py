"""One linear programme, solved by HiGHS through scipy, with the dual prices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from palermo.disclosure.system import UNBOUNDED, Floats

__all__ = ["TOLERANCE", "UNBOUNDED", "Contradiction", "Solution", "least"]

TOLERANCE = 1e-6


class Contradiction(ValueError):
    """The published counts do not agree with each other: no set of persons gives them."""


@dataclass(frozen=True)
class Solution:
    """The point, and the dual price of every equation and of every limit."""

    point: Floats
    equal_prices: Floats
    atmost_prices: Floats


def least(
    objective: Floats, equal: csr_array, right: Floats, atmost: csr_array, ceiling: Floats, bounds: Floats
) -> Solution:
    """Minimise `objective @ y` where `equal @ y = right`, `atmost @ y <= ceiling`, y within `bounds` (n x 2).

    Raises Contradiction when nothing satisfies the constraints.
    """
    # Tables of counts are sparse and regular: presolving takes more than it saves (docs/methods/suppression.md).
    plain = {"presolve": False}
    if (bounds[:, 0] > bounds[:, 1]).any():
        raise Contradiction("no counts agree with what is published (a least above its greatest)")
    constraints: dict[str, Any] = {"c": objective, "bounds": bounds, "method": "highs-ds", "options": plain}
    if len(right):
        constraints |= {"A_eq": equal, "b_eq": right}
    if len(ceiling):
        constraints |= {"A_ub": atmost, "b_ub": ceiling}
    found: Any = linprog(**constraints)
    if found.x is None:
        raise Contradiction(f"no counts agree with what is published ({found.message})")
    return Solution(np.asarray(found.x), found.eqlin.marginals, found.ineqlin.marginals)
