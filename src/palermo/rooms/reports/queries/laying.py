"""Figures laid out as rows and columns: last year beside this year, or the last years in a row. In one language.

A difference is told only where both figures are published and shown. What is withheld stays withheld: nothing here
reads more than the public file, and nothing is added up.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from palermo.rooms.reports.queries.figures import (
    MOST_COLUMNS,
    NOTHING,
    SHOWN,
    TREND_YEARS,
    WITHHELD,
    Cell,
    Part,
    Source,
)
from palermo.rooms.reports.queries.mapping import on_a_map
from palermo.web.charts.scale import figure

MINUS, SAME = "\N{MINUS SIGN}", "0"
MOST_LINES = 6


@dataclass(frozen=True)
class Grid:
    """Names of the columns, lines with their name and their cells; `change`: one more column, the difference."""

    heads: tuple[str, ...]
    lines: tuple[tuple[str, tuple[Cell | None, ...]], ...]
    change: bool = False
    notes: tuple[str, ...] = ()

    @property
    def rows(self) -> list[list[list[str]]]:
        """Every line as [text, status] pairs, the name first."""
        return [
            [[name, "name"], *([told(cell), status(cell)] for cell in cells), *self._difference(cells)]
            for name, cells in self.lines
        ]

    def _difference(self, cells: Sequence[Cell | None]) -> list[list[str]]:
        if not self.change:
            return []
        text = difference(cells[0], cells[1])
        return [[text, SHOWN if text != "–" else NOTHING]]


def status(cell: Cell | None) -> str:
    return cell.status if cell else NOTHING


def told(cell: Cell | None) -> str:
    """A figure in words: its number, withheld, or why there is none."""
    if cell is None:
        return _("not published")
    if cell.status == SHOWN:
        return figure(cell.value)
    return _("withheld") if cell.status == WITHHELD else _("not recorded")


def difference(before: Cell | None, now: Cell | None) -> str:
    """This year less last year where both are shown; a dash otherwise."""
    if before is None or now is None or SHOWN not in (before.status,) or now.status != SHOWN:
        return "–"
    if before.value is None or now.value is None:
        return "–"
    by = now.value - before.value
    return SAME if by == 0 else f"{'+' if by > 0 else MINUS}{figure(abs(by))}"


def side_by_side(found: Source, before: Source | None, key: str, year: int) -> Grid:
    """The figures of the report's year, those of the year before as they were published then, and the difference.

    Where no release of a year ago has them, but this release tells several years, its own column of last year is
    shown, and said to be that. A release that has nothing of the report's year shows its last one, and says so.
    """
    part = found.parts[key]
    old = before.parts.get(key) if before else None
    if not (part.yearly and part.years):
        return _pairs(part, old, found.year)
    this = str(year) if str(year) in part.years else part.years[-1]
    last = str(int(this) - 1)
    notes = [] if this == str(year) else [_("This release has no figures of %(year)s.") % {"year": year}]
    if (old is None or last not in old.years) and last in part.years:
        old = part
        notes.append(_("Both years are as this release tells them.") + _again(before, last))
    elif old is None:
        notes.append(_("No figures of the year before were published in this series."))
    codes = part.codes(part.by)
    names = [part.word(part.by, code) for code in codes]
    return _beside(
        (last, this), names, [old.at(code, last) for code in codes] if old else None,
        [part.at(code, this) for code in codes], notes,
    )  # fmt: skip


def _again(before: Source | None, last: str) -> str:
    """What the release of a year ago has to do with it."""
    if before is None:
        return ""
    return " " + _("%(name)s has no figures of %(year)s.") % {"name": before.identifier, "year": last}


def _pairs(part: Part, old: Part | None, year: int) -> Grid:
    """A breakdown without years: its cells, and the same ones in last year's release."""
    keys = list(part.cells)
    notes = [] if old else [_("No figures of the year before were published in this series.")]
    return _beside(
        (str(year - 1), str(year)), [_pair(part, at) for at in keys],
        [old.cells.get(at) for at in keys] if old else None, [part.cells[at] for at in keys], notes,
    )  # fmt: skip


def _beside(
    heads: tuple[str, str],
    names: Sequence[str],
    was: Sequence[Cell | None] | None,
    now: Sequence[Cell | None],
    notes: Sequence[str],
) -> Grid:
    if was is None:
        lines = tuple((name, (cell,)) for name, cell in zip(names, now, strict=True))
        return Grid(heads[1:], lines, notes=tuple(notes))
    both = tuple((name, (a, b)) for name, a, b in zip(names, was, now, strict=True))
    return Grid(heads, both, change=True, notes=tuple(notes))


def _pair(part: Part, at: tuple[str, str]) -> str:
    row, column = part.word(part.rows, at[0]), part.word(part.columns, at[1])
    if len(part.codes(part.columns)) == 1:
        return row
    return column if len(part.codes(part.rows)) == 1 else f"{row} · {column}"


def trend(found: Source, key: str) -> Grid:
    """The last years of one release in a row; without years, everything that the breakdown has."""
    part = found.parts[key]
    if part.yearly:
        years = part.years[-TREND_YEARS:]
        codes = part.codes(part.by)
        lines = tuple(
            (part.word(part.by, code), tuple(part.at(code, year) for year in years)) for code in codes
        )
        return Grid(tuple(years), lines)
    columns = part.codes(part.columns)
    lines = tuple(
        (part.word(part.rows, row), tuple(part.cells.get((row, column)) for column in columns))
        for row in part.codes(part.rows)
    )
    return Grid(tuple(part.word(part.columns, code) for code in columns), lines)


def why_not(found: Source, key: str, kind: str, layout: str) -> str:
    """Why this cannot be shown so, as a sentence; empty where it can."""
    part = found.parts.get(key)
    if part is None:
        return _("This release has no such breakdown.")
    if kind == "map" and not on_a_map(part):
        return _("This breakdown does not run between countries: take a table or a chart.")
    if layout == "trend":
        if not part.yearly and len(part.codes(part.columns)) > MOST_COLUMNS:
            return _("This breakdown has no years and too many columns for a page.")
        if kind == "chart" and (not part.yearly or len(part.codes(part.by)) > MOST_LINES):
            return _("A chart over the years shows at most six categories. Take a table.")
    return ""
