"""What people do with lists of people: declare, link, decide, undo, sample, hand over, remove."""

from palermo.rooms.reconciliation.actions.deciding import decide, merge_settled, settle, take_back, undo
from palermo.rooms.reconciliation.actions.declaring import declare_list, leave_out, open_project
from palermo.rooms.reconciliation.actions.demo import demo_reconciliation
from palermo.rooms.reconciliation.actions.handing import export_quality, hand_over
from palermo.rooms.reconciliation.actions.opening import begin_review, reviewing, shown_records
from palermo.rooms.reconciliation.actions.people import PEOPLE
from palermo.rooms.reconciliation.actions.removing import remove_record, tidy
from palermo.rooms.reconciliation.actions.running import carry_out, start_run, stop_run
from palermo.rooms.reconciliation.actions.sampling import draw_sample

__all__ = [
    "PEOPLE",
    "begin_review",
    "carry_out",
    "decide",
    "declare_list",
    "demo_reconciliation",
    "draw_sample",
    "export_quality",
    "hand_over",
    "leave_out",
    "merge_settled",
    "open_project",
    "remove_record",
    "reviewing",
    "settle",
    "shown_records",
    "start_run",
    "stop_run",
    "take_back",
    "tidy",
    "undo",
]
