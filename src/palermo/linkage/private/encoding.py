"""A list of people into filters, with a key: the body's side."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Sequence
from itertools import product

import numpy as np
import numpy.typing as npt

from palermo import compiling
from palermo.linkage.people import PersonList
from palermo.linkage.private.files import Encoded
from palermo.linkage.private.keys import Key
from palermo.linkage.private.parameters import SEGMENTS, SMALLEST_LIST, Parameters, Unusable, words_of
from palermo.linkage.private.tokens import KINDS, NOT_FREQUENT, PLACES, WEIGHTS, crossings

CHUNK = 4096  # records at a time
HALF = 0.8  # of the time goes by until all tokens are known
PLACES_EACH = 16  # places to count in for each crossing of a record
Words = npt.NDArray[np.uint64]
Step = Callable[[float, str], None]
_Crossed = tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]


def encode(
    people: PersonList,
    key: Key,
    parameters: Parameters,
    numbers: Words,
    *,
    small: bool = False,
    step: Step | None = None,
) -> tuple[Encoded, npt.NDArray[np.int64]]:
    """The list as filters under opaque numbers, and which row of the list each of them is (for the body alone).

    numbers: as many different random numbers as there are people (`secrets`); they give the order of the rows.
    Raises Unusable for a list too short to hide in (unless `small`), or a key for other fields.
    """
    if key.fields != parameters.fields:
        raise Unusable(f"this key was made for the fields {', '.join(key.fields)}")
    if len(people) < SMALLEST_LIST and not small:
        raise Unusable(
            f"the list {people.name} has {len(people)} rows; in a list of fewer than {SMALLEST_LIST} an encoded person "
            "hides among too few"
        )
    if len(numbers) != len(people) or len(np.unique(numbers)) != len(people):
        raise ValueError("every row needs a number of its own")
    order = np.argsort(numbers, kind="stable")
    numbers = numbers[order].astype(np.uint64)
    filters = np.zeros((len(people), parameters.bits // 64), np.uint64)
    draw = _Drawing(key, parameters)
    parts = []
    for start in range(0, len(people), CHUNK):
        parts.append((start, draw.crossed(people, order[start : start + CHUNK])))
        if step:
            step(HALF * min(1.0, (start + CHUNK) / len(people)), people.name)
    rows = draw.tallied(parts)
    for start, part in parts:
        draw.marked(part, rows, filters[start : start + CHUNK])
        if step:
            step(HALF + (1 - HALF) * min(1.0, (start + CHUNK) / len(people)), people.name)
    return Encoded(people.name, key.project, parameters, key.fingerprint, numbers, filters), order


class _Drawing:
    """From rows of a list to their filters. What a fact hashes to is kept between calls."""

    def __init__(self, key: Key, parameters: Parameters) -> None:
        from palermo.linkage.private import kernels

        self._compiled = compiling.of(kernels)
        self._parameters = parameters
        self._known = _Known(hashlib.blake2b(key=key.derive("facts", 32), digest_size=16))
        self._heads = {(segment, kind): at for at, (segment, kind) in enumerate(product(PLACES, KINDS))}
        said = [
            (PLACES[segment], KINDS[kind], WEIGHTS[kind], kind in NOT_FREQUENT)
            for segment, kind in self._heads
        ]
        self._said = np.array(said, np.int64)
        self._marking, self._turning = (
            np.frombuffer(key.derive(one, 16), "<u8") for one in ("marks", "flips")
        )
        begins = [words_of(name).start for name in SEGMENTS]
        self._segments = np.array([*begins, parameters.bits // 64], np.int64)

    def crossed(self, people: PersonList, rows: npt.NDArray[np.int64]) -> _Crossed:
        """The tokens of some rows, as numbers."""
        found, starts, group, heads = array("i"), array("q", [0]), self._known.groups, self._heads
        for row in rows.tolist():
            for segment, kind, first, second, third in crossings(people.row(row), self._parameters.fields):
                found.extend((heads[segment, kind], group[first], group[second], group[third]))
            starts.append(len(found) // 4)
        return np.array(found, np.int32).reshape(-1, 4), _longs(starts)

    def tallied(self, parts: Sequence[tuple[int, _Crossed]]) -> npt.NDArray[np.int32]:
        """In how many rows each token stands."""
        tokens = sum(len(crossed) for _start, (crossed, _starts) in parts)
        places = 1 << max(10, (PLACES_EACH * tokens).bit_length())
        rows, last = np.zeros(places, np.int32), np.full(places, -1, np.int32)
        for start, part in parts:
            self._compiled.tally(*self._known.arrays(), self._said, *part, start, rows, last)
        return rows

    def marked(self, part: _Crossed, rows: npt.NDArray[np.int32], filters: Words) -> None:
        """Fill the filters of some rows."""
        parameters, known = self._parameters, self._known.arrays()
        self._compiled.mark(
            *self._marking, *known, self._said, *part, rows, parameters.most_rows, self._segments, filters
        )
        self._compiled.turn(*self._turning, filters, self._segments, round(parameters.flips * 256))


class _Groups(dict[tuple[str, ...], int]):
    """Groups of facts by number; one that is asked for first is added."""

    def __init__(self, added: Callable[[tuple[str, ...]], None]) -> None:
        self._added = added

    def __missing__(self, facts: tuple[str, ...]) -> int:
        number = self[facts] = len(self)
        self._added(facts)
        return number


class _Known:
    """Groups of facts by number, and the keyed hash of every fact met so far."""

    def __init__(self, hashing: hashlib.blake2b) -> None:
        self._hashing, self._hashes, self._facts = hashing, bytearray(), dict[str, int]()
        self._members, self._edges = array("q"), array("q", [0])
        self.groups = _Groups(self._group)

    def _group(self, facts: tuple[str, ...]) -> None:
        self._members.extend(map(self._fact, facts))
        self._edges.append(len(self._members))

    def _fact(self, fact: str) -> int:
        found = self._facts.get(fact)
        if found is None:
            found = self._facts[fact] = len(self._facts)
            hashed = self._hashing.copy()
            hashed.update(fact.encode())
            self._hashes += hashed.digest()
        return found

    def arrays(self) -> tuple[Words, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        hashes = np.frombuffer(bytes(self._hashes), "<u8").astype(np.uint64).reshape(-1, 2)
        return hashes, _longs(self._members), _longs(self._edges)


def _longs(values: array[int]) -> npt.NDArray[np.int64]:
    return np.array(values, np.int64)
