"""Rows become counts by history, stratum by stratum; what is wrong is kept until everything has been seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from palermo.estimation.mse.cells import BLANK, SEEN, Count, count_of
from palermo.estimation.mse.strata import Row, StratifiedTable
from palermo.estimation.mse.table import LEAST_LISTS, MOST_LISTS, CaptureTable
from palermo.estimation.problems import MOST, BadInput, Problem
from palermo.estimation.results import Caution, Level
from palermo.saying import phrase, phrases

COUNT = "count"
MOST_CELLS = 20_000  # bad cells after which nothing more is read
SHOWN = 40  # letters of a value that a problem repeats


class Record(NamedTuple):
    """A row: its cells (None: cannot be taken apart), how often it stands there, and where first."""

    cells: tuple[str, ...] | None
    times: int
    row: int


@dataclass
class Stratum:
    """What the rows of one stratum say: people and rows by history, and where each list is blank first."""

    people: dict[int, Count] = field(default_factory=dict)
    rows: Counter[int] = field(default_factory=Counter)
    blank: Counter[int] = field(default_factory=Counter)
    first_blank: dict[int, int] = field(default_factory=dict)


class Gathered:
    """Takes records in batches and makes the tables in the end."""

    def __init__(self, names: Sequence[str], by: Sequence[str]) -> None:
        self.names = list(names)
        self.rows = 0
        self.problems: list[Problem] = []
        self.bad_cells: dict[int, list[Problem]] = {}
        self.bad_rows: Counter[int] = Counter()
        self.strata: dict[tuple[str, ...], Stratum] = {}
        self.count = next((i for i, name in enumerate(names) if name.lower() == COUNT), None)
        self.by = [self.names.index(name) for name in by if name in self.names]
        self.lists = [i for i in range(len(names)) if i != self.count and i not in self.by]
        self.problems += _header_problems(self.names, by, [self.names[i] for i in self.lists])

    @property
    def hopeless(self) -> bool:
        """So much is wrong that reading on would teach nobody anything."""
        return sum(self.bad_rows.values()) > MOST_CELLS or len(self.problems) > MOST_CELLS

    def take(self, records: Iterable[Record]) -> None:
        for record in records:
            if record.cells is not None and not any(record.cells):
                continue
            self.rows += record.times
            problem = _shape_problem(record, len(self.names))
            if problem or record.cells is None:
                self.problems += [problem] if problem else []
            else:
                self._take(record.cells, record.times, record.row)

    def _take(self, cells: tuple[str, ...], times: int, row: int) -> None:
        mask, blank, fine = 0, [], True
        for j, i in enumerate(self.lists):
            seen = SEEN.get(cells[i])
            if seen:
                mask |= 1 << j
            elif seen is None and cells[i] in BLANK and self.by:
                blank.append(j)
            elif seen is None:
                fine = self._bad(
                    i, row, cells[i], times, "list", phrase("a list's column holds 1 (seen) or 0 (not seen)")
                )
        count = self._count(cells, times, row)
        if count is None or not fine:
            return
        if not mask and count.high:
            told = phrase(
                "people on no list cannot have been counted: leave this row out, it is what is estimated"
            )
            self.problems.append(Problem("nobody", told, row=row, value=_short(",".join(cells))))
            return
        self._add(tuple(cells[i] for i in self.by), mask, count, times, row, blank)

    def _count(self, cells: tuple[str, ...], times: int, row: int) -> Count | None:
        if self.count is None:
            return Count(times, times)
        found = count_of(cells[self.count])
        if isinstance(found, str):
            self._bad(self.count, row, cells[self.count], times, "count", found)
            return None
        return Count(found.low * times, found.high * times)

    def _bad(self, column: int, row: int, value: str, times: int, rule: str, message: str) -> bool:
        kept = self.bad_cells.setdefault(column, [])
        self.bad_rows[column] += times
        if len(kept) < MOST:
            kept.append(Problem(rule, message, row=row, column=self.names[column], value=_short(value)))
        return False

    def _add(
        self, key: tuple[str, ...], mask: int, count: Count, times: int, row: int, blank: Sequence[int]
    ) -> None:
        stratum = self.strata.setdefault(key, Stratum())
        low, high = stratum.people.get(mask, (0, 0))
        stratum.people[mask] = Count(low + count.low, high + count.high)
        stratum.rows[mask] += times
        for j in blank:
            stratum.blank[j] += times
            stratum.first_blank[j] = min(row, stratum.first_blank.get(j, row))

    def tables(self) -> dict[tuple[str, ...], CaptureTable]:
        """The tables in the order of their strata. Raises BadInput with all problems, sorted by row."""
        problems = self.problems + self._cell_problems()
        if not self.rows and not problems:
            problems.append(Problem("empty", phrase("there is a header and no row below it")))
        names = [self.names[i] for i in self.lists]
        made: dict[tuple[str, ...], CaptureTable] = {}
        for key, stratum in sorted(self.strata.items()):
            blank = [j for j in stratum.blank if stratum.blank[j] == stratum.rows.total()]
            problems += _half_blank(stratum, names, blank)
            if not problems:
                try:
                    made[key] = _table(names, stratum, blank, told=self.count is not None)
                except BadInput as error:
                    problems += [_in_stratum(one, key) for one in error.problems]
        if problems:
            problems.sort(key=lambda one: one.row or 0)
            raise BadInput(problems[:MOST])
        return made

    def stratified(self) -> StratifiedTable:
        """The strata in one table; counts of a person whose stratum is not wholly known are kept apart. Raises
        BadInput as `tables` does."""
        if not self.by and not self.problems:
            raise BadInput(
                [Problem("by", phrase("strata need at least one column that divides people into groups"))]
            )
        problems = self.problems + self._cell_problems()
        names, dimensions = [self.names[i] for i in self.lists], [self.names[i] for i in self.by]
        rows: list[Row] = []
        absent: list[tuple[dict[str, str], str]] = []
        for key, stratum in sorted(self.strata.items()):
            blank = [j for j in stratum.blank if stratum.blank[j] == stratum.rows.total()]
            problems += _half_blank(stratum, names, blank)
            absent += [(dict(zip(dimensions, key, strict=True)), names[j]) for j in blank if all(key)]
            values = [value if value not in BLANK else None for value in key]
            for mask, (low, high) in stratum.people.items():
                if mask:
                    rows.append((values, mask, low if low == high else (low, high)))
        if not rows and not problems:
            problems.append(Problem("empty", phrase("there is a header and no row below it")))
        if problems:
            raise BadInput(sorted(problems, key=lambda one: one.row or 0)[:MOST])
        try:
            table = StratifiedTable.from_rows(names, dimensions, rows, absent=absent)
        except BadInput as error:  # its rows are not those of the file
            raise BadInput([replace(one, row=None) for one in error.problems]) from None
        doubled = sum(
            sum(1 for mask in one.rows if mask and one.rows[mask] > 1) for one in self.strata.values()
        )
        return replace(table, cautions=(*table.cautions, *_doubled(doubled if self.count is not None else 0)))

    def _cell_problems(self) -> list[Problem]:
        """Bad cells one by one; where most of a column is wrong, the column is what is wrong."""
        found: list[Problem] = []
        for column, kept in self.bad_cells.items():
            if self.bad_rows[column] * 2 <= self.rows or self.rows < 3 or column == self.count:
                found += kept
                continue
            found.append(
                Problem(
                    "column",
                    phrase(
                        "most of this column is neither 0 nor 1, so it is no list: leave it out, name it among the "
                        'strata if it divides people into groups, or call it "{count}" if it counts them',
                        count=COUNT,
                    ),
                    row=kept[0].row, column=self.names[column], value=kept[0].value,
                )
            )  # fmt: skip
        return found


def _header_problems(names: list[str], by: Sequence[str], lists: list[str]) -> Iterable[Problem]:
    if all(name.isdigit() for name in names) and ("0" in names or len(set(names)) < len(names)):
        yield Problem(
            "header", phrase("the first row names the columns; here it holds figures already"), row=1
        )
        return
    for name in by:
        if name not in names:
            yield Problem(
                "by", phrase("there is no such column; there are {names}", names=list(names)), column=name
            )
    for place, name in enumerate(names, start=1):
        if not name:
            yield Problem("header", phrase("column {place} has no name", place=place), row=1)
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        yield Problem("header", phrase("two columns have the same name"), row=1, column=name)
    if sum(name.lower() == COUNT for name in names) > 1:
        yield Problem("header", phrase("there is more than one column of counts"), row=1, column=COUNT)
    if not LEAST_LISTS <= len(lists) <= MOST_LISTS:
        told = phrases(
            "{n} list: estimation needs at least {least} and takes at most {most}",
            "{n} lists: estimation needs at least {least} and takes at most {most}",
            len(lists), least=LEAST_LISTS, most=MOST_LISTS,
        )  # fmt: skip
        yield Problem("lists", told, row=1, value=_short(", ".join(lists)))


def _shape_problem(record: Record, width: int) -> Problem | None:
    if record.cells is None:
        return Problem(
            "quotes",
            phrase("a quotation mark is opened here and not closed on the same line"),
            row=record.row,
        )
    if len(record.cells) != width:
        told = phrase(
            "this row has {number} values where the header has {width}", number=len(record.cells), width=width
        )
        return Problem("ragged", told, row=record.row, value=_short(",".join(record.cells)))
    return None


def _half_blank(stratum: Stratum, names: list[str], wholly: list[int]) -> Iterable[Problem]:
    for j, row in stratum.first_blank.items():
        if j not in wholly:
            told = phrase(
                "blank here and filled in other rows of the stratum: a list saw (1) or did not see (0), or is blank "
                "in the whole stratum because it did not exist there"
            )
            yield Problem("list", told, row, names[j])


def _in_stratum(problem: Problem, key: tuple[str, ...]) -> Problem:
    return (
        replace(problem, message=phrase("{stratum}: {told}", stratum=" / ".join(key), told=problem.message))
        if key
        else problem
    )


def _table(names: list[str], stratum: Stratum, blank: Sequence[int], *, told: bool) -> CaptureTable:
    """The table of a stratum; histories that stand on several rows of counts are added up, and this is said."""
    keep = [j for j in range(len(names)) if j not in blank]
    moved = {
        sum(1 << new for new, old in enumerate(keep) if mask >> old & 1): count
        for mask, count in stratum.people.items()
    }
    table = CaptureTable.from_counts(
        [names[j] for j in keep],
        {mask: count.low for mask, count in moved.items() if count.low == count.high},
        suppressed={mask: (count.low, count.high) for mask, count in moved.items() if count.low < count.high},
    )
    doubled = sum(1 for mask, times in stratum.rows.items() if mask and times > 1) if told else 0
    return replace(table, cautions=(*table.cautions, *_doubled(doubled)))


def _doubled(doubled: int) -> Iterable[Caution]:
    if not doubled:
        return
    yield Caution(
        "duplicate_histories", Level.CARE,
        phrases(
            "{n} combination of lists stands on more than one row; the counts were added up. Check that the rows "
            "are not copies.",
            "{n} combinations of lists stand on more than one row; the counts were added up. Check that the rows "
            "are not copies.",
            doubled,
        ),
        {"histories": doubled},
    )  # fmt: skip


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
