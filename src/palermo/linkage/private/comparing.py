"""Filters compared, each with each: the unit's side. Nothing here knows a name or a key."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from palermo import compiling
from palermo.linkage.private.parameters import SEGMENTS, words_of

KEEP = 20  # partners kept for each record
BLOCK = 512  # records at a time
STRANGERS = 1500  # records by which it is told how rare a likeness is
# How much likeness in each segment counts where the best partners are looked for.
PULL = {
    "sounds": 1.0, "spelling": 1.0, "given": 1.0, "family": 1.0, "day": 1.0, "birth": 1.0,
    "sex": 0.3, "nationality": 0.3, "place": 0.2, "document": 1.5, "phone": 0.7,
}  # fmt: skip
Words = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float32]
Longs = npt.NDArray[np.int64]
Step = Callable[[float], None]

EDGES: Longs = np.array([0] + [words_of(name).stop for name in SEGMENTS], np.int64)
BITS = 64 * np.diff(EDGES)


@dataclass(frozen=True, slots=True)
class Nearest:
    """For each record its best partners, best first: score, and place (-1: none)."""

    score: Floats
    place: npt.NDArray[np.int32]

    def pairs(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """All pairs of a record and a partner, lower place first, each once, sorted."""
        records = len(self.place)
        mine, rank = np.nonzero(self.place >= 0)
        other = self.place[mine, rank].astype(np.int64)
        codes = np.unique(np.minimum(mine, other) * max(records, 1) + np.maximum(mine, other))
        return (codes // max(records, 1)).astype(np.int32), (codes % max(records, 1)).astype(np.int32)


def marks_of(filters: Words) -> Floats:
    """How many bits are set in each segment: a row for each segment."""
    counts = [np.bitwise_count(filters[:, a:b]).sum(axis=1) for a, b in pairwise(EDGES)]
    return np.array(counts, np.float32).reshape(len(SEGMENTS), len(filters))


def forms_of(marks: Floats) -> Floats:
    """For each segment and record what the kernels need of its number of marks (see pair_kernels.likeness)."""
    kept = np.clip(marks.astype(np.float64), 1, BITS[:, None] - 1)
    rest = 1 - kept / BITS[:, None]
    return np.stack([marks, 1 / np.sqrt(kept * rest), 1 / kept, 1 / rest], axis=2).astype(np.float32)


def pulls(marks: Floats, blind: str = "") -> Floats:
    """What makes of shared bits beyond chance a weighted correlation; 0 where a segment has no bit or all.

    blind: a segment that is not looked at.
    """
    weight = np.array([0.0 if name == blind else PULL[name] for name in SEGMENTS])[:, None]
    spread = marks * (1 - marks / BITS[:, None])
    return np.where(spread > 0, np.sqrt(weight / np.maximum(spread, 1e-9)), 0).astype(np.float32)


def nearest(filters: Words, *, keep: int = KEEP, threads: int = 1, step: Step | None = None) -> Nearest:
    """The best partners of every record. The answer does not depend on the number of threads."""
    from palermo.linkage.private import pair_kernels

    kernel = compiling.of(pair_kernels).nearest
    marks = marks_of(filters)
    pull, across = pulls(marks), np.ascontiguousarray(filters.T)
    total = max(1.0, len(filters) * (len(filters) - 1) / 2)
    starts = range(0, len(filters), BLOCK)

    def work(thread: int) -> Nearest:
        found = _empty(len(filters), keep)
        done = 0.0
        for start in starts[thread::threads]:
            stop = min(start + BLOCK, len(filters))
            kernel(across, marks, pull, EDGES, start, stop, found.score, found.place)
            done += (stop - start) * (len(filters) - (start + stop + 1) / 2)
            if step and thread == 0:
                step(min(1.0, done * threads / total))
        return found

    with ThreadPoolExecutor(threads) as pool:
        return _merged(list(pool.map(work, range(threads))))


def _empty(rows: int, keep: int) -> Nearest:
    return Nearest(np.full((rows, keep), -1, np.float32), np.full((rows, keep), -1, np.int32))


def _merged(found: list[Nearest]) -> Nearest:
    """The best of what each thread found; ties go to the earlier place."""
    if len(found) == 1:
        return found[0]
    keep = found[0].score.shape[1]
    score = np.concatenate([one.score for one in found], axis=1)
    place = np.concatenate([one.place for one in found], axis=1)
    order = np.lexsort((place, -score), axis=1)[:, :keep]
    return Nearest(np.take_along_axis(score, order, 1), np.take_along_axis(place, order, 1))
