"""What people do with lists of people: declare, link, decide, undo, sample, hand over, remove."""

from palermo.rooms.reconciliation.actions.bringing import (
    bring_file,
    drop_file,
    guessed,
    header_of,
    name_columns,
    read_file,
)
from palermo.rooms.reconciliation.actions.deciding import decide, merge_settled, settle, take_back, undo
from palermo.rooms.reconciliation.actions.declaring import declare_list, leave_out, open_project
from palermo.rooms.reconciliation.actions.demo import demo_reconciliation
from palermo.rooms.reconciliation.actions.handing import export_quality, hand_over
from palermo.rooms.reconciliation.actions.opening import begin_review, reviewing, shown_records
from palermo.rooms.reconciliation.actions.people import PEOPLE
from palermo.rooms.reconciliation.actions.registering import count_people, follow, follow_links, left
from palermo.rooms.reconciliation.actions.removing import remove_record, tidy
from palermo.rooms.reconciliation.actions.running import carry_out, start_run, stop_run
from palermo.rooms.reconciliation.actions.sampling import draw_sample

__all__ = [
    "PEOPLE",
    "begin_review",
    "bring_file",
    "carry_out",
    "count_people",
    "decide",
    "declare_list",
    "demo_reconciliation",
    "draw_sample",
    "drop_file",
    "export_quality",
    "follow",
    "follow_links",
    "guessed",
    "hand_over",
    "header_of",
    "leave_out",
    "left",
    "merge_settled",
    "name_columns",
    "open_project",
    "read_file",
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
