"""Blind indexes: search in sealed identities without opening them. Pure.

A tag is HMAC-SHA-256, under a key of its kind, over a normalised compound, cut to 40 bits. Compounds join things that
are rare together (two sounds; a sound and a year; a whole document number); nothing with few values,
such as sex, nationality or a year, is ever indexed alone, because equal tags show how often a value occurs. What the
frequency of each kind tells a thief of the database stands in docs/kernel/vault.md.

Why 40 bits: with sixteen million tags (a million persons) a probe of fifty tags meets a wrong person by chance once
in a thousand probes, who is then opened, compared and not shown; those by which a holder elsewhere is told are
ten at most, once in ten thousand. And a tag is not a full MAC that could prove to a third party that a certain name is
in the register. Cutting does not hide frequency; that is what the compounds are for.

Sounds are those of `palermo.linkage.names`: whoever changes them, or what is stored here, raises EDITION and adds a
migration that calls `indexing.index_anew` (a test holds the two together).
"""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import combinations

from palermo.kernel.vault.identity import Identity
from palermo.kernel.vault.keys import Keyring
from palermo.linkage import numbers
from palermo.linkage.names import formal, parts, sounds
from palermo.linkage.names.daitch import codes

TAG_BYTES = 5
UNKNOWN_YEAR = "?"
# The edition of what is stored; kept beside each person, so that an upgrade knows whom to index anew.
EDITION = 2
# Bounds for texts of any length; no name known to us comes near them.
MOST_PARTS, MOST_PAIRS = 6, 40
OLDEST = 95


class Kind(IntEnum):
    """What a tag was made from; smaller is stronger evidence."""

    DOCUMENT = 1  # a whole number
    PHONE = 2  # its last nine digits
    DAY = 3  # how a name begins and the day of birth
    PAIR_YEAR = 4  # two sounds and the year of birth
    PAIR = 5  # two sounds
    YEAR = 6  # a sound and the year of birth


@dataclass(frozen=True, slots=True)
class Probe:
    """What somebody searches with; everything may be empty. `name` is the whole name in any order and script, or the
    given names where `family_name` is told apart; other names stand after semicolons. `birth_date` is ISO and may be
    partial; `birth_year` stands for it where only the year is known."""

    name: str = ""
    birth_year: int | None = None
    document: str = ""
    phone: str = ""
    birth_date: str = ""
    family_name: str = ""
    nationality: str = ""

    def __repr__(self) -> str:
        return "Probe()"

    @classmethod
    def of(cls, identity: Identity) -> "Probe":
        """What somebody would ask who knows the whole identity."""
        return cls(
            name=f"{identity.given_names};{identity.aliases}",
            family_name=identity.family_name,
            birth_date=identity.birth_date,
            nationality=identity.nationality,
            document=identity.document_number,
            phone=identity.phone,
        )

    @property
    def identity(self) -> Identity:
        """The same as the vault would keep it: what is asked and what is kept are read in one way."""
        given, _between, others = self.name.partition(";")
        return Identity(
            given_names=given.strip(),
            family_name=self.family_name,
            aliases=others.strip(),
            birth_date=self.birth_date or str(self.birth_year or ""),
            nationality=self.nationality,
            document_number=self.document,
            phone=self.phone,
        )


@dataclass(frozen=True)
class BlindKeys:
    """One key for each kind, from the instance secret."""

    keys: dict[Kind, bytes] = field(repr=False)

    @classmethod
    def from_ring(cls, ring: Keyring) -> "BlindKeys":
        return cls({kind: ring.purpose_key("blind-index", f"{kind.name.lower()}-{EDITION}") for kind in Kind})

    def tag(self, kind: Kind, compound: str) -> bytes:
        return hmac.digest(self.keys[kind], compound.encode(), "sha256")[:TAG_BYTES]


@dataclass(frozen=True, slots=True)
class Asked:
    """The tags to look for; of each, the chance that the person sought bears it, as measured on invented persons.

    `telling` are those strong enough to tell another holder of.
    """

    tags: tuple[bytes, ...] = field(repr=False)
    chances: tuple[float, ...]
    telling: tuple[bytes, ...] = field(repr=False)


def stored(keys: BlindKeys, identity: Identity) -> set[tuple[Kind, bytes]]:
    """The tags kept for an identity."""
    return {(kind, keys.tag(kind, compound)) for kind, compound in compounds(identity)}


def asked(keys: BlindKeys, probe: Probe, *, this_year: int) -> Asked:
    """The tags to look for, and those among them that are strong enough to tell another holder of.

    Years near the one that was said are looked for too, here and not in the store; without a year, every year of
    a life.
    """
    identity = probe.identity
    chances: dict[bytes, float] = {}
    for kind, compound, chance in _sought(identity, this_year):
        tag = keys.tag(kind, compound)
        chances[tag] = max(chance, chances.get(tag, 0.0))
    strong = {
        keys.tag(kind, compound)
        for kind, compound in compounds(identity)
        if kind in TELLING and not compound.endswith(f"|{UNKNOWN_YEAR}")
    }
    return Asked(tuple(chances), tuple(chances.values()), tuple(strong))


# A telling name is two sounds with the very year that was said.
TELLING = frozenset((Kind.DOCUMENT, Kind.PHONE, Kind.PAIR_YEAR))

# How often the person sought bears a tag of this kind, by the distance of the years: 20,000 pairs of records of the
# generator (seed 7, noise 0.5). Only their order and rough size matter.
NUMBER_CHANCES = {Kind.DOCUMENT: 0.2, Kind.PHONE: 0.1}
PAIR_CHANCE, DAY_CHANCE = 0.6, 0.5
YEAR_CHANCES = (0.6, 0.05, 0.03, 0.02, *(0.006,) * 7)
UNKNOWN_CHANCE, ANY_YEAR_CHANCE = 0.08, 0.01


def _sought(identity: Identity, this_year: int) -> Iterator[tuple[Kind, str, float]]:
    for kind, compound in _numbers(identity):
        yield kind, compound, NUMBER_CHANCES[kind]
    spoken = _voices(identity)
    for begun in _begun(identity):
        yield Kind.DAY, begun, DAY_CHANCE
    for year, chance in years(identity.birth_year, this_year).items():
        for sound in _singles(spoken):
            yield Kind.YEAR, f"{sound}|{year}", chance
    for pair in _pairs(spoken):
        yield Kind.PAIR, pair, PAIR_CHANCE


def years(birth_year: int | None, this_year: int) -> dict[str, float]:
    """The years that a probe looks under, with the chance that the person sought is kept under it."""
    if birth_year is None:
        lived = map(str, range(this_year - OLDEST, this_year + 1))
        return {UNKNOWN_YEAR: UNKNOWN_CHANCE, **dict.fromkeys(lived, ANY_YEAR_CHANCE)}
    near = {str(birth_year + step): YEAR_CHANCES[abs(step)] for step in range(-10, 11)}
    return {**near, UNKNOWN_YEAR: UNKNOWN_CHANCE}


def compounds(identity: Identity) -> Iterator[tuple[Kind, str]]:
    """What the tags of an identity are made from. Holds what identifies: never to be kept or shown."""
    yield from _numbers(identity)
    year, spoken = identity.birth_year or UNKNOWN_YEAR, _voices(identity)
    for begun in _begun(identity):
        yield Kind.DAY, begun
    for sound in _singles(spoken):
        yield Kind.YEAR, f"{sound}|{year}"
    for pair in _pairs(spoken):
        yield Kind.PAIR, pair
        yield Kind.PAIR_YEAR, f"{pair}|{year}"


def day_of(birth_date: str) -> str | None:
    """A whole date of birth; the first of January is what offices write who know a year."""
    return birth_date if len(birth_date) == 10 and not birth_date.endswith("-01-01") else None


def _numbers(identity: Identity) -> Iterator[tuple[Kind, str]]:
    if number := numbers.document(identity.document_number):
        yield Kind.DOCUMENT, number
    if number := numbers.phone(identity.phone):
        yield Kind.PHONE, number


def _begun(identity: Identity) -> list[str]:
    """The first digit of every sound with the day of birth: an initial, or half a name, is enough."""
    day = day_of(identity.birth_date)
    if day is None:
        return []
    firsts = {sound[0] for part in _parts(identity) for sound in _spoken(part, short=True)}
    return [f"{first}|{day}" for first in sorted(firsts)]


def _parts(identity: Identity) -> list[str]:
    found: dict[str, None] = {}
    for name in identity.names:
        found |= dict.fromkeys(parts(name))
    return list(found)[:MOST_PARTS]


def _voices(identity: Identity) -> list[tuple[str, ...]]:
    """For each part of all names, initials left out, its sounds."""
    return [_spoken(part) for part in _parts(identity) if len(part) > 1]


def _spoken(part: str, short: bool = False) -> tuple[str, ...]:
    """The sounds of a part, those of its full forms among them (Sasha: Aleksandr, Aleksandra); a part without letters
    that have one stands for itself. An initial has a sound when it is `short` of nothing but letters."""
    forms = (part, *sorted(formal(part)))
    said = codes if short and len(part) == 1 else sounds
    return tuple(dict.fromkeys(sound for form in forms for sound in said(form))) or (part,)


def _singles(spoken: list[tuple[str, ...]]) -> list[str]:
    return list(dict.fromkeys(sound for voices in spoken for sound in voices))


def _pairs(spoken: list[tuple[str, ...]]) -> list[str]:
    """Two sounds of two parts, in the order of the alphabet."""
    found: dict[str, None] = {}
    for one, other in combinations(spoken, 2):
        found |= dict.fromkeys(" ".join(sorted((a, b))) for a in one for b in other)
    return list(found)[:MOST_PAIRS]
