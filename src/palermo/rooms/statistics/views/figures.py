"""The figures that a reader came for: how many, of which sex, this year, and what changed."""

from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from palermo.rooms.statistics.queries import PARTS, Cell, Part, TableView, label
from palermo.rooms.statistics.queries.view import TOTAL
from palermo.web.charts.scale import figure

Words = str | Promise
FIRST = ("rate-sex", "sex", "who", "series")  # the breakdown that is told first, where a table has it
TOLD = ("prosecuted", "convicted")  # stages of justice beside the victims
MOST = 5
KEPT_FIGURES = {
    "reasonable": gettext_lazy("Reasonable grounds decided in time"),
    "conclusive": gettext_lazy("Conclusive grounds decided in time"),
    "guardian": gettext_lazy("Children with a guardian in time"),
}  # fmt: skip
PARTS_AGAIN = gettext_lazy("Presumed again after a closed case")


@dataclass(frozen=True, slots=True)
class Figure:
    """One number for the head of the page; `change` in words, empty where there is nothing to compare with."""

    label: Words
    value: str
    change: str = ""
    withheld: bool = False


def key_figures(view: TableView, year: int | None) -> list[Figure]:
    """At most a handful of figures of one year (the last one where none was chosen); what is withheld is no figure."""
    return [found for found in _figures(view, year) if not found.withheld]


def _figures(view: TableView, year: int | None) -> list[Figure]:
    by_key = {part.key: part for part in view.parts if part.rows}
    if view.name == "mechanism":
        return _of_mechanism(by_key, year)
    part = next((by_key[key] for key in FIRST if key in by_key), None)
    if part is None:
        return []
    if part.rows_by != "year":
        return _without_years(part)
    years = [row for row in part.rows if row.isdigit()]
    # The year in which the table was made is not over: it is told beside the last whole one, without a change.
    running = view.as_of[:4]
    whole = [row for row in years if row < running] or years
    now = str(year) if year is not None and str(year) in years else whole[-1] if whole else ""
    if not now:
        return []
    before = str(int(now) - 1)
    codes = [
        code for code in (TOTAL, *part.columns) if code in part.columns and not code.endswith("_countries")
    ]
    found = [_figure(part, now, before, code) for code in dict.fromkeys(codes)][:MOST]
    for stage in TOLD:
        if stage in by_key and now in by_key[stage].rows:
            found.append(_figure(by_key[stage], now, before, TOTAL, PARTS[stage]))
        elif stage in by_key:
            found.append(Figure(_of_year(PARTS[stage], now), _("not known")))
    if year is None and running in years and running != now and TOTAL in part.columns:
        so_far = _figure(part, running, "", TOTAL)
        found.append(replace(so_far, change=_("so far: the year is not over")))
    return found


def _of_mechanism(by_key: dict[str, Part], year: int | None) -> list[Figure]:
    """Of everything that was counted: half helped within, kept limits, referrals that led to help, presumed again."""
    if year is not None:  # the quarters of one year have no total of their own
        return []
    found = []
    if (cell := _at(by_key, "days", "median")) is not None and cell.value is not None:
        days = int(cell.value)
        value = ngettext("%(days)s day", "%(days)s days", days) % {"days": days}
        found.append(Figure(_("Half of the persons had help within"), value))
    for key, name in KEPT_FIGURES.items():
        found += _share(by_key, key, "in_time", ("in_time", "late", "overdue"), name)
    found += _share(by_key, "sent-kind", "helped", (TOTAL,), _("Referrals that led to help"))
    again = _at(by_key, "presumed", "again")
    if again is not None and not again.withheld and again.value is not None:
        found.append(Figure(PARTS_AGAIN, figure(again.value)))
    return found


def _at(by_key: dict[str, Part], key: str, column: str) -> Cell | None:
    part = by_key.get(key)
    return part.cell(TOTAL, column) if part and TOTAL in part.rows and column in part.columns else None


def _share(by_key: dict[str, Part], key: str, what: str, of: tuple[str, ...], name: Words) -> list[Figure]:
    """A share is told only where each of its counts is shown."""
    cells = [_at(by_key, key, code) for code in (what, *of)]
    if any(cell is None or cell.withheld for cell in cells):
        return []
    counts = [cell.value or 0 for cell in cells if cell is not None]
    whole = sum(counts[1:])
    return [Figure(name, f"{figure(round(100 * counts[0] / whole))} %")] if whole else []


def _figure(part: Part, now: str, before: str, code: str, name: Words = "") -> Figure:
    words = name or (
        _("Detected victims") if code == TOTAL and part.key == "sex" else label(part.columns_by, code)
    )
    cell = part.cell(now, code)
    said = _of_year(words, now)
    if cell.withheld:
        return Figure(said, _("withheld"), withheld=True)
    if cell.value is None:
        return Figure(said, "–")
    known = part.cell(before, code) if before in part.rows else Cell()
    return Figure(said, figure(cell.value), _change(cell.value, known, before))


def _of_year(words: Words, year: str) -> str:
    """The two beside each other, with the comma of the reader's language."""
    return _("%(what)s, %(year)s") % {"what": words, "year": year}


def _change(value: float, before: Cell, year: str) -> str:
    if before.withheld or before.value is None:
        return ""
    by = value - before.value
    numbers = {
        "year": year,
        "by": figure(abs(by)),
        "percent": figure(round(100 * abs(by) / (before.value or 1))),
    }
    if by == 0:
        return _("as many as in %(year)s") % numbers
    if before.value < 20:  # a percentage of few persons says nothing
        return (_("%(by)s more than in %(year)s") if by > 0 else _("%(by)s fewer than in %(year)s")) % numbers
    if by > 0:
        return _("%(by)s more than in %(year)s (+%(percent)s %%)") % numbers
    return _("%(by)s fewer than in %(year)s (−%(percent)s %%)") % numbers


def _without_years(part: Part) -> list[Figure]:
    """Tables of all years: persons, and their share where there is one."""
    rows = [row for row in (TOTAL, *part.rows) if row in part.rows]
    found = []
    for row in list(dict.fromkeys(rows))[:MOST]:
        cell = part.cell(row, part.columns[0])
        share = part.cell(row, "share") if "share" in part.columns[1:] and row != TOTAL else Cell()
        note = f"{figure(share.value)} %" if share.value is not None and not share.withheld else ""
        value = _("withheld") if cell.withheld else "–" if cell.value is None else figure(cell.value)
        found.append(Figure(label(part.rows_by, row), value, note, cell.withheld))
    return found
