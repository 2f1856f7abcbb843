"""The first national tables as parts of the newest states, once there are any: then all pages show one pattern."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from palermo.disclosure import TOTAL, Dated, Dimension, Published
from palermo.disclosure.tables import coordinates
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.statistics.queries.kept import newest
from palermo.rooms.statistics.queries.plan import AXES, POPULATIONS, WITHOUT
from palermo.rooms.statistics.queries.projection import dimension_name
from palermo.rooms.statistics.queries.view import STAGES, Protection

SHOWN = (("year", "sex", "age"), ("year", "form"), ("year", "citizenship"))


@dataclass(frozen=True, slots=True)
class Kept:
    """The tables of `glotip` and those of the answers, each with the moment at which it was counted; and how and when
    the persons were."""

    dated_first: list[Dated]
    dated_answers: list[Dated]
    protection: Protection
    as_of: datetime

    @property
    def first(self) -> list[Published]:
        return [table for _moment, table in self.dated_first]

    @property
    def answers(self) -> list[Published]:
        return [table for _moment, table in self.dated_answers]

    @property
    def dated(self) -> list[Dated]:
        return [*self.dated_first, *self.dated_answers]

    @property
    def tables(self) -> list[Published]:
        return [*self.first, *self.answers]


def kept_tables(viewer: Viewer) -> Kept | None:
    """None before the first count."""
    persons = newest(viewer, "persons")
    if persons is None:
        return None
    first = [(persons.as_of, marginal(persons.tables, "persons", names)) for names in SHOWN]
    for stage in STAGES:
        state = newest(viewer, stage)
        table = marginal(state.tables if state else (), stage, ("year", "sex"))
        first.append((state.as_of if state else persons.as_of, table))
    # The answers stand after the tables of the plan: one dimension each, without the year.
    answers = [(persons.as_of, table) for table in persons.tables if len(table.dimensions) == 1]
    return Kept(first, answers, persons.protection, persons.as_of)


def marginal(tables: Sequence[Published], population: str, names: tuple[str, ...]) -> Published:
    """The cells of a state's table by some of its dimensions; citizenships without their groups."""
    wanted = POPULATIONS[population].holding(frozenset(names)) or ()
    for table in tables:
        pairs = any(code.startswith(WITHOUT) for d in table.dimensions for code in d.categories)
        if pairs or [d.name for d in table.dimensions] != [dimension_name(name) for name in wanted]:
            continue
        if "citizenship" in names and not any(d.parents for d in table.dimensions if d.name == "citizenship"):
            continue
        return _of(table, names)
    empty = tuple(Dimension(dimension_name(name), ()) for name in names)
    return Published(empty, {(TOTAL,) * len(empty): 0}, population)


def _of(table: Published, names: tuple[str, ...]) -> Published:
    groups = set(AXES["citizens"].codes or ()) - {"not_recorded"}
    dimensions = []
    for dimension in table.dimensions:
        if dimension.name in names:
            codes = tuple(
                c for c in dimension.categories if dimension.name != "citizenship" or c not in groups
            )
            dimensions.append(type(dimension)(dimension.name, codes, overlapping=dimension.overlapping))
    kept = tuple(dimensions)
    place = {d.name: number for number, d in enumerate(kept)}
    cells = {
        at: table.cells[tuple(at[place[d.name]] if d.name in place else TOTAL for d in table.dimensions)]
        for at in coordinates(kept)
    }
    return Published(kept, cells, table.population)
