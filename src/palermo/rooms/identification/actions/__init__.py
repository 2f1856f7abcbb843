"""Changes that a person would name: screen, decide on it; then refer, ask, decide on the status, serve, review."""

from palermo.rooms.identification.actions.abandoning import abandon_screening
from palermo.rooms.identification.actions.answers import EDITABLE_STATES, save_answers, shown
from palermo.rooms.identification.actions.asking import answer_questions
from palermo.rooms.identification.actions.codes import save_with_code
from palermo.rooms.identification.actions.deciding import compute_suggestion, decide
from palermo.rooms.identification.actions.demo import demo_statuses
from palermo.rooms.identification.actions.hearing import consent_ended, risk_assessed
from palermo.rooms.identification.actions.holding import end_status_of, pass_status_on
from palermo.rooms.identification.actions.intake import take_in
from palermo.rooms.identification.actions.moving import REFERRALS, move_status, set_detention
from palermo.rooms.identification.actions.notifying import (
    coded,
    notify_without_status,
    rare_words,
    similar_to,
)
from palermo.rooms.identification.actions.presuming import BEGINNERS, presume, presume_if_may
from palermo.rooms.identification.actions.printing import (
    certificate_of,
    hand_out_paper,
    letter_of,
    show_paper,
)
from palermo.rooms.identification.actions.rules import recovery_from
from palermo.rooms.identification.actions.ruling import REVIEWS, RULINGS, serve
from palermo.rooms.identification.actions.starting import start_screening
from palermo.rooms.identification.actions.team import share_with_team, supervisors, team_of, this_transaction
from palermo.rooms.identification.actions.viewing import (
    look_at,
    look_at_status,
    note_that_seen,
)

__all__ = [
    "BEGINNERS",
    "EDITABLE_STATES",
    "REFERRALS",
    "REVIEWS",
    "RULINGS",
    "abandon_screening",
    "answer_questions",
    "certificate_of",
    "coded",
    "compute_suggestion",
    "consent_ended",
    "decide",
    "demo_statuses",
    "end_status_of",
    "hand_out_paper",
    "letter_of",
    "look_at",
    "look_at_status",
    "move_status",
    "note_that_seen",
    "notify_without_status",
    "pass_status_on",
    "presume",
    "presume_if_may",
    "rare_words",
    "recovery_from",
    "risk_assessed",
    "save_answers",
    "save_with_code",
    "serve",
    "set_detention",
    "share_with_team",
    "show_paper",
    "shown",
    "similar_to",
    "start_screening",
    "supervisors",
    "take_in",
    "team_of",
    "this_transaction",
]
