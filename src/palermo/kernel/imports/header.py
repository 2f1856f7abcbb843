"""Finding the header of a file, its delimiter, and everything that is wrong with its columns at once."""

import csv
import difflib
from dataclasses import dataclass

from palermo.kernel.imports.formats import Format, Layout
from palermo.kernel.imports.mapping import Mapping
from palermo.kernel.imports.problems import Problem, Unreadable

DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Header:
    """Where the data starts and what its columns mean: names[i] is None for a column that is left out."""

    line: int
    delimiter: str
    layout: Layout
    names: tuple[str | None, ...]


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _fields(line: str, delimiter: str) -> list[str]:
    try:
        return [name.strip() for name in next(csv.reader([line], delimiter=delimiter, strict=True), [])]
    except csv.Error:
        return []


def _spellings(layout: Layout, mapping: Mapping) -> dict[str, str]:
    """What each header text (compared plainly) stands for, given the renames of the mapping."""
    meant = {
        _plain(name): name for name in (*layout.required, *layout.optional) if name not in mapping.columns
    }
    meant |= {_plain(theirs): ours for ours, theirs in mapping.columns.items()}
    return meant


def _score(fields: list[str], layout: Layout, mapping: Mapping) -> int:
    """How many columns of the layout the fields name; what a mapping names for another layout counts for that one."""
    meant = _spellings(layout, mapping)
    return len(
        {meant[_plain(name)] for name in fields if _plain(name) in meant}
        & {*layout.required, *layout.optional}
    )


def _faults(fields: list[str], layout: Layout, mapping: Mapping, line: int, *, strict: bool) -> list[Problem]:
    """Missing, unknown and repeated columns, in the order in which a person would fix them."""
    meant = _spellings(layout, mapping)
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    ignored = {_plain(name) for name in mapping.ignore}
    for name in fields:
        column = meant.get(_plain(name))
        if _plain(name) in ignored:
            continue
        if column is None and strict:
            near = difflib.get_close_matches(_plain(name), list(meant), n=1, cutoff=0.8)
            hint = f"; did you mean {meant[near[0]]}?" if near else ""
            problems.append(Problem(line, name, "", f"unknown column{hint}"))
        elif column is not None and column in seen:
            problems.append(Problem(line, name, "", "the column is there twice"))
        if column is not None:
            seen[column] = name
    for column in layout.required:
        if column not in seen and column not in mapping.constants:
            problems.append(
                Problem(
                    line,
                    mapping.columns.get(column, column),
                    "",
                    "the column is missing",
                )
            )
    known = {*layout.required, *layout.optional}
    for column in sorted({*mapping.columns, *mapping.constants, *mapping.values} - known):
        problems.append(
            Problem(
                0,
                column,
                "",
                "the mapping names a column that this format does not have",
            )
        )
    return problems


def _ours(fields: list[str], layout: Layout, mapping: Mapping) -> tuple[str | None, ...]:
    meant, ignored = (
        _spellings(layout, mapping),
        {_plain(name) for name in mapping.ignore},
    )
    return tuple(None if _plain(name) in ignored else meant.get(_plain(name)) for name in fields)


def find_header(first: list[str], fmt: Format, mapping: Mapping) -> Header:
    """The header among the `first` lines (at most `fmt.preamble` lines precede it).

    The line, delimiter and layout that know most columns win; ties go to the earlier line. Raises
    `Unreadable` with every problem of that header.
    """
    best: tuple[int, Header, list[str]] | None = None
    for index, line in enumerate(first[: fmt.preamble + 1]):
        for delimiter in DELIMITERS:
            fields = _fields(line.rstrip("\r\n"), delimiter)
            for layout in fmt.layouts:
                score = _score(fields, layout, mapping)
                if best is None or score > best[0]:
                    names = _ours(fields, layout, mapping)
                    best = (score, Header(index + 1, delimiter, layout, names), fields)
    if best is None:
        raise Unreadable([Problem(0, "", "", "the file has no header")])
    header, fields = best[1:]
    problems = _faults(
        fields, header.layout, mapping, header.line, strict=not (fmt.by_mapping and mapping.columns)
    )
    if problems:
        raise Unreadable(problems[:200], more=max(0, len(problems) - 200))
    return header
