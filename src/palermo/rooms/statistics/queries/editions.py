"""The wall between editions: a new one is protected together with every edition that ever was public.

All tables of the register are counts of the same persons, so the editions of all of them are known to the attacker,
whichever table is published now; withdrawn ones too, and re-publications add nothing.
"""

from collections.abc import Sequence
from typing import Any

from palermo.disclosure import Dimension, Protected, Published, Table, protect_edition
from palermo.disclosure.tables import coordinates
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.statistics.models import Publication
from palermo.rooms.statistics.queries.mechanism import mechanism
from palermo.rooms.statistics.queries.old_editions import tables_of
from palermo.rooms.statistics.queries.register_tables import glotip, profile, threshold
from palermo.rooms.statistics.queries.sdg import sdg
from palermo.rooms.statistics.queries.view import TableView, read

# Tables that are protected and frozen with their protected counts; the first three count the same persons.
PROTECTED = {"glotip": glotip, "htcds-profile": profile, "sdg-16-2-2": sdg, "mechanism": mechanism}


def for_public(viewer: Viewer, name: str) -> tuple[TableView, list[dict[str, Any]]]:
    """A table of the register as it may be published, and the protected tables behind it as data.

    Raises Unprotectable when no choice of cells is safe beside the editions that are out.
    """
    require(viewer, "statistics.publication.make")
    earlier = known_editions()
    kept: list[Protected] = []

    def wall(tables: Sequence[Table], inside: Sequence[Published]) -> Protected:
        found = protect_edition(tables, threshold(), earlier=_of_the_same(earlier, tables), before=inside)
        kept.append(found)
        return found

    view = PROTECTED[name](viewer, wall=wall)
    return view, [written(table) for table in (kept[0].tables if kept else ())]


def known_editions() -> list[tuple[Published, ...]]:
    """What everybody knows: the tables behind every edition that was ever public, oldest first."""
    found = Publication.objects.filter(approved_at__isnull=False, again=None, table__in=PROTECTED)
    rows = found.order_by("made_at", "id").values_list("shown", "content")
    editions = (
        tuple(map(read_table, tables)) if tables else tables_of(read(content)) for tables, content in rows
    )
    return [edition for edition in editions if edition]


def _of_the_same(
    editions: Sequence[tuple[Published, ...]], tables: Sequence[Table]
) -> list[tuple[Published, ...]]:
    """The editions as far as they count persons that the new tables count too; others are no part of any sum."""
    counted = {table.population for table in tables}
    kept = (tuple(table for table in edition if table.population in counted) for edition in editions)
    return [edition for edition in kept if edition]


def written(table: Published) -> dict[str, Any]:
    """A protected table as data; counts stand in the order of `coordinates`."""
    return {
        "population": table.population,
        "dimensions": [
            {
                "name": d.name, "categories": list(d.categories), "parents": dict(d.parents),
                "overlapping": d.overlapping, "covering": d.covering,
            }
            for d in table.dimensions
        ],
        "counts": [table.cells[at] for at in coordinates(table.dimensions)],
    }  # fmt: skip


def read_table(data: dict[str, Any]) -> Published:
    """The table that `written` wrote."""
    dimensions = tuple(
        Dimension(**{**found, "categories": tuple(found["categories"])}) for found in data["dimensions"]
    )
    cells = dict(zip(coordinates(dimensions), data["counts"], strict=True))
    return Published(dimensions, cells, data["population"])
