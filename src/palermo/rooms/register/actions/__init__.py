"""Changes to the register: lists that come in, events of cases, stages of proceedings, the demo country."""

from palermo.rooms.register.actions.attributes import Attributes, Dated
from palermo.rooms.register.actions.cases import pseudonym, record_case_event
from palermo.rooms.register.actions.demo import demo_register, fill
from palermo.rooms.register.actions.demo_justice import demo_offenders
from palermo.rooms.register.actions.exact import count_exactly, record_exact_view, record_look
from palermo.rooms.register.actions.joining import Entry, enter_list, erase_row, leave_list, tie
from palermo.rooms.register.actions.justice import record_stage
from palermo.rooms.register.actions.lists import CTDC, HTCDS, PEOPLE
from palermo.rooms.register.actions.offenders import OFFENDERS
from palermo.rooms.register.actions.withdrawing import (
    CORRECTABLE,
    correct_person,
    forget_withdrawn,
    reconcile,
    restore_person,
    undo_correction,
    withdraw_case_person,
    withdraw_person,
)

__all__ = [
    "CORRECTABLE",
    "CTDC",
    "HTCDS",
    "OFFENDERS",
    "PEOPLE",
    "Attributes",
    "Dated",
    "Entry",
    "correct_person",
    "count_exactly",
    "demo_offenders",
    "demo_register",
    "enter_list",
    "erase_row",
    "fill",
    "forget_withdrawn",
    "leave_list",
    "pseudonym",
    "reconcile",
    "record_case_event",
    "record_exact_view",
    "record_look",
    "record_stage",
    "restore_person",
    "tie",
    "undo_correction",
    "withdraw_case_person",
    "withdraw_person",
]
