"""Declared tables that are fed by states, free tables, and the part of the mechanism that is about referral."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.disclosure import Dated, Dimension
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import FieldProblem, Invalid, NotFound
from palermo.rooms.statistics.queries.declared import FREE, TABLES, Declaration
from palermo.rooms.statistics.queries.kept import Known, admit, newest, states_made
from palermo.rooms.statistics.queries.mechanism import mechanism
from palermo.rooms.statistics.queries.plan import POPULATIONS, Population
from palermo.rooms.statistics.queries.projection import (
    Breakdown,
    dimension_name,
    needed,
    parts_of,
    shown_codes,
    table_for,
)
from palermo.rooms.statistics.queries.register_tables import Wall
from palermo.rooms.statistics.queries.sdg import layered_rates
from palermo.rooms.statistics.queries.view import Part, Protection, TableView

MOST = 4  # dimensions of a free table
REFERRAL = ("presumed", "reasonable", "conclusive", "sent-kind", "sent-quarter", "unmet")


def of_states(name: str, viewer: Viewer, *, exact: bool = False) -> TableView:
    """A declared table from the newest states."""
    if exact:
        raise NotFound()
    declaration = TABLES[name]
    known = _known(viewer, declaration)
    if not known and not states_made(viewer):
        return TableView(name, "", (), refused=not_counted())
    view = _view(name, declaration.breakdowns, known)
    return layered_rates(view) if name == "sdg-16-2-2-long" else view


def not_counted() -> str:
    """What to say before the first count."""
    return _(
        "These figures have not been counted yet. “Count now” counts every population once and protects all tables of "
        "it together; this can take some minutes. On the command line: palermo tabulate states."
    )


def _known(viewer: Viewer, declaration: Declaration) -> dict[str, Known]:
    found = {name: newest(viewer, name) for name in declaration.populations}
    return {name: state for name, state in found.items() if state is not None}


def tables_behind(viewer: Viewer, declaration: Declaration) -> list[Dated]:
    """The tables of the newest states from which the parts of a declared table are read, and when they were counted."""
    found: list[Dated] = []
    for name, state in _known(viewer, declaration).items():
        part = replace(POPULATIONS[name], tables=needed(declaration.breakdowns, name))
        found += [(state.as_of, table) for table in state.tables if _of(part, table.dimensions)]
    return found


def _of(part: Population, dimensions: Sequence[Dimension]) -> bool:
    names = {d.name for d in dimensions}
    return any({dimension_name(name) for name in table} == names for table in part.tables)


def _view(name: str, breakdowns: Sequence[Breakdown], known: Mapping[str, Known]) -> TableView:
    parts: list[Part] = []
    for breakdown in breakdowns:
        state = known.get(breakdown.population)
        parts += parts_of(breakdown, state.tables if state else ())
    years = sorted(
        {int(row) for part in parts if part.rows_by == "year" for row in part.rows if row.isdigit()}
    )
    as_of = min((state.as_of for state in known.values()), default=timezone.now())
    return TableView(
        name, as_of.isoformat(timespec="seconds"), tuple(parts), years=tuple(years),
        protection=_together(known) if known else None,
    )  # fmt: skip


def _together(known: Mapping[str, Known]) -> Protection:
    """One account of the protections of several populations."""
    order = ("none needed", "optimal", "flows", "everything")
    every = [state.protection for state in known.values()]
    method = max((how.method for how in every), key=lambda name: order.index(name) if name in order else 0)
    return Protection(
        method, every[0].version, every[0].threshold, sum(how.cells for how in every),
        sum(how.withheld for how in every)
    )  # fmt: skip


def referral(viewer: Viewer, *, exact: bool = False, wall: Wall | None = None) -> TableView:
    """Presumed, decided, referred: a part of the key figures of the mechanism, which are protected as a whole."""
    if exact:
        raise NotFound()
    view = mechanism(viewer, wall=wall)
    kept = tuple(part for part in view.parts if part.key in REFERRAL or part.key.startswith("reasonable"))
    return replace(view, name="referral-mechanism", parts=kept)


def free(
    viewer: Viewer,
    population: str,
    by: Sequence[str],
    *,
    years: Sequence[str] = (),
    only: Mapping[str, str] | None = None,
) -> TableView:
    """A table of the viewer's own: up to four dimensions of one population, as far as the state has them together.

    `years`: these years only. `only`: dimension -> the code that all shown persons have. Nothing is counted, added up
    or protected here: every cell is a cell of the newest state, so that no number of tables says more than the state.
    Raises Invalid with what can be asked, where this cannot.
    """
    admit(viewer)
    plan, only = POPULATIONS.get(population), dict(only or {})
    if plan is None:
        raise NotFound()
    by = tuple(dict.fromkeys(by))
    problems = _problems(plan, by, only)
    if problems:
        raise Invalid(_("This table cannot be made."), problems=problems, rule="statistics.free")
    state = newest(viewer, population)
    if state is None:
        return TableView(FREE.name, "", (), refused=not_counted())
    names = list(by) if len(by) > 1 else [*by, "year"] if "year" not in by else ["year", *_second(plan)]
    if years and "year" not in names:
        names.append("year")
    rows = "year" if "year" in names else names[0]
    columns = next(name for name in reversed(names) if name != rows)
    layers = tuple(name for name in names if name not in (rows, columns))
    asked = Breakdown("free", plan.title, population, columns, rows, tuple(only.items()), layers)
    table = table_for(asked, state.tables)
    wrong = [
        FieldProblem(name, _("There is no such category."), "choice")
        for name, code in only.items()
        if table is not None and code not in shown_codes(table, name)
    ]
    if wrong:
        raise Invalid(_("This table cannot be made."), problems=wrong, rule="statistics.free")
    view = _view(FREE.name, (asked,), {population: state})
    return _years(view, years) if years else view


def _second(plan: Population) -> list[str]:
    return [next(name for name in plan.dimensions if name != "year")]


def _problems(plan: Population, by: tuple[str, ...], only: Mapping[str, str]) -> list[FieldProblem]:
    every = (*by, *only)
    unknown = [name for name in every if name not in plan.dimensions]
    if unknown:
        return [
            FieldProblem(
                "by",
                _("These persons are not counted by: %(names)s") % {"names": ", ".join(unknown)},
                "choice",
            )
        ]
    if not by or len(by) > MOST:
        return [FieldProblem("by", _("Choose one to four dimensions."), "number")]
    twice = [name for name in by if name in only]
    if twice:
        return [FieldProblem("by", _("A dimension is either shown or held at one category."), "once")]
    if plan.holding(frozenset(every)) is None:
        return [FieldProblem("by", _("These are not counted together. Counted together are: %(sets)s.") % {
            "sets": "; ".join(" + ".join(table) for table in plan.tables)}, "together")]  # fmt: skip
    return []


def _years(view: TableView, years: Sequence[str]) -> TableView:
    """These years alone, without the total of all years: a sum over some years is no cell of the state."""
    kept = tuple(
        replace(
            part,
            rows=tuple(row for row in part.rows if row in years),
            cells=tuple(line for row, line in zip(part.rows, part.cells, strict=True) if row in years),
        )
        if part.rows_by == "year"
        else part
        for part in view.parts
    )
    return replace(view, parts=tuple(part for part in kept if part.rows))


FED_BY_STATES = {name: partial(of_states, name) for name, found in TABLES.items() if found.fed_by == "state"}
