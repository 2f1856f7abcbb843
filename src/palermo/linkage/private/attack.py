"""An attack on encoded lists by what everybody knows: how frequent names are. For tests and figures, not for use.

The attacker has the filters, this program and all its parameters, and a list of other people of the same country in
clear (so the frequency of every fact, and how facts go together), but neither key nor anybody on the encoded list.

1. Mining (Christen, Schnell, Vatsalan and Ranbaduge 2017 and 2018): marks that come together more often than chance
   belong to one fact; the records that carry them all have it.
2. Alignment: patterns and known facts are put in one order of frequency, and then moved so that patterns go together
   as often as the facts do (the graph of both, as in Vidanage and others 2020, without known persons).
3. Every record that carries an aligned pattern is said to have the names in that fact.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from palermo.linkage.people import PersonList, PersonRecord
from palermo.linkage.private.parameters import words_of
from palermo.linkage.private.tokens import crossings, name_sounds

ATTACKED = ("names", "birth", "sex", "nationality", "place")
NAMED_SEGMENTS = ("sounds", "spelling", "given", "family", "day", "sex", "nationality", "place")
MOST_PATTERNS, MOST_FACTS, MOST_MARKS = 80, 240, 40
NEARLY_EQUAL = 0.7  # correlation of two segments of one content, of which flips have turned some bits over
CARRIED = 0.85  # of a pattern's marks that a record must have (flips take some away)
ROUNDS = 6
Words = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]
Facts = Callable[[PersonRecord], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Known:
    """Facts by frequency: the share of people that have each, the share that have two of them, most frequent first."""

    facts: tuple[str, ...]
    share: Floats
    together: Floats


@dataclass(frozen=True, slots=True)
class Named:
    """Shares of the records. claimed: given a name by the attack; right: that have it (one of their names at least);
    chance: that would be right if the same claims were dealt out at random; won: right less chance."""

    patterns: int
    claimed: float
    right: float
    chance: float

    @property
    def won(self) -> float:
        return self.right - self.chance


def single_facts(record: PersonRecord) -> frozenset[str]:
    """What a naive encoding marks: the sound of each name by itself."""
    return name_sounds(record)


def paired_facts(record: PersonRecord, segment: str = "") -> frozenset[str]:
    """What ours marks, in one segment or in all: facts bound together, of which those with a name are worth knowing."""
    return frozenset(
        "|".join(sorted((one, other, *third)))
        for place, _kind, left, right, third in crossings(record, ATTACKED)
        if not segment or place == segment
        for one in left
        for other in right
        if one[0] == "s" or other[0] == "s"
    )


def whole_facts(record: PersonRecord, segment: str) -> frozenset[str]:
    """All that one segment marks, as a single fact: two Ahmed Hassans have one and the same."""
    every = sorted(paired_facts(record, segment))
    return frozenset({"|".join(every)} if every else ())


def naive(people: PersonList, key: bytes, *, bits: int = 1024, marks: int = 30) -> Words:
    """The encoding that this attack is known to break: every name's sound marks positions of its own, nothing folded,
    nothing turned over (a keyed Bloom filter as in Schnell, Bachteler and Reiher 2009, with sounds for pieces)."""
    made = np.zeros((len(people), bits), bool)
    known: dict[str, npt.NDArray[np.int64]] = {}
    for place, record in enumerate(people.rows()):
        for fact in single_facts(record):
            if fact not in known:
                stream = hashlib.shake_256(key + fact.encode()).digest(2 * marks)
                known[fact] = np.frombuffer(stream, "<u2").astype(np.int64) % bits
            made[place, known[fact]] = True
    return np.packbits(made, axis=1, bitorder="little").view(np.uint64)


def known(people: PersonList, facts: Facts) -> Known:
    """The frequencies in a list of other people in clear."""
    rows = [facts(record) for record in people.rows()]
    counts: dict[str, int] = {}
    for row in rows:
        for fact in row:
            counts[fact] = counts.get(fact, 0) + 1
    top = sorted(counts, key=lambda fact: (-counts[fact], fact))[:MOST_FACTS]
    place = {fact: at for at, fact in enumerate(top)}
    has = np.zeros((len(rows), len(top)), np.float32)
    for at, row in enumerate(rows):
        for fact in row & place.keys():
            has[at, place[fact]] = 1
    return Known(
        tuple(top), has.mean(axis=0).astype(np.float64), (has.T @ has / max(1, len(rows))).astype(np.float64)
    )


def attack(
    filters: Words,
    public: Known,
    truth: Sequence[frozenset[str]],
    rng: np.random.Generator,
    *,
    sure: float = 6.0,
) -> Named:
    """What the attack wins. truth: for each record the sounds of its names, to judge the claims by."""
    return claimed(mined(filters, sure), public, truth, rng)


def claimed(
    carriers: Sequence[npt.NDArray[np.int64]],
    public: Known,
    truth: Sequence[frozenset[str]],
    rng: np.random.Generator,
) -> Named:
    """What the attack wins by patterns of which it knows who carries them."""
    if not carriers or not public.facts:
        return Named(0, 0.0, 0.0, 0.0)
    aligned = align(carriers, public)
    claims: list[set[str]] = [set() for _ in truth]
    for rows, fact in zip(carriers, aligned, strict=True):
        for row in rows:
            claims[row] |= {part for part in public.facts[fact].split("|") if part[0] == "s"}

    def right(order: npt.NDArray[np.int64]) -> float:
        return float(np.mean([bool(claim & truth[at]) for claim, at in zip(claims, order, strict=True)]))

    dealt = [right(rng.permutation(len(truth))) for _ in range(5)]
    return Named(
        len(carriers), float(np.mean([bool(claim) for claim in claims])), right(np.arange(len(truth))),
        float(np.mean(dealt)),
    )  # fmt: skip


def tried(
    filters: Words, others: PersonList, truth: Sequence[frozenset[str]], rng: np.random.Generator
) -> dict[str, Named]:
    """Every way of attack that is known here, on the whole filter and on each segment by itself, by name.

    others: people of the same country in clear; truth: as in `attack`.
    """
    found = {}
    for segment in ("", *NAMED_SEGMENTS):
        part = filters[:, words_of(segment)] if segment else filters
        ways: dict[str, Known] = {"single": known(others, single_facts)}
        ways["paired"] = known(others, partial(paired_facts, segment=segment))
        for sure in (6.0, 4.5):
            carriers = mined(part, sure)
            for way, public in ways.items():
                found[f"{segment or 'whole'}, {way}, {sure}"] = claimed(carriers, public, truth, rng)
        if segment:
            public = known(others, partial(whole_facts, segment=segment))
            found[f"{segment}, groups"] = claimed(grouped(part), public, truth, rng)
    return found


def grouped(filters: Words) -> list[npt.NDArray[np.int64]]:
    """The records whose segments are nearly equal, the largest group first: what is counted where a segment hides
    no more than one name does."""
    bits = np.unpackbits(np.ascontiguousarray(filters).view(np.uint8), axis=1, bitorder="little").astype(
        np.float32
    )
    spread = bits.std(axis=1, keepdims=True)
    bits = (bits - bits.mean(axis=1, keepdims=True)) / np.where(spread > 0, spread, 1)
    free, found = spread[:, 0] > 0, []
    alike = [np.nonzero(row / filters.shape[1] / 64 >= NEARLY_EQUAL)[0] for row in _rows(bits)]
    for place in sorted(range(len(alike)), key=lambda at: -len(alike[at])):
        members = alike[place][free[alike[place]]]
        if len(members) > 2 and free[place]:
            free[members] = False
            found.append(members.astype(np.int64))
        if len(found) == MOST_PATTERNS:
            break
    return sorted(found, key=len, reverse=True)


def _rows(bits: npt.NDArray[np.float32]) -> Iterator[npt.NDArray[np.float32]]:
    for start in range(0, len(bits), 1024):
        yield from bits[start : start + 1024] @ bits.T


def mined(filters: Words, sure: float = 6.0) -> list[npt.NDArray[np.int64]]:
    """The records that carry each pattern of marks that come together, the most frequent pattern first.

    sure: how many standard errors above chance two marks must come together to begin a pattern.
    """
    bits = np.unpackbits(np.ascontiguousarray(filters).view(np.uint8), axis=1, bitorder="little").astype(
        np.float32
    )
    share = bits.mean(axis=0)
    spread = np.sqrt(np.clip(share * (1 - share), 1e-9, None))
    joint = bits.T @ bits / len(bits) - np.outer(share, share)
    likeness = np.asarray(joint / np.outer(spread, spread), np.float32)
    np.fill_diagonal(likeness, 0)
    likeness[:, (share < 1e-4) | (share > 1 - 1e-4)] = 0
    noise, free = sure / np.sqrt(len(bits)), np.ones(len(share), bool)
    found: list[npt.NDArray[np.int64]] = []
    while len(found) < MOST_PATTERNS:
        best = np.where(np.outer(free, free), likeness, 0)
        at = np.unravel_index(int(best.argmax()), best.shape)
        if best[at] < noise:
            break
        marks = _grown(likeness, [int(at[0]), int(at[1])], noise)
        free[marks] = False
        rows = np.nonzero(bits[:, marks].mean(axis=1) >= CARRIED)[0]
        if len(marks) > 2 and len(rows) > 2:
            found.append(rows.astype(np.int64))
    return sorted(found, key=len, reverse=True)


def _grown(likeness: npt.NDArray[np.float32], marks: list[int], noise: float) -> list[int]:
    """The pattern around two marks: others join while they are half as like the pattern as it is in itself."""
    total = likeness[marks].sum(axis=0)
    inner = float(likeness[marks[0], marks[1]])
    while len(marks) < MOST_MARKS:
        mean = total / len(marks)
        mean[marks] = -1
        at = int(mean.argmax())
        if mean[at] < max(noise, inner / 2):
            break
        inner += (float(mean[at]) - inner) / (len(marks) + 1)
        marks.append(at)
        total = total + likeness[at]
    return marks


def align(carriers: Sequence[npt.NDArray[np.int64]], public: Known) -> list[int]:
    """A known fact for each pattern: by rank of frequency first, then so that both go together alike."""
    rows = 1 + max(int(one.max()) for one in carriers)
    has = np.zeros((rows, len(carriers)), np.float32)
    for at, one in enumerate(carriers):
        has[one, at] = 1
    seen = (has.T @ has / rows).astype(np.float64)
    many = min(len(carriers), len(public.facts))
    chosen = list(range(many)) + [len(public.facts) - 1] * (len(carriers) - many)
    least = 1 / rows
    for _round in range(ROUNDS):
        before = list(chosen)
        for pattern in range(many):
            others = [one for one in range(many) if one != pattern]
            facts = [chosen[one] for one in others]
            expected = public.together[:, facts]
            cost = ((seen[pattern, others] - expected) ** 2 / (expected + least)).sum(axis=1)
            cost += (seen[pattern, pattern] - public.share) ** 2 / (public.share + least)
            cost[facts] = np.inf
            chosen[pattern] = int(cost.argmin())
        if chosen == before:
            break
    return chosen
