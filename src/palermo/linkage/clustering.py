"""From the odds of pairs to persons: a partition of the records, and partitions drawn from what is left open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from palermo import compiling
from palermo.linkage import partition_kernel
from palermo.linkage.odds import FORGOTTEN, chance

MISSING = -4.0  # log odds of a pair that shares too little to have been compared
RULED_OUT = -100.0  # what people called different is kept, and never joined
BETTERING = 12
WARM_UP, BETWEEN_DRAWS = 20, 4
PULL = 4.0  # how far odds are raised for each natural-log unit of pairs that are wanting

Numbers = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Graph:
    """Pairs with their log odds, and the same from each record's side: other[starts[i]:starts[i+1]] with odds.

    key: a number for each record that does not depend on where it stands; with it, the same records in another order
    give the same persons and the same draws. Everything here numbers the records by their keys, so that who is visited
    next lies next in memory; place: the number here of each record as the caller counts them.
    """

    records: int
    left: Numbers
    right: Numbers
    weight: NDArray[np.float32]
    starts: NDArray[np.int64]
    other: Numbers
    odds: NDArray[np.float32]
    key: NDArray[np.int64]
    place: Numbers


def graph(
    records: int,
    left: Numbers,
    right: Numbers,
    odds: NDArray[np.float32],
    key: NDArray[np.int64] | None = None,
) -> Graph:
    """The pairs that matter: those above FORGOTTEN, and those that are ruled out."""
    kept = (odds > FORGOTTEN) | (odds < RULED_OUT)
    left, right, odds = left[kept], right[kept], odds[kept]
    key = np.arange(records, dtype=np.int64) if key is None else key
    by_key = np.argsort(key, kind="stable")
    place = np.empty(records, np.int32)
    place[by_key] = np.arange(records, dtype=np.int32)
    left, right = place[left], place[right]
    both = np.concatenate([left, right])
    order = np.lexsort((np.concatenate([right, left]), both))
    starts = np.zeros(records + 1, np.int64)
    np.cumsum(np.bincount(both, minlength=records), out=starts[1:])
    return Graph(
        records, left, right, odds, starts,
        np.concatenate([right, left])[order], np.concatenate([odds, odds])[order],
        key[by_key], place,
    )  # fmt: skip


def partition(pairs: Graph, threshold: float) -> Numbers:
    """The persons: for each record the number of its cluster.

    threshold: log odds that a pair must exceed on average to be put together; more than MISSING.
    """
    kernel = compiling.of(partition_kernel)
    cluster = np.arange(pairs.records, dtype=np.int32)
    shifted = pairs.weight - np.float32(threshold)
    good = np.nonzero(shifted > 0)[0]
    tie = pairs.key[pairs.left[good]] ^ pairs.key[pairs.right[good]]
    order = good[np.lexsort((tie, -shifted[good]))]
    odds = pairs.odds - np.float32(threshold)
    missing = MISSING - threshold
    near = partition_kernel.Near(pairs.starts, pairs.other, odds, missing)
    kernel.joined(order, pairs.left, pairs.right, near, cluster)
    now = _now(cluster)
    # Where no pair speaks for a record, nothing is gained by moving it: a pair that is wanting never speaks for it.
    records = np.unique(np.concatenate([pairs.left[good], pairs.right[good]]))
    for _turn in range(BETTERING):
        if not kernel.moved(records, pairs.key, near, now, 0, 0, False):
            break
    return _numbered(cluster[pairs.place])


def drawn(
    pairs: Graph, begin: Numbers, draws: int, seed: int, *, between: int = BETWEEN_DRAWS
) -> Iterator[Numbers]:
    """Partitions drawn one after the other by moving single records (Gibbs), begun at a good one; `between` sweeps
    lie between two of them.

    The odds of a pair were learnt of pairs one by one; where a record has several candidates, they compete, and too
    few pairs would be drawn. So all odds are raised alike until as many are drawn as the probabilities add up to.
    """
    kernel = compiling.of(partition_kernel)
    cluster = np.empty_like(begin)
    cluster[pairs.place] = begin
    now = _now(cluster)
    records = np.nonzero(np.diff(pairs.starts))[0].astype(np.int32)
    wanted = float(chance(pairs.weight).sum())
    raised, step = 0.0, 1.0
    for sweep in range(WARM_UP + draws * between):
        odds = pairs.odds + np.float32(raised)
        near = partition_kernel.Near(pairs.starts, pairs.other, odds, MISSING + raised)
        kernel.moved(records, pairs.key, near, now, seed, sweep, True)
        if sweep < WARM_UP:
            here = int((cluster[pairs.left] == cluster[pairs.right]).sum())
            raised += step * float(np.clip(np.log((wanted + 1) / (here + 1)) * PULL, -1.0, 1.0))
            step = max(step * 0.9, 0.3)
        elif (sweep - WARM_UP) % between == between - 1:
            yield _numbered(cluster[pairs.place])


def _now(cluster: Numbers) -> partition_kernel.Now:
    size = np.bincount(cluster, minlength=len(cluster)).astype(np.int32)
    free = np.nonzero(size == 0)[0]
    empty = np.zeros(len(cluster) + 1, np.int32)
    empty[: len(free)] = free
    empty[-1] = len(free)
    return partition_kernel.Now(cluster, size, empty)


def _numbered(cluster: Numbers) -> Numbers:
    """The clusters numbered by their first record."""
    count = len(cluster)
    first = np.full(count, -1, np.int32)
    first[cluster[::-1]] = np.arange(
        count - 1, -1, -1, dtype=np.int32
    )  # what is written last stays: the first record
    begins = np.zeros(count, np.int32)
    begins[first[first >= 0]] = 1
    rank = np.cumsum(begins, dtype=np.int32) - 1
    return np.asarray(rank[first[cluster]], np.int32)
