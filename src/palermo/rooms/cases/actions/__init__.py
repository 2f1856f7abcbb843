"""Changes that a person would name: open a case, move it on, write facts and notes, share, reveal."""

from palermo.rooms.cases.actions import rules as _rules  # noqa: F401  guards and effects of the machine
from palermo.rooms.cases.actions.assessing import assess, levels
from palermo.rooms.cases.actions.bulk import bulk_cases
from palermo.rooms.cases.actions.conferring import minute_conference
from palermo.rooms.cases.actions.demo import demo_cases, invented_identity
from palermo.rooms.cases.actions.emergency import open_in_emergency
from palermo.rooms.cases.actions.exporting import export_cases
from palermo.rooms.cases.actions.facts import FACTS, change_facts
from palermo.rooms.cases.actions.feeding import consent_ended
from palermo.rooms.cases.actions.files import (
    add_case_file,
    open_case_file,
    remove_case_file,
    restore_case_file,
)
from palermo.rooms.cases.actions.identity import REVEALABLE, reveal_identity
from palermo.rooms.cases.actions.moving import move_case
from palermo.rooms.cases.actions.notes import add_note, add_note_from_device, save_draft
from palermo.rooms.cases.actions.opening import open_case
from palermo.rooms.cases.actions.planning import (
    agree_plan,
    approve_plan,
    draft_plan,
    put_action,
    put_goal,
    take_out,
)
from palermo.rooms.cases.actions.reassigning import reassign_worker
from palermo.rooms.cases.actions.rescreening import take_over
from palermo.rooms.cases.actions.results import settle_action
from palermo.rooms.cases.actions.risk import assess_risk, note_happening
from palermo.rooms.cases.actions.safety import SafetyItem, review_safety, revise_safety
from palermo.rooms.cases.actions.same import answer_same, look_for_doubles_of, say_about
from palermo.rooms.cases.actions.sharing import end_share, share_case
from palermo.rooms.cases.actions.viewing import look_at, note_that_seen

__all__ = [
    "FACTS",
    "REVEALABLE",
    "SafetyItem",
    "add_case_file",
    "add_note",
    "add_note_from_device",
    "agree_plan",
    "answer_same",
    "approve_plan",
    "assess",
    "assess_risk",
    "bulk_cases",
    "change_facts",
    "consent_ended",
    "demo_cases",
    "draft_plan",
    "end_share",
    "export_cases",
    "invented_identity",
    "levels",
    "look_at",
    "look_for_doubles_of",
    "minute_conference",
    "move_case",
    "note_happening",
    "note_that_seen",
    "open_case",
    "open_case_file",
    "open_in_emergency",
    "put_action",
    "put_goal",
    "reassign_worker",
    "remove_case_file",
    "restore_case_file",
    "reveal_identity",
    "review_safety",
    "revise_safety",
    "save_draft",
    "say_about",
    "settle_action",
    "share_case",
    "take_out",
    "take_over",
]
