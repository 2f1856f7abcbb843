"""Loops over the bits of filters; plain Python that numba compiles (`palermo.compiling`)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint64]
Counts = npt.NDArray[np.int64]
Crossings = npt.NDArray[np.int32]
Rows = npt.NDArray[np.int32]

U0, U1, U2, U4, U56 = (np.uint64(n) for n in (0, 1, 2, 4, 56))
M1, M2, M4 = np.uint64(0x5555555555555555), np.uint64(0x3333333333333333), np.uint64(0x0F0F0F0F0F0F0F0F)
H01 = np.uint64(0x0101010101010101)
V0, V1 = np.uint64(0x736F6D6570736575), np.uint64(0x646F72616E646F6D)
V2, V3 = np.uint64(0x6C7967656E657261), np.uint64(0x7465646279746573)
LAST, LOW = np.uint64(0xFF), np.uint64(0xFFFF)
SPREAD = np.uint64(0x9E3779B97F4A7C15)
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


def tally(
    facts: Words, members: Counts, edges: Counts, heads: Counts, crossings: Crossings, starts: Counts,
    first_row: int, rows: Rows, last: Rows,
) -> None:  # fmt: skip
    """Count in how many records each token stands, of those that may not be frequent (`mark` tells the arguments).

    rows, last: a count and the record counted last for each of a power of two of places; two tokens may share a
    place and are then counted as one, so that never too few are found. first_row: the number of the first record.
    """
    message = np.zeros(7, np.uint64)
    for record in range(len(starts) - 1):
        for crossing in range(starts[record], starts[record + 1]):
            head, first, second, third = crossings[crossing]
            if not heads[head, 3]:
                continue
            begun(message, heads[head, 1], facts, members, edges, third)
            for one in range(edges[first], edges[first + 1]):
                for other in range(edges[second], edges[second + 1]):
                    ordered(facts[members[one]], facts[members[other]], message)
                    at = place_of(message, len(rows))
                    if last[at] != first_row + record:
                        last[at] = first_row + record
                        rows[at] += 1


def mark(
    k0: np.uint64, k1: np.uint64, facts: Words, members: Counts, edges: Counts,
    heads: Counts, crossings: Crossings, starts: Counts, rows: Rows, most: int, segments: Counts, filters: Words,
) -> None:  # fmt: skip
    """Fill one filter per record: the marks of all its tokens, each segment in twice its length, then folded (xor).

    A record's crossings are those from starts[record] to starts[record + 1]: a row of `heads` (segment, kind, marks
    of each token, whether it may not be frequent) and three groups of facts (members[edges[group]:edges[group + 1]]
    are rows of `facts`, two words of a keyed hash each; the third group has one fact or none). Segment s has the words
    from segments[s] to segments[s + 1]. A token that may not be frequent and stands in more than `most` records, as
    `rows` of `tally` says, leaves no mark. A token's marks are drawn from SipHash of its facts: with two hashes added
    up instead (double hashing) the marks of a word can be told without the key (Kroll and Steinmetzer 2015).
    """
    message, out = np.zeros(7, np.uint64), np.zeros(MOST_WEIGHT // 4, np.uint64)
    wide = np.zeros(2 * filters.shape[1], np.uint64)
    for record in range(filters.shape[0]):
        wide[:] = U0
        for crossing in range(starts[record], starts[record + 1]):
            head, first, second, third = crossings[crossing]
            segment, kind, many, rare = heads[head]
            begin, size = 2 * segments[segment], 128 * (segments[segment + 1] - segments[segment])
            begun(message, kind, facts, members, edges, third)
            for one in range(edges[first], edges[first + 1]):
                for other in range(edges[second], edges[second + 1]):
                    ordered(facts[members[one]], facts[members[other]], message)
                    if rare and rows[place_of(message, len(rows))] > most:
                        continue
                    stream(k0, k1, message, 7, out[: (many + 3) // 4])
                    for n in range(many):
                        at = np.int64((out[n // 4] >> np.uint64(16 * (n % 4))) & LOW) % size
                        wide[begin + at // 64] |= U1 << np.uint64(at % 64)
        for segment in range(len(segments) - 1):
            begin, words = segments[segment], segments[segment + 1] - segments[segment]
            for w in range(words):
                filters[record, begin + w] = wide[2 * begin + w] ^ wide[2 * begin + words + w]


def begun(message: Words, kind: int, facts: Words, members: Counts, edges: Counts, third: int) -> None:
    """What all tokens of a crossing have in common."""
    message[4], message[5], message[6] = np.uint64(kind), U0, U0
    if edges[third] < edges[third + 1]:
        message[5], message[6] = facts[members[edges[third]]]


def place_of(message: Words, places: int) -> int:
    """Where a token is counted; its facts are keyed hashes already, so that their mixture is as good as random."""
    mixed = (message[0] ^ rotated(message[2], 23) ^ rotated(message[5], 47) ^ message[4]) * SPREAD
    return int(np.int64((mixed ^ (mixed >> np.uint64(29))) & np.uint64(places - 1)))


def ordered(one: Words, other: Words, message: Words) -> None:
    """A pair of facts is the same token whichever comes first."""
    swap = other[0] < one[0] or (other[0] == one[0] and other[1] < one[1])
    for half in range(2):
        message[half] = other[half] if swap else one[half]
        message[2 + half] = one[half] if swap else other[half]


def turn(k0: np.uint64, k1: np.uint64, filters: Words, segments: Counts, turned: int) -> None:
    """Turn `turned` of every 256 bits over, always the same ones for the same filter under the same key.

    Which ones are turned hangs on the whole filter, so that one segment alike in two records is turned differently.
    A segment without a mark stays so: it says that nothing was recorded, which the number of marks would tell anyhow.
    """
    words = filters.shape[1]
    out = np.zeros(8 * words, np.uint64)
    for record in range(filters.shape[0]):
        stream(k0, k1, filters[record].copy(), words, out)
        for segment in range(len(segments) - 1):
            begin, end = segments[segment], segments[segment + 1]
            if not filters[record, begin:end].any():
                continue
            for w in range(begin, end):
                change = U0
                for b in range(64):
                    drawn = (out[8 * w + b // 8] >> np.uint64(8 * (b % 8))) & LAST
                    if drawn < np.uint64(turned):
                        change |= U1 << np.uint64(b)
                filters[record, w] ^= change
