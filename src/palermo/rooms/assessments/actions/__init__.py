"""What people do in an assessment: begin, answer apart, hand in, reconcile, recommend, take it home."""

from palermo.rooms.assessments.actions.answering import (
    Given,
    field_of,
    follow_up,
    recommend,
    save_answers,
    settle,
    stamp,
    value_problem,
)
from palermo.rooms.assessments.actions.demo import demo_assessments
from palermo.rooms.assessments.actions.exporting import export_answers, export_report
from palermo.rooms.assessments.actions.forms_in import Change, Taken, import_form
from palermo.rooms.assessments.actions.forms_out import export_form
from palermo.rooms.assessments.actions.opening import close, finish, hand_in, open_assessment

__all__ = [
    "Change",
    "Given",
    "Taken",
    "close",
    "demo_assessments",
    "export_answers",
    "export_form",
    "export_report",
    "field_of",
    "finish",
    "follow_up",
    "hand_in",
    "import_form",
    "open_assessment",
    "recommend",
    "save_answers",
    "settle",
    "stamp",
    "value_problem",
]
