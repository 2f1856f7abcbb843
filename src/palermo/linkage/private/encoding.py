"""A list of people into filters, with a key: the body's side."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable
from itertools import product

import numpy as np
import numpy.typing as npt

from palermo import compiling
from palermo.linkage.people import PersonList
from palermo.linkage.private.files import Encoded
from palermo.linkage.private.keys import Key
from palermo.linkage.private.parameters import SEGMENTS, SMALLEST_LIST, Parameters, Unusable, words_of
from palermo.linkage.private.tokens import KINDS, PLACES, WEIGHTS, crossings

CHUNK = 4096  # records at a time
Words = npt.NDArray[np.uint64]
Step = Callable[[float, str], None]


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
    filters = np.empty((len(people), parameters.bits // 64), np.uint64)
    draw = _drawing(key, parameters)
    for start in range(0, len(people), CHUNK):
        rows = order[start : start + CHUNK]
        filters[start : start + CHUNK] = draw(people, rows)
        if step:
            step(min(1.0, (start + CHUNK) / len(people)), people.name)
    return Encoded(people.name, key.project, parameters, key.fingerprint, numbers, filters), order


def _drawing(key: Key, parameters: Parameters) -> Callable[[PersonList, npt.NDArray[np.int64]], Words]:
    """A function from some rows of a list to their filters. What a fact hashes to is kept between calls."""
    from palermo.linkage.private import kernels

    compiled = compiling.of(kernels)
    known = _Known(hashlib.blake2b(key=key.derive("facts", 32), digest_size=16))
    heads = {(segment, kind): at for at, (segment, kind) in enumerate(product(PLACES, KINDS))}
    said = np.array([(PLACES[segment], KINDS[kind], WEIGHTS[kind]) for segment, kind in heads], np.int64)
    marking, turning = (np.frombuffer(key.derive(one, 16), "<u8") for one in ("marks", "flips"))
    turned = round(parameters.flips * 256)
    group = known.groups
    edges = np.array([words_of(name).start for name in SEGMENTS] + [parameters.bits // 64], np.int64)

    def draw(people: PersonList, rows: npt.NDArray[np.int64]) -> Words:
        found, starts = list[int](), array("q", [0])
        for row in rows.tolist():
            for segment, kind, first, second, third in crossings(people.row(row), parameters.fields):
                found += (heads[segment, kind], group[first], group[second], group[third])
            starts.append(len(found) // 4)
        rows_of = np.fromiter(found, np.int64, len(found)).reshape(-1, 4)
        made = np.zeros((len(rows), parameters.bits // 64), np.uint64)
        compiled.mark(*marking, *known.arrays(), said, rows_of, _longs(starts), edges, made)
        compiled.turn(*turning, made, edges, turned)
        return made

    return draw


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
