"""States as they are read: the newest of each population, and when it was counted."""

from dataclasses import dataclass
from datetime import datetime

from palermo.disclosure import Published, key_of
from palermo.kernel.access.policy import can
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.rooms.statistics.models import State
from palermo.rooms.statistics.queries.plan import POPULATIONS
from palermo.rooms.statistics.queries.view import Protection

Edition = tuple[Published, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """A state as it is read: when, how protected, and the tables as they may be shown."""

    population: str
    number: int
    as_of: datetime
    tables: Edition
    protection: Protection


def admit(viewer: Viewer) -> None:
    """Raise NotFound, as for a page that there is not, for who may not see national tables."""
    if not can(viewer, "statistics.table.view"):
        raise NotFound()


def newest(viewer: Viewer, population: str) -> Known | None:
    """The newest state of a population; None before the first count."""
    admit(viewer)
    found = State.objects.filter(population=population).order_by("-number").first()
    return None if found is None else _known(found)


def _known(found: State) -> Known:
    tables = tuple(map(Published.from_data, found.shown))
    cells = len({key_of(t.population, t.dimensions, at) for t in tables for at in t.cells})
    how = Protection(found.method, found.version, found.threshold, cells, found.withheld)
    return Known(found.population, found.number, found.as_of, tables, how)


def years_of(viewer: Viewer, population: str) -> tuple[str, ...]:
    """The years that the newest state of a population has."""
    state = newest(viewer, population)
    if state is None:
        return ()
    return next((d.categories for t in state.tables for d in t.dimensions if d.name == "year"), ())


def states_made(viewer: Viewer) -> dict[str, datetime]:
    """Population -> when it was last counted."""
    admit(viewer)
    rows = State.objects.order_by("number").values_list("population", "as_of")
    return {name: as_of for name, as_of in rows if name in POPULATIONS}
