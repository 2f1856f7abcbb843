"""Tables of counts: named dimensions, named categories, totals as margins, and what may stay visible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from types import MappingProxyType
from typing import Any, Self

TOTAL = "Total"
Coordinate = tuple[str, ...]
Key = tuple[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True)
class Dimension:
    """One way of classifying persons.

    `categories` are the codes without the total. `parents` makes it a hierarchy: child code -> parent code;
    a code without a parent hangs under the total. `overlapping` says that one person may stand under several
    categories (forms of exploitation), so that parts may add up to more than their total. `covering` says that
    every person of the total stands under at least one of them (a category for "not recorded" is among them).
    """

    name: str
    categories: tuple[str, ...]
    parents: Mapping[str, str] = field(default_factory=dict)
    overlapping: bool = False
    covering: bool = True

    def __post_init__(self) -> None:
        known = set(self.categories)
        if len(known) != len(self.categories) or TOTAL in known:
            raise ValueError(f"{self.name}: categories must be distinct and none may be called {TOTAL!r}")
        for child, parent in self.parents.items():
            if child not in known or parent not in known:
                raise ValueError(f"{self.name}: {child!r} under {parent!r} is not among the categories")
        for code in self.categories:
            seen = {code}
            while code in self.parents:
                code = self.parents[code]
                if code in seen:
                    raise ValueError(f"{self.name}: the hierarchy runs in a circle at {code!r}")
                seen.add(code)
        object.__setattr__(self, "parents", MappingProxyType(dict(self.parents)))

    @property
    def codes(self) -> tuple[str, ...]:
        """The total first, then every category."""
        return (TOTAL, *self.categories)

    def children(self) -> dict[str, tuple[str, ...]]:
        """Each code that is made of others, the total included, with its direct parts."""
        parts: dict[str, list[str]] = {}
        for code in self.categories:
            parts.setdefault(self.parents.get(code, TOTAL), []).append(code)
        return {code: tuple(parts[code]) for code in self.codes if code in parts}

    def ancestors(self, code: str) -> tuple[str, ...]:
        """The code itself, everything above it, and the total."""
        line = [code]
        while line[-1] in self.parents:
            line.append(self.parents[line[-1]])
        return (*line, TOTAL) if code != TOTAL else (TOTAL,)


@dataclass(frozen=True)
class Rule:
    """What is too small to be shown, and how much doubt an attacker must be left with.

    A cell with 1 .. threshold-1 persons is sensitive (0 as well with `suppress_zero`). From everything that
    is published nobody may be able to raise its lower bound above 1 (0 with `suppress_zero`) or to push its
    upper bound below the threshold.

    `marked`: the public is told which cells are small (A) and which are not (D). Then "1 to threshold-1" is said of
    the small ones, and the attacker, who is given all marks, must not learn more than that.
    """

    threshold: int = 5
    suppress_zero: bool = False
    marked: bool = False

    def __post_init__(self) -> None:
        if self.threshold < 2:
            raise ValueError("a threshold under 2 protects nobody")
        if self.marked and self.threshold - self.low < 2:
            raise ValueError("marks tell small counts exactly where only one count is small")

    @property
    def low(self) -> int:
        """The largest lower bound that an attacker may reach."""
        return 0 if self.suppress_zero else 1

    @property
    def high(self) -> int:
        """The smallest upper bound that an attacker may reach."""
        return self.threshold - 1 if self.marked else self.threshold

    def sensitive(self, count: int) -> bool:
        """Whether a count is too small to be shown."""
        return self.low <= count < self.threshold


@dataclass(frozen=True)
class Table:
    """True counts for every combination of codes, margins included. Never to be shown: see `protect`."""

    dimensions: tuple[Dimension, ...]
    cells: Mapping[Coordinate, int]
    population: str = "persons"

    def __post_init__(self) -> None:
        names = [dimension.name for dimension in self.dimensions]
        if len(set(names)) != len(names):
            raise ValueError("two dimensions have the same name")
        missing = [at for at in coordinates(self.dimensions) if at not in self.cells]
        if missing or len(self.cells) != size(self.dimensions):
            raise ValueError(
                f"a table needs one count for every combination; wrong or missing: {missing[:3]}"
            )
        if any(count < 0 for count in self.cells.values()):
            raise ValueError("a count of persons cannot be negative")
        object.__setattr__(self, "cells", MappingProxyType({at: int(n) for at, n in self.cells.items()}))

    @classmethod
    def from_counts(
        cls, dimensions: tuple[Dimension, ...], counts: Mapping[Coordinate, int], population: str = "persons"
    ) -> Table:
        """Build the margins from the finest counts; combinations that are absent count 0.

        Along an overlapping dimension nothing is added up: its totals (code "Total") must be among the
        counts.
        """
        cells = dict.fromkeys(coordinates(dimensions), 0)
        for at, count in counts.items():
            for target in product(*(_targets(d, code) for d, code in zip(dimensions, at, strict=True))):
                if target not in cells:
                    raise ValueError(f"{target!r} is not a combination of the table's categories")
                cells[target] += count
        return cls(dimensions, cells, population)


def _targets(dimension: Dimension, code: str) -> tuple[str, ...]:
    return (code,) if dimension.overlapping else dimension.ancestors(code)


@dataclass(frozen=True)
class Published:
    """What the world sees of a table: a count, or None where it is withheld.

    `limits`: what is said of withheld counts all the same, as least and greatest: "<5", a mark, a rounded figure.
    """

    dimensions: tuple[Dimension, ...]
    cells: Mapping[Coordinate, int | None]
    population: str = "persons"
    limits: Mapping[Coordinate, tuple[float, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "cells", MappingProxyType(dict(self.cells)))
        object.__setattr__(self, "limits", MappingProxyType(dict(self.limits)))

    def as_data(self) -> dict[str, Any]:
        """The table as data, counts in the order of `coordinates`; limits are not kept."""
        return {
            "population": self.population,
            "dimensions": [
                {
                    "name": d.name, "categories": list(d.categories), "parents": dict(d.parents),
                    "overlapping": d.overlapping, "covering": d.covering,
                }
                for d in self.dimensions
            ],
            "counts": [self.cells[at] for at in coordinates(self.dimensions)],
        }  # fmt: skip

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The table that `as_data` wrote."""
        dimensions = tuple(
            Dimension(**{**found, "categories": tuple(found["categories"])}) for found in data["dimensions"]
        )
        cells = dict(zip(coordinates(dimensions), data["counts"], strict=True))
        return cls(dimensions, cells, data["population"])


def coordinates(dimensions: tuple[Dimension, ...]) -> Iterator[Coordinate]:
    """Every combination of codes, totals first, in a fixed order."""
    return product(*(dimension.codes for dimension in dimensions))


def size(dimensions: tuple[Dimension, ...]) -> int:
    """How many combinations there are, margins included."""
    cells = 1
    for dimension in dimensions:
        cells *= len(dimension.codes)
    return cells


def keys_of(table: Table | Published) -> Iterator[Key]:
    """The key of every cell, in the order of `coordinates`: `key_of` for a whole table at once."""
    order = sorted(range(len(table.dimensions)), key=lambda place: table.dimensions[place].name)
    names = [table.dimensions[place].name for place in order]
    for at in coordinates(table.dimensions):
        codes = [at[place] for place in order]
        yield (
            table.population,
            tuple([(name, code) for name, code in zip(names, codes, strict=True) if code != TOTAL]),
        )


def key_of(population: str, dimensions: tuple[Dimension, ...], at: Coordinate) -> Key:
    """The same persons have the same key in every table: totals say nothing and are left out."""
    parts = sorted((d.name, code) for d, code in zip(dimensions, at, strict=True) if code != TOTAL)
    return population, tuple(parts)
