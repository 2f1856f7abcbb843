"""CSV files in, CSV files out: rows as they stand, and files that appear whole and together or not at all."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from palermo.estimating.inputs import Refused
from palermo.estimating.inputs import read as opened
from palermo.estimation import BadInput, Problem
from palermo.estimation.problems import MOST

FORMULA = ("=", "+", "@", "\t", "\r")


@dataclass(frozen=True)
class Sheet:
    """One file as it was read; `lines` says on which line of the file each row begins."""

    file: str
    header: tuple[str, ...]
    rows: list[list[str]]
    lines: list[int]

    @property
    def name(self) -> str:
        return Path(self.file).name

    def place(self, column: str) -> int:
        """Where a column stands. It must be there: see `missing_columns`."""
        return self.header.index(column)


def read(file: str, where: Mapping[str, str] | None = None) -> Sheet:
    """The rows of a CSV file, those that fit `where` alone. Raises Refused with everything that is wrong."""
    sheet: Sheet = opened(file, lambda lines: _sheet(file, lines))
    wanted = {sheet.header.index(c): v for c, v in (where or {}).items() if c in sheet.header}
    kept = [at for at, row in enumerate(sheet.rows) if all(row[c].strip() == v for c, v in wanted.items())]
    return Sheet(file, sheet.header, [sheet.rows[at] for at in kept], [sheet.lines[at] for at in kept])


def _sheet(file: str, lines: TextIO) -> Sheet:
    problems: list[Problem] = []
    text = lines.read()
    first = text.lstrip("\r\n").split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t|", key=first.count), strict=True)
    header: tuple[str, ...] = ()
    rows: list[list[str]] = []
    places: list[int] = []
    begun = 1
    try:
        for cells in reader:
            line, begun = begun, reader.line_num + 1
            if not any(map(str.strip, cells)):
                continue
            if not header:
                header = tuple(cell.strip() for cell in cells)
                continue
            if len(cells) != len(header):
                told = f"this row has {len(cells)} cells, the header has {len(header)}"
                problems.append(Problem("cells", told, row=line))
                continue
            rows.append(cells)
            places.append(line)
    except csv.Error as error:
        problems.append(Problem("csv", f"this row is not CSV ({error})", row=reader.line_num))
    if not header and not problems:
        problems.append(Problem("empty", "the file is empty; its first row names the columns"))
    for name in sorted({name for name in header if header.count(name) > 1}):
        problems.append(Problem("header", "two columns have this name", row=1, column=name))
    if problems:
        raise BadInput(limited(problems))
    return Sheet(file, header, rows, places)


def limited(problems: Sequence[Problem]) -> list[Problem]:
    """As many as anybody reads, and how many more there are."""
    if len(problems) <= MOST:
        return list(problems)
    more = len(problems) - MOST
    return [*problems[:MOST], Problem("more", f"and {more:,} more such things in this file")]


def missing_columns(sheet: Sheet, wanted: Iterable[tuple[str, str]]) -> list[Problem]:
    """What is wrong with options that name columns: pairs of option and column."""
    there = ", ".join(sheet.header)
    return [
        Problem("column", f"there is no such column; there are {there}", column=option, value=name)
        for option, name in wanted
        if name not in sheet.header
    ]


def written(contents: Mapping[Path, Iterable[str]]) -> list[str]:
    """Writes every file under another name first and renames them all at the end; gives their paths."""
    parts = {path.with_name(f".{path.name}.{os.getpid()}.part"): path for path in contents}
    try:
        for (part, path), pieces in zip(parts.items(), contents.values(), strict=True):
            path.parent.mkdir(parents=True, exist_ok=True)
            with part.open("w", encoding="utf-8", newline="") as file:
                file.writelines(pieces)
        for part, path in parts.items():
            os.replace(part, path)
    except OSError as error:
        told = Problem("options", f"this cannot be written: {error.strerror}", column="--out")
        raise Refused.inside("", [told]) from None
    finally:
        for part in parts:
            with suppress(FileNotFoundError):
                part.unlink()
    return [str(path) for path in contents]


def lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines of a CSV file."""
    for row in ([*header], *rows):
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerow([_safe(cell) for cell in row])
        yield text.getvalue()


def _safe(cell: object) -> object:
    """A text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, CSV injection)."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
