"""The code lists of this room, in the language of the page."""

from django.utils.translation import get_language

from palermo.standards import codelist

SITUATION = "palermo/child_situation"
AGE_METHOD = "palermo/age_method"
MANNER = "palermo/view_manner"
SETTING = "palermo/safe_setting"
GUARDIAN = "palermo/guardian_kind"
ELEMENT = "palermo/best_interest"
TURNING_POINT = "palermo/child_turning_point"
SECTOR = "palermo/panel_sector"
MEASURE = "palermo/child_measure"
SOLUTION = "palermo/child_solution"
TRANSITION = "palermo/transition_part"
WELLBEING = "palermo/child_wellbeing"
RELATION = "palermo/tracing_relation"
LANGUAGE = "palermo/language"

# Whom a panel cannot do without (the machine's note on decide_panel).
NEEDED_SECTORS = ("social", "health", "police")


def label(list_id: str, code: str) -> str:
    """The label of a code; the code itself where the list no longer has it, nothing for nothing."""
    listed = codelist(list_id)
    return listed.label(code, get_language() or "en") if code in listed else code


def choices(list_id: str) -> list[tuple[str, str]]:
    """(code, label) of a list."""
    return codelist(list_id).choices(get_language() or "en")


def codes(list_id: str) -> list[str]:
    """The codes of a list, in its order."""
    return [code for code, _label in choices(list_id)]
