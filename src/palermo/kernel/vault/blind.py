"""Blind indexes: search in sealed identities without opening them. Pure.

A token is HMAC-SHA-256, under a key of its kind, over a normalised compound, cut to 40 bits. Compounds join things
that are rare together (two names and a year; a whole document number); nothing with few values, such as sex,
nationality or a year, is ever indexed alone, because equal tokens show how often a value occurs.

Why 40 bits: with eight million tokens (a million persons) a probe hits a wrong person by chance once in 130,000
probes, so no holder gets notices about strangers; and a token is not a full MAC that could prove to a third party
that a certain name is in the register. Cutting does not hide frequency; that is what the compounds are for.
"""

import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import combinations, islice, product

from palermo.kernel.vault import normalise, phonetic
from palermo.kernel.vault.identity import Identity
from palermo.kernel.vault.keys import Keyring

TOKEN_BYTES = 5
UNKNOWN_YEAR = "?"
MOST_SOUNDS = 24
OLDEST = 95


class Kind(IntEnum):
    """What a token was made from; smaller is stronger evidence."""

    DOCUMENT = 1
    PHONE = 2
    NAME = 3
    PAIR = 4
    SOUND = 5


@dataclass(frozen=True, slots=True)
class Probe:
    """What somebody searches with. `name` in any order and script; everything may be empty."""

    name: str = ""
    birth_year: int | None = None
    document: str = ""
    phone: str = ""

    def __repr__(self) -> str:
        return "Probe()"


@dataclass(frozen=True)
class BlindKeys:
    """One key for each kind, from the instance secret."""

    keys: dict[Kind, bytes] = field(repr=False)

    @classmethod
    def from_ring(cls, ring: Keyring) -> "BlindKeys":
        return cls({kind: ring.purpose_key("blind-index", kind.name.lower()) for kind in Kind})

    def token(self, kind: Kind, compound: str) -> bytes:
        return hmac.digest(self.keys[kind], compound.encode(), "sha256")[:TOKEN_BYTES]


def stored(keys: BlindKeys, identity: Identity) -> set[tuple[Kind, bytes]]:
    """The tokens kept for an identity."""
    year = identity.birth_year
    compounds = [
        *_numbers(identity.document_number, identity.phone),
        *(pair for name in identity.names for pair in _named(name, (str(year or UNKNOWN_YEAR),))),
    ]
    return {(kind, keys.token(kind, compound)) for kind, compound in compounds}


def asked(keys: BlindKeys, probe: Probe, *, this_year: int) -> tuple[set[bytes], set[bytes]]:
    """The tokens to look for, and those among them that are strong enough to tell another holder of.

    The year before and after are looked for too, here and not in the store; without a year, every year of a life.
    """
    numbers = [keys.token(kind, compound) for kind, compound in _numbers(probe.document, probe.phone)]
    exact = [str(probe.birth_year)] if probe.birth_year else []
    near = years(probe.birth_year, this_year)
    telling = {keys.token(kind, compound) for kind, compound in _named(probe.name, exact)}
    wide = {keys.token(kind, compound) for kind, compound in _named(probe.name, near)}
    return telling | wide | set(numbers), telling | set(numbers)


def years(birth_year: int | None, this_year: int) -> list[str]:
    """The years that a probe looks under."""
    if birth_year is None:
        return [UNKNOWN_YEAR, *map(str, range(this_year - OLDEST, this_year + 1))]
    return [UNKNOWN_YEAR, str(birth_year - 1), str(birth_year), str(birth_year + 1)]


def _numbers(document: str, phone: str) -> Iterator[tuple[Kind, str]]:
    if number := normalise.document(document):
        yield Kind.DOCUMENT, number
    if number := normalise.phone(phone):
        yield Kind.PHONE, number


def _named(name: str, in_years: Iterable[str]) -> Iterator[tuple[Kind, str]]:
    """Compounds of one name: the whole (unless it is just one pair), each pair, and each pair by sound."""
    tokens = normalise.tokens(name)
    if not tokens:
        return
    pairs = list(combinations(tokens, 2))
    bases = [(Kind.PAIR, " ".join(pair)) for pair in pairs]
    if len(tokens) != 2:
        bases.append((Kind.NAME, " ".join(tokens)))
    bases += [(Kind.SOUND, sound) for sound in islice(_sounds(tokens, pairs), MOST_SOUNDS)]
    for year in in_years:
        for kind, base in bases:
            yield kind, f"{base}|{year}"


def _sounds(tokens: tuple[str, ...], pairs: list[tuple[str, str]]) -> Iterator[str]:
    seen = set()
    groups: list[tuple[str, ...]] = [*pairs] or [tokens]
    for group in groups:
        for sounds in product(*(sorted(phonetic.keys(token)) for token in group)):
            text = " ".join(sorted(sounds))
            if text not in seen:
                seen.add(text)
                yield text
