"""Our figures in the layout of UNODC's GLOTIP collection: the long list of the dataset, and a workbook of questions.

The list has the columns of the published dataset, so that it can be taken in again (`palermo import FILE --format
glotip`). A count that is withheld is left out of it: "<5" would say of the counts that only protect others that they
are small. In the workbook its cell is empty, and a sheet says so. What nobody supplied is left out of both.
"""

import io
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from palermo.disclosure import TOTAL
from palermo.kernel.exports.writers import csv_bytes
from palermo.rooms.statistics import queries
from palermo.rooms.statistics.queries import Part, TableView
from palermo.standards import find_country
from palermo.standards.countries import regions
from palermo.standards.packs import pack

COLUMNS = (
    "Iso3_code", "Country", "Region", "Subregion", "Indicator", "Dimension", "Category", "Sex", "Age", "Year",
    "Unit of measurement", "txtVALUE", "Source",
)  # fmt: skip
SEX = {TOTAL: "Total", "female": "Female", "male": "Male", "other": "Other", "unknown": "Unknown",
       "not_recorded": "Unknown"}  # fmt: skip
AGE = {TOTAL: "Total", "child": "0 to 17 years", "adult": "18 years or over", "unknown": "Unknown"}
WHO = {"women": ("Female", "18 years or over"), "girls": ("Female", "0 to 17 years"),
       "men": ("Male", "18 years or over"), "boys": ("Male", "0 to 17 years")}  # fmt: skip
INDICATORS = {
    "formal_contact": "Persons brought into formal contact", "prosecuted": "Persons prosecuted",
    "convicted": "Persons convicted",
}  # fmt: skip
DETECTED = "Detected trafficking victims"
Figure = tuple[
    str, str, str, str, str, str, float | None
]  # indicator, dimension, category, sex, age, year, count


def figures(view: TableView) -> Iterator[Figure]:
    """Every figure of the questionnaire that the table has; None where it is withheld."""
    for part in view.parts:
        for row, line in zip(part.rows, part.cells, strict=True):
            for column, cell in zip(part.columns, line, strict=True):
                at = _placed(part, column)
                if at is not None and row.isdigit() and (cell.withheld or cell.value is not None):
                    yield (*at, row, None if cell.withheld else cell.value)


def _placed(part: Part, column: str) -> tuple[str, str, str, str, str] | None:
    """Indicator, dimension, category, sex and age of a column; None where the questionnaire has no place for it."""
    if part.key == "sex" and column in ("female", "male", "other", "unknown", TOTAL):
        return DETECTED, "Total", "Total", SEX[column], "Total"
    if part.key == "age" and column in AGE and column != TOTAL:
        return DETECTED, "Total", "Total", "Total", AGE[column]
    if part.key == "who" and column in WHO:
        return DETECTED, "Total", "Total", *WHO[column]
    if part.key == "form" and column not in (TOTAL, "not_recorded"):
        return DETECTED, "by form of exploitation", column, "Total", "Total"
    if part.key == "citizenship" and column not in (TOTAL, "not_recorded"):
        found = find_country(column)
        return DETECTED, "by citizenship", found.name("en") if found else column, "Total", "Total"
    if part.key in INDICATORS and column in ("female", "male", "other", "unknown", TOTAL):
        return INDICATORS[part.key], "Total", "Total", SEX[column], "Total"
    return None


def rows(view: TableView) -> list[dict[str, Any]]:
    """The long list of the dataset, without what is withheld."""
    country = find_country(pack(settings.PALERMO_PACK).country)
    where = {
        "Iso3_code": country.alpha3 if country else "", "Country": country.name("en") if country else "",
        "Region": _region(country.region) if country else "",
        "Subregion": _region(country.subregion) if country else "",
        "Unit of measurement": "Counts", "Source": "National register",
    }  # fmt: skip
    return [
        {**where, "Indicator": indicator, "Dimension": dimension, "Category": category, "Sex": sex, "Age": age,
         "Year": year, "txtVALUE": str(int(count))}
        for indicator, dimension, category, sex, age, year, count in figures(view)
        if count is not None
    ]  # fmt: skip


def _region(code: str) -> str:
    found = regions().get(code)
    return found.name("en") if found else ""


def long_csv(view: TableView) -> bytes:
    """The list as CSV."""
    return csv_bytes(rows(view), COLUMNS)


def workbook(view: TableView) -> bytes:
    """One sheet for each question: categories down, years across. A withheld count is an empty cell."""
    book = Workbook(write_only=True)
    sheets: dict[str, dict[tuple[str, str, str], dict[str, float | None]]] = {}
    for indicator, dimension, category, sex, age, year, count in figures(view):
        name = indicator if dimension == "Total" else f"Victims {dimension}"
        sheets.setdefault(name, {}).setdefault((category, sex, age), {})[year] = count
    years = sorted({year for lines in sheets.values() for counts in lines.values() for year in counts})
    for name, lines in sheets.items():
        sheet = book.create_sheet(name[:31])
        sheet.append([_text(sheet, word) for word in ("Category", "Sex", "Age", *years)])
        for at, counts in lines.items():
            sheet.append(
                [*(_text(sheet, word) for word in at), *(_number(counts.get(year)) for year in years)]
            )
    notes = book.create_sheet("notes")
    for note in _notes(view):
        notes.append([_text(notes, note)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _notes(view: TableView) -> list[str]:
    table = queries.declared(view.name)
    empty = _("An empty cell is a count that is withheld, or that no source supplied. It is not 0.")
    offences = _("Offences recorded and countries of repatriation: no source supplies them.")
    return [str(table.title), view.as_of, empty, offences, *map(str, table.notes), *queries.explained(view)]


def _text(sheet: Any, word: str) -> Any:
    cell = WriteOnlyCell(sheet, word)
    cell.data_type = "s"  # never a formula
    return cell


def _number(count: float | None) -> int | None:
    return None if count is None else int(count)
