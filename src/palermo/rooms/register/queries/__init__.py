"""What the register tells: counts, and single persons without identity."""

from palermo.rooms.register.queries.charges import charge_tally, out_of_order
from palermo.rooms.register.queries.drift import drift
from palermo.rooms.register.queries.groups import Group, Groups, groups
from palermo.rooms.register.queries.health import checks
from palermo.rooms.register.queries.joined import Effect, Together, code_of_key, effect, together
from palermo.rooms.register.queries.labels import choices, label
from palermo.rooms.register.queries.people import Page, Portrait, Total, person, persons, sources
from palermo.rooms.register.queries.tally import BY, flag_tally, justice_tally, tally
from palermo.rooms.register.queries.withdrawn import correctable, corrections, withdrawal, withdrawals

__all__ = [
    "BY",
    "Effect",
    "Group",
    "Groups",
    "Page",
    "Portrait",
    "Together",
    "Total",
    "charge_tally",
    "checks",
    "choices",
    "code_of_key",
    "correctable",
    "corrections",
    "drift",
    "effect",
    "flag_tally",
    "groups",
    "justice_tally",
    "label",
    "out_of_order",
    "person",
    "persons",
    "sources",
    "tally",
    "together",
    "withdrawal",
    "withdrawals",
]
