"""The national register: pseudonymous persons, what happened to them, and where it is known from."""

from palermo.rooms.register.models.cells import AnswerCell, Cell, FormCell, OriginCell
from palermo.rooms.register.models.joining import Joined, RowLink, Why
from palermo.rooms.register.models.justice import Charge, JusticeEvent, Stage, Suspect
from palermo.rooms.register.models.person import Event, Kind, Person
from palermo.rooms.register.models.provenance import Precision, Provenance, SourceList
from palermo.rooms.register.models.withdrawal import UNDO_DAYS, Correction, Mistake, Reason, Withdrawal

__all__ = [
    "UNDO_DAYS",
    "AnswerCell",
    "Cell",
    "Charge",
    "Correction",
    "Event",
    "FormCell",
    "Joined",
    "JusticeEvent",
    "Kind",
    "Mistake",
    "OriginCell",
    "Person",
    "Precision",
    "Provenance",
    "Reason",
    "RowLink",
    "SourceList",
    "Stage",
    "Suspect",
    "Why",
    "Withdrawal",
]
