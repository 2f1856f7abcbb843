"""The pages of the case room."""

from palermo.rooms.cases.views.access import (
    case_access,
    case_bring_in,
    case_end_share,
    case_reveal,
    case_worker,
)
from palermo.rooms.cases.views.asked import case_asked
from palermo.rooms.cases.views.emergency import case_emergency
from palermo.rooms.cases.views.files import case_file, case_file_remove, case_file_restore, case_files
from palermo.rooms.cases.views.lists import case_export, case_list
from palermo.rooms.cases.views.opening import open_person, open_search
from palermo.rooms.cases.views.pages import case_page, case_trail
from palermo.rooms.cases.views.plan import (
    case_plan,
    plan_assessment,
    plan_happening,
    plan_risk,
    plan_safety,
    plan_safety_reviewed,
    plan_safety_version,
)
from palermo.rooms.cases.views.planning import (
    plan_action,
    plan_agree,
    plan_approve,
    plan_begin,
    plan_conference,
    plan_draft,
    plan_goal,
    plan_result,
    plan_screening,
    plan_screenings,
    plan_take_out,
    plan_version,
)
from palermo.rooms.cases.views.printing import case_print, plan_print, plan_safety_print
from palermo.rooms.cases.views.same import case_person, same_pair
from palermo.rooms.cases.views.work import case_facts, case_move, case_note, case_risk

__all__ = [
    "case_access",
    "case_asked",
    "case_bring_in",
    "case_emergency",
    "case_end_share",
    "case_export",
    "case_facts",
    "case_file",
    "case_file_remove",
    "case_file_restore",
    "case_files",
    "case_list",
    "case_move",
    "case_note",
    "case_page",
    "case_person",
    "case_plan",
    "case_print",
    "case_reveal",
    "case_risk",
    "case_trail",
    "case_worker",
    "open_person",
    "open_search",
    "plan_action",
    "plan_agree",
    "plan_approve",
    "plan_assessment",
    "plan_begin",
    "plan_conference",
    "plan_draft",
    "plan_goal",
    "plan_happening",
    "plan_print",
    "plan_result",
    "plan_risk",
    "plan_safety",
    "plan_safety_print",
    "plan_safety_reviewed",
    "plan_safety_version",
    "plan_screening",
    "plan_screenings",
    "plan_take_out",
    "plan_version",
    "same_pair",
]
