"""Codes of the networks in words, in the language of the page."""

from django.utils.translation import get_language

from palermo.rooms.networks.models import Member, Notification
from palermo.standards import codelist
from palermo.standards.workflows import machine

SECTORS = "palermo/network_sector"
COURSES = "palermo/network_course"
ANSWERS = "palermo/network_answer"
ENDS = "palermo/network_end"


def language() -> str:
    return get_language() or "en"


def choices(list_id: str) -> list[tuple[str, str]]:
    """(code, label) of a list."""
    return codelist(list_id).choices(language())


def name(list_id: str, code: str) -> str:
    """The label of a code; empty for an empty one, the code itself where the list has no such code any more."""
    found = codelist(list_id)
    return found.label(code, language()) if code in found else code


def sector_name(code: str) -> str:
    return name(SECTORS, code)


def state_name(row: Member | Notification) -> str:
    """The name of the state it is in."""
    return machine(row.machine).state(row.state).label(language())


def reason(code: str) -> str:
    """A coded reason of an end in words."""
    return name(ENDS, code)
