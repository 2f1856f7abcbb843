"""Tables as files: CSV that joins back, and what the codes in it mean."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from palermo.rooms.observatory.actions.exporting.cells import Cell, Choice, cells, heads, lined, plain
from palermo.rooms.observatory.actions.exporting.packing import zipped
from palermo.rooms.observatory.queries.leaving import Row
from palermo.rooms.observatory.queries.shapes import Table, word

EVERY = 500  # lines between two pieces
Told = Callable[[int], None]
Entry = tuple[str, Iterable[bytes]]


class Parts:
    """One stream of rows, table after table, cut where the path changes."""

    def __init__(self, rows: Iterable[Row], told: Told | None = None) -> None:
        self._rows = iter(rows)
        self._told = told
        self._count = 0
        self._next: Row | None = next(self._rows, None)

    def of(self, table: Table) -> Iterator[Row]:
        """The rows of the table; each table is asked for once, in the order of `tables`."""
        while self._next is not None and self._next.path < table.path:
            self._forward()
        while self._next is not None and self._next.path == table.path:
            found = self._next
            self._forward()
            yield found

    def _forward(self) -> None:
        self._next = next(self._rows, None)
        self._count += 1
        if self._told is not None and self._count % EVERY == 0:
            self._told(self._count)


def csv_zip(tables: Sequence[Table], parts: Parts, chosen: Choice) -> Iterator[bytes]:
    """A zip with a CSV for each table, and two that say what was asked and what the codes mean."""
    return zipped(_csv_entries(tables, parts, chosen))


def _csv_entries(tables: Sequence[Table], parts: Parts, chosen: Choice) -> Iterator[Entry]:
    for table in tables:
        columns = cells(table, chosen)
        names = [*heads(table), *(cell.name for cell in columns)]
        yield f"{table.name}.csv", csv_pieces(names, lined(parts.of(table), table, columns))
    yield "_questions.csv", csv_pieces(QUESTIONS, questions(tables, chosen))
    yield "_choices.csv", csv_pieces(CHOICES, choices(tables, chosen))


def csv_pieces(names: Sequence[str], lines: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """UTF-8 with a mark (spreadsheets read it as UTF-8 only then); no cell is a formula."""
    out = io.StringIO("\ufeff", newline="")
    out.seek(0, io.SEEK_END)
    writer = csv.writer(out)
    writer.writerow([plain(name) for name in names])
    for number, line in enumerate(lines, 1):
        writer.writerow([plain(value) for value in line])
        if number % EVERY == 0:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


QUESTIONS = ("table", "column", "type", "question")
CHOICES = ("table", "column", "code", "label")


def questions(tables: Iterable[Table], chosen: Choice) -> Iterator[tuple[str, str, str, str]]:
    """Every column with the words of its question."""
    for table in tables:
        for cell in cells(table, chosen):
            yield table.name, cell.name, cell.kind, label_of(cell, chosen.language)


def choices(tables: Iterable[Table], chosen: Choice) -> Iterator[tuple[str, str, str, str]]:
    """Every code with its label."""
    for table in tables:
        for column in table.columns:
            for code, words in column.choices.items():
                yield table.name, column.name, code, word(words, chosen.language)


def label_of(cell: Cell, language: str) -> str:
    """The words of the question; of one choice of several, with the choice."""
    if cell.column is None:
        return ""
    asked = word(cell.column.label, language)
    if not cell.code:
        return asked
    return f"{asked}: {word(cell.column.choices.get(cell.code, {}), language) or cell.code}"
