"""A table as it is shown: frozen, without anything that is withheld. The same object feeds page, file and API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from palermo.disclosure import TOTAL

STAGES = ("formal_contact", "prosecuted", "convicted")  # of justice, each a population of its own


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure. `withheld`: too few persons, or needed to protect others; then there is no value at all.

    `low` and `high` are what the figure can be where its sources print "<5"; `countries` stand behind it.
    """

    value: float | None = None
    withheld: bool = False
    low: float | None = None
    high: float | None = None
    countries: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One breakdown: rows by columns. Codes belong to a list of labels (see labels.py).

    `fixed`: dimensions that are held at one code (or at the total); `population`: who is counted, where it is a part of
    a state (see plan.py).
    """

    key: str
    rows_by: str
    columns_by: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]
    chart: str = "grouped"
    overlapping: bool = False
    measure: str = "persons"
    fixed: tuple[tuple[str, str], ...] = ()
    population: str = ""

    @property
    def unknown(self) -> bool:
        """Whether no source supplied anything."""
        return self.rows == (TOTAL,) and self.columns == (TOTAL,) and self.cells == ((Cell(),),)

    def cell(self, row: str, column: str) -> Cell:
        """The cell at two codes; raises ValueError when there is none."""
        return self.cells[self.rows.index(row)][self.columns.index(column)]

    def only_columns(self, columns: tuple[str, ...]) -> Part:
        """The same rows with fewer columns."""
        places = [self.columns.index(column) for column in columns]
        cells = tuple(tuple(line[place] for place in places) for line in self.cells)
        return replace(self, columns=columns, cells=cells)

    def only_year(self, year: str) -> Part:
        """The quarters of one year, as rows or as columns, without the total of all."""
        if self.columns_by == "quarter":
            columns = tuple(code for code in self.columns if code.startswith(f"{year}-"))
            return self.only_columns(columns) if columns else replace(self, rows=(), columns=(), cells=())
        kept = [place for place, row in enumerate(self.rows) if row.startswith(f"{year}-")]
        return replace(self, rows=tuple(self.rows[p] for p in kept), cells=tuple(self.cells[p] for p in kept))

    def only_row(self, row: str) -> Part:
        """One row, turned: its columns become rows beside one column of persons."""
        cells = tuple((cell,) for cell in self.cells[self.rows.index(row)])
        return replace(
            self, rows_by=self.columns_by, columns_by="measure", rows=self.columns, columns=(self.measure,),
            cells=cells, chart="bar",
        )  # fmt: skip


def not_known(key: str) -> Part:
    """A stage of justice of which nobody supplied anything: not known, which is not 0."""
    return Part(key, "year", "sex", (TOTAL,), (TOTAL,), ((Cell(),),))


@dataclass(frozen=True, slots=True)
class Protection:
    """How the table was made safe. How many of the withheld cells are small is nobody's business: see
    `palermo.disclosure.explain`.
    """

    method: str
    version: str
    threshold: int
    cells: int
    withheld: int


@dataclass(frozen=True, slots=True)
class TableView:
    """A whole table with everything that a careful reader asks for. `refused` says why it cannot be given; as_of is
    empty where nobody has counted yet."""

    name: str
    as_of: str
    parts: tuple[Part, ...]
    year: int | None = None
    region: str = ""
    years: tuple[int, ...] = ()
    regions: tuple[str, ...] = ()
    exact: bool = False
    refused: str = ""
    protection: Protection | None = None
    footnotes: tuple[str, ...] = ()
    source: str = ""

    @property
    def without_rates(self) -> bool:
        """Whether a table of rates has the counts alone, as no number of residents was imported."""
        return self.name == "sdg-16-2-2" and not self.refused and all(p.measure != "rate" for p in self.parts)

    @property
    def counted_at(self) -> datetime:
        """When it was counted."""
        return datetime.fromisoformat(self.as_of)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show: not one figure, nor one that is withheld."""
        cells = (cell for part in self.parts for line in part.cells for cell in line)
        return not any(cell.withheld or cell.value is not None for cell in cells)

    def for_year(self, year: int | None) -> TableView:
        """The same protected table, one year of it. Nothing is protected anew: the pattern stays one."""
        if year is None:
            return self
        code = str(year)
        quarters = tuple(
            part.only_year(code) for part in self.parts if "quarter" in (part.rows_by, part.columns_by)
        )
        by_year = (part for part in self.parts if part.rows_by == "year")
        kept = tuple(
            part.only_row(code) if code in part.rows else not_known(part.key)
            for part in by_year
            if code in part.rows or part.key in STAGES or part.unknown
        )
        return replace(self, parts=(*kept, *(part for part in quarters if part.rows)), year=year)

    def as_dict(self) -> dict[str, Any]:
        """For JSON and for a publication; `read` gives the view back."""
        return asdict(self)


def read(content: Mapping[str, Any]) -> TableView:
    """The view that `as_dict` wrote."""
    parts = tuple(
        Part(
            **{
                **part,
                "rows": tuple(part["rows"]),
                "columns": tuple(part["columns"]),
                "fixed": tuple((name, code) for name, code in part.get("fixed", ())),
                "cells": tuple(tuple(Cell(**cell) for cell in row) for row in part["cells"]),
            }
        )
        for part in content["parts"]
    )
    lists = {name: tuple(content[name]) for name in ("years", "regions", "footnotes")}
    protection = Protection(**content["protection"]) if content["protection"] else None
    return TableView(**{**content, **lists, "parts": parts, "protection": protection})


def records(view: TableView) -> list[dict[str, Any]]:
    """One row per figure: the long form of every file that leaves the room."""
    return [
        {
            "table": view.name, "part": part.key, "row_dimension": part.rows_by, "row": row,
            "column_dimension": part.columns_by, "column": column,
            "value": None if cell.withheld else cell.value,
            "status": "withheld" if cell.withheld else "shown" if cell.value is not None else "not_available",
            "held": "; ".join(f"{name}={code}" for name, code in part.fixed), "population": part.population,
            "low": cell.low, "high": cell.high, "countries": cell.countries,
            "year": view.year or "", "region": view.region, "as_of": view.as_of,
        }
        for part in view.parts
        for row, line in zip(part.rows, part.cells, strict=True)
        for column, cell in zip(part.columns, line, strict=True)
    ]  # fmt: skip


def long_rows(view: TableView) -> list[dict[str, Any]]:
    """One row for each count, with a column for each dimension (Total where it is not asked for): no cell twice."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for part in view.parts:
        if not part.population:
            continue
        for row, line in zip(part.rows, part.cells, strict=True):
            for column, cell in zip(part.columns, line, strict=True):
                at = {**dict(part.fixed), part.rows_by: row, part.columns_by: column}
                at.pop("measure", None)
                at.setdefault("year", str(view.year or TOTAL))
                key = (part.population, part.measure, *sorted((n, c) for n, c in at.items() if c != TOTAL))
                status = (
                    "withheld" if cell.withheld else "shown" if cell.value is not None else "not_available"
                )
                value = None if cell.withheld else cell.value
                found.setdefault(
                    key,
                    {
                        "population": part.population,
                        "measure": part.measure,
                        **at,
                        "value": value,
                        "status": status,
                    },
                )
    return list(found.values())


__all__ = [
    "STAGES",
    "TOTAL",
    "Cell",
    "Part",
    "Protection",
    "TableView",
    "long_rows",
    "not_known",
    "read",
    "records",
]
