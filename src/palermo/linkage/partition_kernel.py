"""Who is one person: partitions of the records, in loops that can be compiled (palermo/compiling.py).

A partition is as good as the sum of log odds over all pairs of records that it puts together; a pair that was never a
candidate counts as `missing`. Chains (a like b, b like c, a unlike c) therefore cost what they should. `joined` finds
a good partition, `moved` betters it or draws from it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Row = NDArray[Any]

MOST_TOGETHER = 60  # no person stands in the lists more often than that
MOST_OPTIONS = 256


class Near(NamedTuple):
    """From each record its candidates: other[starts[i]:starts[i+1]] with their odds; what a pair counts for that is
    no candidate."""

    starts: Row
    other: Row
    odds: Row
    missing: float


class Now(NamedTuple):
    """A partition as it stands: the cluster of each record, how many are in each, and the numbers that nobody is in
    (a stack whose height is its last entry)."""

    cluster: Row
    size: Row
    empty: Row


def joined(order: Row, left: Row, right: Row, near: Near, cluster: Row) -> None:
    """Joins clusters along the pairs in the given order where the average log odds over all their pairs is positive.

    cluster: for each record the number of its cluster, the lowest record in it; begins as its own number.
    """
    count = len(cluster)
    following = np.full(count, -1, np.int32)  # the members of a cluster, one after the other
    last = np.arange(count).astype(np.int32)
    size = np.ones(count, np.int32)
    for at in order:
        a, b = cluster[left[at]], cluster[right[at]]
        if a == b or size[a] + size[b] > MOST_TOGETHER:
            continue
        if a > b:
            a, b = b, a
        if between(a, b, following, near, cluster) <= 0.0:
            continue
        member = b
        while member >= 0:
            cluster[member] = a
            member = following[member]
        following[last[a]] = b
        last[a] = last[b]
        size[a] += size[b]


def between(a: int, b: int, following: Row, near: Near, cluster: Row) -> float:
    """The sum of log odds over all pairs of a member of cluster a and one of cluster b."""
    total = 0.0
    known = members = partners = 0
    one = a
    while one >= 0:
        members += 1
        for at in range(near.starts[one], near.starts[one + 1]):
            if cluster[near.other[at]] == b:
                total += near.odds[at]
                known += 1
        one = following[one]
    two = b
    while two >= 0:
        partners += 1
        two = following[two]
    return total + near.missing * (members * partners - known)


def spread(value: Any) -> Any:
    """The finaliser of splitmix64."""
    value = np.uint64(value) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(0x632BE59BD9B4E019)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


def uniform(seed: int, sweep: int, record: int) -> float:
    """A number in (0, 1) that depends on nothing but these three: the same in every order and on every machine."""
    value = spread(spread(spread(seed) ^ np.uint64(sweep)) ^ np.uint64(record))
    return (float(value >> np.uint64(11)) + 0.5) / 9007199254740992.0


def moved(records: Row, key: Row, near: Near, now: Now, seed: int, sweep: int, drawn: bool) -> int:
    """Every record goes to the best cluster among those of its candidates and none at all, or to one drawn by odds.

    key: a number for each record, from which it is drawn. How many records changed their cluster.
    """
    changes = 0
    found, gain = np.empty(MOST_OPTIONS, np.int32), np.empty(MOST_OPTIONS, np.float64)
    met = np.empty(MOST_OPTIONS, np.int32)
    for record in records:
        options = offered(record, near, now, found, gain, met)
        if drawn:
            choice = by_chance(gain, options, uniform(seed, sweep, key[record]))
        else:
            choice = by_gain(gain, options)
        target = found[choice] if choice >= 0 else -1
        mine = now.cluster[record]
        if target == mine or (target < 0 and now.size[mine] == 1):
            continue
        changes += 1
        go(record, target, now)
    return changes


def offered(record: int, near: Near, now: Now, found: Row, gain: Row, met: Row) -> int:
    """The clusters of a record's candidates and what it would gain in each; how many there are."""
    options = 0
    for at in range(near.starts[record], near.starts[record + 1]):
        cluster = now.cluster[near.other[at]]
        place = 0
        while place < options and found[place] != cluster:
            place += 1
        if place == options:
            if options == MOST_OPTIONS:
                continue
            found[place], gain[place], met[place] = cluster, 0.0, 0
            options += 1
        gain[place] += near.odds[at]
        met[place] += 1
    for place in range(options):
        others = now.size[found[place]] - (found[place] == now.cluster[record])
        gain[place] += near.missing * (others - met[place])
        if others >= MOST_TOGETHER:
            gain[place] = -1e9
    return options


def by_gain(gain: Row, options: int) -> int:
    """The best option, -1 where standing alone is best; of equal ones the first."""
    choice, best = -1, 1e-9
    for place in range(options):
        if gain[place] > best:
            best, choice = gain[place], place
    return choice


def by_chance(gain: Row, options: int, number: float) -> int:
    """An option drawn by its odds, -1 for standing alone, whose gain is 0. The gains become their odds."""
    top = 0.0
    for place in range(options):
        top = max(top, gain[place])
    alone = np.exp(-top)
    total = alone
    for place in range(options):
        gain[place] = np.exp(gain[place] - top)
        total += gain[place]
    left_over = number * total - alone
    choice = -1
    while left_over > 0 and choice + 1 < options:
        choice += 1
        left_over -= gain[choice]
    return choice


def go(record: int, target: int, now: Now) -> None:
    """Takes a record out of its cluster and into another one, or into a new one (target -1)."""
    mine = now.cluster[record]
    now.size[mine] -= 1
    if now.size[mine] == 0:
        now.empty[now.empty[-1]] = mine
        now.empty[-1] += 1
    if target < 0:
        now.empty[-1] -= 1
        target = now.empty[now.empty[-1]]
    now.cluster[record] = target
    now.size[target] += 1
