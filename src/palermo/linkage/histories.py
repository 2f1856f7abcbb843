"""From persons to capture histories: how many were in exactly which lists; and how many, had nobody been missed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

History = tuple[int, ...]
Counts = NDArray[np.int64]


def patterns(cluster: NDArray[np.int32], source: NDArray[np.int16]) -> NDArray[np.int64]:
    """For each person (number of cluster) the lists that he is in, as a bit mask."""
    masks = np.zeros(int(cluster.max(initial=-1)) + 1, np.int64)
    np.bitwise_or.at(masks, cluster, np.int64(1) << source.astype(np.int64))
    return masks


def counted(masks: NDArray[np.int64], lists: int) -> Counts:
    """How many persons have each of the 2^lists masks; the first, in no list, is 0."""
    return np.bincount(masks, minlength=1 << lists).astype(np.int64)


def as_histories(counts: Counts, lists: int) -> dict[History, int]:
    """The counts by history, (1, 0, 1) for the first and the third of three lists; those that occur."""
    return {
        tuple(mask >> at & 1 for at in range(lists)): int(counts[mask])
        for mask in range(1, len(counts))
        if counts[mask]
    }


def completed(counts: Counts, lists: int, missed: float, rng: np.random.Generator) -> Counts:
    """The counts with the true pairs that were never compared, drawn.

    missed: how many true pairs were missed for each that was found, the same for every pair of lists. A record that
    was missed stands alone in its list; it is put to a person of whom that list knows nothing, the more readily the
    more pairs are missed between its list and the lists that know him.
    """
    after = counts.copy()
    if missed <= 0:
        return after
    masks = np.arange(len(counts))
    inside = (masks[:, None] >> np.arange(lists)) & 1
    paired = (inside[:, :, None] * inside[:, None, :] * counts[:, None, None]).sum(axis=0).astype(float)
    np.fill_diagonal(paired, 0.0)
    wanted = paired * missed
    known = inside.T @ counts  # persons that each list knows
    for at in range(lists):
        without = (inside[:, at] == 0) & (masks > 0) & (after > 0)
        pull = np.where(without, after * (inside * (wanted[at] / np.maximum(known, 1))).sum(axis=1), 0.0)
        if pull.sum() <= 0:
            continue
        pull /= pull.sum()
        size = float((pull * inside.sum(axis=1)).sum())
        times = min(rng.poisson(wanted[at].sum() / 2 / size), int(after[1 << at]))
        taken = np.minimum(rng.multinomial(times, pull), after)
        after -= taken
        np.add.at(after, masks | (1 << at), taken)
        after[1 << at] -= taken.sum()
    return np.maximum(after, 0)


def by_stratum(
    cluster: NDArray[np.int32], source: NDArray[np.int16], lists: int, stratum: NDArray[np.int32]
) -> Mapping[int, Counts]:
    """The counts of each stratum; stratum: a number for each record, negative where it is not known.

    A person is in the stratum that most of his records name; of equally many, the lower number.
    """
    persons = int(cluster.max(initial=-1)) + 1
    known = stratum >= 0
    top = int(stratum.max(initial=0)) + 1
    key = cluster[known].astype(np.int64) * top + stratum[known]
    pairs, times = np.unique(key, return_counts=True)
    order = np.lexsort((pairs % top, -times, pairs // top))
    person = pairs[order] // top
    _each, first = np.unique(person, return_index=True)
    of = np.full(persons, -1, np.int64)
    of[person[first]] = (pairs[order] % top)[first]
    masks = patterns(cluster, source)
    return {int(value): counted(masks[of == value], lists) for value in np.unique(of)}
