"""Capture tables by stratum: sex, age, form of exploitation, year, place.

Each stratum has its own counts over the same lists. A list may not have operated in a stratum (a year before it began):
its histories cannot occur there, which is not the same as a zero. A person may lack the value of a dimension: such
rows are kept apart and shared out by EM. Cells may be suppressed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from palermo.estimation.mse.glm import Numbers
from palermo.estimation.mse.table import LEAST_LISTS, CaptureTable, Counts
from palermo.estimation.problems import MOST, BadInput, Problem
from palermo.estimation.results import Caution, Level
from palermo.saying import phrase

Key = tuple[str, ...]
Partial = tuple[str | None, ...]
Row = tuple[Sequence[str | None], int | str, int | tuple[int, int]]
TWICE = {
    "lists": phrase("two lists have the same name"),
    "dimensions": phrase("two dimensions have the same name"),
}
MOST_CELLS = 1 << 20  # strata times histories


@dataclass(frozen=True, eq=False)
class StratifiedTable:
    """Counts by stratum (row) and history (column).

    `keys` names each stratum by its value of every dimension; `operating` says which lists worked there; `partial`
    holds the counts of people who lack a value (None in their key); `suppressed` maps (stratum, history) to the two
    ends between which a count lies.
    """

    lists: tuple[str, ...]
    dimensions: tuple[str, ...]
    keys: tuple[Key, ...]
    counts: Counts
    operating: npt.NDArray[np.bool_]
    partial: tuple[tuple[Partial, Counts], ...] = ()
    suppressed: Mapping[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    cautions: tuple[Caution, ...] = ()

    @staticmethod
    def from_rows(
        lists: Sequence[str],
        dimensions: Sequence[str],
        rows: Iterable[Row],
        *,
        absent: Iterable[tuple[Mapping[str, str], str]] = (),
    ) -> StratifiedTable:
        """From rows (values of the dimensions, history, count); a value may be None, a count an interval (low, high).

        `absent` names lists that did not operate: ({"year": "2014"}, "hotline"). Raises BadInput with all problems.
        """
        reader = _Reader(tuple(lists), tuple(dimensions))
        for number, row in enumerate(rows, 1):
            reader.take(number, row)
        return reader.table(list(absent))

    @property
    def k(self) -> int:
        return len(self.lists)

    @cached_property
    def n(self) -> int:
        """All people observed, also those who lack a value."""
        return int(self.counts.sum()) + sum(int(counts.sum()) for _key, counts in self.partial)

    @cached_property
    def possible(self) -> npt.NDArray[np.bool_]:
        """Stratum by history: whether somebody there could have this history (history 0 cannot be counted)."""
        masks = np.arange(1 << self.k)
        allowed = self.operating.astype(np.int64) @ (1 << np.arange(self.k))
        found: npt.NDArray[np.bool_] = ((masks[None, :] & ~allowed[:, None]) == 0) & (masks > 0)
        return found

    @cached_property
    def compatible(self) -> npt.NDArray[np.bool_]:
        """Partial key by stratum: whether the person could belong there."""
        return np.array(
            [
                [
                    all(want in (None, have) for want, have in zip(key, full, strict=True))
                    for full in self.keys
                ]
                for key, _counts in self.partial
            ],
            dtype=bool,
        ).reshape(len(self.partial), len(self.keys))

    @cached_property
    def hash(self) -> str:
        """SHA-256 of what the table says, whatever the order of rows."""
        said = [",".join(self.lists), ",".join(self.dimensions)]
        lines = []
        for s, key in enumerate(self.keys):
            lines.append(f"{key}|{''.join(str(int(one)) for one in self.operating[s])}")
            lines += [f"{key}|{mask}:{self.counts[s, mask]}" for mask in np.flatnonzero(self.counts[s])]
        lines += [f"{self.keys[s]}|{mask}:{ends}" for (s, mask), ends in self.suppressed.items()]
        lines += [f"{key}|{mask}:{row[mask]}" for key, row in self.partial for mask in np.flatnonzero(row)]
        return hashlib.sha256("\n".join(said + sorted(lines)).encode()).hexdigest()

    def table(self, s: int, counts: Numbers | None = None) -> CaptureTable | None:
        """The capture table of one stratum over the lists that operated there (`counts` in place of the observed);
        None where nobody was seen or fewer than two lists saw anybody."""
        row = self.counts[s] if counts is None else counts
        kept = [j for j in range(self.k) if self.operating[s, j]]
        place = {self._moved(int(mask), kept): int(mask) for mask in np.flatnonzero(self.possible[s])}
        hidden: dict[int | str | tuple[int, ...], tuple[int, int]] = {
            self._moved(mask, kept): ends
            for (where, mask), ends in self.suppressed.items()
            if where == s and counts is None
        }
        try:
            return CaptureTable.from_counts(
                [self.lists[j] for j in kept],
                {new: int(row[old]) for new, old in place.items() if row[old] and new not in hidden},
                suppressed=hidden,
            )
        except BadInput:
            return None

    @staticmethod
    def _moved(mask: int, kept: Sequence[int]) -> int:
        return sum(1 << new for new, old in enumerate(kept) if mask >> old & 1)

    def completed(self, expected: Numbers | None = None) -> Numbers:
        """Counts with people who lack a value shared out over the strata they could belong to, history by history, in
        proportion to `expected` (default: the completed counts themselves, iterated; EM, missing at random)."""
        base: Numbers = self.counts.astype(float)
        if not self.partial:
            return base
        found: Numbers
        if expected is not None:
            found = base + self.shares(expected).sum(axis=0)
            return found
        found = base + self.shares(base + 1e-6 * self.possible).sum(axis=0)
        for _round in range(200):
            before, found = found, base + self.shares(found).sum(axis=0)
            if np.abs(found - before).max() < 1e-8:
                break
        return found

    def shares(self, expected: Numbers) -> Numbers:
        """(partial key, stratum, history): how the people of each partial row are shared out."""
        weight = self.compatible[:, :, None] * np.where(self.possible, expected, 0.0)[None]
        total = weight.sum(axis=1, keepdims=True)
        fall_back = self.compatible[:, :, None] * self.possible[None] * 1.0
        weight = np.where(total > 0, weight, fall_back)
        total = np.where(total > 0, total, fall_back.sum(axis=1, keepdims=True))
        people = np.array([counts for _key, counts in self.partial], dtype=float)
        found: Numbers = people[:, None, :] * weight / np.maximum(total, 1e-300)
        return found


class _Reader:
    """Collects rows and everything that is wrong with them."""

    def __init__(self, lists: tuple[str, ...], dimensions: tuple[str, ...]) -> None:
        self.lists, self.dimensions = lists, dimensions
        self.full: dict[Key, dict[int, int]] = {}
        self.part: dict[Partial, dict[int, int]] = {}
        self.hidden: dict[tuple[Key, int], tuple[int, int]] = {}
        self.problems: list[Problem] = []
        if not LEAST_LISTS <= len(lists) <= 16:
            self.problems.append(Problem("lists", phrase("between 2 and 16 lists are needed")))
        for names, what in ((lists, "lists"), (dimensions, "dimensions")):
            if len(set(names)) < len(names):
                self.problems.append(Problem(what, TWICE[what]))

    def take(self, number: int, row: Row) -> None:
        values, history, count = row
        mask = _mask(history, len(self.lists))
        if len(values) != len(self.dimensions):
            self._wrong(
                "stratum", phrase("a row names one value for each dimension"), number, str(tuple(values))
            )
        elif mask is None:
            self._wrong(
                "history", "a history has one digit, 0 or 1, for each list, and not all 0", number, history
            )
        elif isinstance(count, tuple):
            self._interval(number, values, mask, count)
        elif count != int(count) or count < 0:
            self._wrong("count", phrase("a count is a whole number, 0 or more"), number, count)
        else:
            into = self.part if None in values else self.full
            cells = into.setdefault(tuple(values), {})  # type: ignore[arg-type]
            cells[mask] = cells.get(mask, 0) + int(count)

    def _interval(self, number: int, values: Sequence[str | None], mask: int, ends: tuple[int, int]) -> None:
        if None in values or not 0 <= ends[0] <= ends[1]:
            self._wrong(
                "interval", phrase("an interval needs a full stratum and 0 <= low <= high"), number, ends
            )
            return
        key = tuple(str(one) for one in values)
        self.full.setdefault(key, {})
        self.hidden[key, mask] = ends

    def _wrong(self, rule: str, message: str, number: int, value: object) -> None:
        self.problems.append(Problem(rule, message, row=number, value=str(value)))

    def table(self, absent: Sequence[tuple[Mapping[str, str], str]]) -> StratifiedTable:
        keys = tuple(sorted(self.full))
        if (len(keys) << len(self.lists)) > MOST_CELLS:
            self.problems.append(
                Problem(
                    "size",
                    phrase("more than {most_cells} cells; use fewer strata or lists", most_cells=MOST_CELLS),
                )
            )
        if self.problems:
            raise BadInput(self.problems[:MOST])
        counts = np.zeros((len(keys), 1 << len(self.lists)), dtype=np.int64)
        for s, key in enumerate(keys):
            for mask, count in self.full[key].items():
                counts[s, mask] = count
        hidden = {(keys.index(key), mask): ends for (key, mask), ends in self.hidden.items()}
        for (s, mask), (low, _high) in hidden.items():
            counts[s, mask] = low
        found = StratifiedTable(
            self.lists, self.dimensions, keys, counts, self._operating(keys, absent), self._partial(), hidden
        )
        return _checked(found)

    def _operating(
        self, keys: Sequence[Key], absent: Sequence[tuple[Mapping[str, str], str]]
    ) -> npt.NDArray[np.bool_]:
        working = np.ones((len(keys), len(self.lists)), dtype=bool)
        for where, name in absent:
            if name not in self.lists or any(one not in self.dimensions for one in where):
                raise BadInput(
                    [Problem("absent", phrase("names a list or dimension that there is not"), value=name)]
                )
            for s, key in enumerate(keys):
                if all(key[self.dimensions.index(one)] == value for one, value in where.items()):
                    working[s, self.lists.index(name)] = False
        return working

    def _partial(self) -> tuple[tuple[Partial, Counts], ...]:
        rows = []
        for key, cells in sorted(self.part.items(), key=str):
            dense = np.zeros(1 << len(self.lists), dtype=np.int64)
            for mask, count in cells.items():
                dense[mask] = count
            if dense.any():
                rows.append((key, dense))
        return tuple(rows)


def _mask(history: int | str, lists: int) -> int | None:
    if isinstance(history, (int, np.integer)):
        return int(history) if 0 < history < 1 << lists else None
    if len(history) != lists or set(history) - {"0", "1"} or "1" not in history:
        return None
    return sum(1 << j for j, digit in enumerate(history) if digit == "1")


def _checked(table: StratifiedTable) -> StratifiedTable:
    problems = []
    for s, mask in np.argwhere((table.counts > 0) & ~table.possible):
        problems.append(Problem("absent", phrase("people were seen by a list that is said not to have operated there"),
                                value=f"{table.keys[s]}: history {mask}"))  # fmt: skip
    for row, (key, _counts) in enumerate(table.partial):
        if not table.compatible[row].any():
            problems.append(
                Problem("partial", phrase("no stratum fits a row with a missing value"), value=str(key))
            )
    if not table.n and not table.suppressed:
        problems.append(Problem("empty", phrase("the table counts nobody")))
    if problems:
        raise BadInput(problems[:MOST])
    cautions = []
    if table.partial:
        lacking = sum(int(counts.sum()) for _key, counts in table.partial)
        cautions.append(Caution(
            "missing_values", Level.CARE if lacking > 0.1 * table.n else Level.NOTE,
            phrase(
                "{lacking:,} of {people:,} people lack a value and were shared out among the strata as people "
                "with the same history are; this is right only if values are missing by chance.",
                lacking=lacking, people=table.n,
            ), {"people": lacking},
        ))  # fmt: skip
    return StratifiedTable(
        table.lists, table.dimensions, table.keys, table.counts, table.operating, table.partial, table.suppressed,
        tuple(cautions),
    )  # fmt: skip
