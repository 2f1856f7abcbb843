"""The records of a case."""

from palermo.rooms.cases.models.assessment import (
    Assessment,
    Happening,
    RiskAssessment,
    SafetyPlan,
    SafetyReview,
    Words,
)
from palermo.rooms.cases.models.case import (
    Attachment,
    Case,
    Crime,
    Draft,
    Ending,
    Facts,
    Note,
    Paper,
    Reveal,
    Risk,
    Status,
)
from palermo.rooms.cases.models.plan import Action, Conference, Goal, Plan, Result, TakenOver

__all__ = [
    "Action",
    "Assessment",
    "Attachment",
    "Case",
    "Conference",
    "Crime",
    "Draft",
    "Ending",
    "Facts",
    "Goal",
    "Happening",
    "Note",
    "Paper",
    "Plan",
    "Result",
    "Reveal",
    "Risk",
    "RiskAssessment",
    "SafetyPlan",
    "SafetyReview",
    "Status",
    "TakenOver",
    "Words",
]
