"""What the room can tell: tables that are protected before anybody sees them, and what is published."""

from palermo.kernel.access.policy import can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.rooms.statistics.queries.counted import counted, last_count, under_way
from palermo.rooms.statistics.queries.declared import FREE, TABLES, Declaration, declared
from palermo.rooms.statistics.queries.definitions import definition
from palermo.rooms.statistics.queries.global_report import global_report
from palermo.rooms.statistics.queries.kept import states_made, years_of
from palermo.rooms.statistics.queries.labels import DIMENSIONS, PARTS, explained, label, part_title
from palermo.rooms.statistics.queries.mechanism import own_mechanism, own_organisations
from palermo.rooms.statistics.queries.offered import PROTECTED, for_public
from palermo.rooms.statistics.queries.plan import POPULATIONS
from palermo.rooms.statistics.queries.publications import (
    Edition,
    Withdrawn,
    drafts,
    due_for,
    edition,
    editions,
    latest,
    newest,
    one,
    published,
    published_tiles,
    small_changes,
    withdrawn_tables,
)
from palermo.rooms.statistics.queries.reported import reported
from palermo.rooms.statistics.queries.sdg import country_name
from palermo.rooms.statistics.queries.table_of_states import free
from palermo.rooms.statistics.queries.view import Cell, Part, TableView, long_rows, read, records


def table(
    viewer: Viewer, name: str, *, year: int | None = None, region: str = "", exact: bool = False
) -> TableView:
    """The table of that name, protected. `exact` shows small counts to those few who may see them.

    Raises NotFound for a table that there is not, or not for this viewer; Refused when `exact` is not his.
    """
    if name not in TABLES or not can(viewer, "statistics.table.view"):
        raise NotFound()
    if name in ("global-report", "reported"):
        return (global_report if name == "global-report" else reported)(viewer, year=year, region=region)
    if exact and name == "mechanism":
        raise NotFound()
    if exact:
        require(viewer, "statistics.exact.view")
    return PROTECTED[name](viewer, exact=exact).for_year(year)


__all__ = [
    "DIMENSIONS", "FREE", "PARTS", "POPULATIONS", "PROTECTED", "TABLES", "Cell", "Declaration", "Edition",
    "Part", "TableView", "Withdrawn", "counted", "country_name", "declared", "definition", "drafts", "due_for",
    "edition", "editions", "explained", "for_public", "free", "label", "last_count", "latest", "long_rows", "newest",
    "one", "own_mechanism", "own_organisations", "part_title", "published", "published_tiles", "read", "records",
    "small_changes", "states_made", "table", "under_way", "withdrawn_tables", "years_of",
]  # fmt: skip
