"""How rare a value is: the bits it would take to meet it by chance.

The shares of names are those among people of the same nationality, drawn towards the shares among all: an Arabic name
says little among Arabs. Nationality itself counts on its own, so the two may be added.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from palermo.linkage.prepare import Prepared

Bits = NDArray[np.float32]
TOWARDS_ALL = 20.0  # a nationality's own shares count as much as the general ones when it has so many records
MOST_BITS = 18.0


@dataclass(frozen=True, slots=True)
class Rarity:
    """Bits for each occurrence of a word (as written, and by its sound), and for each distinct other value."""

    same: Bits
    sound: Bits
    phone: Bits
    nationality: Bits
    place: Bits


def rarity(people: Prepared) -> Rarity:
    """The bits of every value, from how often it occurs in these records."""
    owner = np.repeat(np.arange(len(people)), np.diff(people.name_starts))
    words = people.words
    starts = words.sound_starts[people.word].astype(np.int64)
    count = words.sound_starts[people.word + 1] - starts
    occurrence = np.repeat(np.arange(len(people.word)), count)
    offset = np.arange(len(occurrence)) - np.repeat(np.cumsum(count) - count, count)
    codes = words.sound_codes[starts[occurrence] + offset]
    of_sounds = _among(people.nationality, owner[occurrence], codes)
    sound = np.full(len(people.word), MOST_BITS, np.float32)
    np.minimum.at(sound, occurrence, of_sounds)
    return Rarity(
        same=_among(people.nationality, owner, people.word),
        sound=sound,
        phone=_values(people.phone),
        nationality=_values(people.nationality),
        place=_values(people.place),
    )


def _among(nationality: NDArray[np.int32], owner: NDArray[np.int64], value: NDArray[np.int32]) -> Bits:
    """The bits of each occurrence of a value by its share among records of the owner's nationality."""
    if len(value) == 0:
        return np.empty(0, np.float32)
    everywhere = np.bincount(value) / max(len(nationality), 1)
    nation = nationality[owner].astype(np.int64)
    key = nation * (int(value.max()) + 1) + value
    _distinct, at, times = np.unique(key, return_inverse=True, return_counts=True)
    people = np.bincount(nationality)[nation]
    share = (times[at] + TOWARDS_ALL * everywhere[value]) / (people + TOWARDS_ALL)
    share = np.where(nation == 0, everywhere[value], share)
    bits: Bits = np.minimum(-np.log2(np.minimum(share, 1.0)), MOST_BITS).astype(np.float32)
    return bits


def _values(numbers: NDArray[np.int32]) -> Bits:
    """The bits of each distinct value of a column; nothing for 0, which is not recorded."""
    times = np.bincount(numbers, minlength=1).astype(float)
    recorded = max(times[1:].sum(), 1.0)
    times[0] = recorded
    bits: Bits = np.minimum(-np.log2(np.maximum(times, 1.0) / recorded), MOST_BITS).astype(np.float32)
    return bits
