"""Forms of the networks."""

from palermo.rooms.networks.forms.leading import (
    ClosingForm,
    InviteForm,
    JoinForm,
    LeaveForm,
    NetworkForm,
    OpenForm,
    PeriodForm,
    TrainingForm,
    VersionForm,
)
from palermo.rooms.networks.forms.notifying import AnonymousForm, AnswerForm, ChildForm, NotifyForm, SendForm

__all__ = [
    "AnonymousForm",
    "AnswerForm",
    "ChildForm",
    "ClosingForm",
    "InviteForm",
    "JoinForm",
    "LeaveForm",
    "NetworkForm",
    "NotifyForm",
    "OpenForm",
    "PeriodForm",
    "SendForm",
    "TrainingForm",
    "VersionForm",
]
