"""Every protected table by its name, and how it is made ready for the public."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from palermo.disclosure import Dated, Protected, Published, Table, protect_edition
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.statistics.queries.declared import TABLES
from palermo.rooms.statistics.queries.editions import known_editions, of_the_same
from palermo.rooms.statistics.queries.from_states import kept_tables
from palermo.rooms.statistics.queries.mechanism import mechanism
from palermo.rooms.statistics.queries.register_tables import glotip, profile, threshold
from palermo.rooms.statistics.queries.sdg import sdg
from palermo.rooms.statistics.queries.table_of_states import FED_BY_STATES, referral, tables_behind
from palermo.rooms.statistics.queries.view import TableView

# Tables that are protected and frozen with their protected counts; the first three count the same persons.
PROTECTED: Mapping[str, Callable[..., TableView]] = {
    "glotip": glotip, "htcds-profile": profile, "sdg-16-2-2": sdg, "mechanism": mechanism,
    "referral-mechanism": referral, **FED_BY_STATES,
}  # fmt: skip
OF_PERSONS = ("glotip", "htcds-profile", "sdg-16-2-2")  # parts of states, once there are any


def for_public(viewer: Viewer, name: str) -> tuple[TableView, list[dict[str, Any]]]:
    """A table of the register as it may be published, and the protected tables behind it as data.

    What has been counted is published as it was counted: a part of a state says nothing that the state does not say,
    and the state was proved beside all that was out (docs/decisions/0022). What belongs to no state is protected here.
    Raises Unprotectable when no choice of cells is safe beside the editions that are out.
    """
    require(viewer, "statistics.publication.make")
    parts = behind(viewer, name)
    if parts is not None:
        return PROTECTED[name](viewer), [
            {**table.as_data(), "as_of": moment.isoformat()} for moment, table in parts
        ]
    earlier = known_editions()
    kept: list[Protected] = []

    def wall(tables: Sequence[Table], inside: Sequence[Published]) -> Protected:
        found = protect_edition(tables, threshold(), earlier=of_the_same(earlier, tables), before=inside)
        kept.append(found)
        return found

    view = PROTECTED[name](viewer, wall=wall)
    return view, [table.as_data() for table in (kept[0].tables if kept else ())]


def behind(viewer: Viewer, name: str) -> list[Dated] | None:
    """The tables of the newest states of which a table is a part, each with the moment at which it was counted; None
    where it is not a part of any."""
    if name in FED_BY_STATES:
        return tables_behind(viewer, TABLES[name])
    if name not in OF_PERSONS or (kept := kept_tables(viewer)) is None:
        return None
    return kept.dated if name == "htcds-profile" else kept.dated_first
