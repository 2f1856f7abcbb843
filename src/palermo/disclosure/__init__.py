"""Disclosure control: tables in which no small count can be read or computed. Pure: no input, output or
Django.
"""

from palermo.disclosure.attack import Bound, Contradiction, audit, breaches
from palermo.disclosure.editions import (
    Dated,
    attack_editions,
    dated_editions,
    found_out,
    gathered,
    protect_edition,
    protected_cells,
    true_of,
    truth_of,
)
from palermo.disclosure.protect import Protected, Unprotectable, protect, protect_linked
from palermo.disclosure.tables import TOTAL, Coordinate, Dimension, Key, Published, Rule, Table, key_of

__all__ = [
    "TOTAL",
    "Bound",
    "Contradiction",
    "Coordinate",
    "Dated",
    "Dimension",
    "Key",
    "Protected",
    "Published",
    "Rule",
    "Table",
    "Unprotectable",
    "attack_editions",
    "audit",
    "breaches",
    "dated_editions",
    "found_out",
    "gathered",
    "key_of",
    "protect",
    "protect_edition",
    "protect_linked",
    "protected_cells",
    "true_of",
    "truth_of",
]
