"""Published citizenship on a map: from each country to this one, with what cannot be drawn in words."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from palermo.rooms.statistics.queries import Cell, Part, TableView, country_name, label, part_title
from palermo.rooms.statistics.queries.view import TOTAL
from palermo.rooms.statistics.views.drawing import Words, by_size, table_of, with_rows
from palermo.standards import find_country
from palermo.standards.packs import pack
from palermo.standards.world import Point, World
from palermo.web.charts import Flow, FlowMap
from palermo.web.charts.ground import boundaries, place_of_here
from palermo.web.charts.scale import figure
from palermo.web.tables import Table

ORIGIN = "citizenship"


@dataclass(frozen=True, slots=True)
class Flowing:
    """One breakdown by country: the map (None where there is none to draw), its table, and what is not on the map."""

    key: str
    title: Words
    chart: FlowMap | None
    table: Table
    unit: Words
    beside: list[str]


def has_flows(view: TableView) -> bool:
    return any(_by_origin(part) is not None for part in view.parts)


def flowing(view: TableView) -> list[Flowing]:
    """A map for each breakdown by citizenship."""
    drawn, here = boundaries(), place_of_here()
    return [
        _flowing(found, part_title(part), drawn, here)
        for part in view.parts
        if (found := _by_origin(part)) is not None
    ]


def _by_origin(part: Part) -> Part | None:
    """Countries as rows and one column of persons, of all years (of the last one where all were not counted)."""
    if part.columns_by == ORIGIN and part.rows and not part.unknown:
        part = part.only_row(TOTAL if TOTAL in part.rows else part.rows[-1])
    if part.rows_by != ORIGIN or not part.rows or part.columns_by != "measure":
        return None
    return part.only_columns(part.columns[:1])


def _flowing(part: Part, title: Words, drawn: World | None, here: Point | None) -> Flowing:
    part = with_rows(part, by_size(part))
    ours = pack(settings.PALERMO_PACK).country
    own = find_country(ours)
    flows, beside = [], []
    for code, (cell, *_more) in zip(part.rows, part.cells, strict=True):
        if code == TOTAL or (not cell.value and not cell.withheld):
            continue
        found = find_country(code)
        at = drawn.places.get(found.alpha2) if drawn and found else None
        if code == ours or (found is not None and own is not None and found.alpha3 == own.alpha3):
            beside.append(_("Own citizens: %(count)s.") % {"count": _said(cell)})
        elif at is None:
            beside.append(
                _("Not on the map: %(what)s, %(count)s.")
                % {"what": label(ORIGIN, code), "count": _said(cell)}
            )
        else:
            flows.append(Flow(label(ORIGIN, code), at, None if cell.withheld else cell.value))
    chart = None
    if drawn and here and flows:
        chart = FlowMap(title, country_name() or _("this country"), here, flows, drawn, _("persons"))
    return Flowing(part.key, title, chart, table_of(part), _("persons"), beside if chart else [])


def _said(cell: Cell) -> str:
    return figure(None if cell.withheld else cell.value)
