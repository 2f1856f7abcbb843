"""Readers of the record formats of the field: one row in, one frozen record or every problem of the row out.

Each module has `Layout`s (required and optional columns) and `parse(row, number)`. Pure: no file, no clock,
no database. What was not recorded stays not recorded; identity never gets past a reader.
"""

from palermo.standards.records.offender_record import OffenderRecord
from palermo.standards.records.reading import (
    NOTHING,
    Columns,
    Flags,
    Problem,
    RegisterRecord,
)

__all__ = ["NOTHING", "Columns", "Flags", "OffenderRecord", "Problem", "RegisterRecord"]
