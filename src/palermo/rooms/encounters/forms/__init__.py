"""Forms of the encounters room."""

from palermo.rooms.encounters.forms.event import CountsForm, EventForm, LinesForm, ShareForm, SomeForm
from palermo.rooms.encounters.forms.person import (
    AgainForm,
    AidForm,
    AnswersForm,
    LinkForm,
    RelinkForm,
    ReturnForm,
    StepForm,
    VulnerabilityForm,
)

__all__ = [
    "AgainForm",
    "AidForm",
    "AnswersForm",
    "CountsForm",
    "EventForm",
    "LinesForm",
    "LinkForm",
    "RelinkForm",
    "ReturnForm",
    "ShareForm",
    "SomeForm",
    "StepForm",
    "VulnerabilityForm",
]
