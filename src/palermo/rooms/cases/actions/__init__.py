"""Changes that a person would name: open a case, move it on, write facts and notes, share, reveal."""

from palermo.rooms.cases.actions.bulk import bulk_cases
from palermo.rooms.cases.actions.demo import demo_cases, invented_identity
from palermo.rooms.cases.actions.exporting import export_cases
from palermo.rooms.cases.actions.facts import FACTS, assess_risk, change_facts
from palermo.rooms.cases.actions.feeding import consent_ended
from palermo.rooms.cases.actions.files import (
    add_case_file,
    open_case_file,
    remove_case_file,
    restore_case_file,
)
from palermo.rooms.cases.actions.identity import REVEALABLE, reveal_identity
from palermo.rooms.cases.actions.moving import move_case
from palermo.rooms.cases.actions.notes import add_note, save_draft
from palermo.rooms.cases.actions.opening import open_case
from palermo.rooms.cases.actions.reassigning import reassign_worker
from palermo.rooms.cases.actions.sharing import end_share, share_case
from palermo.rooms.cases.actions.viewing import look_at, note_that_seen

__all__ = [
    "FACTS",
    "REVEALABLE",
    "add_case_file",
    "add_note",
    "assess_risk",
    "bulk_cases",
    "change_facts",
    "consent_ended",
    "demo_cases",
    "end_share",
    "export_cases",
    "invented_identity",
    "look_at",
    "move_case",
    "note_that_seen",
    "open_case",
    "open_case_file",
    "reassign_worker",
    "remove_case_file",
    "restore_case_file",
    "reveal_identity",
    "save_draft",
    "share_case",
]
