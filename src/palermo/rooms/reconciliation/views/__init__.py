"""The pages of reconciliation."""

from palermo.rooms.reconciliation.views.bringing import bring, drop, upload
from palermo.rooms.reconciliation.views.linking import hand_over, histories, link, run, sample, stop
from palermo.rooms.reconciliation.views.listing import declare, leave_out, new, project, projects
from palermo.rooms.reconciliation.views.registering import (
    changes,
    people,
    person,
    quality,
    quality_file,
    register,
    remove,
    undo,
)
from palermo.rooms.reconciliation.views.reviewing import begin, pair, review, review_blind, take_back

__all__ = [
    "begin",
    "bring",
    "changes",
    "declare",
    "drop",
    "hand_over",
    "histories",
    "leave_out",
    "link",
    "new",
    "pair",
    "people",
    "person",
    "project",
    "projects",
    "quality",
    "quality_file",
    "register",
    "remove",
    "review",
    "review_blind",
    "run",
    "sample",
    "stop",
    "take_back",
    "undo",
    "upload",
]
