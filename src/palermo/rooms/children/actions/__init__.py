"""What people do for a child, step by step. Importing it registers the guards and effects of the machine."""

from palermo.rooms.children.actions import rules as _rules  # noqa: F401  (guards and effects)
from palermo.rooms.children.actions.demo import demo_children, demo_protectors
from palermo.rooms.children.actions.following import closed_before_the_case, follow_the_case
from palermo.rooms.children.actions.recording import (
    RECORDS,
    add_record,
    begin_child,
    comes_of_age,
    reveal_guardian,
)
from palermo.rooms.children.actions.steps import MAKERS, take_step
from palermo.rooms.children.actions.viewing import look_at, looked_at

__all__ = [
    "MAKERS",
    "RECORDS",
    "add_record",
    "begin_child",
    "closed_before_the_case",
    "comes_of_age",
    "demo_children",
    "demo_protectors",
    "follow_the_case",
    "look_at",
    "looked_at",
    "reveal_guardian",
    "take_step",
]
