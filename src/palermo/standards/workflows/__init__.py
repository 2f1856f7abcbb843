"""State machines as data, their checks, and their description."""

from palermo.standards.workflows.check import problems
from palermo.standards.workflows.describe import describe, describe_text, mermaid, workflows_page
from palermo.standards.workflows.limits import limits_of, resolve, timers_of
from palermo.standards.workflows.machines import (
    PERSON,
    PREVIOUS,
    SAME,
    SYSTEM,
    Event,
    LimitRule,
    Machine,
    State,
    UnknownMachine,
    build,
    machine,
    names,
)

__all__ = [
    "PERSON",
    "PREVIOUS",
    "SAME",
    "SYSTEM",
    "Event",
    "LimitRule",
    "Machine",
    "State",
    "UnknownMachine",
    "build",
    "describe",
    "describe_text",
    "limits_of",
    "machine",
    "mermaid",
    "names",
    "problems",
    "resolve",
    "timers_of",
    "workflows_page",
]
