"""Capture histories as counts: how many people were seen on exactly this combination of lists.

A history is a number whose bit j says whether list j saw the person (list 0 is the lowest bit); history 0, seen by
nobody, is what is estimated and is never in the table.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from palermo.estimation.problems import MOST, BadInput, Problem
from palermo.estimation.results import Caution, Level
from palermo.saying import phrase

LEAST_LISTS = 2
MOST_LISTS = 16
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class CaptureTable:
    """Counts by history for two to sixteen lists.

    `counts` has 2**K whole numbers, `counts[0]` is 0. `suppressed` names histories whose count is only known to lie
    between two ends (both included), such as "<5"; their entry in `counts` is the lower end. `cautions` is what was
    noticed while the table was read and must reach the reader of every estimate.
    """

    lists: tuple[str, ...]
    counts: Counts
    suppressed: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    cautions: tuple[Caution, ...] = ()

    @staticmethod
    def from_counts(
        lists: Sequence[str],
        counts: Mapping[int | str | tuple[int, ...], int],
        *,
        suppressed: Mapping[int | str | tuple[int, ...], tuple[int, int]] | None = None,
    ) -> CaptureTable:
        """A table from counts by history; a history is a number, a text such as "110" or a tuple (list 0 first).

        Raises BadInput with everything that is wrong.
        """
        problems = list(_name_problems(lists))
        dense = np.zeros(1 << min(len(lists), MOST_LISTS), dtype=np.int64)
        for history, count in counts.items():
            mask = _mask(history, len(lists))
            problem = _count_problem(mask, count, len(lists), str(history))
            if problem:
                problems.append(problem)
            elif mask is not None:
                dense[mask] += int(count)
        hidden: dict[int, tuple[int, int]] = {}
        for history, (low, high) in (suppressed or {}).items():
            mask = _mask(history, len(lists))
            if not mask or low < 0 or high < low or dense[mask]:
                problems.append(
                    Problem("interval", phrase("an interval needs a history without a count and 0 <= low <= high"),
                            value=f"{history}: {low}-{high}")
                )  # fmt: skip
            else:
                hidden[mask] = (int(low), int(high))
                dense[mask] = int(low)
        if problems:
            raise BadInput(problems[:MOST])
        return _checked(tuple(lists), dense, hidden, ())

    @staticmethod
    def from_histories(
        lists: Sequence[str], histories: Iterable[int], *, cautions: Sequence[Caution] = ()
    ) -> CaptureTable:
        """A table from one history a person, as a linkage step gives them. Histories of 0 are refused."""
        problems = list(_name_problems(lists))
        found = np.fromiter(histories, dtype=np.int64)
        if len(found) and (found.min() < 1 or found.max() >= 1 << len(lists)):
            problems.append(
                Problem("history", phrase("a person must be on at least one of the lists, and on no other"))
            )
        if problems:
            raise BadInput(problems)
        dense = np.bincount(found, minlength=1 << len(lists)).astype(np.int64)
        return _checked(tuple(lists), dense, {}, tuple(cautions))

    def as_json(self) -> dict[str, Any]:
        """The table as plain values, which `from_json` reads back: lists, cells seen, intervals, cautions."""
        return {
            "lists": list(self.lists),
            "cells": [list(cell) for cell in self.cells()],
            "suppressed": [[mask, low, high] for mask, (low, high) in sorted(self.suppressed.items())],
            "cautions": [caution.as_json() for caution in self.cautions],
        }

    @staticmethod
    def from_json(found: Mapping[str, Any]) -> CaptureTable:
        """The table that `as_json` wrote."""
        counts = np.zeros(1 << len(found["lists"]), dtype=np.int64)
        for mask, count in found["cells"]:
            counts[mask] = count
        return CaptureTable(
            tuple(found["lists"]),
            counts,
            {mask: (low, high) for mask, low, high in found["suppressed"]},
            tuple(Caution.from_json(one) for one in found["cautions"]),
        )

    @property
    def k(self) -> int:
        """The number of lists."""
        return len(self.lists)

    @cached_property
    def n(self) -> int:
        """People observed (suppressed cells at their lower end)."""
        return int(self.counts.sum())

    @cached_property
    def totals(self) -> Counts:
        """How many people are on each list."""
        masks = np.arange(len(self.counts))
        return np.array([self.counts[(masks >> j) & 1 == 1].sum() for j in range(self.k)], dtype=np.int64)

    @cached_property
    def overlaps(self) -> Counts:
        """K x K: people on both of two lists; on the diagonal the lists themselves."""
        masks = np.arange(len(self.counts))
        bits = ((masks[:, None] >> np.arange(self.k)) & 1).astype(np.int64)
        return (bits * self.counts[:, None]).T @ bits

    @cached_property
    def hash(self) -> str:
        """SHA-256 of what the table says: lists, counts, intervals; the same whatever the order of rows."""
        text = [",".join(self.lists), *(f"{mask}:{count}" for mask, count in self.cells())]
        text += [f"{mask}:{low}-{high}" for mask, (low, high) in sorted(self.suppressed.items())]
        return hashlib.sha256("\n".join(text).encode()).hexdigest()

    def cells(self) -> list[tuple[int, int]]:
        """Histories that were seen with their counts, in the order of the numbers."""
        return [(int(mask), int(self.counts[mask])) for mask in np.flatnonzero(self.counts)]

    def without(self, j: int) -> CaptureTable:
        """The table that would have been had list j never existed (people only on it are not seen)."""
        keep = [one for one in range(self.k) if one != j]
        return self._mapped(tuple(self.lists[one] for one in keep), [[one] for one in keep])

    def merged(self, *groups: Sequence[int]) -> CaptureTable:
        """The table in which the lists of each group count as one list; lists in no group stay themselves."""
        grouped = {one for group in groups for one in group}
        parts = [list(group) for group in groups] + [[one] for one in range(self.k) if one not in grouped]
        parts.sort(key=min)
        return self._mapped(tuple("+".join(self.lists[one] for one in part) for part in parts), parts)

    def _mapped(self, lists: tuple[str, ...], parts: Sequence[Sequence[int]]) -> CaptureTable:
        masks = np.arange(len(self.counts))
        target = np.zeros_like(masks)
        for new, part in enumerate(parts):
            seen = np.zeros(len(masks), dtype=bool)
            for old in part:
                seen |= (masks >> old) & 1 == 1
            target |= seen.astype(np.int64) << new
        dense = np.bincount(target, weights=self.counts, minlength=1 << len(lists)).astype(np.int64)
        dense[0] = 0
        return CaptureTable(lists, dense, {}, self.cautions)


def _name_problems(lists: Sequence[str]) -> Iterable[Problem]:
    if not LEAST_LISTS <= len(lists) <= MOST_LISTS:
        yield Problem(
            "lists",
            phrase(
                "{number} lists: estimation needs at least {least_lists} and takes at most {most_lists}",
                number=len(lists),
                least_lists=LEAST_LISTS,
                most_lists=MOST_LISTS,
            ),
        )
    for name in {one for one in lists if list(lists).count(one) > 1}:
        yield Problem("lists", phrase("two lists have the same name"), column=name)


def _mask(history: int | str | tuple[int, ...], k: int) -> int | None:
    if isinstance(history, (int, np.integer)):
        return int(history) if 0 <= history < 1 << k else None
    digits = tuple(history)
    if len(digits) != k or any(str(digit) not in ("0", "1") for digit in digits):
        return None
    return sum(1 << j for j, digit in enumerate(digits) if str(digit) == "1")


def _count_problem(mask: int | None, count: float, k: int, history: str) -> Problem | None:
    if mask is None:
        return Problem("history", phrase("a history has {k} digits, each 0 or 1", k=k), value=history)
    if count != count or count in (float("inf"), float("-inf")) or int(count) != count or count < 0:
        return Problem("count", phrase("a count is a whole number, 0 or more"), value=str(count))
    if mask == 0 and count:
        return Problem("nobody", phrase("people on no list cannot have been counted"), value=history)
    return None


def _checked(
    lists: tuple[str, ...],
    counts: Counts,
    suppressed: dict[int, tuple[int, int]],
    cautions: tuple[Caution, ...],
) -> CaptureTable:
    """The table with what must be said about it; a list that saw nobody is left out, and named."""
    table = CaptureTable(lists, counts, suppressed, cautions)
    if not table.n and not suppressed:
        raise BadInput([Problem("empty", phrase("the table counts nobody"))])
    possible = counts.copy()
    for mask, (_low, high) in suppressed.items():
        possible[mask] = high
    most = CaptureTable(lists, possible)
    empty = [j for j in range(table.k) if not most.totals[j]]
    if empty:
        table = _without_empty(table, empty)
    return _twins_named(table, most) if not empty else _twins_named(table, table)


def _without_empty(table: CaptureTable, empty: Sequence[int]) -> CaptureTable:
    names = [table.lists[j] for j in empty]
    keep = [j for j in range(table.k) if j not in empty]
    if len(keep) < LEAST_LISTS:
        raise BadInput(
            [
                Problem(
                    "empty_list",
                    phrase("fewer than two lists saw anybody; nothing can be estimated"),
                    column=", ".join(names),
                )
            ]
        )
    dense = np.zeros(1 << len(keep), dtype=np.int64)
    hidden: dict[int, tuple[int, int]] = {}
    for mask in range(len(table.counts)):
        moved = sum(1 << new for new, old in enumerate(keep) if mask >> old & 1)
        dense[moved] += table.counts[mask]
        if mask in table.suppressed:
            hidden[moved] = table.suppressed[mask]
    said = Caution(
        "empty_list",
        Level.CARE,
        phrase("Nobody was seen by {names}; the estimate does without.", names=names),
        {"lists": names},
    )
    return CaptureTable(tuple(table.lists[j] for j in keep), dense, hidden, (*table.cautions, said))


def _twins_named(table: CaptureTable, most: CaptureTable) -> CaptureTable:
    """Two lists that saw exactly the same people are one list copied: no estimate may stand on both."""
    both, alone = most.overlaps, most.totals
    twins = [
        (table.lists[i], table.lists[j])
        for i in range(table.k)
        for j in range(i + 1, table.k)
        if both[i, j] == alone[i] == alone[j]
    ]
    if not twins:
        return table
    said = Caution(
        "duplicated_list", Level.HARD,
        phrase(
            "These lists saw exactly the same people, so that one is a copy of the other: {named}. Leave one out.",
            named=twins,
        ),
        {"lists": [list(pair) for pair in twins]},
    )  # fmt: skip
    return CaptureTable(table.lists, table.counts, table.suppressed, (*table.cautions, said))
