"""The exact tables of a population, as its declaration in `plan.py` says. Nothing of this is shown as it is."""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache

from django.conf import settings
from django.db import connection

from palermo.disclosure import TOTAL, Dimension, Table
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.register.queries import justice_tally, tally
from palermo.rooms.statistics.queries.plan import (
    AXES,
    IDENTIFIED,
    NOT_RECORDED,
    WITHOUT,
    Population,
)
from palermo.standards import codelist, find_country
from palermo.standards.packs import pack

Counts = Mapping[tuple[str, ...], int]
FUNCTIONS = {
    "judged": ("year", "outcome", "instance"), "sentenced": ("year", "sentence"),
    "met": ("year", "mode", "border", "met", "sex", "age"), "assisted": ("year", "minor", "kind"),
}  # fmt: skip
STAGE_FIELD = {"age": "age_group"}  # what the facts of justice call it


def exact_tables(viewer: Viewer, population: Population) -> list[Table]:
    """Every table of a population; of an overlapping dimension also who is not under each code, so that a difference
    with the total is a count of its own and protected like one.
    """
    made: list[Table] = []
    known: dict[tuple[str, ...], Counts] = {}
    for names in population.tables:
        known[names] = _counts(viewer, population, names)
    years = _codes(known.values(), 0)
    for names, counts in known.items():
        made += _tables(population.name, names, counts, years)
    return made


def _counts(viewer: Viewer, population: Population, names: tuple[str, ...]) -> Counts:
    if population.facts in FUNCTIONS:
        return _from_function(population.facts, names)
    asked = [_field(population, name) for name in names]
    count = justice_tally if population.facts == "stage" else tally
    found: Counter[tuple[str, ...]] = Counter()
    for row in count(viewer, asked, population.where):
        found[tuple(coded(name, row[field]) for name, field in zip(names, asked, strict=True))] += row[
            "count"
        ]
    if "form" in names:  # who has several forms counts once in the total
        plain = [(name, field) for name, field in zip(names, asked, strict=True) if name != "form"]
        place = names.index("form")
        for row in count(viewer, [field for _name, field in plain], population.where):
            at = [coded(name, row[field]) for name, field in plain]
            found[(*at[:place], TOTAL, *at[place:])] += row["count"]
    return found


def _field(population: Population, name: str) -> str:
    return STAGE_FIELD.get(name, AXES[name].field) if population.facts == "stage" else AXES[name].field


def _from_function(name: str, names: tuple[str, ...]) -> Counts:
    columns = FUNCTIONS[name]
    places = [columns.index(column) for column in names]
    found: Counter[tuple[str, ...]] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM statistics_{name}()")  # noqa: S608 - one of the functions above
        for *at, count in cursor.fetchall():
            found[tuple(str(at[place]) for place in places)] += int(count)
    return found


def coded(name: str, value: object) -> str:
    """The code of a dimension for what the facts say; what is empty is "not recorded"."""
    code = str(value) if value not in (None, "") else NOT_RECORDED
    if name == "status":
        return IDENTIFIED.get(code, NOT_RECORDED)
    return group_of(code) if name == "citizens" else code


@cache
def members() -> frozenset[str]:
    """Member States of the European Union."""
    return frozenset(code.code for code in codelist("statistics/eu_member"))


def group_of(citizenship: str) -> str:
    """nationals, other_eu, others or not recorded: the groups that Eurostat asks for."""
    if citizenship == NOT_RECORDED:
        return NOT_RECORDED
    own = find_country(pack(settings.PALERMO_PACK).country)
    if own is not None and citizenship == own.alpha3:
        return "nationals"
    return "other_eu" if citizenship in members() else "others"


def _tables(population: str, names: tuple[str, ...], counts: Counts, years: tuple[str, ...]) -> list[Table]:
    dimensions = tuple(_dimension(place, name, counts, years) for place, name in enumerate(names))
    table = Table.from_counts(dimensions, counts, population=population)
    place = next((place for place, name in enumerate(names) if AXES[name].overlapping), None)
    if place is None:
        return [table]
    return [table, *(_without(table, place, code) for code in dimensions[place].categories)]


def _without(table: Table, place: int, code: str) -> Table:
    """The persons under one code of an overlapping dimension, and those who are not: the two add up."""
    axis = table.dimensions[place]
    other = f"{WITHOUT}{code}"
    pair = Dimension(axis.name, (code, other))
    dimensions = (*table.dimensions[:place], pair, *table.dimensions[place + 1 :])
    cells: dict[tuple[str, ...], int] = {}
    for at, count in table.cells.items():
        if at[place] == TOTAL:
            under = table.cells[(*at[:place], code, *at[place + 1 :])]
            cells |= {at: count, (*at[:place], code, *at[place + 1 :]): under}
            cells[(*at[:place], other, *at[place + 1 :])] = count - under
    return Table(dimensions, cells, table.population)


def _dimension(place: int, name: str, counts: Counts, years: tuple[str, ...]) -> Dimension:
    axis = AXES[name]
    if name == "year":
        return Dimension(name, years)
    if name == "citizens":
        return Dimension("citizenship", axis.codes or ())
    if name == "citizenship":
        groups = AXES["citizens"].codes or ()
        countries = tuple(code for code in _codes([counts], place) if code not in groups)
        return Dimension(name, (*groups, *countries), {code: group_of(code) for code in countries})
    codes = axis.codes if axis.codes is not None else _codes([counts], place)
    if axis.codes is not None:
        codes = (*codes, *(code for code in _codes([counts], place) if code not in codes))
    return Dimension(name, codes, overlapping=axis.overlapping)


def _codes(counts: Iterable[Counts], place: int) -> tuple[str, ...]:
    """The codes that occur, in order; what is not recorded stands last."""
    codes = {at[place] for found in counts for at in found} - {TOTAL}
    return tuple(sorted(codes, key=lambda code: (code == NOT_RECORDED, code)))
