"""What is done with cases: brought in from a file, reviewed by a second person, withdrawn, merged, redacted."""

from palermo.rooms.caselaw.actions.importing import Imported, bring_in
from palermo.rooms.caselaw.actions.judging import merge, publish, redact, return_to_draft, submit, withdraw

__all__ = ["Imported", "bring_in", "merge", "publish", "redact", "return_to_draft", "submit", "withdraw"]
