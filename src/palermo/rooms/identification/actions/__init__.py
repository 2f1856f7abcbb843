"""Changes that a person would name: begin a screening, answer, work out, decide."""

from palermo.rooms.identification.actions.abandoning import abandon_screening
from palermo.rooms.identification.actions.answers import EDITABLE_STATES, save_answers, shown
from palermo.rooms.identification.actions.codes import save_with_code
from palermo.rooms.identification.actions.deciding import compute_suggestion, decide
from palermo.rooms.identification.actions.starting import start_screening
from palermo.rooms.identification.actions.team import share_with_team, supervisors, team_of, this_transaction
from palermo.rooms.identification.actions.viewing import look_at, note_that_seen

__all__ = [
    "EDITABLE_STATES",
    "abandon_screening",
    "compute_suggestion",
    "decide",
    "look_at",
    "note_that_seen",
    "save_answers",
    "save_with_code",
    "share_with_team",
    "shown",
    "start_screening",
    "supervisors",
    "team_of",
    "this_transaction",
]
