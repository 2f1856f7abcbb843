"""The pages of reconciliation."""

from palermo.rooms.reconciliation.views.linking import hand_over, histories, link, run, sample, stop
from palermo.rooms.reconciliation.views.listing import declare, leave_out, new, project, projects
from palermo.rooms.reconciliation.views.registering import (
    changes,
    people,
    person,
    quality,
    quality_file,
    remove,
    undo,
)
from palermo.rooms.reconciliation.views.reviewing import begin, pair, review, review_blind, take_back

__all__ = [
    "begin",
    "changes",
    "declare",
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
    "remove",
    "review",
    "review_blind",
    "run",
    "sample",
    "stop",
    "take_back",
    "undo",
]
