"""The pages of the case law: outside for everybody, inside for those who write and judge."""

from palermo.rooms.caselaw.views.public import as_json, case, feed, public
from palermo.rooms.caselaw.views.working import cases, draft, step

__all__ = ["as_json", "case", "cases", "draft", "feed", "public", "step"]
