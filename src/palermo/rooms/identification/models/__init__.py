"""What this room keeps: the conversation, the legal status that follows, and notifications that name nobody."""

from palermo.rooms.identification.models.notification import Notification
from palermo.rooms.identification.models.screening import Answers, Decision, Outcome, Screening, Suggestion
from palermo.rooms.identification.models.status import (
    Extension,
    Identification,
    Packet,
    Question,
    Reply,
    Ruling,
    Service,
)

__all__ = [
    "Answers",
    "Decision",
    "Extension",
    "Identification",
    "Notification",
    "Outcome",
    "Packet",
    "Question",
    "Reply",
    "Ruling",
    "Screening",
    "Service",
    "Suggestion",
]
