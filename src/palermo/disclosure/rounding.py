"""Controlled rounding: every count becomes a neighbouring multiple of a base, and totals stay the sums of their parts.

After Cox (JASA 82, 1987). For two-way tables such a rounding always exists; for others it is searched, and where
none is found within the limits of work each count is rounded on its own: then totals are not the sums of their parts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, diags_array

from palermo.disclosure.system import Floats, System

BASE = 5
NODES = 2000


@dataclass(frozen=True)
class Rounded:
    """The multiples, cell by cell, and whether they add up."""

    values: Floats
    base: int
    additive: bool


def rounded(system: System, base: int = BASE, *, seed: int = 0) -> Rounded:
    """Round all counts of a system. `seed`: another choice among the roundings of equal distance."""
    if base < 2:
        raise ValueError("a base under 2 rounds nothing")
    below = np.floor(system.values / base)
    open_cells = system.values % base != 0
    price = 1.0 - 2.0 * (system.values % base) / base
    if seed:
        price = price + np.random.default_rng(seed).normal(0, 0.5, len(price))
    if not system.equal.shape[0]:
        return Rounded(base * (below + (open_cells & (price < 0))), base, True)
    step = np.where(open_cells, 1.0, 0.0)
    rows = csr_array(system.equal @ diags_array(step))
    right = -(system.equal @ below)
    found = milp(
        np.where(open_cells, price, 0.0),
        integrality=np.ones(len(below), dtype=int),
        bounds=Bounds(np.zeros(len(below)), step),
        constraints=[LinearConstraint(rows, right, right)],
        options={"node_limit": NODES},
    )
    if found.x is None:
        return Rounded(base * np.round(system.values / base), base, False)
    return Rounded(base * (below + np.round(found.x)), base, True)
