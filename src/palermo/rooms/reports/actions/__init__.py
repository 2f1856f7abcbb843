"""What people do with reports. Importing this registers the guards of the machine."""

from palermo.rooms.reports.actions import rules as rules
from palermo.rooms.reports.actions.drawing import mapped, plotted
from palermo.rooms.reports.actions.files import draft_file, public_file
from palermo.rooms.reports.actions.judging import approve, reject, review, withdraw
from palermo.rooms.reports.actions.opening import open_report, open_story
from palermo.rooms.reports.actions.submitting import discard, not_ready, reopen, submit
from palermo.rooms.reports.actions.writing import (
    add_section,
    change_recommendation,
    change_section,
    move_section,
    recommend,
    remove_recommendation,
    remove_section,
    say_changes,
)

__all__ = [
    "add_section", "approve", "change_recommendation", "change_section", "discard", "draft_file", "mapped",
    "move_section", "not_ready", "open_report", "open_story", "plotted", "public_file", "recommend", "reject",
    "remove_recommendation", "remove_section", "reopen", "review", "rules", "say_changes", "submit", "withdraw",
]  # fmt: skip
