"""SDG indicator 16.2.2 from the protected counts of the register and an imported population."""

from dataclasses import replace

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from palermo.disclosure import TOTAL
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.statistics.models import Population
from palermo.rooms.statistics.queries.register_tables import FORMS, Wall, glotip
from palermo.rooms.statistics.queries.view import Cell, Part, TableView
from palermo.standards import find_country

PER = 100_000
SEX = {"female": "Female", "male": "Male", TOTAL: "Total"}
AGE = {"child": "0 to 17 years", "adult": "18 years or over", TOTAL: "Total"}
# Which residents stand under a count. For a form of exploitation there is no group of residents: all of them.
GROUPS = {
    "sex": {code: (sex, "Total") for code, sex in SEX.items()},
    "age": {code: ("Total", age) for code, age in AGE.items()},
    "form": {code: ("Total", "Total") for code in (*FORMS, TOTAL)},
}


def sdg(viewer: Viewer, *, exact: bool = False, wall: Wall | None = None) -> TableView:
    """Rates and the counts behind them, by year, sex, age and form. Without residents the counts alone, and why."""
    view = glotip(viewer, exact=exact, wall=wall)
    by_key = {part.key: part for part in view.parts}
    counts = tuple(by_key[key] for key in GROUPS)
    residents = {
        (row.year, row.sex, row.age): row.persons
        for row in Population.objects.filter(area_code__in=_country())
    }
    if not residents:
        told = _without_residents()
        return replace(view, name="sdg-16-2-2", parts=counts, footnotes=(told, *view.footnotes))
    rates = tuple(_rates(key, by_key[key], groups, residents) for key, groups in GROUPS.items())
    return replace(view, name="sdg-16-2-2", parts=(*rates, *counts))


def _without_residents() -> str:
    return _(
        "There is no rate yet: it needs the number of residents, and none has been imported. Take one in with: "
        "palermo import FILE --format population (columns area_code, year, sex, age, persons; the code of this "
        "country is %(code)s)."
    ) % {"code": ", ".join(_country())}


def layered_rates(view: TableView) -> TableView:
    """The rates before the counts, for each layer of sex and age whose residents are known."""
    residents = {
        (row.year, row.sex, row.age): row.persons
        for row in Population.objects.filter(area_code__in=_country())
    }
    rates = [_layer_of_rates(part, residents) for part in view.parts]
    told = () if residents else (_without_residents(),)
    kept = tuple(rate for rate in rates if rate is not None)
    return replace(view, parts=(*kept, *view.parts), footnotes=(*told, *view.footnotes))


def _layer_of_rates(part: Part, residents: dict[tuple[int, str, str], int]) -> Part | None:
    held = dict(part.fixed)
    sex, age = SEX.get(held.get("sex", TOTAL)), AGE.get(held.get("age", TOTAL))
    rows = tuple(row for row in part.rows if row.isdigit())
    if sex is None or age is None or not any((int(row), sex, age) in residents for row in rows):
        return None
    cells = tuple(
        tuple(_rate(part, row, code, (sex, age), residents) for code in part.columns) for row in rows
    )
    return replace(part, key=f"rate-{part.key}", rows=rows, cells=cells, chart="line", measure="rate")


def country_name() -> str:
    """The country of this instance in the reader's language, or nothing where the pack names none."""
    from palermo.standards.packs import pack

    found = find_country(pack(settings.PALERMO_PACK).country)
    return found.name(get_language() or "en") if found else ""


def area_codes() -> tuple[str, ...]:
    """The codes of this instance's country: alpha-3, then alpha-2; none where the pack names no country."""
    return _country()


def _country() -> tuple[str, ...]:
    """The codes under which the population of this instance's country may stand."""
    from palermo.standards.packs import pack

    found = find_country(pack(settings.PALERMO_PACK).country)
    return (found.alpha3, found.alpha2) if found else ()


def _rates(
    key: str, part: Part, groups: dict[str, tuple[str, str]], residents: dict[tuple[int, str, str], int]
) -> Part:
    """A rate where count and residents are both known; a withheld count gives a withheld rate."""
    rows = tuple(row for row in part.rows if row.isdigit())
    columns = tuple(code for code in part.columns if code in groups)
    cells = tuple(tuple(_rate(part, row, code, groups[code], residents) for code in columns) for row in rows)
    return Part(f"rate-{key}", "year", part.columns_by, rows, columns, cells, "line", measure="rate")


def _rate(
    part: Part, row: str, code: str, group: tuple[str, str], residents: dict[tuple[int, str, str], int]
) -> Cell:
    cell, persons = part.cell(row, code), residents.get((int(row), *group))
    if cell.withheld:
        return cell
    if cell.value is None or persons is None:
        return Cell()
    return Cell(round(PER * cell.value / persons, 3))
