"""Where fitting begins: kinds of persons read off the noisy tables, so that fewer steps are needed than from
chance.

Each component gets one value in each of the widest columns, drawn from the noisy tables; its other columns
begin at what the tables say goes with these values.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from palermo.disclosure.synthesis.measure import Measured

Reals = npt.NDArray[np.float64]
ANCHORS = 3
HELD = 0.9  # how much of a component's chance stands on its own value at first
LEAST = 1e-4


def chances(measured: Measured, components: int, rng: np.random.Generator) -> list[Reals]:
    """By column: the first chances of each group in each component."""
    sizes = measured.grouped_sizes
    margins = [
        _shares(np.bincount(groups, weights=np.maximum(table.counts, 0)))
        for groups, table in zip(measured.groups, measured.one_way, strict=True)
    ]
    given = _conditionals(measured, margins)
    order = sorted(range(len(sizes)), key=lambda j: -sizes[j])
    anchors = order[:ANCHORS]
    held: dict[int, npt.NDArray[np.intp]] = {}
    made: list[Reals] = [np.empty(0)] * len(sizes)
    for j in order:
        likely = np.tile(margins[j], (components, 1))
        for c in anchors:
            if c in held:
                likely = likely * (given[c, j][held[c]] / margins[j]) ** (1.0 if j in anchors else 0.7)
        likely = likely / likely.sum(axis=1, keepdims=True)
        if j in anchors:
            held[j] = _drawn(likely, rng)
            sharp = np.full_like(likely, 0.0)
            sharp[np.arange(components), held[j]] = 1.0
            likely = HELD * sharp + (1 - HELD) * likely
        made[j] = np.maximum(likely, LEAST)
    return made


def _conditionals(measured: Measured, margins: Sequence[Reals]) -> dict[tuple[int, int], Reals]:
    """`[c, j][a, v]`: the chance of v in column j among people with a in column c; the margin where nothing
    was measured."""
    sizes = measured.grouped_sizes
    found = {
        (c, j): np.tile(margins[j], (sizes[c], 1))
        for c in range(len(sizes))
        for j in range(len(sizes))
        if c != j
    }
    for table in measured.two_way:
        i, j = table.columns
        counts = np.maximum(table.counts - 0.5 * table.sigma, 0)  # half the noise is no people
        for c, k, cells in ((i, j, counts), (j, i, counts.T)):
            pseudo = cells + table.sigma * margins[k][None]
            found[c, k] = pseudo / pseudo.sum(axis=1, keepdims=True)
    return found


def _shares(counts: npt.NDArray[Any]) -> Reals:
    kept: Reals = np.maximum(counts, 0.5)
    return np.asarray(kept / kept.sum(), dtype=float)


def _drawn(likely: Reals, rng: np.random.Generator) -> npt.NDArray[np.intp]:
    """One value a row; where all rows are alike, spread evenly by systematic sampling."""
    edges = np.cumsum(likely, axis=1)
    at = (np.arange(len(likely)) + rng.random()) / len(likely)
    if not np.allclose(likely, likely[0]):
        at = rng.random(len(likely))
    below: npt.NDArray[np.intp] = (at[:, None] * edges[:, -1:] >= edges).sum(axis=1)
    return np.asarray(np.minimum(below, likely.shape[1] - 1), dtype=np.intp)
