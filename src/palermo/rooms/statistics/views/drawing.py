"""A table view as tables and charts of the shell: a chart beside every table, a table behind every chart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palermo.rooms.statistics.queries import DIMENSIONS, Cell, Part, TableView, definition, label, part_title
from palermo.rooms.statistics.queries.view import STAGES, TOTAL, read
from palermo.web.charts import Chart, Series
from palermo.web.charts.model import MOST_SERIES
from palermo.web.releasable import Drawn
from palermo.web.tables import Column, Table

Words = str | Promise
MOST_BARS = 15
MOST_ROWS = 10  # of a long list on the page of the table; the rest is on a page of its own
WIDE = 7  # more columns than this are turned into rows
YEARS = 6  # years side by side that fit a page
QUARTERS = 12  # below each other
UNITS: dict[str, Words] = {
    "days": gettext_lazy("days"),
    "unmet": gettext_lazy("needs"),
    "sent-kind": gettext_lazy("referrals"),
    "sent-quarter": gettext_lazy("referrals"),
    "received-kind": gettext_lazy("referrals"),
    "received-quarter": gettext_lazy("referrals"),
}
NOT_DRAWN = (TOTAL, "answered")


@dataclass(frozen=True, slots=True)
class Section:
    """One breakdown on the page."""

    key: str
    title: Words
    table: Table
    chart: Chart | None
    left_out: int = 0  # rows that are only on the page of the part
    unit: Words = ""
    defined: Sequence[str] = ()  # what the figure counts, and where its limit comes from


def sections(view: TableView) -> list[Section]:
    """What a page shows of each part that has rows."""
    return [section(view, part) for part in view.parts if part.rows]


def released(content: Mapping[str, Any]) -> list[Drawn]:
    """What the public page of a release draws, from what was kept when its files were made."""
    return [
        Drawn(one.key, one.title, one.table, one.chart, one.unit, one.defined, one.left_out)
        for one in sections(read(content))
    ]


def section(view: TableView, part: Part) -> Section:
    short, left_out = shortened(part)
    unit = _("per 100,000 residents") if part.key.startswith("rate") else _("persons")
    if part.columns_by == "measure" and "share" in part.columns[0]:
        unit = "%"
    unit = UNITS.get(part.key, unit)
    return Section(
        part.key,
        part_title(part),
        table_of(short),
        chart_of(view, part),
        left_out=left_out,
        unit=unit,
        defined=definition(part.key),
    )


def shortened(part: Part) -> tuple[Part, int]:
    """A part as it fits on a page: long lists are rows, the most frequent first, and only the last years are columns;
    with it, how many rows are left out.
    """
    if len(part.columns) > WIDE and part.columns_by not in ("year", "quarter"):
        part = turned(part)
    if len(part.columns) > WIDE and part.columns_by in ("year", "quarter"):
        part = part.only_columns((*[c for c in part.columns if c != TOTAL][-YEARS + 1 :], TOTAL))
    rows = by_size(part)
    if len(rows) <= MOST_ROWS + 2:
        return (with_rows(part, rows), 0) if part.rows_by == "citizenship" else (part, 0)
    kept = [row for row in rows if row != TOTAL][:MOST_ROWS]
    if TOTAL in rows:
        kept.append(TOTAL)
    if part.rows_by in ("year", "series"):
        return part, 0
    if part.rows_by == "quarter":
        rows = [*[row for row in rows if row != TOTAL][-QUARTERS:], *(row for row in rows if row == TOTAL)]
        return with_rows(part, rows), len(part.rows) - len(rows)
    return with_rows(part, kept), len(rows) - len(kept)


def by_size(part: Part) -> list[str]:
    """Rows with the greatest total first, those that are withheld after them by name, the total last."""
    if part.rows_by in ("year", "quarter", "limit", "series"):
        return list(part.rows)
    column = TOTAL if TOTAL in part.columns else part.columns[0]
    return sorted(
        part.rows,
        key=lambda row: (row == TOTAL, -(part.cell(row, column).value or 0), str(label(part.rows_by, row))),
    )


def with_rows(part: Part, rows: Sequence[str]) -> Part:
    cells = tuple(part.cells[part.rows.index(row)] for row in rows)
    return replace(part, rows=tuple(rows), cells=cells)


def every_row(part: Part) -> list[Table]:
    """The whole part as tables of at most a few years each."""
    if len(part.columns) > WIDE:
        part = turned(part)
    part = with_rows(part, by_size(part))
    if len(part.columns) <= WIDE:
        return [table_of(part)]
    years = [code for code in part.columns if code != TOTAL]
    groups = [years[start : start + YEARS] for start in range(0, len(years), YEARS)]
    if TOTAL in part.columns:
        groups[-1] = [*groups[-1], TOTAL]
    return [
        table_of(
            part.only_columns(tuple(group)), f"{group[0]}–{group[-1] if group[-1] != TOTAL else group[-2]}"
        )
        for group in groups
        if len(group) > 1 or group != [TOTAL]
    ]


def table_of(part: Part, what: str = "") -> Table:
    """Codes in words; withheld figures as None, which the shell writes as such."""
    columns = [
        Column(DIMENSIONS.get(part.rows_by, part.rows_by)),
        *(Column(label(part.columns_by, code), numeric=True) for code in part.columns),
    ]
    rows = [
        [label(part.rows_by, code), *(written(cell, part) for cell in line)]
        for code, line in zip(part.rows, part.cells, strict=True)
    ]
    title = str(part_title(part))
    return Table(f"{title}, {what}" if what else title, columns, rows)


def turned(part: Part) -> Part:
    """Rows for columns."""
    cells = tuple(zip(*part.cells, strict=True))
    return replace(
        part, rows_by=part.columns_by, columns_by=part.rows_by, rows=part.columns, columns=part.rows, cells=cells
    )  # fmt: skip


def written(cell: Cell, part: Part) -> Any:
    if cell.withheld:
        return None
    if cell.value is None:
        return _("not known") if part.key in STAGES or part.unknown else "–"
    if part.key.startswith("rate"):
        return number_format(cell.value, 2)
    return cell.value


def chart_of(view: TableView, part: Part) -> Chart | None:
    """The chart that fits the part."""
    title = part_title(part)
    note = _("Detected is not prevalence.")
    if part.columns_by == "measure":
        return bars(part, title, note)
    if part.key == "series":
        columns = [code for code in part.columns if not code.endswith("_countries")]
        return lines(part, part.rows, columns, "line", title, _("persons"), note)
    if part.columns_by == "quarter":
        return bars(part.only_columns((TOTAL,)) if TOTAL in part.columns else part, title, "")
    if part.rows_by in ("kind", "limit"):
        rows = tuple(row for row in by_size(part) if row != TOTAL)
        codes = [code for code in part.columns if code != TOTAL]
        return lines(part, rows, codes, "stacked", title, UNITS.get(part.key, _("persons")), "")
    if part.measure == "days":
        return bars(part.only_columns(("median",)), label("quartile", "median"), "")
    if part.rows_by == "quarter":
        quarters = tuple(row for row in part.rows if row != TOTAL)[-QUARTERS:]
        codes = [code for code in part.columns if code != TOTAL]
        return lines(part, quarters, codes, "stacked", title, UNITS.get(part.key, _("persons")), "")
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
    if part.rows_by == "quarter":  # what has not been reached yet is neither nought nor withheld
        rows = [
            row for row in rows if part.cell(row, column).withheld or part.cell(row, column).value is not None
        ]
        rows = rows[-QUARTERS:]
    if len(rows) > MOST_BARS:
        rows = sorted(rows, key=lambda row: -(part.cell(row, column).value or 0))[:MOST_BARS]
        note = _("The %(count)s most frequent are drawn; the table holds all.") % {"count": MOST_BARS}
    if not rows:
        return None
    unit: Words = (
        "%"
        if column == "share"
        else UNITS.get(part.key, _("persons"))
        if column != "rate"
        else _("per 100,000")
    )
    values = [drawn(part.cell(row, column)) for row in rows]
    return Chart(
        "bar", title, [label(part.rows_by, row) for row in rows], [Series(title, values)], unit, note
    )


def drawn(cell: Cell) -> float | None:
    """What is withheld is hatched; what a source did not give is drawn as nothing."""
    return None if cell.withheld else cell.value or 0
