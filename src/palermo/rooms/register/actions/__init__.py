"""Changes to the register: lists that come in, events of cases, stages of proceedings, the demo country."""

from palermo.rooms.register.actions.attributes import Attributes, Dated
from palermo.rooms.register.actions.cases import pseudonym, record_case_event
from palermo.rooms.register.actions.demo import demo_register, fill
from palermo.rooms.register.actions.exact import count_exactly, record_exact_view
from palermo.rooms.register.actions.justice import record_stage
from palermo.rooms.register.actions.lists import CTDC, HTCDS, PEOPLE

__all__ = [
    "CTDC",
    "HTCDS",
    "PEOPLE",
    "Attributes",
    "Dated",
    "count_exactly",
    "demo_register",
    "fill",
    "pseudonym",
    "record_case_event",
    "record_exact_view",
    "record_stage",
]
