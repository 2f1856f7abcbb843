"""What the report is told: plain numbers about the file, the promise, the losses and the published counts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

SIGMAS = 3.0
WITHIN = 1.96  # standard deviations that hold a count 19 times of 20


@dataclass(frozen=True)
class Contents:
    """What is in the file: its rows, its columns with the number of categories of each."""

    rows: int
    columns: Mapping[str, int]


@dataclass(frozen=True)
class Promise:
    """What was spent: the (epsilon, delta) of this release, and with it all that the same people's data have
    spent and may spend in all (`spent`, `cap`), where a ledger knows."""

    epsilon: float
    delta: float
    spent: float | None = None
    cap: float | None = None


@dataclass(frozen=True)
class Losses:
    """What an analyst loses, by the number of columns looked at together: mean proportional error of real
    combinations of at least ten, share of these that are missing (`lost`), share of the file's combinations
    that nobody has (`fabricated`); k-marginals on the scale from 0 to 1000, by columns; the same for two files
    to compare with: columns shuffled each by itself, and a copy of the records with repetition."""

    error: Mapping[int, float] = field(default_factory=dict)
    lost: Mapping[int, float] = field(default_factory=dict)
    fabricated: Mapping[int, float] = field(default_factory=dict)
    marginals: Mapping[int, float] = field(default_factory=dict)
    shuffled: Mapping[int, float] = field(default_factory=dict)
    copied: Mapping[int, float] = field(default_factory=dict)


class Loss(Protocol):
    """What `palermo.disclosure.synthesis.utility` finds for one length of combination."""

    @property
    def length(self) -> int: ...
    @property
    def error(self) -> float: ...
    @property
    def lost(self) -> float: ...
    @property
    def fabricated(self) -> float: ...
    @property
    def k_marginal(self) -> float: ...


def losses_of(release: Iterable[Loss], shuffled: Iterable[Loss] = (), copied: Iterable[Loss] = ()) -> Losses:
    """Losses from what was found for the release and for the files to compare with."""
    found = tuple(release)
    return Losses(
        error={one.length: one.error for one in found},
        lost={one.length: one.lost for one in found},
        fabricated={one.length: one.fabricated for one in found},
        marginals={one.length: one.k_marginal for one in found if one.length > 1},
        shuffled={one.length: one.k_marginal for one in shuffled if one.length > 1},
        copied={one.length: one.k_marginal for one in copied if one.length > 1},
    )


@dataclass(frozen=True)
class Noisy:
    """A published count with noise: of which values of which columns, and the noise's standard deviation."""

    columns: tuple[str, ...]
    values: tuple[str, ...]
    count: float
    sigma: float


class Cell(Protocol):
    """A cell of a published table as `palermo.disclosure.synthesis.result` gives it: the true count is `within` so many
    of it, 19 times of 20."""

    @property
    def columns(self) -> tuple[str, ...]: ...
    @property
    def values(self) -> tuple[str, ...]: ...
    @property
    def count(self) -> int: ...
    @property
    def within(self) -> float: ...


def noisy_of(cells: Iterable[Cell]) -> tuple[Noisy, ...]:
    """Counts with their noise from the cells of a release."""
    return tuple(Noisy(one.columns, one.values, one.count, one.within / WITHIN) for one in cells)


def unreliable(counts: Iterable[Noisy], *, sigmas: float = SIGMAS) -> tuple[Noisy, ...]:
    """The published counts that noise alone could have made: below three standard deviations."""
    return tuple(one for one in counts if one.count < sigmas * one.sigma)


def factor(epsilon: float) -> float:
    """By how much the odds of any statement about a person can change because that person is in the data."""
    return math.exp(epsilon)


def believed(before: float, epsilon: float) -> float:
    """The most that somebody can believe afterwards who believed `before` (both as probabilities)."""
    odds = before / (1 - before) * factor(epsilon)
    return odds / (1 + odds)
