"""From the rows of a file to a whole table: margins checked where they are there and made where they are not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import vstack

from palermo.disclosing.counts import UNKNOWN
from palermo.disclosing.layout import Columns, Entry, Grid, leaves
from palermo.disclosure import TOTAL, Coordinate, Dimension, Key, Published, Table, key_of
from palermo.disclosure.proofs import Deductions, Sum, sums
from palermo.disclosure.system import UNBOUNDED, System, join
from palermo.disclosure.tables import coordinates
from palermo.estimation import Problem

Wrong = list[tuple[str, Problem]]


@dataclass(frozen=True)
class Whole:
    """The tables of one population, one for each file. `small`: counts that came as "<5" and stay hidden for being
    small; `held`: other counts that came hidden, and margins that rest on hidden counts."""

    tables: tuple[Table, ...]
    small: frozenset[Key]
    held: frozenset[Key]
    zeros: int


def whole(parts: Sequence[Grid], columns: Columns, wrong: Wrong) -> Whole | None:
    """Complete tables of one population, or None with what is wrong."""
    before = len(wrong)
    for grid in parts:
        _readable(grid, columns, wrong)
    _agreeing(parts, columns, wrong)
    if len(wrong) > before:
        return None
    certain = all(entry.count.shown for grid in parts for entry in grid.cells.values())
    found = _added(parts, columns, wrong) if certain else _imagined(parts, columns, wrong)
    return found if len(wrong) == before else None


def _readable(grid: Grid, columns: Columns, wrong: Wrong) -> None:
    """Every count must be known at least as a range, and an overlapping dimension needs its totals."""
    for entry in grid.cells.values():
        if entry.count == UNKNOWN:
            told = (
                "this count is missing; write 0, “<5” or a mark A or D for a hidden one, or leave the row out"
            )
            wrong.append((grid.sheet.file, Problem("count", told, row=entry.line, column=columns.count)))
    for axis, dimension in enumerate(grid.dimensions):
        if not dimension.overlapping:
            continue
        for at, entry in grid.cells.items():
            if (*at[:axis], TOTAL, *at[axis + 1 :]) not in grid.cells:
                told = (
                    "the parts overlap, so that their total cannot be added up: it must be in the file, "
                    f"as a row with {TOTAL} here"
                )
                wrong.append(
                    (grid.sheet.file, Problem("overlap", told, row=entry.line, column=dimension.name))
                )


def _agreeing(parts: Sequence[Grid], columns: Columns, wrong: Wrong) -> None:
    """The same persons in two files must be as many in both."""
    first: dict[Key, tuple[Grid, Entry]] = {}
    for grid in parts:
        for at, entry in grid.cells.items():
            other_grid, other = first.setdefault(key_of("", grid.dimensions, at), (grid, entry))
            low, high = max(other.count.low, entry.count.low), min(other.count.high, entry.count.high)
            if low > high:
                told = f"{other_grid.sheet.name}, row {other.line}, gives another count for the same persons"
                value = _text(entry)
                wrong.append(
                    (
                        grid.sheet.file,
                        Problem("linked", told, row=entry.line, column=columns.count, value=value),
                    )
                )


def _text(entry: Entry) -> str:
    low, high = entry.count.low, entry.count.high
    if entry.count.shown:
        return f"{low:.0f}"
    return f"{low:.0f} or more" if high >= UNBOUNDED else f"{low:.0f} to {high:.0f}"


def _added(parts: Sequence[Grid], columns: Columns, wrong: Wrong) -> Whole:
    """All counts are shown: the finest add up to the margins, and the margins of the file must be the same."""
    tables, zeros = [], 0
    for grid in parts:
        finest = [leaves(dimension) for dimension in grid.dimensions]
        base = {
            at: int(entry.count.low)
            for at, entry in grid.cells.items()
            if all(code in codes for code, codes in zip(at, finest, strict=True))
        }
        zeros += int(np.prod([len(codes) for codes in finest])) - len(base)
        table = Table.from_counts(grid.dimensions, base, grid.population)
        for at, entry in grid.cells.items():
            if table.cells[at] != entry.count.low:
                wrong.append((grid.sheet.file, _disagreeing(columns, entry, float(table.cells[at]))))
        tables.append(_covered(table))
        _overlaps(grid, tables[-1], columns, wrong)
    return Whole(tuple(tables), frozenset(), frozenset(), zeros)


def _disagreeing(columns: Columns, entry: Entry, parts: float) -> Problem:
    smaller = entry.count.high < parts
    told = (
        f"this total is smaller than its parts, which add up to {parts:,.0f}"
        if smaller
        else f"margins disagree: the parts of this total add up to {parts:,.0f}"
    )
    value = _text(entry)
    return Problem("part" if smaller else "margin", told, row=entry.line, column=columns.count, value=value)


def _overlaps(grid: Grid, table: Table, columns: Columns, wrong: Wrong) -> None:
    """No category of an overlapping dimension holds more persons than the total."""
    for axis, dimension in enumerate(table.dimensions):
        if not dimension.overlapping:
            continue
        for at, entry in grid.cells.items():
            total = (*at[:axis], TOTAL, *at[axis + 1 :])
            if table.cells[at] > table.cells[total]:
                told = f"this part is larger than its total, which is {table.cells[total]:,}"
                value = _text(entry)
                wrong.append(
                    (
                        grid.sheet.file,
                        Problem("part", told, row=entry.line, column=columns.count, value=value),
                    )
                )


def _covered(table: Table) -> Table:
    """Where the parts of an overlapping dimension do not reach a total, some persons are under none of them."""
    dimensions = list(table.dimensions)
    for axis, dimension in enumerate(dimensions):
        if dimension.overlapping and not _reaches(table.cells, axis, table.dimensions):
            dimensions[axis] = replace(dimension, covering=False)
    return replace(table, dimensions=tuple(dimensions))


def _reaches(cells: Mapping[Coordinate, int], axis: int, dimensions: tuple[Dimension, ...]) -> bool:
    for at in coordinates(dimensions):
        if at[axis] == TOTAL:
            line = [cells[(*at[:axis], code, *at[axis + 1 :])] for code in dimensions[axis].categories]
            if cells[at] > sum(line):
                return False
    return True


def published(grid: Grid, *, zero: bool = True) -> Published:
    """What a file says, as the world sees it. `zero`: a cell of the middle that is not in the file has no person."""
    cells: dict[Coordinate, int | None] = {}
    limits: dict[Coordinate, tuple[float, float]] = {}
    finest = [leaves(dimension) for dimension in grid.dimensions]
    given = _lines(grid) if zero else set()
    for at in coordinates(grid.dimensions):
        entry = grid.cells.get(at)
        if entry is None:
            middle = all(code in codes for code, codes in zip(at, finest, strict=True))
            cells[at] = 0 if zero and middle and _on_a_line(at, given) else None
            continue
        cells[at] = int(entry.count.low) if entry.count.shown else None
        if entry.count.said:
            limits[at] = (entry.count.low, entry.count.high)
    return Published(grid.dimensions, cells, grid.population, limits)


def _lines(grid: Grid) -> set[tuple[int, Coordinate]]:
    """The lines (all codes but one) along which a file gives parts."""
    return {
        (axis, (*at[:axis], *at[axis + 1 :]))
        for at in grid.cells
        for axis in range(len(at))
        if at[axis] != TOTAL
    }


def _on_a_line(at: Coordinate, given: set[tuple[int, Coordinate]]) -> bool:
    """Whether parts beside this one are given: then its absence says that there is nobody."""
    return any((axis, (*at[:axis], *at[axis + 1 :])) in given for axis in range(len(at)))


def _imagined(parts: Sequence[Grid], columns: Columns, wrong: Wrong) -> Whole | None:
    """Some counts came hidden: any counts that agree with the file stand in for them. They are never shown; the proof
    of protection rests on what is shown alone."""
    tables = [published(grid) for grid in parts]
    system = join(tables)
    unclear = _contradictions(system)
    if unclear:
        wrong += [_told(one, system, parts, columns) for one in unclear]
        return None
    values = _possible(system, parts)
    if values is None:
        first = parts[0]
        told = "margins disagree: no whole numbers for the hidden counts agree with all totals of this table"
        wrong.append(
            (first.sheet.file, Problem("margin", f"{told} ({first.population})", column=columns.count))
        )
        return None
    index = system.index()
    full = [
        _covered(
            Table(
                table.dimensions,
                {
                    at: int(values[index[key_of(table.population, table.dimensions, at)]])
                    for at in table.cells
                },
                table.population,
            )
        )
        for table in tables
    ]
    followed = Deductions(system)
    open_still = np.isnan(system.values) & (followed.high - followed.low > 0.5)
    hidden = {system.keys[place] for place in np.flatnonzero(open_still)}
    small = {
        key_of(grid.population, grid.dimensions, at)
        for grid in parts
        for at, entry in grid.cells.items()
        if entry.count.said and entry.count.low < columns.threshold
    }
    hidden |= small
    pairs = zip(tables, parts, strict=True)
    zeros = sum(n == 0 and at not in grid.cells for table, grid in pairs for at, n in table.cells.items())
    return Whole(tuple(full), frozenset(small), frozenset(hidden - small), zeros)


def _bounds(system: System) -> tuple[np.ndarray, np.ndarray]:
    shown = ~np.isnan(system.values)
    return np.where(shown, system.values, system.floor), np.where(shown, system.values, system.top)


def _contradictions(system: System) -> list[Sum]:
    """Sums that cannot come true whatever the hidden counts are."""
    low, high = _bounds(system)
    found = []
    for one in sums(system):
        least = sum(low[p] if sign > 0 else -high[p] for p, sign in one.terms)
        most = sum(high[p] if sign > 0 else -low[p] for p, sign in one.terms)
        if least > 0 or (one.exact and most < 0):
            found.append(one)
    return found


def _told(one: Sum, system: System, parts: Sequence[Grid], columns: Columns) -> tuple[str, Problem]:
    """The sum that does not come true, at the row of its total."""
    low, _high = _bounds(system)
    whole_place = next(place for place, sign in one.terms if sign < 0)
    rest = sum(low[place] for place, sign in one.terms if sign > 0)
    for grid in parts:
        for at, entry in grid.cells.items():
            if key_of(grid.population, grid.dimensions, at) == system.keys[whole_place]:
                return grid.sheet.file, _disagreeing(columns, entry, float(rest))
    return parts[0].sheet.file, Problem("margin", f"margins disagree: parts add up to at least {rest:,.0f}")


def _possible(system: System, parts: Sequence[Grid]) -> np.ndarray | None:
    """Whole numbers that agree with everything, at least 1 where that can be."""
    low, high = _bounds(system)
    rows = vstack([system.equal, system.atmost])
    right = np.zeros(system.equal.shape[0])
    below = np.full(system.atmost.shape[0], -np.inf)
    hidden = np.isnan(system.values)
    for least in (np.where(hidden & (high >= 1) & (high < UNBOUNDED), np.maximum(low, 1), low), low):
        found = milp(
            np.where(hidden & (high < UNBOUNDED), -1.0, 0.0),
            integrality=np.ones(len(low), dtype=int),
            bounds=Bounds(least, high),
            constraints=[LinearConstraint(rows, np.concatenate([right, below]), np.zeros(rows.shape[0]))]
            if rows.shape[0]
            else [],
            options={"node_limit": 5000},
        )
        if found.x is not None:
            return np.asarray(np.round(found.x))
    return None


def made(grid: Grid, whole_table: Table) -> list[Coordinate]:
    """Margins that the file does not have."""
    finest = [leaves(dimension) for dimension in grid.dimensions]
    return [
        at
        for at in product(*(dimension.codes for dimension in whole_table.dimensions))
        if at not in grid.cells and not all(code in codes for code, codes in zip(at, finest, strict=True))
    ]
