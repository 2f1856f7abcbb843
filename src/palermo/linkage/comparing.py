"""Comparing pairs of prepared records: levels and bits of every field (pairs_kernel.py), in arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from palermo import compiling
from palermo.linkage import pairs_kernel
from palermo.linkage.prepare import Prepared
from palermo.linkage.rarity import Rarity


@dataclass(frozen=True, slots=True)
class Comparison:
    """One row a pair: levels as in pairs_kernel (GIVEN ... PLACE) and bits (GIVEN_BITS ... PLACE_BITS)."""

    levels: NDArray[np.int8]
    bits: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.levels)


def compared(people: Prepared, rare: Rarity, left: NDArray[np.int32], right: NDArray[np.int32]) -> Comparison:
    """The comparison of records left[i] and right[i], for every i."""
    words = people.words
    levels = np.zeros((len(left), pairs_kernel.LEVELS), np.int8)
    bits = np.zeros((len(left), pairs_kernel.BITS), np.float32)
    compiling.of(pairs_kernel).compare(
        left,
        right,
        pairs_kernel.Names(people.name_starts, people.word, people.role, rare.same, rare.sound),
        pairs_kernel.Dictionary(
            words.letters, words.length, words.sound_starts, words.sound_codes, words.form_starts, words.form_codes
        ),
        pairs_kernel.Values(
            people.year, people.month, people.day, people.estimated, people.document, people.document_letters,
            people.phone, rare.phone, people.nationality, rare.nationality, people.sex, people.place, rare.place,
        ),
        levels,
        bits,
    )  # fmt: skip
    return Comparison(levels, bits)
