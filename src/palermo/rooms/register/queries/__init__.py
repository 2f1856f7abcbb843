"""What the register tells: counts, and single persons without identity."""

from palermo.rooms.register.queries.drift import drift
from palermo.rooms.register.queries.labels import choices, label
from palermo.rooms.register.queries.people import Page, Portrait, Total, person, persons, sources
from palermo.rooms.register.queries.tally import BY, flag_tally, justice_tally, tally

__all__ = [
    "BY",
    "Page",
    "Portrait",
    "Total",
    "choices",
    "drift",
    "flag_tally",
    "justice_tally",
    "label",
    "person",
    "persons",
    "sources",
    "tally",
]
