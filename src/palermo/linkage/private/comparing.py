"""Filters of two lists compared, each with each: the unit's side. Nothing here knows a name or a key."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from palermo import compiling

RANKS = 6  # partners kept for each record; the second to fifth tell how crowded its neighbourhood is
CROWD = 3  # of them make the crowd
BLOCK = 1024  # rows at a time
Words = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float32]
Longs = npt.NDArray[np.int64]
Step = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Nearest:
    """For each record of one list its best partners in the other, best first: likeness, and place (-1: none)."""

    likeness: Floats
    place: npt.NDArray[np.int32]

    def crowd(self, after: int = 1) -> Floats:
        """The mean likeness of the partners behind the first `after`: what likeness a stranger reaches here."""
        kept = self.likeness[:, after : after + CROWD]
        return np.asarray(np.where(kept > 0, kept, 0).sum(axis=1) / CROWD, np.float32)


def forms(filters: Words) -> Floats:
    """Per filter what the kernel needs of its number of marks (see kernels.likeness); an empty one is like nothing."""
    bits = 64 * filters.shape[1]
    marks = np.clip(np.bitwise_count(filters).sum(axis=1).astype(np.float64), 1, bits - 1)
    rest = 1 - marks / bits
    return np.stack([marks, 1 / np.sqrt(marks * rest), 1 / marks, 1 / rest], axis=1).astype(np.float32)


def nearest(
    left: Words, right: Words, *, same: bool = False, threads: int = 1, step: Step | None = None
) -> tuple[Nearest, Nearest]:
    """The best partners of every record of both lists. same: both are one list; nobody is a partner of his own.

    The answer does not depend on the number of threads.
    """
    from palermo.linkage.private import kernels

    kernel = compiling.of(kernels).nearest
    keep = RANKS + same
    left_form, right_form = forms(left), forms(right)
    rows = _empty(len(left), keep)
    starts = range(0, len(left), BLOCK)

    def work(thread: int) -> Nearest:
        columns = _empty(len(right), keep)
        for start in starts[thread::threads]:
            stop = min(start + BLOCK, len(left))
            kernel(
                left,
                right,
                left_form,
                right_form,
                start,
                stop,
                rows.likeness,
                rows.place,
                columns.likeness,
                columns.place,
            )
            if step and thread == 0:
                step(stop / len(left))
        return columns

    with ThreadPoolExecutor(threads) as pool:
        columns = _merged(list(pool.map(work, range(threads))))
    return (_strangers(rows), _strangers(columns)) if same else (rows, columns)


def _empty(rows: int, keep: int) -> Nearest:
    return Nearest(np.full((rows, keep), -1, np.float32), np.full((rows, keep), -1, np.int32))


def _merged(found: list[Nearest]) -> Nearest:
    """The best of what each thread found; ties go to the earlier place."""
    if len(found) == 1:
        return found[0]
    keep = found[0].likeness.shape[1]
    likeness = np.concatenate([one.likeness for one in found], axis=1)
    place = np.concatenate([one.place for one in found], axis=1)
    order = np.lexsort((place, -likeness), axis=1)[:, :keep]
    return Nearest(np.take_along_axis(likeness, order, 1), np.take_along_axis(place, order, 1))


def _strangers(found: Nearest) -> Nearest:
    """Without each record itself."""
    own = found.place == np.arange(len(found.place), dtype=np.int32)[:, None]
    order = np.argsort(own, axis=1, kind="stable")[:, :RANKS]
    likeness = np.where(own, np.float32(-1), found.likeness)
    return Nearest(np.take_along_axis(likeness, order, 1), np.take_along_axis(found.place, order, 1))
