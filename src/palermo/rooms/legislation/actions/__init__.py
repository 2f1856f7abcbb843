"""What may be done with laws, wordings and readings."""

from palermo.rooms.legislation.actions.demo import demo_laws
from palermo.rooms.legislation.actions.importing import Imported, bring_in, take_akoma
from palermo.rooms.legislation.actions.writing import (
    write_law,
    write_reading,
    write_wording,
)
from palermo.web.reviewed import change_again, publish, send_back, submit, withdraw

__all__ = [
    "Imported",
    "bring_in",
    "change_again",
    "demo_laws",
    "publish",
    "send_back",
    "submit",
    "take_akoma",
    "withdraw",
    "write_law",
    "write_reading",
    "write_wording",
]
