"""From CSV lines or a data frame to capture tables, with everything that is wrong said at once.

One column of 0 and 1 for each list and, optionally, a column `count`; without it every row is one person. A file of
millions of people holds few different rows: equal lines are counted as text, and each is parsed once.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from palermo.estimation.mse.gathering import Gathered, Record
from palermo.estimation.mse.linkage_error import LinkDraws
from palermo.estimation.mse.strata import StratifiedTable
from palermo.estimation.mse.table import CaptureTable
from palermo.estimation.problems import BadInput, Problem
from palermo.saying import phrase

BATCH = 100_000  # lines taken at a time, and different lines kept: bounds the memory when no two are equal
LONGEST = 20_000  # letters in a line; a longer one is no table of sixteen lists
SEPARATORS = ",;\t|"

DRAW = "draw"  # the column that numbers draws of who is whom
DRAWS_BY = phrase(
    "draws of links cannot be divided into strata: one wrong link changes several strata at once, so their ranges "
    "belong together and would come out too short. Leave the strata out for the total, or take one table (without "
    "this column) for figures by stratum, whose ranges then do not hold the doubt about the links"
)
Header = tuple[list[str], str, int]
Read = Callable[[int], None]  # told how many rows were read so far


def read_table(lines: Iterable[str], *, progress: Read | None = None) -> CaptureTable:
    """The table of a CSV file, given as its lines. Raises BadInput with all that was found (the first 200)."""
    return read_strata(lines, (), progress=progress)[()]


def read_strata(
    lines: Iterable[str], by: Sequence[str], *, progress: Read | None = None
) -> dict[tuple[str, ...], CaptureTable]:
    """One table for each combination of values in the columns `by`, in the order of the values.

    A list whose column is blank (or NA) in every row of a stratum did not exist there: its table does without.
    """
    return _gathered(lines, by, progress).tables()


def read_draws(lines: Iterable[str], *, progress: Read | None = None) -> LinkDraws:
    """One table for each number in the column `draw`: capture histories drawn from a linkage that knows its doubt.

    Every draw has the same lists and counts as much as any other. Raises BadInput with all that was found.
    """
    return LinkDraws.from_tables(list(read_strata(lines, (DRAW,), progress=progress).values()))


def read_any(lines: Iterable[str], *, progress: Read | None = None) -> CaptureTable | LinkDraws:
    """The table, or the draws where the header has a column `draw`."""
    rest = iter(lines)
    header = _header(rest)
    if DRAW not in header[0]:
        return _gathered(rest, (), progress, header).tables()[()]
    return LinkDraws.from_tables(list(_gathered(rest, (DRAW,), progress, header).tables().values()))


def read_stratified(
    lines: Iterable[str], by: Sequence[str], *, progress: Read | None = None
) -> StratifiedTable:
    """All strata in one table, for totals and pooled models. A blank in a column of `by` is a value not known.

    A file of draws is refused: each draw is a whole table of the same people, and one draw links people of several
    strata at once, so that ranges of single strata could neither be added up nor mixed by themselves.
    """
    rest = iter(lines)
    header = _header(rest)
    if DRAW in header[0]:
        raise BadInput([Problem("draws", DRAWS_BY, row=header[2], column=DRAW)])
    return _gathered(rest, by, progress, header).stratified()


def _gathered(
    lines: Iterable[str], by: Sequence[str], progress: Read | None, header: Header | None = None
) -> Gathered:
    rest = iter(lines)
    names, separator, row = header or _header(rest)
    gathered = Gathered(names, by)
    for records in _batches(rest, row + 1, separator, progress):
        gathered.take(records)
        if gathered.hopeless:
            break
    return gathered


def frame_table(frame: Any) -> CaptureTable:
    """The table of a data frame: anything with `columns` and `frame[column]`, such as pandas and polars have."""
    return frame_strata(frame, ())[()]


def frame_strata(frame: Any, by: Sequence[str]) -> dict[tuple[str, ...], CaptureTable]:
    """As `read_strata`, from a data frame; rows are counted from 1, without the header."""
    names = [str(name) for name in frame.columns]
    gathered = Gathered(names, by)
    rows = [
        tuple(map(_text, row)) for row in zip(*(list(frame[name]) for name in frame.columns), strict=True)
    ]
    first = dict(zip(reversed(rows), range(len(rows), 0, -1), strict=True))
    gathered.take(Record(cells, times, first[cells]) for cells, times in Counter(rows).items())
    return gathered.tables()


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _header(lines: Iterator[str]) -> Header:
    """Names of the columns, the separator, and the row on which they stand."""
    for row, line in enumerate(lines, start=1):
        text = line.lstrip("\ufeff").strip()
        if not text:
            continue
        if len(text) > LONGEST or "\0" in text:
            break
        separator = max(SEPARATORS, key=lambda one: (text.count(one), one == ","))
        return [name.strip() for name in _cells(text, separator)], separator, row
    else:
        raise BadInput([Problem("empty", phrase("the file is empty"))])
    raise BadInput(
        [Problem("header", phrase("this is not a CSV file: its first line is no list of columns"), row=row)]
    )


def _batches(lines: Iterator[str], row: int, separator: str, progress: Read | None) -> Iterator[list[Record]]:
    """Different lines with how often each stands there and on which row first; all at once where they are few."""
    counted: Counter[str] = Counter()
    first: dict[str, int] = {}
    while batch := list(islice(lines, BATCH)):
        counted.update(batch)
        if len(counted) > len(first):
            last = row + len(batch) - 1
            first = dict(zip(reversed(batch), range(last, row - 1, -1), strict=True)) | first
        row += len(batch)
        if progress:
            progress(row - 1)
        if len(counted) > BATCH:
            yield _records(counted, first, separator)
            counted, first = Counter(), {}
    yield _records(counted, first, separator)


def _records(counted: Counter[str], first: dict[str, int], separator: str) -> list[Record]:
    return [Record(_parsed(line, separator), times, first[line]) for line, times in counted.items()]


def _parsed(line: str, separator: str) -> tuple[str, ...] | None:
    """The cells of a line; None where a quotation mark is left open."""
    text = line.rstrip("\r\n")
    if text.count('"') % 2:
        return None
    if len(text) > LONGEST:
        return (text[:80],)
    return tuple(cell.strip() for cell in _cells(text, separator))


def _cells(text: str, separator: str) -> list[str]:
    if '"' not in text:
        return text.split(separator)
    return next(csv.reader([text], delimiter=separator), [])
