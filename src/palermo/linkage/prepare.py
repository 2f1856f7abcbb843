"""Records brought into the form in which they are compared: numbers and arrays, no text but the distinct words.

Words are prepared once, however often they occur: 1,000,000 records hold some 100,000 distinct ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from palermo.linkage import dates, numbers
from palermo.linkage.names import fold, formal, parts
from palermo.linkage.names.echoing import voices
from palermo.linkage.people import PersonList
from palermo.linkage.sexes import sex

LONGEST = 16
MOST_PARTS = 8
MOST_SOUNDS = 6
GIVEN, FAMILY, ANY = 0, 1, 2
SEXES = {"": 0, "female": 1, "male": 2, "other": 3}

Ints = NDArray[np.int32]
Small = NDArray[np.int8]
Letters = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Words:
    """The distinct words of all names. letters: a row of at most LONGEST bytes for each; length: how many;
    sounds, forms: the codes of each, numbered, as slices starts[i]:starts[i+1] of codes."""

    texts: tuple[str, ...]
    letters: Letters
    length: Small
    sound_starts: Ints
    sound_codes: Ints
    form_starts: Ints
    form_codes: Ints


@dataclass(frozen=True, slots=True)
class Prepared:
    """N records of all lists, one after the other.

    source: which list. name_starts: where the name words of each begin in word (number in `words`) and role (GIVEN,
    FAMILY, ANY). sex 1 female, 2 male, 3 other; nationality, place, phone, document: numbers of distinct values; 0 is
    always "not recorded". year, month, day with 0 for what is not known; exact: the day may be believed;
    estimated: the year is somebody's estimate. registered: year of the record.
    """

    lists: tuple[str, ...]
    sizes: tuple[int, ...]
    source: NDArray[np.int16]
    words: Words
    name_starts: Ints
    word: Ints
    role: Small
    sex: Small
    nationality: Ints
    place: Ints
    phone: Ints
    document: Ints
    document_letters: Letters
    year: NDArray[np.int16]
    month: Small
    day: Small
    estimated: Small
    registered: NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.source)


class _Numbering(dict[str, int]):
    """Distinct texts numbered from 1; 0 stands for nothing."""

    def of(self, text: str) -> int:
        return self.setdefault(text, len(self) + 1) if text else 0


def prepare(lists: Sequence[PersonList], *, progress: Callable[[int, int], None] | None = None) -> Prepared:
    """All records of all lists. Texts that cannot be read count as not recorded."""
    reading = _Reading()
    total, done = sum(map(len, lists)), 0
    for one in lists:
        reading.names(one)
        reading.births(one)
        reading.values(one)
        done += len(one)
        if progress is not None:
            progress(done, total)
    return reading.prepared(lists)


class _Reading:
    """What has been read so far; every distinct text is looked into once."""

    def __init__(self) -> None:
        self.words: dict[str, int] = {}
        self.parted: dict[str, tuple[int, ...]] = {}
        self.name_lengths: list[int] = []
        self.word: list[int] = []
        self.role: list[int] = []
        self.born: dict[tuple[str, str, str], tuple[int, int, int, int]] = {}
        self.births_read: list[tuple[int, int, int, int]] = []
        self.registered: list[int] = []
        self.sex: list[int] = []
        self.numbered = {field: _Numbering() for field in ("nationality", "place", "phone", "document_no")}
        self.columns: dict[str, list[int]] = {field: [] for field in self.numbered}

    def names(self, one: PersonList) -> None:
        columns = (one.columns[field] for field in ("given_name", "family_name", "other_names"))
        for given, family, other in zip(*columns, strict=True):
            first, last, more = self._parts(given), self._parts(family), self._parts(other)
            roles = _roles(len(first), len(last), len(more))
            numbers_of = (first + last + more)[:MOST_PARTS]
            self.word += numbers_of
            self.role += roles[: len(numbers_of)]
            self.name_lengths.append(len(numbers_of))

    def _parts(self, text: str) -> tuple[int, ...]:
        found = self.parted.get(text)
        if found is None:
            found = tuple(self.words.setdefault(part, len(self.words)) for part in parts(text))
            self.parted[text] = found
        return found

    def births(self, one: PersonList) -> None:
        columns = (one.columns[field] for field in ("birth_date", "birth_precision", "recorded_on"))
        for date, precision, recorded in zip(*columns, strict=True):
            year = recorded[:4]
            self.registered.append(int(year) if year.isdecimal() else 0)
            key = (date, precision, year)
            born = self.born.get(key)
            if born is None:
                born = self.born[key] = _born(date, precision, recorded)
            self.births_read.append(born)

    def values(self, one: PersonList) -> None:
        self.sex += [SEXES[sex(value)] for value in one.columns["sex"]]
        readers: dict[str, Callable[[str], str]] = {
            "nationality": lambda text: text.strip().upper(),
            "place": fold,
            "phone": numbers.phone,
            "document_no": numbers.document,
        }
        for field, read in readers.items():
            known: dict[str, int] = {}
            numbered, column = self.numbered[field], self.columns[field]
            for text in one.columns[field]:
                number = known.get(text)
                if number is None:
                    number = known[text] = numbered.of(read(text))
                column.append(number)

    def prepared(self, lists: Sequence[PersonList]) -> Prepared:
        born = np.array(self.births_read, np.int16).reshape(-1, 4)
        columns = {field: np.array(column, np.int32) for field, column in self.columns.items()}
        return Prepared(
            lists=tuple(one.name for one in lists),
            sizes=tuple(map(len, lists)),
            source=np.repeat(np.arange(len(lists), dtype=np.int16), [len(one) for one in lists]),
            words=_words(list(self.words)),
            name_starts=_starts(self.name_lengths),
            word=np.array(self.word, np.int32),
            role=np.array(self.role, np.int8),
            sex=np.array(self.sex, np.int8),
            nationality=columns["nationality"],
            place=columns["place"],
            phone=columns["phone"],
            document=columns["document_no"],
            document_letters=_letters(["", *self.numbered["document_no"]])[0],
            year=born[:, 0].copy(),
            month=born[:, 1].astype(np.int8),
            day=born[:, 2].astype(np.int8),
            estimated=born[:, 3].astype(np.int8),
            registered=np.array(self.registered, np.int16),
        )


def _roles(given: int, family: int, other: int) -> list[int]:
    """A box that holds several words while the other is empty may hold the whole name."""
    if (family == 0 and given > 1) or (given == 0 and family > 1):
        return [ANY] * (given + family + other)
    return [GIVEN] * given + [FAMILY] * family + [ANY] * other


def _born(date: str, precision: str, recorded: str) -> tuple[int, int, int, int]:
    """Year, month, day (0 where not to be believed) and whether the year is an estimate."""
    birth = dates.birth(date, precision, recorded)
    if birth.earliest is None or birth.year is None:
        return 0, 0, 0, 0
    month = birth.earliest.month if birth.precision in ("day", "month") else 0
    day = birth.earliest.day if birth.precision == "day" else 0
    return birth.year, month, day, int(birth.precision == "estimated" or birth.basis == "age")


def _words(texts: list[str]) -> Words:
    letters, length = _letters(texts)
    heard, spelt = _Numbering(), _Numbering()
    sounding = [_coded(heard, voices(text)[:MOST_SOUNDS]) for text in texts]
    forming = [_coded(spelt, sorted(formal(text))) for text in texts]
    return Words(tuple(texts), letters, length, *_sliced(sounding), *_sliced(forming))


def _coded(numbering: _Numbering, texts: Iterable[str]) -> list[int]:
    return [numbering.of(text) for text in texts if text]


def _sliced(rows: list[list[int]]) -> tuple[Ints, Ints]:
    return _starts([len(row) for row in rows]), np.array([code for row in rows for code in row], np.int32)


def _starts(lengths: Sequence[int]) -> Ints:
    starts = np.zeros(len(lengths) + 1, np.int32)
    np.cumsum(np.array(lengths, np.int64), out=starts[1:])
    return starts


def _letters(texts: Sequence[str]) -> tuple[Letters, Small]:
    """One row of bytes a text, cut at LONGEST; what is not ASCII counts as one letter like any other."""
    rows = np.zeros((max(len(texts), 1), LONGEST), np.uint8)
    length = np.zeros(max(len(texts), 1), np.int8)
    for number, text in enumerate(texts):
        raw = text.encode("ascii", "replace")[:LONGEST]
        rows[number, : len(raw)] = np.frombuffer(raw, np.uint8)
        length[number] = len(raw)
    return rows, length
