"""Pages of the legislation."""

from palermo.rooms.legislation.views.gaps import changed, heat, needs, needs_csv, needs_json, row, state
from palermo.rooms.legislation.views.public import akoma, compare, law, public
from palermo.rooms.legislation.views.working import (
    akoma_in,
    edit_law,
    edit_reading,
    edit_wording,
    listing,
    new_law,
    new_reading,
    new_wording,
    record,
    step,
)

__all__ = [
    "akoma",
    "akoma_in",
    "changed",
    "compare",
    "edit_law",
    "edit_reading",
    "edit_wording",
    "heat",
    "law",
    "listing",
    "needs",
    "needs_csv",
    "needs_json",
    "new_law",
    "new_reading",
    "new_wording",
    "public",
    "record",
    "row",
    "state",
    "step",
]
