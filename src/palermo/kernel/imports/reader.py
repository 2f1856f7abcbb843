"""Rows of a CSV file in constant memory: either every row of the right width, or `Unreadable`.

This reader knows nothing of the database. `Table` finds header and delimiter and yields
`(row number, values)`; the first line of the file is row 1, as in a spreadsheet.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self, cast

from palermo.kernel.imports.formats import Format
from palermo.kernel.imports.header import Header, find_header
from palermo.kernel.imports.lines import TextLines
from palermo.kernel.imports.mapping import Mapping
from palermo.kernel.imports.problems import Problem, Unreadable

LONGEST_FIELD = 10_000  # characters
MOST_FAULTS = 100  # broken rows that are listed before reading stops


class Table:
    """An open CSV file of a format. Use as a context manager; iterate once."""

    def __init__(self, path: Path, fmt: Format, mapping: Mapping | None = None) -> None:
        self.format = fmt
        self.mapping = mapping or Mapping()
        self.text = TextLines(path)
        self._lines = iter(self.text)
        try:
            self._waiting, self.header = self._open()
        except BaseException:
            self.text.close()
            raise

    def _open(self) -> tuple[list[str], Header]:
        first: list[str] = []
        for line in self._lines:
            first.append(line)
            if len(first) > self.format.preamble:
                break
        header = find_header(first, self.format, self.mapping)
        return first[header.line :], header

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.text.close()

    def _all_lines(self) -> Iterator[str]:
        yield from self._waiting
        yield from self._lines

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """Every row with its number. Broken rows are gathered and raised together, at most a hundred."""
        reader = csv.reader(self._all_lines(), delimiter=self.header.delimiter, strict=True)
        width, number = len(self.header.names), self.header.line
        faults: list[Problem] = []
        while True:
            number += 1
            try:
                row = next(reader)
            except StopIteration:
                break
            except csv.Error as error:
                faults.append(Problem(number, "", "", f"the row is not CSV: {error}"))
                break
            if len(row) == width:
                if not faults:
                    self._check_lengths(number, row)
                    yield number, row
            elif row:
                faults.append(
                    Problem(
                        number,
                        "",
                        "",
                        f"the row has {len(row)} fields, the header has {width}",
                    )
                )
                if len(faults) >= MOST_FAULTS:
                    break
            if number - self.header.line > self.format.most_rows:
                faults.append(
                    Problem(
                        number,
                        "",
                        "",
                        f"the file has more than {self.format.most_rows} rows",
                    )
                )
                break
        if faults:
            raise Unreadable(faults)

    def _check_lengths(self, number: int, row: list[str]) -> None:
        if max(map(len, row)) > LONGEST_FIELD:
            column = max(range(len(row)), key=lambda index: len(row[index]))
            name = self.header.names[column] or str(column + 1)
            rule = f"the field is longer than {LONGEST_FIELD} characters; is a quotation mark unclosed?"
            raise Unreadable([Problem(number, name, "", rule)])

    def as_dict(self, row: list[str]) -> dict[str, str]:
        """The row under palermo's column names, values mapped and constants added."""
        named = cast(dict[str, str], dict(zip(self.header.names, row, strict=True)))
        named.pop(cast(str, None), None)  # the columns that are left out; cheaper than a test for each
        if self.mapping.values or self.mapping.constants:
            self.mapping.translate(named)
        return named
