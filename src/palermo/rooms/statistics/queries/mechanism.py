"""Key figures of the mechanism: how fast help came, which limits were kept, what became of referrals. Protected counts.

Each population is protected by itself: no count of one is a sum over another. A middle value of days is told only where
its class follows from shown counts, so that it says nothing about a withheld one.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.utils import timezone

from palermo.disclosure import TOTAL, Protected, Published
from palermo.kernel.access.policy import can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.kernel.organisations.models import Organisation
from palermo.rooms.statistics.queries import mechanism_counts as exact
from palermo.rooms.statistics.queries.register_tables import Wall, protected, threshold
from palermo.rooms.statistics.queries.view import Cell, Part, Protection, TableView

FIRST = date(
    2000, 1, 1
)  # nothing is older than the Protocol; the total is of everything that was ever counted
QUARTILES = ("lower", "median", "upper")
NAME = "mechanism"


def period(organisation: UUID | None = None, today: date | None = None) -> exact.Period:
    """Everything until today. A window that moves would give totals that cannot be compared with each other."""
    return exact.Period(FIRST, today or timezone.localdate(), organisation)


def mechanism(viewer: Viewer, *, exact: bool = False, wall: Wall | None = None) -> TableView:
    """The figures of the whole country, for those who may see national tables. There are no exact ones."""
    require(viewer, "statistics.table.view")
    return _made(period(), wall)


def own_mechanism(viewer: Viewer, organisation: UUID | None = None) -> TableView:
    """The figures of one organisation of the viewer, for its supervisor. NotFound for any other."""
    if not can(viewer, "statistics.own.view"):
        raise NotFound()
    mine = organisation or viewer.organisation_id
    if mine is None or mine not in viewer.organisation_ids:
        raise NotFound()
    return _made(period(mine), None)


def own_organisations(viewer: Viewer) -> list[tuple[UUID, str]]:
    """The organisations that the viewer may choose between."""
    found = Organisation.objects.filter(pk__in=viewer.organisation_ids).order_by("name")
    return list(found.values_list("pk", "name"))


def _made(when: exact.Period, wall: Wall | None) -> TableView:
    limits = exact.limit_tables(when)
    sides = ("sent", "received") if when.organisation else ("sent",)
    groups = [
        exact.help_table(when),
        *limits.values(),
        exact.presumed_table(when),
        *(exact.referral_tables(when, side) for side in sides),
        exact.unmet_tables(when),
    ]
    results = [protected(group.tables, threshold(), withhold=group.few) for group in groups]
    shown = [table for result in results for table in result.tables]
    if wall:
        found = wall([table for group in groups for table in group.tables], shown)
        results, shown = [found], list(found.tables)
    parts = [part for part in _parts(when, shown, sides) if part.rows]
    quarters = {row for part in parts for row in (*part.rows, *part.columns) if row[4:6] == "-Q"}
    years = tuple(sorted({int(quarter[:4]) for quarter in quarters}))
    return TableView(
        NAME, timezone.now().isoformat(timespec="seconds"), tuple(parts), years=years,
        protection=_protection(results),
    )  # fmt: skip


def _parts(when: exact.Period, shown: Sequence[Published], sides: tuple[str, ...]) -> list[Part]:
    waits, rg, rg_limits, cg, guardian, presumed, *referrals, unmet = shown
    parts = [
        _part("wait", waits), _days(when, waits),
        _part("reasonable", rg), _part("reasonable-limit", rg_limits), _part("conclusive", cg),
        _part("guardian", guardian),
    ]  # fmt: skip
    for place, side in enumerate(sides):
        by_quarter, by_kind = referrals[2 * place : 2 * place + 2]
        parts += [_part(f"{side}-kind", by_kind), _part(f"{side}-quarter", by_quarter)]
    return [*parts, _part("unmet", unmet, turned=True), _part("presumed", presumed)]


def _part(key: str, table: Published, *, turned: bool = False) -> Part:
    """A table as rows by columns; without any row where nobody was counted."""
    rows, columns = table.dimensions
    codes = (*columns.categories, TOTAL)
    lines = {row: tuple(table.cells[row, code] for code in codes) for row in (*rows.categories, TOTAL)}
    if all(count == 0 for count in lines[TOTAL]):
        return Part(key, rows.name, columns.name, (), (), ())
    every = (*rows.categories, TOTAL)
    cells = tuple(tuple(_cell(count) for count in lines[row]) for row in every)
    if turned:
        return Part(
            key, columns.name, rows.name, codes, every, tuple(zip(*cells, strict=True)), "bar", columns.overlapping
        )  # fmt: skip
    return Part(key, rows.name, columns.name, every, codes, cells, "stacked", columns.overlapping)


def _days(when: exact.Period, waits: Published) -> Part:
    """Days to first help: told only where every count up to its class is shown, so that the class is known already."""
    found = exact.days(when)
    if waits.cells[TOTAL, TOTAL] == 0:
        return Part("days", "quarter", "quartile", (), (), ())
    rows = [quarter for quarter in (*waits.dimensions[0].categories, TOTAL) if quarter in found]
    lines = []
    for row in rows:
        lines.append(tuple(_day(waits, row, days) for days in found[row]))
    return Part("days", "quarter", "quartile", tuple(rows), QUARTILES, tuple(lines), "line", measure="days")


def _day(waits: Published, row: str, days: int | None) -> Cell:
    shown = {code: waits.cells[row, code] is not None for code in (*exact.WAITS, TOTAL)}
    if days is None or not shown[TOTAL]:
        return Cell(withheld=True)
    place = exact.WAITS.index(days_class(days))
    if not all(shown[code] for code in exact.WAITS[: place + 1]):
        return Cell(withheld=True)
    return Cell() if days == exact.NOT_YET else Cell(days)


def days_class(days: int) -> str:
    """The class in which so many days stand."""
    return next((code for code, last in exact.LAST_DAY.items() if days <= last), exact.WAITS[-1])


def _cell(count: int | None) -> Cell:
    return Cell(withheld=True) if count is None else Cell(count)


def _protection(results: Sequence[Protected]) -> Protection:
    order = ("none needed", "optimal", "flows", "everything")
    method = max((result.method for result in results), key=order.index)
    withheld = sum(len(result.primary) + len(result.secondary) for result in results)
    return Protection(
        method, results[0].version, results[0].rule.threshold, sum(result.cells for result in results), withheld
    )  # fmt: skip
