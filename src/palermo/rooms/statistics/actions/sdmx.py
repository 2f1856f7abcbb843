"""SDMX-CSV 2.0 of tables that have every dimension in a column of its own: one observation a line, no cell twice.

Codes of sex and age are those of the cross-domain code lists of SDMX (CL_SEX, CL_AGE) where there is one; `_T` is the
total, `_U` what was asked and is not known, `_N` what was not recorded.
"""

from collections.abc import Sequence
from typing import Any

from palermo.disclosure import TOTAL
from palermo.kernel.exports.writers import sdmx_bytes
from palermo.rooms.statistics.queries import TableView
from palermo.rooms.statistics.queries.sdg import area_codes

NAMES = {"year": "time_period", "form": "exploitation_form"}
CODES = {
    "sex": {"female": "F", "male": "M", "other": "_O", "unknown": "_U"},
    "age": {"child": "Y0T17", "adult": "Y_GE18", "unknown": "_U"},
}
ANY = {TOTAL: "_T", "not_recorded": "_N"}
UNITS = {"persons": "PS", "rate": "PER_100000_PS"}
LEAD = ("population", "measure", "value", "status")


def long_sdmx(view: TableView, rows: Sequence[dict[str, Any]]) -> bytes:
    """The counts (and rates) of a table, with a column for each dimension that any of its parts has."""
    names = sorted({name for row in rows for name in row if name not in LEAD and name != "year"})
    columns = (
        "ref_area",
        "population",
        "unit_measure",
        "time_period",
        *(NAMES.get(name, name) for name in names),
    )
    area = area_codes()[0] if area_codes() else "_X"
    lines = [
        {
            "ref_area": area, "population": row["population"], "value": row["value"], "status": row["status"],
            "unit_measure": UNITS.get(row["measure"], "PS"), "time_period": _code("year", row["year"]),
            **{NAMES.get(name, name): _code(name, row.get(name, TOTAL)) for name in names},
        }
        for row in rows
    ]  # fmt: skip
    return sdmx_bytes(lines, columns, f"PALERMO:{view.name.upper().replace('-', '_')}(1.0)")


def _code(name: str, code: str) -> str:
    return CODES.get(name, {}).get(code) or ANY.get(code) or code
