"""An attacker who takes published counts from one another, and what he can prove of the people between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from palermo.fieldwork.estimates import Value
from palermo.fieldwork.indicators import compute
from palermo.fieldwork.publishing import LEAST, SHARES, publishable
from palermo.fieldwork.reading import read
from palermo.fieldwork.rounding import mark, may_follow, rounded, to_base
from palermo.fieldwork.rounds import Round
from palermo.fieldwork.simulation import varied

COUNTED = ("D1", "R1", "R2", "R3", "R5", "F4", "F6", "M1", "A1", "A3", "A5", "A6")


@dataclass(frozen=True, slots=True)
class Told:
    """A count that published values tell: what it is called, the figure, and how far the true one may lie from it."""

    name: tuple[str, ...]
    count: float
    blur: int


def counts(values: Sequence[Value], blur: int) -> list[Told]:
    """All counts of people that can be read from published values: who answered, who gave the answer, who did not."""
    found = []
    for one in values:
        if one.value is None:
            continue
        name = (one.code, *one.cell)
        if one.code == "R1":
            found.append(Told((*name, "people"), one.value, blur))
        elif one.method == SHARES:
            gave = one.value * one.n
            found.append(Told((*name, "answered"), float(one.n), blur))
            found += [Told((*name, "gave"), gave, blur), Told((*name, "did not"), one.n - gave, 2 * blur)]
        else:
            found.append(Told((*name, "answered"), float(one.n), blur))
    return found


def small(one: Told) -> bool:
    """A count of one to four by itself."""
    return 0 < round(one.count) < LEAST


def proved(one: Told, other: Told) -> bool:
    """Whether the difference of two counts, of which one holds the other, is proved to be of one to four people."""
    gap, blur = abs(one.count - other.count), one.blur + other.blur
    return round(gap) - blur >= 1 and round(gap) + blur < LEAST


def differs_by_few(one: Told, other: Told) -> bool:
    """Whether the difference as it is published is one to four: what a reader who just subtracts would take for it."""
    return 0 < round(abs(one.count - other.count)) < LEAST


@dataclass(slots=True)
class Found:
    """What an attacker got: releases taken and refused, queries asked, counts of one to four read, taken, proved."""

    releases: int = 0
    refused: int = 0
    queries: int = 0
    small: int = 0
    few: int = 0
    proved: int = 0


def trial(rng: np.random.Generator, *, studies: int, queries: int, protected: bool = True) -> Found:
    """Invented studies that come out again and again as they grow; `queries` random counts and as many random pairs.

    Pairs are of one release, or of two releases of a study. Not `protected`: as if nothing were withheld or rounded.
    """
    found, shelves = Found(), []
    for _study in range(studies):
        shelves.append(_released(rng, found, protected))
    for _query in range(queries):
        told = shelves[int(rng.integers(len(shelves)))]
        one, other = (told[int(rng.integers(len(told)))] for _turn in range(2))
        pair = [one[int(rng.integers(len(one)))], other[int(rng.integers(len(other)))]]
        # An attacker asks what changed: half of the pairs are the same count in two releases.
        if rng.random() < 0.5:
            pair[1] = next((same for same in other if same.name == pair[0].name), pair[1])
        found.queries += 2
        found.small += small(pair[0])
        found.few += differs_by_few(*pair)
        found.proved += proved(*pair)
    return found


def _released(rng: np.random.Generator, found: Found, protected: bool) -> list[list[Told]]:
    """The counts of every release of one study that was not refused."""
    answers = [read(one, "S1") for one in varied(int(rng.integers(120, 260)), rng)]
    shelf: list[list[Told]] = []
    earlier: list[tuple[int, str]] = []
    people = int(rng.integers(15, 90))
    while people <= len(answers):
        whole = Round(answers[:people], "invented", np.random.default_rng(1), None, replicates=2)
        values = [one for code in COUNTED for one in compute(whole, code)]
        if protected:
            values = rounded(publishable(values))
        marked, size = mark(asdict(one) for one in values), to_base(people)
        if not protected or may_follow(size, marked, earlier):
            earlier.append((size, marked))
            shelf.append(counts(values, LEAST // 2 if protected else 0))
            found.releases += 1
        else:
            found.refused += 1
        people += int(rng.integers(1, 25))
    return shelf
