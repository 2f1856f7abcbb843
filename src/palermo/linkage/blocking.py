"""Which pairs of records are worth comparing: for each record those that share most, and rarest, keys with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from palermo import compiling
from palermo.linkage import keys_kernel
from palermo.linkage.prepare import Prepared
from palermo.linkage.spreading import Spread, here

MOST_MEMBERS = 600  # a key that more records share says too little for its cost
KEEP = 24
LEAST_BITS = 6.0
AT_ONCE = 20_000
# How much a shared key of each kind counts, against the rarity of the key itself. Kinds that hold one another (a
# sound, and the sound with a year) would otherwise count the same agreement several times.
TRUST = {
    keys_kernel.SOUND: 0.5,
    keys_kernel.SOUND_YEAR: 0.4,
    keys_kernel.TWO_SOUNDS: 0.7,
    keys_kernel.TWO_SOUNDS_YEAR: 0.5,
    keys_kernel.BIRTH: 1.0,
    keys_kernel.PHONE: 0.7,
    keys_kernel.DOCUMENT: 1.0,
    keys_kernel.DOCUMENT_SLIP: 0.5,
    keys_kernel.SOUND_NATION: 0.3,
}

Numbers = NDArray[np.int32]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Index:
    """Where every key leads. group[starts[i]:starts[i+1]]: the keys of record i as numbers of groups (-1: shared by
    nobody, -2: by too many), kind beside it; members[member_starts[g]:member_starts[g+1]]: who shares a key, which
    weighs weight[g]."""

    starts: NDArray[np.int64]
    group: Numbers
    kind: NDArray[np.int8]
    member_starts: NDArray[np.int64]
    members: Numbers
    weight: NDArray[np.float32]

    def without(self, kinds: tuple[int, ...]) -> Index:
        """The same, blind to some kinds of key."""
        group = np.where(np.isin(self.kind, kinds), np.int32(-1), self.group)
        return Index(self.starts, group, self.kind, self.member_starts, self.members, self.weight)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs left < right of record numbers, sorted; each pair once."""

    left: Numbers
    right: Numbers

    def __len__(self) -> int:
        return len(self.left)


def indexed(people: Prepared) -> Index:
    """The index of all keys of all records."""
    kernel = compiling.of(keys_kernel)
    records = keys_kernel.Records(
        people.name_starts, people.word, people.words.sound_starts, people.words.sound_codes, people.year,
        people.month, people.day, people.nationality, people.phone, people.document, people.document_letters,
    )  # fmt: skip
    count = np.empty(len(people), np.int64)
    total = kernel.counted(records, count)
    starts = np.zeros(len(people) + 1, np.int64)
    np.cumsum(count, out=starts[1:])
    keys, kinds = np.empty(total, np.uint64), np.empty(total, np.int8)
    kernel.written(records, starts, keys, kinds)
    order = np.argsort(keys, kind="stable")
    group = np.empty(total, np.int32)
    number = kernel.groups_of(order, keys, MOST_MEMBERS, group)
    del keys
    kept = order[group[order] >= 0]
    del order
    numbers = group[kept]
    sizes = np.bincount(numbers, minlength=number)
    member_starts = np.zeros(number + 1, np.int64)
    np.cumsum(sizes, out=member_starts[1:])
    owner = np.repeat(np.arange(len(people), dtype=np.int32), count)
    trust = np.array([TRUST[kind] for kind in range(keys_kernel.KINDS)], np.float32)
    weight = np.zeros(number, np.float32)
    weight[numbers] = trust[kinds[kept]]
    # Never 0: `nearest` takes a score of 0 for "not met yet".
    weight *= np.maximum(np.log2(len(people) / np.maximum(sizes, 1)), 1e-3).astype(np.float32)
    return Index(starts, group, kinds, member_starts, owner[kept], weight)


def crowded(index: Index) -> NDArray[np.bool_]:
    """Which records share every key that they share at all with too many others to be compared."""
    number = len(index.starts) - 1
    owner = np.repeat(np.arange(number), np.diff(index.starts))
    followed = np.bincount(owner[index.group >= 0], minlength=number)
    too_many = np.bincount(owner[index.group == -2], minlength=number)
    return np.asarray((followed == 0) & (too_many > 0))


def candidates(
    index: Index, *, keep: int = KEEP, progress: Progress | None = None, spread: Spread = here
) -> Candidates:
    """The pairs worth comparing; about keep/2 to keep for each record. The same for the same records."""
    number = len(index.starts) - 1
    found = [np.empty(0, np.int64)]
    for last, some in spread(_near, (index, keep), number, AT_ONCE):
        found.append(some)
        if progress is not None:
            progress(last, number)
    pairs = _each_once(np.concatenate(found))
    return Candidates((pairs // max(number, 1)).astype(np.int32), (pairs % max(number, 1)).astype(np.int32))


def _near(shared: tuple[Index, int], first: int, last: int) -> NDArray[np.int64]:
    """The pairs of some records, each as one number."""
    index, keep = shared
    number = len(index.starts) - 1
    found = [np.empty(0, np.int64)]
    for records, partner in _partners(index, np.arange(first, last, dtype=np.int32), keep):
        mine, slot = np.nonzero(partner >= 0)
        one, other = records[mine].astype(np.int64), partner[mine, slot].astype(np.int64)
        found.append(np.minimum(one, other) * number + np.maximum(one, other))
    return _each_once(np.concatenate(found))


def _each_once(pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers in order, each once. numpy's own `unique` looks millions up in a table that fits no cache: six times
    as long."""
    pairs.sort()
    first = np.ones(len(pairs), bool)
    np.not_equal(pairs[1:], pairs[:-1], out=first[1:])
    return pairs[first]


def found_again(index: Index, left: Numbers, right: Numbers, *, keep: int = KEEP) -> NDArray[np.bool_]:
    """Whether each pair is among the candidates that this index gives for either of its records."""
    asked = np.unique(np.concatenate([left, right])).astype(np.int32)
    near = np.full((len(asked), keep), -1, np.int32)
    at = 0
    for records, partner in _partners(index, asked, keep):
        near[at : at + len(records)] = partner
        at += len(records)
    from_left = (near[np.searchsorted(asked, left)] == right[:, None]).any(axis=1)
    from_right = (near[np.searchsorted(asked, right)] == left[:, None]).any(axis=1)
    return np.asarray(from_left | from_right)


def _partners(index: Index, records: Numbers, keep: int) -> Iterator[tuple[Numbers, Numbers]]:
    """For the records, some at a time, their best partners (-1 where there are fewer)."""
    kernel = compiling.of(keys_kernel)
    score = np.zeros(len(index.starts) - 1, np.float32)
    groups = keys_kernel.Groups(index.starts, index.group, index.member_starts, index.members, index.weight)
    for first in range(0, len(records), AT_ONCE):
        some = records[first : first + AT_ONCE]
        partner = np.full((len(some), keep), -1, np.int32)
        worth = np.zeros((len(some), keep), np.float32)
        kernel.nearest(some, groups, keep, np.float32(LEAST_BITS), score, partner, worth)
        yield some, partner
