"""One form for each step and each record: the page and the JSON twin fill in the same one."""

from palermo.rooms.children.forms.begin import BeginForm, FilterForm, PeriodForm, RevealForm
from palermo.rooms.children.forms.records import RECORD_FORMS, record_form
from palermo.rooms.children.forms.steps import StepForm, step_form

__all__ = [
    "RECORD_FORMS",
    "BeginForm",
    "FilterForm",
    "PeriodForm",
    "RevealForm",
    "StepForm",
    "record_form",
    "step_form",
]
