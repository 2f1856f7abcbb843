"""The keys under which a record can be found again, in loops that can be compiled (palermo/compiling.py).

A key is a number made from a kind and what is joined in it: a sound of a name with a year of birth, two sounds, a
document number. Two records that share a rare key are candidates for one person. Years are joined in two ways, as
pairs of years begun at an even and at an odd one, so that neighbours always share one of them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SOUND, SOUND_YEAR, TWO_SOUNDS, TWO_SOUNDS_YEAR, BIRTH, PHONE, DOCUMENT, DOCUMENT_SLIP, SOUND_NATION = range(9)
KINDS = 9
MOST_KEYS = 96  # a record has fewer; what goes beyond is left out
LEAST_FOR_SLIPS = 6

Array = NDArray[np.int64]


def stirred(value: int, part: int) -> int:
    """One more number mixed into a value of 64 bits, spread evenly (the finaliser of splitmix64)."""
    value ^= np.uint64(part)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


def mixed(kind: int, one: int, other: int, third: int) -> int:
    """Four numbers as one of 64 bits."""
    value = np.uint64(kind + 1) * np.uint64(0x9E3779B97F4A7C15)
    return stirred(stirred(stirred(value, np.int64(one)), np.int64(other)), np.int64(third))


def keys_of(  # noqa: C901
    record: int,
    name_starts,
    word,
    sound_starts,
    sound_codes,
    year,
    month,
    day,
    nationality,
    phone,
    document,
    document_letters,
    out,
    kinds,
) -> int:
    """Writes the keys of a record into out and their kinds into kinds; how many there are."""
    made = 0
    first, last = name_starts[record], name_starts[record + 1]
    for place in range(first, last):
        for at in range(sound_starts[word[place]], sound_starts[word[place] + 1]):
            code = sound_codes[at]
            made = put(out, kinds, made, SOUND, code, 0, 0)
            if nationality[record] > 0:
                made = put(out, kinds, made, SOUND_NATION, code, nationality[record], 0)
            if year[record] > 0:
                made = put(out, kinds, made, SOUND_YEAR, code, year[record] // 2, 0)
                made = put(out, kinds, made, SOUND_YEAR, code, (year[record] + 1) // 2, 1)
            for further in range(place + 1, last):
                for there in range(sound_starts[word[further]], sound_starts[word[further] + 1]):
                    low, high = min(code, sound_codes[there]), max(code, sound_codes[there])
                    made = put(out, kinds, made, TWO_SOUNDS, low, high, 0)
                    if year[record] > 0:
                        made = put(out, kinds, made, TWO_SOUNDS_YEAR, low, high, 2 * (year[record] // 2))
                        made = put(
                            out, kinds, made, TWO_SOUNDS_YEAR, low, high, 2 * ((year[record] + 1) // 2) + 1
                        )
    if year[record] > 0 and month[record] > 0 and day[record] > 0:
        made = put(out, kinds, made, BIRTH, year[record] * 512 + month[record] * 32 + day[record], 0, 0)
    if phone[record] > 0:
        made = put(out, kinds, made, PHONE, phone[record], 0, 0)
    if document[record] > 0:
        made = put(out, kinds, made, DOCUMENT, document[record], 0, 0)
        made = slips(document_letters[document[record]], out, kinds, made)
    return made


def put(out, kinds, made: int, kind: int, one: int, other: int, third: int) -> int:
    """One more key; how many there are now."""
    if made < len(out):
        out[made] = mixed(kind, one, other, third)
        kinds[made] = kind
        return made + 1
    return made


def slips(letters, out, kinds, made: int) -> int:
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


def counted(
    name_starts,
    word,
    sound_starts,
    sound_codes,
    year,
    month,
    day,
    nationality,
    phone,
    document,
    document_letters,
    found,
) -> int:
    """How many keys each record has, written into found; the sum."""
    out, kinds = np.empty(MOST_KEYS, np.uint64), np.empty(MOST_KEYS, np.int8)
    total = 0
    for record in range(len(found)):
        found[record] = keys_of(
            record, name_starts, word, sound_starts, sound_codes, year, month, day, nationality, phone, document,
            document_letters, out, kinds,
        )  # fmt: skip
        total += found[record]
    return total


def written(
    name_starts, word, sound_starts, sound_codes, year, month, day, nationality, phone, document, document_letters, starts,
    keys, kinds,
) -> None:  # fmt: skip
    """The keys of every record, in its slice of keys and kinds."""
    for record in range(len(starts) - 1):
        keys_of(
            record, name_starts, word, sound_starts, sound_codes, year, month, day, nationality, phone, document,
            document_letters, keys[starts[record] : starts[record + 1]], kinds[starts[record] : starts[record + 1]],
        )  # fmt: skip


def groups_of(order, keys, most: int, group) -> int:
    """Numbers the groups of equal keys (2 to most members; others -1) in the order of the records; how many."""
    found, begin = 0, 0
    for end in range(1, len(order) + 1):
        if end < len(order) and keys[order[end]] == keys[order[begin]]:
            continue
        size = end - begin
        number = found if 1 < size <= most else -1
        if number >= 0:
            found += 1
        for at in range(begin, end):
            group[order[at]] = number
        begin = end
    return found


def nearest(
    records, starts, group, member_starts, members, weight, keep: int, least: float, score, partner, worth
) -> int:  # fmt: skip
    """For each of the records the `keep` others that share most weight in keys, into its row of partner and worth.

    score: zeros, one for each record, given back as zeros. A slot of partner that is not used is -1.
    """
    touched = np.empty(len(score), np.int32)
    total = 0
    for row in range(len(records)):
        record = records[row]
        seen = 0
        for at in range(starts[record], starts[record + 1]):
            number = group[at]
            if number < 0:
                continue
            for place in range(member_starts[number], member_starts[number + 1]):
                other = members[place]
                if score[other] == 0.0:
                    touched[seen] = other
                    seen += 1
                score[other] += weight[number]
        score[record] = 0.0
        kept = best(touched, seen, score, keep, least, partner[row], worth[row])
        total += kept
        for at in range(seen):
            score[touched[at]] = 0.0
    return total


def best(touched, seen: int, score, keep: int, least: float, partner, worth) -> int:
    """The `keep` highest of the touched, by a heap whose lowest stands in front; equal ones by lower number."""
    kept = 0
    for at in range(seen):
        other = touched[at]
        value = score[other]
        if value < least:
            continue
        if kept < keep:
            place = kept
            kept += 1
            while place > 0 and below(value, other, worth[(place - 1) // 2], partner[(place - 1) // 2]):
                worth[place], partner[place] = worth[(place - 1) // 2], partner[(place - 1) // 2]
                place = (place - 1) // 2
            worth[place], partner[place] = value, other
        elif below(worth[0], partner[0], value, other):
            place = 0
            while True:
                child = 2 * place + 1
                if child >= kept:
                    break
                if child + 1 < kept and below(
                    worth[child + 1], partner[child + 1], worth[child], partner[child]
                ):
                    child += 1
                if below(value, other, worth[child], partner[child]):
                    break
                worth[place], partner[place] = worth[child], partner[child]
                place = child
            worth[place], partner[place] = value, other
    for place in range(kept, keep):
        partner[place] = -1
    return kept


def below(value: float, other: int, than: float, whom: int) -> bool:
    """Whether one candidate ranks under another; of equal weight, the later record does."""
    return value < than or (value == than and other > whom)
