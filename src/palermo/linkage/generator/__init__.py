"""Invented lists of people whose truth is known: to try a linker on, and to learn on. Nobody in them exists.

Persons of fourteen name cultures are drawn, two kinds of them (easily found, and hidden), and written down by five
bodies with the errors that such lists have. The same arguments give the same lists, to the byte.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from palermo.linkage.generator import persons as people
from palermo.linkage.generator.drawing import Ints
from palermo.linkage.generator.recording import record
from palermo.linkage.generator.settings import FIVE, Errors, Source, expected
from palermo.linkage.generator.words import CULTURES, culture, table
from palermo.linkage.people import PersonList

ALL = CULTURES

__all__ = ["ALL", "FIVE", "Errors", "Invented", "Source", "invent", "sized"]


@dataclass(frozen=True)
class Invented:
    """Invented lists and what is true of them."""

    lists: tuple[PersonList, ...]
    persons: tuple[Ints, ...]  # of each list, the person of each record
    population: int
    histories: Mapping[tuple[int, ...], int]  # how many persons are in exactly these lists

    @cached_property
    def truth(self) -> Mapping[tuple[str, str], int]:
        """(source, record_id) -> person."""
        return {
            (one.name, record_id): int(person)
            for one, whose in zip(self.lists, self.persons, strict=True)
            for record_id, person in zip(one.columns["record_id"], whose, strict=True)
        }

    def __len__(self) -> int:
        """Records in all lists."""
        return sum(map(len, self.lists))


def invent(
    persons: int,
    *,
    noise: float = 1.0,
    seed: int,
    cultures: Sequence[str] = ALL,
    lists: Sequence[Source] = FIVE,
    hidden: bool = True,
    hard: bool = True,
    errors: Errors | None = None,
) -> Invented:
    """Lists of a population of `persons`, with every rate of error times `noise`.

    hidden: half of the persons are seldom in any list; hard: brothers and sisters who were trafficked together, and
    telephones that many share. Raises ValueError for a negative noise and KeyError for an unknown culture.
    """
    if persons < 0:
        raise ValueError("A population is of 0 persons or more.")
    rates = (errors or Errors()).at(noise)
    names, sources = tuple(cultures), tuple(lists)
    words = table(names)
    whole, *streams = np.random.default_rng(seed).spawn(1 + len(sources))
    drawn = people.populate(persons, names, words, sources, whole, hidden=hidden, hard=hard)
    known = [culture(name) for name in names]
    made = [
        record(drawn, at, source, known, words, rates, rng)
        for at, (source, rng) in enumerate(zip(sources, streams, strict=True))
    ]
    return Invented(
        lists=tuple(one for one, _whose in made),
        persons=tuple(whose for _one, whose in made),
        population=persons,
        histories=people.histories(drawn, sources),
    )


def sized(
    records: int,
    *,
    noise: float = 1.0,
    seed: int,
    cultures: Sequence[str] = ALL,
    lists: Sequence[Source] = FIVE,
    hidden: bool = True,
    hard: bool = True,
    errors: Errors | None = None,
) -> Invented:
    """As `invent`, of a population that leaves about so many records in the lists together."""
    twice = 1 + (errors or Errors()).at(noise).twice
    persons = round(records / (expected(tuple(lists)) * twice))
    return invent(
        persons,
        noise=noise,
        seed=seed,
        cultures=cultures,
        lists=lists,
        hidden=hidden,
        hard=hard,
        errors=errors,
    )
