"""How published figures went over the years: one small picture for each category, all on one scale."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from palermo.rooms.statistics.queries import Cell, Part, TableView, definition, label, part_title
from palermo.rooms.statistics.queries.plan import NOT_RECORDED
from palermo.rooms.statistics.queries.view import TOTAL
from palermo.rooms.statistics.views.drawing import UNITS, every_row, turned, with_rows
from palermo.web.charts import Line, Multiples
from palermo.web.charts.multiples import UNKNOWN, Value
from palermo.web.charts.scale import figure
from palermo.web.tables import Table

Words = str | Promise
PERIODS = ("year", "quarter")
MOST = 12  # categories that are drawn; the page of the breakdown has every one
UNTOLD = (NOT_RECORDED, "unknown")  # after those who are known
LEAST = 2  # periods that make a trend


@dataclass(frozen=True, slots=True)
class Trend:
    """One breakdown over the periods; `left_out`: categories that are not drawn."""

    key: str
    title: Words
    headline: str
    chart: Multiples
    tables: list[Table]
    unit: Words
    left_out: int
    defined: list[str]


def trends(view: TableView) -> list[Trend]:
    """Every breakdown of the table that has several years (or quarters) and anything to draw."""
    parts, found, drawn = [by_period(part) for part in view.parts], [], set[Line]()
    for part in parts:
        one = trend(view, part, drawn) if part is not None else None
        if one is not None:
            found.append(one)
            drawn.update(one.chart.lines)
    return found


def has_trends(view: TableView) -> bool:
    return any(part is not None for part in map(by_period, view.parts))


def by_period(part: Part) -> Part | None:
    """The part with its years as rows, without their total; None where there are not several of them."""
    if part.unknown or not part.rows:
        return None
    if part.columns_by in PERIODS:
        part = turned(part)
    if part.rows_by not in PERIODS:
        return None
    rows = [row for row in part.rows if row not in (TOTAL, NOT_RECORDED)]
    return with_rows(part, sorted(rows)) if len(rows) >= LEAST else None


def trend(view: TableView, part: Part, before: Collection[Line] = ()) -> Trend | None:
    """One breakdown; a total that was drawn `before` is not drawn once more."""
    codes = drawn_codes(part)
    left_out = len([code for code in part.columns if _is_line(code)]) - len(codes)
    part = part.only_columns(tuple(codes))
    title = part_title(part)
    unit = _unit(part)
    lines = [
        Line(
            str(label(part.columns_by, code)),
            tuple(_value(part.cell(row, code)) for row in part.rows),
            apart=code == TOTAL and len(codes) > 1,
        )
        for code in codes
    ]
    kept = [line for line in lines if not (line.apart and line in before)]
    running = part.rows[-1][:4] >= view.as_of[:4]
    chart = Multiples(title, [label(part.rows_by, row) for row in part.rows], kept, unit, running)
    if not codes or chart.is_silent:
        return None
    return Trend(
        part.key, title, headline(part, codes[0], chart.running), chart, every_row(part), unit, left_out,
        list(definition(part.key)),
    )  # fmt: skip


def drawn_codes(part: Part) -> list[str]:
    """The total first, then the categories with the greatest shown figures."""
    codes = [code for code in part.columns if _is_line(code)]
    size = {code: sum(part.cell(row, code).value or 0 for row in part.rows) for code in codes}
    codes.sort(key=lambda c: (c != TOTAL, c in UNTOLD, -size[c], str(label(part.columns_by, c))))
    return codes[:MOST]


def headline(part: Part, code: str, running: bool) -> str:
    """From the first to the last whole period in which the figure is shown; "" where there are not two."""
    rows = part.rows[:-1] if running else part.rows
    known = [(row, value) for row in rows if (value := part.cell(row, code).value) is not None]
    if len(known) < LEAST:
        return ""
    (first, began), (last, ended) = known[0], known[-1]
    name = label(part.columns_by, code)
    return _("%(what)s: %(began)s in %(first)s, %(ended)s in %(last)s.") % {
        "what": name, "began": figure(began), "ended": figure(ended),
        "first": label(part.rows_by, first), "last": label(part.rows_by, last),
    }  # fmt: skip


def _is_line(code: str) -> bool:
    return code not in ("answered", "share") and not code.endswith("_countries")


def _value(cell: Cell) -> Value:
    return None if cell.withheld else UNKNOWN if cell.value is None else cell.value


def _unit(part: Part) -> Words:
    if part.key.startswith("rate"):
        return _("per 100,000 residents")
    return UNITS.get(part.key, _("persons"))
