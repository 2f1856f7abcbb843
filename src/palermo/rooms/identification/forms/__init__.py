"""Forms of the room: the conversation, and the steps of the legal status."""

from palermo.rooms.identification.forms.screening import (
    AbandonForm,
    DecisionForm,
    FilterForm,
    SectionForm,
    StartForm,
)
from palermo.rooms.identification.forms.status import AnswersForm, DetentionForm, ServeForm, StepForm

__all__ = [
    "AbandonForm",
    "AnswersForm",
    "DecisionForm",
    "DetentionForm",
    "FilterForm",
    "SectionForm",
    "ServeForm",
    "StartForm",
    "StepForm",
]
