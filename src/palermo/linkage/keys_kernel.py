"""The keys under which a record can be found again, in loops that can be compiled (palermo/compiling.py).

A key is a number made from a kind and what is joined in it: a sound of a name with a year of birth, two sounds, a
document number. Two records that share a rare key are candidates for one person. Years are joined in two ways, as
pairs of years begun at an even and at an odd one, so that neighbours always share one of them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

SOUND, SOUND_YEAR, TWO_SOUNDS, TWO_SOUNDS_YEAR, BIRTH, PHONE, DOCUMENT, DOCUMENT_SLIP, SOUND_NATION = range(9)
KINDS = 9
MOST_KEYS = 96  # a record has fewer; what goes beyond is left out
LEAST_FOR_SLIPS = 6

Row = NDArray[Any]


class Records(NamedTuple):
    """What keys are made from (prepare.Prepared)."""

    name_starts: Row
    word: Row
    sound_starts: Row
    sound_codes: Row
    year: Row
    month: Row
    day: Row
    nationality: Row
    phone: Row
    document: Row
    document_letters: Row


class Groups(NamedTuple):
    """Where every key leads (blocking.Index)."""

    starts: Row
    group: Row
    member_starts: Row
    members: Row
    weight: Row


def stirred(value: Any, part: Any) -> Any:
    """One more number mixed into a value of 64 bits, spread evenly (the finaliser of splitmix64)."""
    value ^= np.uint64(part)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


def mixed(kind: int, one: Any, other: Any, third: int) -> Any:
    """Four numbers as one of 64 bits."""
    value = np.uint64(kind + 1) * np.uint64(0x9E3779B97F4A7C15)
    return stirred(stirred(stirred(value, np.int64(one)), np.int64(other)), np.int64(third))


def keys_of(record: int, people: Records, out: Row, kinds: Row) -> int:
    """Writes the keys of a record into out and their kinds into kinds; how many there are."""
    made = 0
    year = people.year[record]
    first, last = people.name_starts[record], people.name_starts[record + 1]
    for place in range(first, last):
        word = people.word[place]
        for at in range(people.sound_starts[word], people.sound_starts[word + 1]):
            code = people.sound_codes[at]
            made = put(out, kinds, made, SOUND, code, 0, 0)
            if people.nationality[record] > 0:
                made = put(out, kinds, made, SOUND_NATION, code, people.nationality[record], 0)
            if year > 0:
                made = put(out, kinds, made, SOUND_YEAR, code, year // 2, 0)
                made = put(out, kinds, made, SOUND_YEAR, code, (year + 1) // 2, 1)
            for further in range(place + 1, last):
                made = two_sounds(code, people.word[further], year, people, out, kinds, made)
    if year > 0 and people.month[record] > 0 and people.day[record] > 0:
        made = put(out, kinds, made, BIRTH, year * 512 + people.month[record] * 32 + people.day[record], 0, 0)
    if people.phone[record] > 0:
        made = put(out, kinds, made, PHONE, people.phone[record], 0, 0)
    if people.document[record] > 0:
        made = put(out, kinds, made, DOCUMENT, people.document[record], 0, 0)
        made = slips(people.document_letters[people.document[record]], out, kinds, made)
    return made


def two_sounds(code: int, word: int, year: int, people: Records, out: Row, kinds: Row, made: int) -> int:
    """The keys of a sound with each sound of a further word, alone and with the year of birth."""
    for at in range(people.sound_starts[word], people.sound_starts[word + 1]):
        low, high = min(code, people.sound_codes[at]), max(code, people.sound_codes[at])
        made = put(out, kinds, made, TWO_SOUNDS, low, high, 0)
        if year > 0:
            made = put(out, kinds, made, TWO_SOUNDS_YEAR, low, high, 2 * (year // 2))
            made = put(out, kinds, made, TWO_SOUNDS_YEAR, low, high, 2 * ((year + 1) // 2) + 1)
    return made


def put(out: Row, kinds: Row, made: int, kind: int, one: Any, other: Any, third: int) -> int:
    """One more key; how many there are now."""
    if made < len(out):
        out[made] = mixed(kind, one, other, third)
        kinds[made] = kind
        return made + 1
    return made


def slips(letters: Row, out: Row, kinds: Row, made: int) -> int:
    """A document number without each one of its letters: numbers with one slip share one of these."""
    length = 0
    while length < len(letters) and letters[length] > 0:
        length += 1
    if length < LEAST_FOR_SLIPS:
        return made
    for left_out in range(length):
        value = np.uint64(1469598103934665603)
        for at in range(length):
            if at != left_out:
                value = (value ^ np.uint64(letters[at])) * np.uint64(1099511628211)
        made = put(out, kinds, made, DOCUMENT_SLIP, np.int64(value >> np.uint64(2)), left_out, 0)
    return made


def counted(people: Records, found: Row) -> int:
    """How many keys each record has, written into found; the sum."""
    out, kinds = np.empty(MOST_KEYS, np.uint64), np.empty(MOST_KEYS, np.int8)
    total = 0
    for record in range(len(found)):
        found[record] = keys_of(record, people, out, kinds)
        total += found[record]
    return total


def written(people: Records, starts: Row, keys: Row, kinds: Row) -> None:
    """The keys of every record, in its slice of keys and kinds."""
    for record in range(len(starts) - 1):
        first, last = starts[record], starts[record + 1]
        keys_of(record, people, keys[first:last], kinds[first:last])


def groups_of(order: Row, keys: Row, most: int, group: Row) -> int:
    """Numbers the groups of equal keys in the order of the records; how many.

    A key that one record alone has gets -1, one that more than `most` have -2.
    """
    found, begin = 0, 0
    for end in range(1, len(order) + 1):
        if end < len(order) and keys[order[end]] == keys[order[begin]]:
            continue
        size = end - begin
        number = found if 1 < size <= most else (-1 if size == 1 else -2)
        if number >= 0:
            found += 1
        for at in range(begin, end):
            group[order[at]] = number
        begin = end
    return found


def nearest(
    records: Row, groups: Groups, keep: int, least: float, score: Row, partner: Row, worth: Row
) -> None:
    """For each of the records the `keep` others that share most weight in keys, into its row of partner and worth.

    score: zeros, one for each record, given back as zeros. A slot of partner that is not used is -1.
    """
    touched = np.empty(len(score), np.int32)
    for row in range(len(records)):
        record = records[row]
        seen = 0
        for at in range(groups.starts[record], groups.starts[record + 1]):
            number = groups.group[at]
            if number < 0:
                continue
            for place in range(groups.member_starts[number], groups.member_starts[number + 1]):
                other = groups.members[place]
                if score[other] == 0.0:
                    touched[seen] = other
                    seen += 1
                score[other] += groups.weight[number]
        score[record] = 0.0
        best(touched, seen, score, keep, least, partner[row], worth[row])
        for at in range(seen):
            score[touched[at]] = 0.0


def best(touched: Row, seen: int, score: Row, keep: int, least: float, partner: Row, worth: Row) -> None:
    """The `keep` highest of the touched, by a heap whose lowest stands in front; equal ones by lower number."""
    kept = 0
    for at in range(seen):
        other = touched[at]
        value = score[other]
        if value < least:
            continue
        if kept < keep:
            kept += 1
            up(kept - 1, value, other, partner, worth)
        elif below(worth[0], partner[0], value, other):
            down(kept, value, other, partner, worth)


def up(place: int, value: float, other: int, partner: Row, worth: Row) -> None:
    """Puts a new one into the heap from its end."""
    while place > 0 and below(value, other, worth[(place - 1) // 2], partner[(place - 1) // 2]):
        worth[place], partner[place] = worth[(place - 1) // 2], partner[(place - 1) // 2]
        place = (place - 1) // 2
    worth[place], partner[place] = value, other


def down(kept: int, value: float, other: int, partner: Row, worth: Row) -> None:
    """Puts a new one in the place of the lowest."""
    place, child = 0, 1
    while child < kept:
        if child + 1 < kept and below(worth[child + 1], partner[child + 1], worth[child], partner[child]):
            child += 1
        if below(value, other, worth[child], partner[child]):
            break
        worth[place], partner[place] = worth[child], partner[child]
        place, child = child, 2 * child + 1
    worth[place], partner[place] = value, other


def below(value: float, other: int, than: float, whom: int) -> bool:
    """Whether one candidate ranks under another; of equal weight, the later record does."""
    return value < than or (value == than and other > whom)
