"""What is done with cases: written, brought in, reviewed by a second person, withdrawn, merged, redacted; searches."""

from palermo.rooms.caselaw.actions.editing import begin, write, write_row
from palermo.rooms.caselaw.actions.importing import Imported, bring_in
from palermo.rooms.caselaw.actions.judging import (
    Redacted,
    merge,
    names_out,
    publish,
    redact,
    remark,
    return_to_draft,
    submit,
    withdraw,
)
from palermo.rooms.caselaw.actions.keeping import forget_search, keep_search, look_again

__all__ = [
    "Imported", "Redacted", "begin", "bring_in", "forget_search", "keep_search", "look_again", "merge", "names_out",
    "publish",
    "redact", "remark", "return_to_draft", "submit", "withdraw", "write", "write_row",
]  # fmt: skip
