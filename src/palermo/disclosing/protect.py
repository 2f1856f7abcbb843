"""`palermo protect`: counts in, the same file out with every small count hidden, and proof that it stays hidden."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from palermo.disclosing import margins
from palermo.disclosing.blurring import METHODS, Blur, after
from palermo.disclosing.files import Sheet, limited, lines, read
from palermo.disclosing.layout import PERSONS, STATUS, Columns, Grid, grids
from palermo.disclosing.margins import Whole, whole
from palermo.disclosing.telling import naming_columns, telling_columns
from palermo.disclosure import (
    TOTAL,
    Coordinate,
    Key,
    Protected,
    Published,
    Rule,
    Unprotectable,
    key_of,
    protect_edition,
    protect_linked,
)
from palermo.disclosure.contributions import Dominance, doubt, full_cells
from palermo.disclosure.goals import Doubts
from palermo.estimating.inputs import Refused
from palermo.estimation import Problem

Step = Callable[[float, str], None]
PRIMARY, SECONDARY, ONE_MARK, DOMINANT = "A", "D", "C", "O"
AD, C = "AD", "C"


@dataclass(frozen=True)
class Wish:
    """What is asked for beside the columns."""

    rule: Rule
    method: str = "auto"
    earlier: tuple[tuple[str, ...], ...] = ()
    where: Mapping[str, str] = field(default_factory=dict)
    drop: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    way: str = "suppress"
    blur: Blur = field(default_factory=Blur)
    largest: tuple[str, ...] = ()
    dominance: Dominance = field(default_factory=Dominance)
    full_cells: bool = False

    @property
    def left_out(self) -> tuple[str, ...]:
        """Columns that do not come out: the contributions of single organisations never do."""
        return (*self.drop, *self.largest)


@dataclass(frozen=True)
class Done:
    """Protected files, not yet written: their lines by the name of the file that they came from."""

    rows: tuple[tuple[Sheet, tuple[str, ...], list[list[str]]], ...]
    found: dict[str, Any]


def sheets_of(
    files: Sequence[str], where: Mapping[str, str], wrong: list[tuple[str, Problem]]
) -> list[Sheet]:
    """The files that can be read; what is wrong with the others is added."""
    found = []
    for file in files:
        try:
            found.append(read(file, where))
        except Refused as refused:
            wrong += refused.problems
    return found


def grids_of(
    sheets: Sequence[Sheet], columns: Columns, wrong: list[tuple[str, Problem]]
) -> dict[str, list[Grid]]:
    """The tables of all files by population, in the order of the files; names of columns that no file has are wrong."""
    found: dict[str, list[Grid]] = {}
    for name in columns.by:
        if sheets and not any(name in sheet.header for sheet in sheets):
            wrong.append(("", Problem("column", "no file has this column", column="--by", value=name)))
    for sheet in sheets:
        problems: list[Problem] = []
        for population, grid in grids(sheet, columns, problems).items():
            found.setdefault(population, []).append(grid)
        wrong += [(sheet.file, problem) for problem in limited(problems)]
        if not sheet.rows and not problems:
            wrong.append((sheet.file, Problem("empty", "there is no row to protect")))
    return found


def protect(files: Sequence[str], columns: Columns, wish: Wish, step: Step) -> Done:
    """Protect files against everything that they, together with earlier ones, say. Raises Refused."""
    wrong: list[tuple[str, Problem]] = []
    sheets = sheets_of(files, wish.where, wrong)
    for sheet in sheets:
        wrong += [(sheet.file, one) for one in telling_columns(sheet, columns, wish.left_out, wish.keep)]
        wrong += [(sheet.file, one) for one in naming_columns(sheet, columns, wish.left_out)]
    parts = grids_of(sheets, columns, wrong)
    earlier = editions(wish.earlier, columns, wish.where, wrong)
    full = {population: whole(group, columns, wrong) for population, group in parts.items()}
    if wrong:
        raise Refused(_limited(wrong))
    done: dict[str, tuple[Whole, Protected]] = {}
    for number, (population, one) in enumerate(full.items()):
        step(number / len(full), population if len(full) > 1 else "looking for the cheapest cells")
        if one is not None:
            done[population] = one, _by_wish(population, one, earlier, wish, parts[population])
    return _result(sheets, parts, done, columns, wish)


def _limited(wrong: Sequence[tuple[str, Problem]]) -> list[tuple[str, Problem]]:
    by_file: dict[str, list[Problem]] = {}
    for file, problem in wrong:
        by_file.setdefault(file, []).append(problem)
    return [(file, problem) for file, problems in by_file.items() for problem in limited(problems)]


def editions(
    files: Sequence[tuple[str, ...]],
    columns: Columns,
    where: Mapping[str, str],
    wrong: list[tuple[str, Problem]],
) -> list[dict[str, list[Published]]]:
    """What was published before, oldest first, by population."""
    found = []
    for group in files:
        sheets = sheets_of(group, where, wrong)
        parts = grids_of(sheets, columns, wrong)
        found.append(
            {population: [margins.published(grid) for grid in tables] for population, tables in parts.items()}
        )
    return found


def _by_wish(
    population: str,
    one: Whole,
    earlier: Sequence[Mapping[str, list[Published]]],
    wish: Wish,
    grids_here: Sequence[Grid],
) -> Protected:
    file = grids_here[0].sheet.file
    if wish.way in METHODS:
        hidden = bool(one.small or one.held)
        if hidden or earlier:
            what = "counts that are hidden already" if hidden else "earlier editions"
            told = f"--method {wish.way} knows nothing of {what}; use suppress"
            raise Refused.inside(file, [Problem("method", told, column="--method", value=wish.way)])
        return METHODS[wish.way](one, wish.rule, wish.blur)
    doubts = dominated(grids_here, wish)
    if not wish.full_cells:
        found = _one(population, one, earlier, wish, file, doubts)
    else:
        plain = _one(population, one, earlier, wish, file, doubts)
        found = _one(population, one, earlier, wish, file, {**full_cells(one.tables), **doubts})
        more = (
            sum(len(p.primary) + len(p.secondary) for p in (found,))
            - len(plain.primary)
            - len(plain.secondary)
        )
        told = f"Hiding groups that stand in one category costs {more} more hidden counts."
        found = replace(found, warnings=(*found.warnings, told))
    return after(found, one, wish.blur) if wish.way == "suppress+round" else found


def _one(
    population: str,
    one: Whole,
    earlier: Sequence[Mapping[str, list[Published]]],
    wish: Wish,
    file: str,
    doubts: Doubts,
) -> Protected:
    """One population, together with what was published of it before."""
    before = [edition[population] for edition in earlier if population in edition]
    try:
        if before:
            for table in one.tables[:1]:
                before = [[_covering_alike(old, table.dimensions) for old in edition] for edition in before]
            return protect_edition(
                one.tables, wish.rule, earlier=before, method=wish.method, doubts=doubts, small=one.small
            )
        return protect_linked(
            one.tables, wish.rule, method=wish.method, withhold=one.held, small=one.small, doubts=doubts
        )
    except Unprotectable as error:
        told = f"{error} ({population})" if population != PERSONS else str(error)
        raise Refused.inside(file, [Problem("earlier", told)]) from None


def dominated(grids_here: Sequence[Grid], wish: Wish) -> Doubts:
    """Counts that one or a few contributors dominate, by the columns that hold the largest contributions."""
    found: dict[Key, tuple[float, float]] = {}
    wrong: list[tuple[str, Problem]] = []
    for grid in grids_here:
        places = [grid.sheet.place(name) for name in wish.largest if name in grid.sheet.header]
        for at, entry in grid.cells.items():
            sizes = []
            for place in places:
                text = grid.sheet.rows[entry.row][place].strip()
                try:
                    sizes.append(float(text or 0))
                except ValueError:
                    told = "a contribution is a number"
                    column = grid.sheet.header[place]
                    wrong.append(
                        (grid.sheet.file, Problem("count", told, row=entry.line, column=column, value=text))
                    )
            left = doubt(entry.count.low, sizes, wish.dominance) if sizes and entry.count.shown else None
            if left:
                found[key_of(grid.population, grid.dimensions, at)] = left
    if wrong:
        raise Refused(wrong)
    return found


def _covering_alike(old: Published, dimensions: Sequence[Any]) -> Published:
    """An earlier file is read with what is known now: whether overlapping categories reach their total."""
    open_now = {d.name for d in dimensions if d.overlapping and not d.covering}
    return replace(old, dimensions=tuple(replace(d, covering=d.name not in open_now) for d in old.dimensions))


def _result(
    sheets: Sequence[Sheet],
    parts: Mapping[str, Sequence[Grid]],
    done: Mapping[str, tuple[Whole, Protected]],
    columns: Columns,
    wish: Wish,
) -> Done:
    rows = []
    made = 0
    for sheet in sheets:
        header, body, more = _written(sheet, parts, done, columns, wish)
        rows.append((sheet, header, body))
        made += more
    every = [protected for _one, protected in done.values()]
    primary, secondary = sum(len(p.primary) for p in every), sum(len(p.secondary) for p in every)
    warnings = list(dict.fromkeys(warning for p in every for warning in p.warnings))
    found = {
        "method": wish.way,
        "threshold": wish.rule.threshold,
        "status": AD if wish.rule.marked else C,
        "tables": len(every),
        "cells": sum(p.cells for p in every),
        "primary": primary,
        "secondary": secondary,
        "hidden": primary + secondary,
        "recoverable": 0,
        "margins_made": made,
        "taken_as_zero": sum(one.zeros for one, _protected in done.values()),
        "narrowed_by_marks": sum(len(p.narrow) for p in every),
        "one_mark_only": sorted(population for p in every for population in p.unmarked),
        "earlier": len(wish.earlier),
        "version": every[0].version if every else "",
        "warnings": warnings,
    }
    return Done(tuple(rows), found)


def _written(
    sheet: Sheet,
    parts: Mapping[str, Sequence[Grid]],
    done: Mapping[str, tuple[Whole, Protected]],
    columns: Columns,
    wish: Wish,
) -> tuple[tuple[str, ...], list[list[str]], int]:
    """The header, the rows of the file with hidden counts empty, and after them the margins that it did not have."""
    status = next((name for name in sheet.header if name.casefold() in STATUS and name not in columns.by), "")
    kept = [place for place, name in enumerate(sheet.header) if name not in wish.left_out]
    header = [*sheet.header] if status else [*sheet.header, "status"]
    place_of_count, place_of_status = sheet.place(columns.count), header.index(status or "status")
    rows: dict[int, list[str]] = {}
    more: list[list[str]] = []
    for population, group in parts.items():
        if population not in done:
            continue
        for number, grid in enumerate(group):
            if grid.sheet is not sheet:
                continue
            one, protected = done[population]
            shown = protected.tables[number]
            for at, entry in grid.cells.items():
                row = [*sheet.rows[entry.row]] if status else [*sheet.rows[entry.row], ""]
                _fill(row, shown, at, protected, wish, place_of_count, place_of_status)
                rows[entry.row] = row
            same = _same_everywhere(grid)
            for at in margins.made(grid, one.tables[number]):
                if key_of(population, grid.dimensions, at) in one.held:
                    continue
                row = _blank(grid, at, same, len(header))
                row[place_of_count] = str(one.tables[number].cells[at])
                _fill(row, shown, at, protected, wish, place_of_count, place_of_status)
                more.append(row)
    places = kept if status else [*kept, len(header) - 1]
    body = [[row[place] for place in places] for row in ([rows[key] for key in sorted(rows)] + more)]
    return tuple(header[place] for place in places), body, len(more)


def _fill(
    row: list[str],
    shown: Published,
    at: Coordinate,
    protected: Protected,
    wish: Wish,
    count: int,
    status: int,
) -> None:
    row[status] = ""
    if wish.way != "suppress" and shown.cells[at] is not None:
        row[count] = str(shown.cells[at])
    if shown.cells[at] is None:
        row[count] = ""
        row[status] = mark(protected, key_of(shown.population, shown.dimensions, at), wish.rule)


def mark(protected: Protected, key: Key, rule: Rule) -> str:
    """The mark of a hidden cell."""
    if not rule.marked or key[0] in protected.unmarked:
        return ONE_MARK
    if key in protected.primary:
        return PRIMARY if key in protected.small else DOMINANT
    return SECONDARY


def _same_everywhere(grid: Grid) -> dict[int, str]:
    """Columns that have one value in all rows of a table (a unit, a country): new rows have it too."""
    own = {grid.sheet.place(dimension.name) for dimension in grid.dimensions}
    rows = [grid.sheet.rows[entry.row] for entry in grid.cells.values()]
    values = {
        place: {row[place] for row in rows} for place in range(len(grid.sheet.header)) if place not in own
    }
    return {place: next(iter(found)) for place, found in values.items() if len(found) == 1}


def _blank(grid: Grid, at: Coordinate, same: Mapping[int, str], width: int) -> list[str]:
    row = [""] * width
    for place, value in same.items():
        row[place] = value
    for dimension, code in zip(grid.dimensions, at, strict=True):
        row[grid.sheet.place(dimension.name)] = (
            grid.words.get(dimension.name, TOTAL) if code == TOTAL else code
        )
    return row


def contents(done: Done, out: Path, *, folder: bool) -> dict[Path, Any]:
    """What is to be written where."""
    return {(out / sheet.name if folder else out): lines(header, body) for sheet, header, body in done.rows}
