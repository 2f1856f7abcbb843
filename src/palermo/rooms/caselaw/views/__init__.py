"""The pages of the case law: outside for everybody, inside for those who write and judge."""

from palermo.rooms.caselaw.views.judging import merge, redact, remark, send_back, withdraw
from palermo.rooms.caselaw.views.keeping import all_json, as_csv, feed, forget, kept, look_again
from palermo.rooms.caselaw.views.public import as_json, case, public
from palermo.rooms.caselaw.views.working import cases, draft, step
from palermo.rooms.caselaw.views.writing import begin, row, section

__all__ = [
    "all_json", "as_csv", "as_json", "begin", "case", "cases", "draft", "feed", "forget", "kept", "look_again", "merge",
    "public", "redact", "remark", "row", "section", "send_back", "step", "withdraw",
]  # fmt: skip
