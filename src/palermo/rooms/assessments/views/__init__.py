"""The pages of assessments."""

from palermo.rooms.assessments.views.filling import fill, form_file, hand_in, take_in
from palermo.rooms.assessments.views.listing import all_recommendations, assessment, assessments, new
from palermo.rooms.assessments.views.reconciling import close, finish, recommend, recommendation, reconcile
from palermo.rooms.assessments.views.reporting import answers_file, report, report_file

__all__ = [
    "all_recommendations",
    "answers_file",
    "assessment",
    "assessments",
    "close",
    "fill",
    "finish",
    "form_file",
    "hand_in",
    "new",
    "recommend",
    "recommendation",
    "reconcile",
    "report",
    "report_file",
    "take_in",
]
