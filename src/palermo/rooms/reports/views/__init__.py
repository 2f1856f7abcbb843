"""The pages of the reports: inside for those who write and judge, outside for everybody."""

from palermo.rooms.reports.views.advising import recommend, recommendation, recommendation_remove
from palermo.rooms.reports.views.judging import approve, discard, reject, review, withdraw
from palermo.rooms.reports.views.public import landing, public, public_file
from palermo.rooms.reports.views.public import stories as public_stories
from palermo.rooms.reports.views.writing import (
    add,
    changes,
    file,
    move,
    preview,
    remove,
    reopen,
    report,
    reports,
    section,
    stories,
    submit,
)

__all__ = [
    "add", "approve", "changes", "discard", "file", "landing", "move", "preview", "public", "public_file",
    "public_stories", "recommend", "recommendation", "recommendation_remove", "reject", "remove", "reopen",
    "report", "reports", "review", "section", "stories", "submit", "withdraw",
]  # fmt: skip
