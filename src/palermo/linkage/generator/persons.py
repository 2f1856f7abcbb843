"""The persons of an invented population: who they are, before anybody writes them down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from palermo.linkage.generator.drawing import Bools, Ints, Texts, choose, pick, zipf
from palermo.linkage.generator.settings import VISIBLE, Source
from palermo.linkage.generator.words import Culture, Words, culture

SLOTS = 6  # given, second given, other, second other, family, second family
GIVEN, SECOND, OTHER, OTHER_TOO, FAMILY, FAMILY_TOO = range(SLOTS)
FIRST_DAY = int(np.datetime64("2019-01-01").astype("datetime64[D]").astype(int))
DAYS = 6 * 365

IN_A_FAMILY = 0.08  # of persons: trafficked with an elder brother or sister
TWINS = 0.03
TOGETHER = 0.8  # of them: met by the same bodies
KIN_PHONE = 0.4  # of them: with the elder's telephone
NETWORK_PHONE = 0.03  # of persons: with a telephone that twenty others also give, the recruiter's
PER_NETWORK = 20


@dataclass(frozen=True)
class Persons:
    """Arrays of one length. Days are counted from 1970-01-01."""

    culture: Ints  # index into the names of the cultures
    female: Bools
    words: Ints  # (persons, SLOTS): ids of words, -1 where the person has none
    born: Ints
    met: Ints  # the day of first being found, around which lists record
    nationality: Texts
    other_nationality: Texts
    place: Texts
    phone: Ints
    document: Ints
    caught: Bools  # (persons, lists)

    def __len__(self) -> int:
        return len(self.culture)


def populate(
    count: int, names: tuple[str, ...], words: Words, lists: tuple[Source, ...], rng: np.random.Generator,
    *, hidden: bool, hard: bool,
) -> Persons:  # fmt: skip
    """`count` persons. `hidden`: two kinds of person rather than one; `hard`: families, and shared telephones."""
    which = rng.integers(0, len(names), count)
    female = rng.random(count) < 0.62
    younger = (rng.random(count) < (IN_A_FAMILY if hard else 0.0)) & (np.arange(count) > 0)
    younger[1:] &= ~younger[:-1]
    elder = np.flatnonzero(younger) - 1
    which[younger] = which[elder]
    met = FIRST_DAY + rng.integers(0, DAYS, count)
    age = np.clip(rng.gamma(5.5, 4.6, count), 4, 70)
    born = met - (age * 365.25).astype(np.int64)
    twin = rng.random(len(elder)) < TWINS
    apart = rng.integers(330, 6 * 365, len(elder))
    born[younger] = born[elder] + np.where(twin, 0, apart)
    met[younger] = met[elder]
    cultures = [culture(name) for name in names]
    nation = rng.random((count, 2))
    home = rng.random(count)
    home[younger], nation[younger, 0] = home[elder], nation[elder, 0]
    return Persons(
        culture=which,
        female=female,
        words=_names(which, female, younger, cultures, words, rng),
        born=np.minimum(born, met - 365),
        met=met,
        nationality=_by_culture(which, cultures, nation[:, 0], "nationalities"),
        other_nationality=_by_culture(which, cultures, nation[:, 1], "nationalities"),
        place=_by_culture(which, cultures, home, "places"),
        phone=_phones(count, younger, elder, rng, hard=hard),
        document=rng.integers(10**6, 10**9, count),
        caught=_caught(count, lists, younger, elder, rng, hidden=hidden),
    )


def _names(
    which: Ints,
    female: Bools,
    younger: Bools,
    cultures: list[Culture],
    words: Words,
    rng: np.random.Generator,
) -> Ints:
    """Ranks in pools first, so that brothers and sisters share a family name whatever its gender; then ids."""
    count = len(which)
    draws = rng.random((count, SLOTS))
    has = rng.random((count, SLOTS))
    found = np.full((count, SLOTS), -1, dtype=np.int64)
    elder = np.flatnonzero(younger) - 1
    for at, one in enumerate(cultures):
        for sex in (True, False):
            mine = (which == at) & (female == sex)
            for position, slot in enumerate(one.female if sex else one.male):
                if slot is None:
                    continue
                if slot.shared:
                    draws[younger, position] = np.where(
                        mine[younger], draws[elder, position], draws[younger, position]
                    )
                    has[younger, position] = np.where(
                        mine[younger], has[elder, position], has[younger, position]
                    )
                size = len(one.pools[slot.pool])
                rows = np.flatnonzero(mine & (has[:, position] < slot.share))
                ranks = pick(zipf(size), draws[rows, position])
                found[rows, position] = words.starts[one.name, slot.pool] + ranks
    return _unlike(found, younger)


def _unlike(found: Ints, younger: Bools) -> Ints:
    """Nobody is called as his elder brother is, and nobody has one name twice."""
    rows = np.flatnonzero(younger)
    same = rows[found[rows, GIVEN] == found[rows - 1, GIVEN]]
    found[same, GIVEN] = np.maximum(found[same, GIVEN] - 1, 0)
    for first, second in ((GIVEN, SECOND), (GIVEN, OTHER), (OTHER, OTHER_TOO), (FAMILY, FAMILY_TOO)):
        found[found[:, first] == found[:, second], second] = -1
    return found


def _by_culture(which: Ints, cultures: list[Culture], uniform: np.ndarray, what: str) -> Texts:
    found = np.empty(len(which), dtype=object)
    for at, one in enumerate(cultures):
        mine = which == at
        texts: tuple[str, ...] = getattr(one, what)
        shares = np.cumsum(one.weights) if what == "nationalities" else zipf(len(texts))
        found[mine] = choose(texts, pick(shares, uniform[mine]))
    return found


def _phones(count: int, younger: Bools, elder: Ints, rng: np.random.Generator, *, hard: bool) -> Ints:
    """Seven digits of a number; some are a brother's or sister's, some the network's."""
    phones = rng.integers(10**6, 10**7, count)
    kin = rng.random(len(elder)) < KIN_PHONE
    rows = np.flatnonzero(younger)[kin]
    phones[rows] = phones[elder[kin]]
    if hard:
        network = rng.random(count) < NETWORK_PHONE
        members = int(network.sum())
        numbers = rng.integers(10**6, 10**7, max(1, members // PER_NETWORK))
        phones[network] = numbers[rng.integers(0, len(numbers), members)]
    return phones


def _caught(
    count: int,
    lists: tuple[Source, ...],
    younger: Bools,
    elder: Ints,
    rng: np.random.Generator,
    *,
    hidden: bool,
) -> Bools:
    """Which lists hold whom. Given the kind of person, the lists are independent of each other."""
    visible = np.array([source.visible for source in lists])
    unseen = np.array([source.hidden for source in lists])
    kind = rng.random(count) < VISIBLE
    draws = rng.random((count, len(lists)))
    rows = np.flatnonzero(younger)
    together = rng.random(len(rows)) < TOGETHER
    draws[rows[together]], kind[rows[together]] = draws[elder[together]], kind[elder[together]]
    if not hidden:
        return draws < VISIBLE * visible + (1 - VISIBLE) * unseen
    return draws < np.where(kind[:, None], visible, unseen)


def histories(persons: Persons, lists: tuple[Source, ...]) -> Mapping[tuple[int, ...], int]:
    """How many persons have which history of lists, those in none left out: the true table."""
    bits = 1 << np.arange(len(lists))
    codes, counts = np.unique(persons.caught @ bits, return_counts=True)
    return {
        tuple(int(bool(code & bit)) for bit in bits): int(n)
        for code, n in zip(codes, counts, strict=True)
        if code
    }
