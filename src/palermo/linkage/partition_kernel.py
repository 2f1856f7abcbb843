"""Who is one person: partitions of the records, in loops that can be compiled (palermo/compiling.py).

A partition is as good as the sum of log odds over all pairs of records that it puts together; a pair that was never a
candidate counts as `missing`. Chains (a like b, b like c, a unlike c) therefore cost what they should. `joined` finds
a good partition, `moved` betters it or draws from it.
"""

from __future__ import annotations

import numpy as np

MOST_TOGETHER = 60  # no person stands in the lists more often than that


def joined(order, left, right, starts, other, odds, missing: float, cluster) -> None:
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
        if between(a, b, following, starts, other, odds, missing, cluster) <= 0.0:
            continue
        member = b
        while member >= 0:
            cluster[member] = a
            member = following[member]
        following[last[a]] = b
        last[a] = last[b]
        size[a] += size[b]


def between(a: int, b: int, following, starts, other, odds, missing: float, cluster) -> float:
    """The sum of log odds over all pairs of a member of cluster a and one of cluster b."""
    total = 0.0
    known = members = partners = 0
    one = a
    while one >= 0:
        members += 1
        for at in range(starts[one], starts[one + 1]):
            if cluster[other[at]] == b:
                total += odds[at]
                known += 1
        one = following[one]
    two = b
    while two >= 0:
        partners += 1
        two = following[two]
    return total + missing * (members * partners - known)


def spread(value: int) -> int:
    """The finaliser of splitmix64."""
    value = np.uint64(value) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(0x632BE59BD9B4E019)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


def uniform(seed: int, sweep: int, record: int) -> float:
    """A number in (0, 1) that depends on nothing but these three: the same in every order and on every machine."""
    value = spread(spread(spread(seed) ^ np.uint64(sweep)) ^ np.uint64(record))
    return (float(value >> np.uint64(11)) + 0.5) / 9007199254740992.0


def moved(
    records, starts, other, odds, missing: float, cluster, size, empty, seed: int, sweep: int, drawn: bool
) -> int:  # fmt: skip
    """Every record goes to the best cluster among those of its candidates and none at all, or to one drawn by odds.

    size: members of each cluster. empty: numbers of clusters that nobody is in, as a stack whose height is its last
    entry. How many records changed their cluster.
    """
    changes = 0
    found = np.empty(MOST_TOGETHER * 4, np.int32)
    gain = np.empty(MOST_TOGETHER * 4, np.float64)
    met = np.empty(MOST_TOGETHER * 4, np.int32)
    for record in records:
        mine = cluster[record]
        options = 0
        for at in range(starts[record], starts[record + 1]):
            c = cluster[other[at]]
            place = 0
            while place < options and found[place] != c:
                place += 1
            if place == options:
                if options == len(found):
                    continue
                found[place], gain[place], met[place] = c, 0.0, 0
                options += 1
            gain[place] += odds[at]
            met[place] += 1
        for place in range(options):
            others = size[found[place]] - (found[place] == mine)
            gain[place] += missing * (others - met[place])
            if others >= MOST_TOGETHER:
                gain[place] = -1e9
        chosen = -1
        if drawn:
            top = 0.0
            for place in range(options):
                top = max(top, gain[place])
            total = np.exp(-top)
            for place in range(options):
                total += np.exp(gain[place] - top)
            left_over = uniform(seed, sweep, record) * total - np.exp(-top)
            place = 0
            while left_over > 0 and place < options:
                chosen = place
                left_over -= np.exp(gain[place] - top)
                place += 1
        else:
            best = 1e-9
            for place in range(options):
                if gain[place] > best or (gain[place] > best - 1e-9 and found[place] == mine):
                    best, chosen = gain[place], place
        target = found[chosen] if chosen >= 0 else -1
        if target == mine or (target < 0 and size[mine] == 1):
            continue
        changes += 1
        size[mine] -= 1
        if size[mine] == 0:
            empty[empty[-1]] = mine
            empty[-1] += 1
        if target < 0:
            empty[-1] -= 1
            target = empty[empty[-1]]
        cluster[record] = target
        size[target] += 1
    return changes
