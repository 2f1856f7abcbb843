"""From groups back to categories: a value of a group of rare ones is drawn by their noisy counts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from palermo.disclosure.microdata import Rows
from palermo.disclosure.synthesis.measure import Measured

Codes = npt.NDArray[np.int32]


def ungrouped(codes: Codes, measured: Measured, rng: np.random.Generator) -> Rows:
    """Rows of categories for rows of groups."""
    made = np.empty_like(codes)
    for j, (groups, table) in enumerate(zip(measured.groups, measured.one_way, strict=True)):
        weights = np.maximum(table.counts, 0).astype(float)
        for group in np.unique(codes[:, j]):
            inside = np.flatnonzero(groups == group)
            where = np.flatnonzero(codes[:, j] == group)
            share = weights[inside] if weights[inside].sum() > 0 else np.ones(len(inside))
            made[where, j] = (
                inside if len(inside) == 1 else rng.choice(inside, len(where), p=share / share.sum())
            )
    return Rows(measured.domain.columns, made, measured.domain.categories)
