"""What the explorer of an edition gets: every breakdown as it was published, and which sides of it may be added up."""

from collections.abc import Iterable
from typing import Any

from palermo.rooms.statistics.queries import DIMENSIONS, Cell, Part, TableView, label, part_title
from palermo.rooms.statistics.queries.view import TOTAL
from palermo.rooms.statistics.views.drawing import every_row, turned

WITHHELD = "withheld"  # as front/explore/adding.js reads it


def explore_context(view: TableView, source: str, number: int | None) -> dict[str, Any]:
    """Data for the script, and the same as tables for who has none."""
    parts = [part for part in view.parts if part.rows and part.columns]
    counts = [part.only_columns(("persons",)) if _beside_shares(part) else part for part in parts]
    return {
        "explored": [explored(part) for part in counts],
        "tables": [table for part in parts for table in every_row(part)],
        "source": source,
        "file": f"palermo-{view.name}-{number}-chosen.csv",
    }


def _beside_shares(part: Part) -> bool:
    """Shares of a whole are no part of a choice: the tables below have them."""
    return part.columns_by == "measure" and part.columns == ("persons", "share")


def explored(part: Part) -> dict[str, Any]:
    """One breakdown as data: a cell is a number, None where no source gave it, or the word withheld."""
    return {
        "title": str(part_title(part)),
        "rows_by": str(DIMENSIONS.get(part.rows_by, part.rows_by)),
        "columns_by": str(DIMENSIONS.get(part.columns_by, part.columns_by)),
        "rows": _codes(part.rows_by, part.rows),
        "columns": _codes(part.columns_by, part.columns),
        "cells": [[WITHHELD if cell.withheld else cell.value for cell in line] for line in part.cells],
        "adds_rows": adds(part),
        "adds_columns": adds(turned(part)),
    }


def adds(part: Part) -> bool:
    """Whether rows may be added up: counts that leave nobody in two rows, against a printed total that bears it out.

    Rows without a total of theirs are not added: nobody said that they are parts of one whole. Rates, shares and days
    are no counts.
    """
    if part.overlapping or part.measure != "persons" or TOTAL not in part.rows or part.key.startswith("rate"):
        return False
    if "measure" in (part.rows_by, part.columns_by) and part.columns != ("persons",):
        return False
    whole = part.cells[part.rows.index(TOTAL)]
    lines = [line for row, line in zip(part.rows, part.cells, strict=True) if row != TOTAL]
    return all(_fits(column, total) for *column, total in zip(*lines, whole, strict=True))


def _fits(cells: Iterable[Cell], total: Cell) -> bool:
    """The shown parts are no more than the whole (as many, where none is withheld)."""
    parts = list(cells)
    if total.withheld or total.value is None:
        return True
    shown = sum(cell.value or 0 for cell in parts if not cell.withheld)
    return shown <= total.value if any(cell.withheld for cell in parts) else shown == total.value


def _codes(dimension: str, codes: Iterable[str]) -> list[dict[str, str]]:
    return [{"code": code, "label": str(label(dimension, code))} for code in codes]
