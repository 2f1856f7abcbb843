"""Loops over pairs of filters; plain Python that numba compiles (`palermo.compiling`). Nothing here knows a name."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from palermo.linkage.private.kernels import ones

Row = npt.NDArray[Any]
U0 = np.uint64(0)
TILE = 256
STEPS = 64  # of likeness, in which strangers are counted
HALF, NOTHING, ABSENT, SHARE = (np.float32(x) for x in (0.5, 0.0, -1.0, 1 / 64))


def nearest(
    across: Row, marks: Row, pull: Row, segments: Row, start: int, stop: int, score: Row, place: Row
) -> None:
    """Compare records start..stop with all records after them; keep each one's best partners, best first.

    across: the filters on their side, a row for each word, so that a tile of records is compared at once. marks and
    pull, a row for each segment: how many bits are set, and what makes of shared bits beyond chance a weighted
    correlation (comparing.forms). The tables (one row a record, one column a rank) are improved in place.
    """
    records, keep = across.shape[1], score.shape[1]
    shared, total = np.zeros(TILE, np.uint64), np.zeros(TILE, np.float32)
    for begin in range((start // TILE) * TILE, records, TILE):
        size = min(TILE, records - begin)
        for i in range(start, min(stop, begin + size - 1)):
            beyond_chance(across, marks, pull, segments, i, begin, size, shared, total)
            for j in range(max(0, i + 1 - begin), size):
                found = total[j]
                if found >= score[i, keep - 1]:
                    insert(score[i], place[i], found, begin + j)
                if found >= score[begin + j, keep - 1]:
                    insert(score[begin + j], place[begin + j], found, i)


def beyond_chance(
    across: Row, marks: Row, pull: Row, segments: Row, i: int, begin: int, size: int, shared: Row, total: Row
) -> None:
    """The score of one record with each of a tile of records, into `total`."""
    total[:] = np.float32(0)
    for s in range(len(segments) - 1):
        mine = pull[s, i]
        if mine == 0:
            continue
        shared[:] = U0
        for w in range(segments[s], segments[s + 1]):
            word, others = across[w, i], across[w, begin : begin + size]
            for j in range(size):
                shared[j] += ones(word & others[j])
        bits = np.float32(64 * (segments[s + 1] - segments[s]))
        expected, theirs, pulls = marks[s, i] / bits, marks[s, begin:], pull[s, begin:]
        for j in range(size):
            total[j] += (np.float32(np.int64(shared[j])) - expected * theirs[j]) * mine * pulls[j]


def insert(scores: Row, places: Row, score: float, place: int) -> None:
    """Put a partner into a short list sorted from best to worst, of equal ones the lower place first."""
    at = scores.shape[0] - 1
    if scores[at] == score and places[at] < place:
        return
    while at > 0 and (scores[at - 1] < score or (scores[at - 1] == score and places[at - 1] > place)):
        scores[at], places[at] = scores[at - 1], places[at - 1]
        at -= 1
    scores[at], places[at] = score, place


def likeness(shared: Any, mine: Row, theirs: Row, bits: Any) -> Any:
    """How far two segments share more marks than chance would have it: 1 for equal ones, about 0 for strangers.

    The mean of their correlation (phi) and of the same excess over the marks of the one that has fewer, so that
    what one body did not record counts half. A form is n (the marks), 1/sqrt(n(1 - n/bits)), 1/n and 1/(1 - n/bits).
    """
    excess = shared - mine[0] * theirs[0] * bits
    return HALF * excess * (mine[1] * theirs[1] + max(mine[2], theirs[2]) * max(mine[3], theirs[3]))


def alike(filters: Row, forms: Row, segments: Row, pairs: Row, left: Row, right: Row, out: Row) -> None:
    """The likeness of segment pairs[p, 0] of one record and pairs[p, 1] of the other, for every pair of records; -1
    where one of them has no mark."""
    for at in range(len(left)):
        i, j = left[at], right[at]
        for p in range(len(pairs)):
            a, b = pairs[p]
            out[at, p] = ABSENT
            if forms[a, i, 0] > 0 and forms[b, j, 0] > 0:
                shared, words = U0, segments[a + 1] - segments[a]
                for w in range(words):
                    shared += ones(filters[i, segments[a] + w] & filters[j, segments[b] + w])
                found = likeness(
                    np.float32(np.int64(shared)), forms[a, i], forms[b, j], SHARE / np.float32(words)
                )
                out[at, p] = max(found, NOTHING)


def rarity(
    filters: Row, forms: Row, segments: Row, starts: Row, place: Row, found: Row, across: Row, theirs: Row,
    sample: Row, bits: Row,
) -> None:  # fmt: skip
    """How many bits it takes that a stranger is as like a record as its partner is, segment by segment.

    place[starts[i]:starts[i + 1]]: the pairs of record i, rows of `found` (likeness) and of `bits`, to which half of
    what is found is added. across: the filters of the strangers on their side; theirs: their forms.
    """
    kinds, strangers = len(segments) - 1, across.shape[1]
    shared, seen = np.zeros(strangers, np.uint64), np.zeros(STEPS + 1, np.float64)
    for i in range(len(starts) - 1):
        if starts[i] == starts[i + 1]:
            continue
        for s in range(kinds):
            if forms[s, i, 0] == 0:
                continue
            first, last = segments[s], segments[s + 1]
            among_strangers(
                filters[i, first:last], forms[s, i], i, across[first:last], theirs[s], sample, shared, seen
            )
            for at in range(starts[i], starts[i + 1]):
                if found[place[at], s] >= 0:
                    bits[place[at], s] += seen[min(STEPS, int(found[place[at], s] * STEPS))]


def among_strangers(
    mine: Row, form: Row, place: int, across: Row, theirs: Row, sample: Row, shared: Row, seen: Row
) -> None:
    """Half the bits of every step of likeness, by how many strangers reach it; into `seen`."""
    shared[:] = U0
    for w in range(len(mine)):
        for j in range(len(sample)):
            shared[j] += ones(mine[w] & across[w, j])
    seen[:] = 0
    for j in range(len(sample)):
        if theirs[j, 0] > 0 and sample[j] != place:
            value = likeness(np.float32(np.int64(shared[j])), form, theirs[j], SHARE / np.float32(len(mine)))
            seen[min(STEPS, int(max(value, NOTHING) * STEPS))] += 1
    for step in range(STEPS - 1, -1, -1):
        seen[step] += seen[step + 1]
    for step in range(STEPS, -1, -1):
        seen[step] = -np.log2((seen[step] + 0.5) / (seen[0] + 1.0)) / 2
