"""A table as data: columns and rows, for web/components/table.html. None is a withheld value."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from palermo.web.charts.scale import figure

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Column:
    label: Words
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A cell that leads somewhere."""

    text: Any
    url: str


@dataclass(frozen=True, slots=True)
class Cell:
    column: Column
    text: Any
    head: bool
    url: str = ""
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The first cell of each row is its heading. `totals` is a last row of the same length."""

    caption: Words
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    totals: Sequence[Any] = ()

    @property
    def cells(self) -> list[list[Cell]]:
        return [self._row(row) for row in self.rows]

    @property
    def total_cells(self) -> list[Cell]:
        return self._row(self.totals)

    def _row(self, row: Sequence[Any]) -> list[Cell]:
        return [
            cell_of(column, value, head=i == 0)
            for i, (column, value) in enumerate(zip(self.columns, row, strict=True))
        ]


def cell_of(column: Column, value: Any, *, head: bool) -> Cell:
    url = value.url if isinstance(value, Link) else ""
    plain = value.text if isinstance(value, Link) else value
    if column.numeric and (plain is None or isinstance(plain, int | float)):
        return Cell(column, figure(plain), head, url, withheld=plain is None)
    return Cell(column, "–" if plain is None else plain, head, url)
