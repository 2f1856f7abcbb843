"""What a release may take from here, and what is public already: see `palermo.web.releasable`."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from palermo.disclosure import Unprotectable
from palermo.kernel.access.policy import can
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict, NotFound
from palermo.rooms.statistics.models import Publication
from palermo.rooms.statistics.queries import PROTECTED, for_public
from palermo.rooms.statistics.queries.declared import TABLES
from palermo.rooms.statistics.queries.definitions import definition
from palermo.rooms.statistics.queries.labels import PARTS, explained, label
from palermo.rooms.statistics.queries.old_editions import tables_of
from palermo.rooms.statistics.queries.register_tables import threshold
from palermo.rooms.statistics.queries.view import read, records
from palermo.web.releasable import Offer, PublicTables, Releasable, Taken

CODEBOOK = (
    ("table", "Name of the table."),
    ("part", "Breakdown of the table: which question the row answers."),
    ("row_dimension", "What the row is about (year, sex, form, ...)."),
    ("row", "Code of the row; Total is the sum over the dimension."),
    ("row_label", "The row in words."),
    ("column_dimension", "What the column is about."),
    ("column", "Code of the column; Total is the sum over the dimension."),
    ("column_label", "The column in words."),
    (
        "value",
        "The figure, in persons unless the column says otherwise; empty where it is withheld or not known.",
    ),
    ("status", "shown, withheld (too few persons, or needed to protect others) or not_available."),
)


def offers(viewer: Viewer) -> list[Offer]:
    """The tables that can be protected for the public."""
    if not can(viewer, "statistics.publication.make"):
        return []
    return [Offer(name, TABLES[name].title, TABLES[name].question) for name in PROTECTED if name in TABLES]


def take(viewer: Viewer, key: str) -> Taken:
    """The table as it may be published now, beside everything that is public already. In English.

    Raises NotFound for a table that there is not, Conflict where no choice of cells is safe or nothing is in it.
    """
    if key not in PROTECTED or key not in TABLES or not can(viewer, "statistics.publication.make"):
        raise NotFound()
    try:
        with override("en"):
            view, shown = for_public(viewer, key)
            told = [*explained(view), *view.footnotes]
            rows = [_row(one) for one in records(view)]
            defined = [
                f"{PARTS.get(part.key, part.key)}: {' '.join(said)}"
                for part in view.parts
                if (said := definition(part.key))
            ]
            notes = [*map(str, TABLES[key].warnings), *map(str, TABLES[key].notes), *defined, *told]
    except Unprotectable as error:
        message = _("This table cannot be released beside what is public already: %(reason)s") % {
            "reason": error
        }
        raise Conflict(message, rule="statistics.editions", state="refused") from error
    if view.refused or view.empty:
        raise Conflict(
            _("There is nothing in this table to publish."), rule="statistics.nothing", state="empty"
        )
    return Taken(
        title=str(TABLES[key].title), columns=tuple(name for name, _told in CODEBOOK), rows=tuple(rows),
        codebook=CODEBOOK, notes=tuple(dict.fromkeys(notes)), tables=tuple(shown), threshold=threshold().threshold,
        about={"table": key, "as_of": view.as_of, "years": list(view.years), "population": str(TABLES[key].population),
               "drawn": view.as_dict()},
    )  # fmt: skip


def years(viewer: Viewer, key: str) -> tuple[int, ...]:
    """The years that a table has, as the page inside shows them."""
    if key not in PROTECTED or not can(viewer, "statistics.table.view"):
        return ()
    return PROTECTED[key](viewer).years


def _row(found: dict[str, Any]) -> dict[str, Any]:
    named = {
        "row_label": str(label(found["row_dimension"], found["row"])),
        "column_label": str(label(found["column_dimension"], found["column"])),
    }
    kept = {name: found[name] for name, _told in CODEBOOK if name in found}
    return kept | named


def public_tables() -> Iterator[PublicTables]:
    """The protected tables behind every edition that ever was public."""
    found = Publication.objects.filter(approved_at__isnull=False, again=None, table__in=PROTECTED)
    for one in found.order_by("made_at", "id"):
        tables = one.shown or [table.as_data() for table in tables_of(read(one.content))]
        if tables and one.approved_at is not None:
            yield PublicTables("statistics", one.made_at, one.approved_at, tuple(tables))


RELEASABLE = Releasable("count_tables", offers, take, years)
