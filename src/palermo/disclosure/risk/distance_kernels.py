"""Distances between rows of categories: in how many columns two people differ (Hamming).

Plain Python on numpy arrays; `palermo/compiling.py` gives the same functions compiled. The release lies column
by column and is walked in blocks that stay in the processor's nearest memory; the innermost loop is over rows,
so that one instruction compares 16 to 64 of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

BLOCK = 4096
Codes = npt.NDArray[Any]  # uint8, or uint16 where a column has more than 256 categories
Counts = npt.NDArray[np.int32]


def differing(
    target: Codes, release: Codes, start: int, stop: int, first: int, last: int, found: Codes
) -> None:
    """For rows `start` to `stop` of the release, in how many of the columns `first` to `last` they differ."""
    size = stop - start
    for r in range(size):
        found[r] = 0
    j = first
    while j + 4 <= last:
        a, b = release[j, start:stop], release[j + 1, start:stop]
        c, d = release[j + 2, start:stop], release[j + 3, start:stop]
        at, bt, ct, dt = target[j], target[j + 1], target[j + 2], target[j + 3]
        for r in range(size):
            found[r] += int(a[r] != at) + int(b[r] != bt) + int(c[r] != ct) + int(d[r] != dt)
        j += 4
    while j < last:
        e, et = release[j, start:stop], target[j]
        for r in range(size):
            found[r] += int(e[r] != et)
        j += 1


def nearest(targets: Codes, release: Codes, least: Counts, times: Counts) -> None:
    """For each target (a row) the least distance to any row of the release, and how many rows are so near."""
    columns, rows = release.shape
    found = np.empty(BLOCK, np.uint8)
    for i in range(targets.shape[0]):
        least[i] = columns + 1
        times[i] = 0
    for start in range(0, rows, BLOCK):
        stop = min(start + BLOCK, rows)
        for i in range(targets.shape[0]):
            differing(targets[i], release, start, stop, 0, columns, found)
            low = np.uint8(255)
            for r in range(stop - start):
                low = min(low, found[r])
            if low > least[i]:
                continue
            many = 0
            for r in range(stop - start):
                many += int(found[r] == low)
            if low < least[i]:
                least[i] = low
                times[i] = 0
            times[i] += many


def joined(targets: Codes, release: Codes, split: int, most: int, met: Counts) -> None:
    """Whether the rows nearest to the first `split` columns of a target and those nearest to its other columns
    are the same somewhere: 1 if so, and there are at most `most` of each; otherwise 0."""
    columns, rows = release.shape
    left, right = np.empty(rows, np.uint8), np.empty(rows, np.uint8)
    for i in range(targets.shape[0]):
        differing(targets[i], release, 0, rows, 0, split, left)
        differing(targets[i], release, 0, rows, split, columns, right)
        low, high = np.uint8(255), np.uint8(255)
        for r in range(rows):
            low = min(low, left[r])
            high = min(high, right[r])
        here, there, both = 0, 0, 0
        for r in range(rows):
            here += int(left[r] == low)
            there += int(right[r] == high)
            both += int(left[r] == low and right[r] == high)
        met[i] = 1 if both > 0 and here <= most and there <= most else 0
