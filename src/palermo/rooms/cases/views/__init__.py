"""The pages of the case room."""

from palermo.rooms.cases.views.access import case_access, case_end_share, case_reveal, case_worker
from palermo.rooms.cases.views.files import case_file, case_file_remove, case_file_restore, case_files
from palermo.rooms.cases.views.lists import case_export, case_list
from palermo.rooms.cases.views.opening import open_person, open_search
from palermo.rooms.cases.views.pages import case_page, case_print, case_trail
from palermo.rooms.cases.views.work import case_facts, case_move, case_note, case_risk

__all__ = [
    "case_access",
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
    "case_print",
    "case_reveal",
    "case_risk",
    "case_trail",
    "case_worker",
    "open_person",
    "open_search",
]
