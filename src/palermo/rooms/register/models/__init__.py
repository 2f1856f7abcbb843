"""The national register: pseudonymous persons, what happened to them, and where it is known from."""

from palermo.rooms.register.models.cells import AnswerCell, Cell, FormCell, OriginCell
from palermo.rooms.register.models.justice import JusticeEvent, Stage, Suspect
from palermo.rooms.register.models.person import Event, Kind, Person
from palermo.rooms.register.models.provenance import Precision, Provenance, SourceList

__all__ = [
    "AnswerCell",
    "Cell",
    "Event",
    "FormCell",
    "JusticeEvent",
    "Kind",
    "OriginCell",
    "Person",
    "Precision",
    "Provenance",
    "SourceList",
    "Stage",
    "Suspect",
]
