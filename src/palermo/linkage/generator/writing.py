"""Names as clerks write them: another spelling, another script, half of them, in the wrong box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from palermo.linkage.generator.drawing import Bools, Ints, Texts
from palermo.linkage.generator.persons import FAMILY, FAMILY_TOO, GIVEN, OTHER, OTHER_TOO, SECOND
from palermo.linkage.generator.settings import Errors, Source
from palermo.linkage.generator.words import Culture, Words

NEAR = {
    "a": "se", "b": "vn", "c": "xv", "d": "sf", "e": "ra", "f": "gd", "g": "fh", "h": "gj", "i": "uo", "j": "hk",
    "k": "jl", "l": "k", "m": "n", "n": "mb", "o": "ip", "p": "o", "q": "w", "r": "te", "s": "ad", "t": "ry",
    "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu", "z": "xs",
}  # fmt: skip  # what a finger finds beside the key


@dataclass(frozen=True)
class Names:
    given: Texts
    family: Texts
    other: Texts


def written(
    ids: Ints, which: Ints, cultures: Sequence[Culture], words: Words, source: Source, errors: Errors,
    rng: np.random.Generator,
) -> Names:  # fmt: skip
    """Names of records whose words are `ids` (records, SLOTS), as this list's clerks write them."""
    count = len(ids)
    kept = _left_out(ids, errors, rng)
    native = rng.random(count) < np.minimum(1.0, source.original * errors.original_script)
    texts = _spelled(kept, which, cultures, words, native, errors, rng)
    _initials(texts, rng.random(count) < errors.initial, rng)
    _slips(texts, native, errors, rng)
    called = rng.random(count) < errors.nickname
    _nicknames(texts, called, ids, words, rng)
    texts[(rng.random(count) < errors.no_family) & (texts[:, GIVEN] != ""), FAMILY:] = ""
    return _boxes(texts, source, errors, called, rng)


def _left_out(ids: Ints, errors: Errors, rng: np.random.Generator) -> Ints:
    """Second, father's and second family names are often not written."""
    gone = rng.random(ids.shape) < errors.left_out
    gone[:, [GIVEN, FAMILY]] = False
    return np.where(gone, -1, ids)


def _spelled(
    ids: Ints, which: Ints, cultures: Sequence[Culture], words: Words, native: Bools, errors: Errors,
    rng: np.random.Generator,
) -> Texts:  # fmt: skip
    """One spelling of each word; a record in Cyrillic letters is spelled by one table throughout."""
    spellings = words.spellings[ids]
    other = 1 + (rng.random(ids.shape) * (spellings - 1)).astype(np.int64)
    respelled = (rng.random(ids.shape) < errors.respelled) & (spellings > 1)
    form = np.where(respelled, other, 0)
    lettered = np.array([one.letters for one in cultures])[which]
    tables = (rng.random(len(ids)) * 5).astype(np.int64) * (rng.random(len(ids)) < errors.respelled_cyrillic)
    form = np.where(lettered[:, None], np.minimum(tables[:, None], spellings - 1), form)
    texts = words.latin[ids, form]
    texts[native] = words.native[ids[native]]
    texts[ids < 0] = ""
    return texts


def _initials(texts: Texts, rows: Bools, rng: np.random.Generator) -> None:
    at = np.flatnonzero(rows)
    slots = np.where(rng.random(len(at)) < 0.6, GIVEN, OTHER)
    dots = rng.random(len(at)) < 0.6
    for row, slot, dot in zip(at.tolist(), slots.tolist(), dots.tolist(), strict=True):
        word = texts[row, slot]
        if word:
            texts[row, slot] = word[0] + ("." if dot else "")


def _slips(texts: Texts, native: Bools, errors: Errors, rng: np.random.Generator) -> None:
    rows, slots = np.nonzero((rng.random(texts.shape) < errors.slip) & ~native[:, None])
    draws = rng.random((len(rows), 3))
    for row, slot, (how, place, which) in zip(rows.tolist(), slots.tolist(), draws.tolist(), strict=True):
        texts[row, slot] = slip(texts[row, slot], how, place, which)


def slip(word: str, how: float, place: float, which: float) -> str:
    """One slip of a finger; the draws are uniform. Words of fewer than three letters stay as they are."""
    if len(word) < 3:
        return word
    at = 1 + int(place * (len(word) - 1))
    if how < 0.25:
        return word[:at] + word[at + 1 :]
    if how < 0.45:
        return word[:at] + word[at] + word[at:]
    if how < 0.70 and at + 1 < len(word):
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    near = NEAR.get(word[at].lower(), "e")
    return word[:at] + near[int(which * len(near))] + word[at + 1 :]


def _nicknames(texts: Texts, rows: Bools, ids: Ints, words: Words, rng: np.random.Generator) -> None:
    """What a person is called, and nothing else; where no short form is known, the beginning of the name."""
    draws = rng.random((len(rows), 2))
    for row in np.flatnonzero(rows).tolist():
        name = int(ids[row, GIVEN])
        if count := int(words.shorts[name]):
            called = words.short[name, int(draws[row, 0] * count), int(draws[row, 1] * 5)]
        else:
            called = words.latin[name, 0][: 3 + int(draws[row, 0] * 2)].strip()
        texts[row] = ""
        texts[row, GIVEN] = called


def _boxes(texts: Texts, source: Source, errors: Errors, called: Bools, rng: np.random.Generator) -> Names:
    """Into the three columns of a form, or all into one, or into each other's."""
    count = len(texts)
    given, other, family = (
        joined(texts[:, a], texts[:, b])
        for a, b in ((GIVEN, SECOND), (OTHER, OTHER_TOO), (FAMILY, FAMILY_TOO))
    )
    beside = (
        rng.random(count) < 0.4
    )  # the father's name in the same box as the given one, as most forms have two
    given = np.where(beside, joined(given, other), given)
    other = np.where(beside, "", other)
    one_box = rng.random(count) < errors.one_box
    family_first = rng.random(count) < 0.3
    whole = np.where(family_first, joined(family, given, other), joined(given, other, family))
    given, family, other = (
        np.where(one_box, whole, given),
        np.where(one_box, "", family),
        np.where(one_box, "", other),
    )
    swapped = (rng.random(count) < np.minimum(1.0, source.swaps * errors.swapped)) & ~one_box & ~called
    given, family = np.where(swapped, family, given), np.where(swapped, given, family)
    return Names(*(_styled(texts, source.style, name) for name, texts in _named(given, family, other)))


def _named(given: Texts, family: Texts, other: Texts) -> tuple[tuple[str, Texts], ...]:
    return ("given", given), ("family", family), ("other", other)


def joined(*columns: Texts) -> Texts:
    """Row by row, with single spaces, empty words left out."""
    rows = zip(*(column.tolist() for column in columns), strict=True)
    found = np.empty(len(columns[0]), dtype=object)
    found[:] = [" ".join(filter(None, row)) for row in rows]
    return found


def _styled(texts: Texts, style: str, column: str) -> Texts:
    if style == "as said" or (style == "family in capitals" and column != "family"):
        return texts
    found = np.empty(len(texts), dtype=object)
    found[:] = [text.upper() for text in texts.tolist()]
    return found
