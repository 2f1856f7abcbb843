"""Reading what is kept about children. Every function starts from what the viewer holds; the database says it again."""

from palermo.rooms.children.queries.child import (
    ageing_soon,
    before_guardian,
    bodies,
    child,
    child_of,
    guardian,
    possible_chairs,
    without_guardian,
)
from palermo.rooms.children.queries.figures import OUTCOMES, RULES, Figures, figures
from palermo.rooms.children.queries.listing import FILTERS, Row, children, due_for
from palermo.rooms.children.queries.page import Page, page, state_name

__all__ = [
    "FILTERS",
    "OUTCOMES",
    "RULES",
    "Figures",
    "Page",
    "Row",
    "ageing_soon",
    "before_guardian",
    "bodies",
    "child",
    "child_of",
    "children",
    "due_for",
    "figures",
    "guardian",
    "page",
    "possible_chairs",
    "state_name",
    "without_guardian",
]
