"""Every protected table by its name, and how it is made ready for the public."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from palermo.disclosure import Protected, Published, Table, protect_edition
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.statistics.queries.editions import known_editions, of_the_same
from palermo.rooms.statistics.queries.mechanism import mechanism
from palermo.rooms.statistics.queries.register_tables import glotip, profile, threshold
from palermo.rooms.statistics.queries.sdg import sdg
from palermo.rooms.statistics.queries.table_of_states import FED_BY_STATES, referral
from palermo.rooms.statistics.queries.view import TableView

# Tables that are protected and frozen with their protected counts; the first three count the same persons.
PROTECTED: Mapping[str, Callable[..., TableView]] = {
    "glotip": glotip, "htcds-profile": profile, "sdg-16-2-2": sdg, "mechanism": mechanism,
    "referral-mechanism": referral, **FED_BY_STATES,
}  # fmt: skip


def for_public(viewer: Viewer, name: str) -> tuple[TableView, list[dict[str, Any]]]:
    """A table of the register as it may be published, and the protected tables behind it as data.

    Raises Unprotectable when no choice of cells is safe beside the editions that are out.
    """
    require(viewer, "statistics.publication.make")
    earlier = known_editions()
    kept: list[Protected] = []

    def wall(tables: Sequence[Table], inside: Sequence[Published]) -> Protected:
        found = protect_edition(tables, threshold(), earlier=of_the_same(earlier, tables), before=inside)
        kept.append(found)
        return found

    view = PROTECTED[name](viewer, wall=wall)
    return view, [table.as_data() for table in (kept[0].tables if kept else ())]
