"""Input of the case pages."""

from palermo.rooms.cases.forms.case import (
    BringInForm,
    EmergencyForm,
    FilterForm,
    MoveForm,
    NoteForm,
    RevealForm,
    RiskForm,
    ShareForm,
    WorkerForm,
)
from palermo.rooms.cases.forms.facts import FactsForm
from palermo.rooms.cases.forms.files import FileForm, RemovalForm
from palermo.rooms.cases.forms.opening import OpenForm, SearchForm, searched, was_searched

__all__ = [
    "BringInForm",
    "EmergencyForm",
    "FactsForm",
    "FileForm",
    "FilterForm",
    "MoveForm",
    "NoteForm",
    "OpenForm",
    "RemovalForm",
    "RevealForm",
    "RiskForm",
    "SearchForm",
    "ShareForm",
    "WorkerForm",
    "searched",
    "was_searched",
]
