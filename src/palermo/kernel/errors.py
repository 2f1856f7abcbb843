"""What can go wrong in words: every refusal names the rule, and every rule has an HTTP status.

Rooms raise these; `palermo.web.errors` turns them into pages and JSON. Messages are translatable sentences
that never hold a name or any other identity.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


class DomainError(Exception):
    """A rule of the house was not met. `rule` is a stable code, `message` a sentence for the person."""

    status = 400

    def __init__(self, message: str, *, rule: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.rule = rule


class Refused(DomainError):
    """The viewer may not do this at all (whatever the object)."""

    status = 403


class StepUpNeeded(Refused):
    """The viewer may do this, but must first confirm who he is again (a fresh passkey or code)."""


class NotFound(DomainError):
    """No such object for this viewer. A foreign object and a missing one are the same, word for word."""

    status = 404

    def __init__(self, message: str = "", *, rule: str = "access.not_found") -> None:
        super().__init__(message, rule=rule)


class Conflict(DomainError):
    """The object is in a state in which this cannot happen. `state` names that state."""

    status = 409

    def __init__(self, message: str, *, rule: str = "", state: str = "") -> None:
        super().__init__(message, rule=rule)
        self.state = state


class Stale(DomainError):
    """Somebody else saved first. Carries what was read, what was to be saved and what is there now."""

    status = 412

    def __init__(
        self,
        message: str,
        *,
        rule: str = "record.version",
        base: Mapping[str, Any] | None = None,
        mine: Mapping[str, Any] | None = None,
        theirs: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message, rule=rule)
        self.base = dict(base or {})
        self.mine = dict(mine or {})
        self.theirs = dict(theirs or {})


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One thing wrong with one input: the field, what is wrong, and the rule it breaks."""

    field: str
    message: str
    rule: str = ""


class Invalid(DomainError):
    """The input breaks one or more rules; all of them are listed at once."""

    status = 422

    def __init__(self, message: str, *, problems: Sequence[FieldProblem] = (), rule: str = "input") -> None:
        super().__init__(message, rule=rule)
        self.problems = tuple(problems)
