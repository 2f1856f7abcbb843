"""Parts of a state: what a declared table, or a free one, shows of the protected tables. Nothing is protected here, and
nothing is added up: each cell is a cell of the state.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from django.utils.functional import Promise

from palermo.disclosure import TOTAL, Dimension, Published
from palermo.rooms.statistics.queries.plan import AXES, POPULATIONS, WITHOUT
from palermo.rooms.statistics.queries.view import Cell, Part, not_known

Words = str | Promise
Fixed = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One part of a declared table: `rows` by `columns` of a population.

    `fixed`: dimensions held at one code. `layers`: dimensions of which each code, and the total, makes a part of its
    own. Without a population no source supplies it: it is shown as not known, never as 0.
    """

    key: str
    title: Words
    population: str = ""
    columns: str = ""
    rows: str = "year"
    fixed: Fixed = ()
    layers: tuple[str, ...] = ()

    @property
    def dimensions(self) -> frozenset[str]:
        """Everything that the part needs to be counted by."""
        return frozenset({self.rows, self.columns, *self.layers, *(name for name, _code in self.fixed)})


def needed(breakdowns: Sequence[Breakdown], population: str) -> tuple[tuple[str, ...], ...]:
    """The tables of a population's plan that these parts are read from."""
    plan = POPULATIONS[population]
    found = [plan.holding(b.dimensions) for b in breakdowns if b.population == population]
    if None in found:
        raise ValueError(f"{population} is not counted by all that is asked for")
    return tuple(dict.fromkeys(names for names in found if names is not None))


def parts_of(breakdown: Breakdown, tables: Sequence[Published]) -> Iterator[Part]:
    """The parts of a breakdown; layers in which nobody is are left out, except the one of all persons."""
    if not breakdown.population:
        yield not_known(breakdown.key)
        return
    table = table_for(breakdown, tables)
    if table is None or not _axis(table, breakdown.rows).categories:
        yield not_known(breakdown.key)
        return
    for layer in product(*((TOTAL, *shown_codes(table, name)) for name in breakdown.layers)):
        held = (*breakdown.fixed, *zip(breakdown.layers, layer, strict=True))
        found = _part(breakdown, table, held, layer)
        whole = all(code == TOTAL for code in layer)
        if whole or any(cell.withheld or cell.value for line in found.cells for cell in line):
            yield found


def table_for(breakdown: Breakdown, tables: Sequence[Published]) -> Published | None:
    """The table of the state that has all dimensions of a breakdown."""
    names = POPULATIONS[breakdown.population].holding(breakdown.dimensions)
    if names is None:
        return None
    wanted = [(dimension_name(name), name == "citizenship") for name in names]
    for table in tables:
        pairs = [(d.name, d.name == "citizenship" and bool(d.parents)) for d in table.dimensions]
        deep = [pair for pair in wanted if pair[1]] == [pair for pair in pairs if pair[1]]
        same = [name for name, _deep in wanted] == [name for name, _deep in pairs]
        if table.population == breakdown.population and same and deep and not _of_pairs(table):
            return table
    return None


def _of_pairs(table: Published) -> bool:
    """Whether it is one of the tables that only stand beside another, for the audit."""
    return any(code.startswith(WITHOUT) for d in table.dimensions for code in d.categories)


def dimension_name(axis: str) -> str:
    """Groups of citizenships are codes of the dimension citizenship."""
    return "citizenship" if axis == "citizens" else axis


def _axis(table: Published, name: str) -> Dimension:
    return next(d for d in table.dimensions if d.name == dimension_name(name))


def shown_codes(table: Published, name: str) -> tuple[str, ...]:
    """The codes of a dimension as they are shown: countries without their groups, or the groups alone."""
    axis = _axis(table, name)
    if name == "citizenship":
        groups = AXES["citizens"].codes or ()
        return tuple(c for c in axis.categories if c not in groups or c in ("not_recorded",))
    return axis.categories


def _part(breakdown: Breakdown, table: Published, held: Fixed, layer: tuple[str, ...]) -> Part:
    rows = (*shown_codes(table, breakdown.rows), TOTAL)
    place = placed(table, breakdown.rows, breakdown.columns, held)
    codes = (*shown_codes(table, breakdown.columns), TOTAL)
    kept = tuple(
        code for code in codes if code == TOTAL or any(table.cells[place(row, code)] != 0 for row in rows)
    )
    cells = tuple(tuple(_cell(table.cells[place(row, code)]) for code in kept) for row in rows)
    key = "--".join((breakdown.key, *(["-".join(layer)] if layer else [])))
    overlapping = _axis(table, breakdown.columns).overlapping
    return Part(
        key, breakdown.rows, dimension_name(breakdown.columns), rows, kept, cells, "stacked", overlapping,
        fixed=tuple((dimension_name(name), code) for name, code in held), population=breakdown.population,
    )  # fmt: skip


def placed(table: Published, rows: str, columns: str, held: Fixed) -> Callable[[str, str], tuple[str, ...]]:
    """(row, column) -> coordinate; what is neither asked for nor held is the total."""
    kept: Mapping[str, str] = {dimension_name(name): code for name, code in held}
    row_name, column_name = dimension_name(rows), dimension_name(columns)

    def place(row: str, column: str) -> tuple[str, ...]:
        at = {**kept, row_name: row, column_name: column}
        return tuple(at.get(d.name, TOTAL) for d in table.dimensions)

    return place


def _cell(count: int | None) -> Cell:
    return Cell(withheld=True) if count is None else Cell(count)
