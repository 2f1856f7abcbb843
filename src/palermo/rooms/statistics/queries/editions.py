"""The wall between editions: a new one is protected together with every edition that ever was public.

All tables of the register are counts of the same persons, so the editions of all of them are known to the attacker,
whichever table is published now; withdrawn ones too, and re-publications add nothing.
"""

from collections.abc import Sequence

from palermo.disclosure import Published, Table
from palermo.rooms.statistics.models import Publication
from palermo.rooms.statistics.queries.declared import TABLES
from palermo.rooms.statistics.queries.old_editions import tables_of
from palermo.rooms.statistics.queries.view import read
from palermo.web.releasable import public_tables

# Tables that are protected and frozen with their protected counts.
NAMES = frozenset(name for name, table in TABLES.items() if table.fed_by != "observations")


def known_editions() -> list[tuple[Published, ...]]:
    """What everybody knows: the tables behind all that was ever public, here and in other rooms, oldest first."""
    found = Publication.objects.filter(approved_at__isnull=False, again=None, table__in=NAMES)
    rows = found.order_by("made_at", "id").values_list("made_at", "shown", "content")
    editions = [
        (made_at, tuple(map(Published.from_data, tables)) if tables else tables_of(read(content)))
        for made_at, tables, content in rows
    ]
    for one in public_tables(besides="statistics"):
        editions.append((one.counted_at, tuple(map(Published.from_data, one.tables))))
    return [edition for _at, edition in sorted(editions, key=lambda pair: pair[0]) if edition]


def of_the_same(
    editions: Sequence[tuple[Published, ...]], tables: Sequence[Table]
) -> list[tuple[Published, ...]]:
    """The editions as far as they count persons that the new tables count too; others are no part of any sum."""
    counted = {table.population for table in tables}
    kept = (tuple(table for table in edition if table.population in counted) for edition in editions)
    return [edition for edition in kept if edition]


__all__ = ["NAMES", "known_editions", "of_the_same"]
