"""A table view as tables and charts of the shell: a chart beside every table, a table behind every chart."""

from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from palermo.rooms.statistics.queries import DIMENSIONS, PARTS, Cell, Part, TableView, label
from palermo.rooms.statistics.queries.view import TOTAL
from palermo.web.charts import Chart, Series
from palermo.web.charts.model import MOST_SERIES
from palermo.web.tables import Column, Table

Words = str | Promise
MOST_BARS = 15
WIDE = 9  # more columns than this are turned into rows
NOT_DRAWN = (TOTAL, "answered")


@dataclass(frozen=True, slots=True)
class Section:
    """One breakdown on the page."""

    key: str
    title: Words
    table: Table
    chart: Chart | None


def sections(view: TableView) -> list[Section]:
    """What a page shows of each part that has rows."""
    return [
        Section(part.key, PARTS.get(part.key, part.key), table_of(part), chart_of(view, part))
        for part in view.parts
        if part.rows
    ]


def table_of(part: Part) -> Table:
    """Codes in words; withheld figures as None, which the shell writes as such."""
    if len(part.columns) > WIDE:
        part = turned(part)
    columns = [
        Column(DIMENSIONS.get(part.rows_by, part.rows_by)),
        *(Column(label(part.columns_by, code), numeric=True) for code in part.columns),
    ]
    rows = [
        [label(part.rows_by, code), *(written(cell, part) for cell in line)]
        for code, line in zip(part.rows, part.cells, strict=True)
    ]
    return Table(PARTS.get(part.key, part.key), columns, rows)


def turned(part: Part) -> Part:
    """Rows for columns."""
    cells = tuple(zip(*part.cells, strict=True))
    return Part(part.key, part.columns_by, part.rows_by, part.columns, part.rows, cells, part.chart)


def written(cell: Cell, part: Part) -> Any:
    if cell.withheld:
        return None
    if cell.value is None:
        return "–"
    if part.key.startswith("rate"):
        return number_format(cell.value, 2)
    return cell.value


def chart_of(view: TableView, part: Part) -> Chart | None:
    """The chart that fits the part."""
    title = PARTS.get(part.key, part.key)
    note = _("Detected is not prevalence.")
    if part.columns_by == "measure":
        return bars(part, title, note)
    if part.key == "series":
        columns = [code for code in part.columns if not code.endswith("_countries")]
        return lines(part, part.rows, columns, "line", title, _("persons"), note)
    years = tuple(row for row in part.rows if row.isdigit())
    columns = [code for code in part.columns if code not in NOT_DRAWN]
    if part.key.startswith("rate"):
        return lines(part, years, list(part.columns), "line", title, _("per 100,000"), note)
    if len(columns) > MOST_SERIES:
        return bars(turned(part).only_columns((TOTAL,)), title, note)
    if not columns or not years:
        return None
    kind = "line" if part.overlapping or len(years) > MOST_BARS else "stacked"
    return lines(part, years, columns, kind, title, _("persons"), note)


def lines(
    part: Part, rows: tuple[str, ...], columns: list[str], kind: str, title: Words, unit: str, note: str
) -> Chart | None:
    """One series for each column."""
    columns = columns[:MOST_SERIES]
    if not columns or not rows:
        return None
    series = [
        Series(label(part.columns_by, code), [drawn(part.cell(row, code)) for row in rows])
        for code in columns
    ]
    return Chart(kind, title, [label(part.rows_by, row) for row in rows], series, unit, note)


def bars(part: Part, title: Words, note: str) -> Chart | None:
    """One bar for each row: the first column, the longest first where there are many."""
    column = part.columns[0]
    rows = [row for row in part.rows if row not in NOT_DRAWN]
    if len(rows) > MOST_BARS:
        rows = sorted(rows, key=lambda row: -(part.cell(row, column).value or 0))[:MOST_BARS]
        note = _("The %(count)s most frequent are drawn; the table holds all.") % {"count": MOST_BARS}
    if not rows:
        return None
    unit = "%" if column == "share" else _("persons") if column != "rate" else _("per 100,000")
    values = [drawn(part.cell(row, column)) for row in rows]
    return Chart(
        "bar", title, [label(part.rows_by, row) for row in rows], [Series(title, values)], unit, note
    )


def drawn(cell: Cell) -> float | None:
    """What is withheld is hatched; what a source did not give is drawn as nothing."""
    return None if cell.withheld else cell.value or 0
