"""Rows of a file as cells of tables: which column is what, which row is a margin, which rows belong to one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from palermo.disclosing import counts
from palermo.disclosing.counts import Count
from palermo.disclosing.files import Sheet, missing_columns
from palermo.disclosure import TOTAL, Coordinate, Dimension
from palermo.disclosure.system import UNBOUNDED
from palermo.disclosure.tables import size
from palermo.estimation import Problem

PERSONS = "persons"
TOTALS = frozenset({"total", "totals", "_t"})
STATUS = ("status", "conf_status")
MOST_CELLS = 250_000


@dataclass(frozen=True)
class Columns:
    """What a person said of the columns of his files."""

    count: str
    by: tuple[str, ...]
    apart: frozenset[str] = frozenset()
    overlapping: frozenset[str] = frozenset()
    totals: frozenset[str] = TOTALS
    parents: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    threshold: int = 5
    blur: int = 0  # by how many persons a figure may be off: it is rounded, or has noise
    lenient: bool = False  # an attacker reads what there is: a category without a word is one


@dataclass(frozen=True)
class Entry:
    """One row: on which line of the file, the how manieth, its count and its mark."""

    line: int
    row: int
    count: Count
    mark: str = ""


@dataclass(frozen=True)
class Grid:
    """The rows of one file that make one table of one population."""

    sheet: Sheet
    population: str
    dimensions: tuple[Dimension, ...]
    cells: Mapping[Coordinate, Entry]
    words: Mapping[str, str]


def leaves(dimension: Dimension) -> frozenset[str]:
    """Codes that no others add up to; along an overlapping dimension that is every code, the total too."""
    wholes = set() if dimension.overlapping else set(dimension.children())
    return frozenset(code for code in dimension.codes if code not in wholes)


def grids(sheet: Sheet, columns: Columns, problems: list[Problem]) -> dict[str, Grid]:
    """The tables of a file by population; what is wrong is added to the problems."""
    wanted = [("--count", columns.count)]
    problems += missing_columns(sheet, wanted)
    names = [name for name in columns.by if name in sheet.header]
    if not names:
        problems.append(
            Problem(
                "column", "none of these columns is in the file", column="--by", value=",".join(columns.by)
            )
        )
    if problems:
        return {}
    at = {name: sheet.place(name) for name in names}
    inner = tuple(name for name in names if name not in columns.apart)
    outer = tuple(name for name in names if name in columns.apart)
    marks = next(
        (sheet.place(name) for name in sheet.header if name.casefold() in STATUS and name not in names), None
    )
    found: dict[str, dict[Coordinate, Entry]] = {}
    words: dict[str, str] = {}
    for number, (row, line) in enumerate(zip(sheet.rows, sheet.lines, strict=True)):
        codes = _codes(row, line, at, columns, problems, words)
        count = counts.read(row[sheet.place(columns.count)])
        if isinstance(count, str):
            value = row[sheet.place(columns.count)].strip()
            problems.append(Problem("count", count, row=line, column=columns.count, value=value))
        if isinstance(count, str) or codes is None:
            continue
        mark = row[marks].strip().upper() if marks is not None else ""
        population = ", ".join(f"{name}={codes[name]}" for name in outer) or PERSONS
        place = tuple(codes[name] for name in inner)
        count = _with_mark(count, mark, columns.threshold)
        if columns.blur and count.shown:
            count = Count(max(0.0, count.low - columns.blur), count.high + columns.blur, said=True)
        entry = Entry(line, number, count, mark)
        other = found.setdefault(population, {}).setdefault(place, entry)
        if other is not entry:
            problems.append(_twice(columns, other, entry))
    return {
        population: Grid(sheet, population, _dimensions(inner, cells, columns, problems), cells, words)
        for population, cells in found.items()
        if not _too_large(inner, cells, problems)
    }


def _codes(
    row: list[str],
    line: int,
    at: Mapping[str, int],
    columns: Columns,
    problems: list[Problem],
    words: dict[str, str],
) -> dict[str, str] | None:
    """The code of each dimension, with every word for a total as "Total"; None where one is missing."""
    codes = {}
    for name, place in at.items():
        code = row[place].strip()
        if not code and columns.lenient:
            code = "(empty)"
        if not code:
            problems.append(
                Problem(
                    "category", "nothing stands here; write a word for “not recorded”", row=line, column=name
                )
            )
            return None
        if code.casefold() in columns.totals and name not in columns.apart:
            words.setdefault(name, code)
            code = TOTAL
        codes[name] = code
    return codes


def _with_mark(count: Count, mark: str, threshold: int) -> Count:
    """What a mark says of an empty cell: A 1 to threshold-1, D the threshold or more (SDMX, CL_CONF_STATUS)."""
    if count != counts.UNKNOWN or mark not in ("A", "D"):
        return count
    low, high = (1.0, threshold - 1.0) if mark == "A" else (float(threshold), UNBOUNDED)
    return Count(low, high, said=True)


def _twice(columns: Columns, first: Entry, second: Entry) -> Problem:
    same = "the same" if first.count == second.count else "another"
    told = f"row {first.line} is of the same cell and has {same} count; is a column missing in --by?"
    return Problem("duplicate", told, row=second.line, column=columns.count)


def _too_large(names: Sequence[str], cells: Mapping[Coordinate, Entry], problems: list[Problem]) -> bool:
    kinds = [len({at[axis] for at in cells} | {TOTAL}) for axis in range(len(names))]
    cells_in_all = 1
    for kind in kinds:
        cells_in_all *= kind
    if cells_in_all <= MOST_CELLS:
        return False
    largest = max(zip(kinds, names, strict=True))
    told = (
        f"crossed with each other these columns make {cells_in_all:,} cells, more than {MOST_CELLS:,}; {largest[1]} "
        f"alone has {largest[0] - 1:,} values: group them, or make a table for each with --apart"
    )
    problems.append(Problem("size", told, column="--by", value=largest[1]))
    return True


def _dimensions(
    names: Sequence[str], cells: Mapping[Coordinate, Entry], columns: Columns, problems: list[Problem]
) -> tuple[Dimension, ...]:
    found = []
    for axis, name in enumerate(names):
        codes = dict.fromkeys(at[axis] for at in cells if at[axis] != TOTAL)
        above: dict[str, str] = {}
        tree = columns.parents.get(name, {})
        for code in list(codes):
            while code in tree and code not in above:
                above[code] = tree[code]
                code = tree[code]
                codes.setdefault(code)
        try:
            found.append(Dimension(name, tuple(codes), above, overlapping=name in columns.overlapping))
        except ValueError as error:
            problems.append(Problem("parents", str(error), column="--parents", value=name))
            found.append(Dimension(name, tuple(codes)))
    return tuple(found)


def cells_of(grid: Grid) -> int:
    """How many cells the table of a grid has, margins included."""
    return size(grid.dimensions)
