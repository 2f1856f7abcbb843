"""Counts that are sensitive for another reason than their size: a contributor who dominates, a group in one category.

Dominance concerns contributors (organisations that report persons), not persons: the (n, k) and p% rules, see
Hundepool and others, Statistical Disclosure Control (2012), chapter 4.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from palermo.disclosure.system import UNBOUNDED
from palermo.disclosure.tables import TOTAL, Coordinate, Key, Table, coordinates, key_of


@dataclass(frozen=True)
class Dominance:
    """Sensitive where the `n` largest contributors give more than `k` % of a count, or where the second largest could
    estimate the largest to within `p` %. 0 leaves a rule out."""

    n: int = 0
    k: float = 0.0
    p: float = 0.0

    def __post_init__(self) -> None:
        if self.n < 0 or not 0 <= self.k <= 100 or not 0 <= self.p <= 100 or bool(self.n) != bool(self.k):
            raise ValueError("dominance is n contributors and k percent (over 0, at most 100)")


def doubt(total: float, largest: Sequence[float], rule: Dominance) -> tuple[float, float] | None:
    """The interval that an attacker must be left with for a dominated count; None where nobody dominates it."""
    sizes = sorted(largest, reverse=True)
    needs = []
    if rule.n and sum(sizes[: rule.n]) > rule.k / 100 * total:
        needs.append(100 / rule.k * sum(sizes[: rule.n]) - total)
    if rule.p and sizes:
        rest = total - sum(sizes[:2])
        if rest < rule.p / 100 * sizes[0]:
            needs.append(rule.p / 100 * sizes[0] - rest)
    if not needs:
        return None
    need = max(1, ceil(max(needs)))
    return max(0.0, total - need), total + need


def full_cells(tables: Sequence[Table]) -> dict[Key, tuple[float, float]]:
    """Groups all of whose persons stand in one category: who knows that somebody is in the group knows the category.

    The full count must be able to be smaller, and the zeros beside it larger.
    """
    found: dict[Key, tuple[float, float]] = {}
    for table in tables:
        for total, parts in _lines(table):
            counts = [table.cells[at] for at in parts]
            if table.cells[total] == 0 or len(parts) < 2 or max(counts) < table.cells[total]:
                continue
            for at, count in zip(parts, counts, strict=True):
                key = key_of(table.population, table.dimensions, at)
                found[key] = (0.0, 1.0) if count == 0 else (count - 1.0, min(float(count), UNBOUNDED))
    return found


def _lines(table: Table) -> Iterator[tuple[Coordinate, list[Coordinate]]]:
    """Every sum of a table: the whole and its parts."""
    for axis, dimension in enumerate(table.dimensions):
        if dimension.overlapping:
            continue
        for at in coordinates(table.dimensions):
            if at[axis] != TOTAL:
                continue
            for whole, parts in dimension.children().items():
                yield (
                    (*at[:axis], whole, *at[axis + 1 :]),
                    [(*at[:axis], part, *at[axis + 1 :]) for part in parts],
                )
