"""What the protection of a child keeps, one table for each thing that is decided or found out."""

from palermo.rooms.children.models.child import Body, ChildProtection, Happening, Told, View
from palermo.rooms.children.models.deciding import (
    Answer,
    Assessment,
    Depth,
    Determination,
    Kept,
    Kind,
    Opinion,
    Panel,
    PanelMember,
    Weight,
)
from palermo.rooms.children.models.protecting import (
    AgeAssessment,
    Conclusion,
    Contact,
    Guardian,
    GuardianName,
    Placement,
    Safety,
    Tracing,
)

__all__ = [
    "AgeAssessment",
    "Answer",
    "Assessment",
    "Body",
    "ChildProtection",
    "Conclusion",
    "Contact",
    "Depth",
    "Determination",
    "Guardian",
    "GuardianName",
    "Happening",
    "Kept",
    "Kind",
    "Opinion",
    "Panel",
    "PanelMember",
    "Placement",
    "Safety",
    "Told",
    "Tracing",
    "View",
    "Weight",
]
