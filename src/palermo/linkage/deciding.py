"""What people settled: pairs that are one person, pairs that are not. They outweigh whatever the records say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SAME, DIFFERENT = 60.0, -400.0  # log odds; "different" outweighs any number of links around it

Pair = tuple[tuple[str, str], tuple[str, str]]


@dataclass(frozen=True)
class Decisions:
    """Pairs of (name of the list, record_id). Pairs whose records are not in the lists are left aside."""

    same: tuple[Pair, ...] = ()
    different: tuple[Pair, ...] = ()


def decided(
    left: NDArray[np.int32],
    right: NDArray[np.int32],
    odds: NDArray[np.float32],
    names: Sequence[str],
    record_ids: Sequence[str],
    source: NDArray[np.int16],
    decisions: Decisions,
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32], int]:
    """The pairs (left below right) with what was decided; how many were decided both ways (they count as different)."""
    if not (decisions.same or decisions.different):
        return left, right, odds, 0
    wanted = {key for pair in (*decisions.same, *decisions.different) for key in pair}
    place = {
        key: at
        for at, (where, record_id) in enumerate(zip(source.tolist(), record_ids, strict=True))
        if (key := (names[where], record_id)) in wanted
    }
    settled: dict[tuple[int, int], float] = {}
    contradictions = 0
    for pairs, weight in ((decisions.same, SAME), (decisions.different, DIFFERENT)):
        for one, other in pairs:
            if one in place and other in place and one != other:
                a, b = sorted((place[one], place[other]))
                contradictions += settled.get((a, b), weight) != weight
                settled[a, b] = weight
    if not settled:
        return left, right, odds, 0
    mine = np.array(list(settled), np.int64)
    weights = np.array(list(settled.values()), np.float32)
    total = np.int64(len(record_ids))
    numbers = left.astype(np.int64) * total + right
    kept = ~np.isin(numbers, mine[:, 0] * total + mine[:, 1])
    left = np.concatenate([left[kept], mine[:, 0].astype(np.int32)])
    right = np.concatenate([right[kept], mine[:, 1].astype(np.int32)])
    return left, right, np.concatenate([odds[kept], weights]), contradictions
