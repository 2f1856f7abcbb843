"""Loops over bits and over pairs of filters; plain Python that numba compiles (`palermo.compiling`)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint64]
Counts = npt.NDArray[np.int64]
Forms = npt.NDArray[np.float32]
Scores = npt.NDArray[np.float32]
Places = npt.NDArray[np.int32]

U0, U1, U2, U4, U56 = (np.uint64(n) for n in (0, 1, 2, 4, 56))
M1, M2, M4 = np.uint64(0x5555555555555555), np.uint64(0x3333333333333333), np.uint64(0x0F0F0F0F0F0F0F0F)
H01 = np.uint64(0x0101010101010101)
V0, V1 = np.uint64(0x736F6D6570736575), np.uint64(0x646F72616E646F6D)
V2, V3 = np.uint64(0x6C7967656E657261), np.uint64(0x7465646279746573)
LAST, LOW = np.uint64(0xFF), np.uint64(0xFFFF)
HALF = np.float32(0.5)
MARGIN = np.float32(0.15)  # by which the likeness of half the words may mislead: four standard errors
MOST_WEIGHT = 64  # marks of one token


def rotated(x: np.uint64, by: int) -> np.uint64:
    return (x << np.uint64(by)) | (x >> np.uint64(64 - by))


def sip_round(
    v0: np.uint64, v1: np.uint64, v2: np.uint64, v3: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    v0 = v0 + v1
    v1 = rotated(v1, 13) ^ v0
    v0 = rotated(v0, 32)
    v2 = v2 + v3
    v3 = rotated(v3, 16) ^ v2
    v0 = v0 + v3
    v3 = rotated(v3, 21) ^ v0
    v2 = v2 + v1
    v1 = rotated(v1, 17) ^ v2
    v2 = rotated(v2, 32)
    return v0, v1, v2, v3


def sip(k0: np.uint64, k1: np.uint64, message: Words, size: int) -> np.uint64:
    """SipHash-2-4 (Aumasson and Bernstein 2012) of the first `size` words under a key of two words."""
    v0, v1, v2, v3 = V0 ^ k0, V1 ^ k1, V2 ^ k0, V3 ^ k1
    for place in range(size + 1):
        m = message[place] if place < size else np.uint64(size * 8) << U56
        v3 = v3 ^ m
        for _ in range(2):
            v0, v1, v2, v3 = sip_round(v0, v1, v2, v3)
        v0 = v0 ^ m
    v2 = v2 ^ LAST
    for _ in range(4):
        v0, v1, v2, v3 = sip_round(v0, v1, v2, v3)
    return v0 ^ v1 ^ v2 ^ v3


def ones(x: np.uint64) -> np.uint64:
    """How many bits are set; the compiler knows this form and takes the processor's own instruction."""
    x = x - ((x >> U1) & M1)
    x = (x & M2) + ((x >> U2) & M2)
    x = (x + (x >> U4)) & M4
    return (x * H01) >> U56


def nearest(
    left: Words, right: Words, left_form: Forms, right_form: Forms, start: int, stop: int,
    row_score: Scores, row_place: Places, column_score: Scores, column_place: Places,
) -> None:  # fmt: skip
    """Compare rows start..stop of `left` with all of `right`; keep each one's best partners, best first.

    The tables (one row per filter, one column per rank) come filled with -1 and are improved in place. A pair
    whose first half is far below what either side has already is not compared further.
    """
    words, keep, tile, bits = left.shape[1], row_score.shape[1], 512, np.float32(1 / (64 * left.shape[1]))
    half = words // 2
    for begin in range(0, right.shape[0], tile):
        end = min(begin + tile, right.shape[0])
        for i in range(start, stop):
            floor = row_score[i, keep - 1]
            for j in range(begin, end):
                shared = U0
                for w in range(half):
                    shared += ones(left[i, w] & right[j, w])
                rough = likeness(np.float32(2 * np.int64(shared)), left_form[i], right_form[j], bits) + MARGIN
                if rough < floor and rough < column_score[j, keep - 1]:
                    continue
                for w in range(half, words):
                    shared += ones(left[i, w] & right[j, w])
                score = likeness(np.float32(np.int64(shared)), left_form[i], right_form[j], bits)
                if score > floor:
                    insert(row_score[i], row_place[i], score, j)
                    floor = row_score[i, keep - 1]
                if score > column_score[j, keep - 1]:
                    insert(column_score[j], column_place[j], score, i)


def likeness(shared: np.float32, one: Forms, other: Forms, bits: np.float32) -> np.float32:
    """How far two filters share more marks than chance would have it: 1 for equal filters, about 0 for strangers.

    The mean of the correlation of the two filters (phi) and of the same excess over the marks of the one that has
    fewer, so that what one body did not record counts half. A form is n (the marks), 1/sqrt(n(1 - n/bits)), 1/n and
    1/(1 - n/bits).
    """
    excess = shared - one[0] * other[0] * bits
    made: np.float32 = HALF * excess * (one[1] * other[1] + max(one[2], other[2]) * max(one[3], other[3]))
    return made


def insert(scores: Scores, places: Places, score: np.float32, place: int) -> None:
    """Put a partner into a short list sorted from best to worst; the worst falls out."""
    at = scores.shape[0] - 1
    while at > 0 and scores[at - 1] < score:
        scores[at], places[at] = scores[at - 1], places[at - 1]
        at -= 1
    scores[at], places[at] = score, place


def stream(k0: np.uint64, k1: np.uint64, message: Words, size: int, out: Words) -> None:
    """As many words as `out` holds, word n being SipHash-2-4 of the message and n; what is common is done once."""
    a0, a1, a2, a3 = V0 ^ k0, V1 ^ k1, V2 ^ k0, V3 ^ k1
    for place in range(size):
        m = message[place]
        a3 = a3 ^ m
        for _ in range(2):
            a0, a1, a2, a3 = sip_round(a0, a1, a2, a3)
        a0 = a0 ^ m
    length = np.uint64((size + 1) * 8) << U56
    for n in range(out.shape[0]):
        v0, v1, v2, v3 = a0, a1, a2, a3 ^ np.uint64(n)
        for _ in range(2):
            v0, v1, v2, v3 = sip_round(v0, v1, v2, v3)
        v0 = v0 ^ np.uint64(n)
        v3 = v3 ^ length
        for _ in range(2):
            v0, v1, v2, v3 = sip_round(v0, v1, v2, v3)
        v0 = v0 ^ length
        v2 = v2 ^ LAST
        for _ in range(4):
            v0, v1, v2, v3 = sip_round(v0, v1, v2, v3)
        out[n] = v0 ^ v1 ^ v2 ^ v3


def mark(
    k0: np.uint64, k1: np.uint64, facts: Words, members: Counts, edges: Counts,
    first: Counts, second: Counts, weight: Counts, starts: Counts, filters: Words,
) -> None:  # fmt: skip
    """Fill one filter per record: the marks of all its tokens in twice the length, folded by exclusive or.

    A record's crossings are those from starts[record] to starts[record + 1]; each crosses every fact of the group
    `first` with every fact of the group `second` (members[edges[group]:edges[group + 1]] are rows of `facts`, two words
    of a keyed hash each). A token marks `weight` positions, drawn from SipHash of its two facts: with two hashes added
    up instead (double hashing) the marks of a word can be told without the key (Kroll and Steinmetzer 2015).
    """
    message, out = np.zeros(4, np.uint64), np.zeros(MOST_WEIGHT // 4, np.uint64)
    words = filters.shape[1]
    wide, size = np.zeros(2 * words, np.uint64), 128 * words
    for record in range(filters.shape[0]):
        wide[:] = U0
        for crossing in range(starts[record], starts[record + 1]):
            many = weight[crossing]
            for one in range(edges[first[crossing]], edges[first[crossing] + 1]):
                for other in range(edges[second[crossing]], edges[second[crossing] + 1]):
                    ordered(facts[members[one]], facts[members[other]], message)
                    stream(k0, k1, message, 4, out[: (many + 3) // 4])
                    for n in range(many):
                        at = np.int64((out[n // 4] >> np.uint64(16 * (n % 4))) & LOW) % size
                        wide[at // 64] |= U1 << np.uint64(at % 64)
        for w in range(words):
            filters[record, w] = wide[w] ^ wide[w + words]


def ordered(one: Words, other: Words, message: Words) -> None:
    """A pair of facts is the same token whichever comes first."""
    swap = other[0] < one[0] or (other[0] == one[0] and other[1] < one[1])
    for half in range(2):
        message[half] = other[half] if swap else one[half]
        message[2 + half] = one[half] if swap else other[half]


def turn(k0: np.uint64, k1: np.uint64, filters: Words, numbers: Words, turned: int) -> None:
    """Turn `turned` of every 65,536 bits over, always the same ones for the same filter under the same key.

    A filter without a bit (a record of no token) becomes one of its own, drawn from its random number.
    """
    words = filters.shape[1]
    out, message = np.zeros(16 * words, np.uint64), np.zeros(words, np.uint64)
    for record in range(filters.shape[0]):
        empty = True
        for w in range(words):
            message[w] = filters[record, w]
            empty = empty and message[w] == U0
        if empty:
            message[0] = numbers[record]
            stream(k0, k1, message, words, out)
            for w in range(words):
                filters[record, w] = out[w]
            continue
        stream(k0, k1, message, words, out)
        for w in range(words):
            change = U0
            for b in range(64):
                drawn = (out[16 * w + b // 4] >> np.uint64(16 * (b % 4))) & LOW
                if drawn < np.uint64(turned):
                    change |= U1 << np.uint64(b)
            filters[record, w] ^= change
