"""What may be done with findings, introductions and editions."""

from palermo.rooms.digest.actions.demo import demo_digest
from palermo.rooms.digest.actions.freezing import edition_file, freeze
from palermo.rooms.digest.actions.importing import Imported, bring_in
from palermo.rooms.digest.actions.redacting import take_out
from palermo.rooms.digest.actions.writing import write_finding, write_intro
from palermo.web.reviewed import change_again, publish, send_back, submit, withdraw

__all__ = [
    "Imported",
    "bring_in",
    "change_again",
    "demo_digest",
    "edition_file",
    "freeze",
    "publish",
    "send_back",
    "submit",
    "take_out",
    "withdraw",
    "write_finding",
    "write_intro",
]
