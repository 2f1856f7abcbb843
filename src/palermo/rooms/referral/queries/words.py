"""Codes of a referral in words, in the language of the page."""

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from palermo.rooms.referral.models import Decline, Ending, Outcome, Referral
from palermo.rooms.services.queries.labels import area_names
from palermo.standards import codelist
from palermo.standards.workflows import machine

CATEGORIES = "palermo/consent_category"
KINDS = "palermo/service_kind"
# In the order in which a receiver reads them.
ORDER = ("needs", "health", "exploitation", "family", "location", "documents", "identity", "contact")
# Who the person is and how to reach them comes from the vault, never from a text field.
FROM_VAULT = {
    "identity": ("family_name", "given_names", "aliases", "birth_date", "document_number"),
    "contact": ("phone", "address"),
}
# The list of categories speaks to the person who is asked ("What help you need"); these are for who works with it.
NAMES = {
    "needs": gettext_lazy("What is needed"),
    "health": gettext_lazy("Health"),
    "exploitation": gettext_lazy("What happened to the person"),
    "family": gettext_lazy("Family and who comes along"),
    "location": gettext_lazy("Where the person is"),
    "documents": gettext_lazy("Papers"),
    "identity": gettext_lazy("Name and date of birth"),
    "contact": gettext_lazy("How to reach the person"),
}
FIELD_NAMES = {
    "family_name": gettext_lazy("Family name"),
    "given_names": gettext_lazy("Given names"),
    "aliases": gettext_lazy("Other names"),
    "birth_date": gettext_lazy("Date of birth"),
    "document_number": gettext_lazy("Document number"),
    "phone": gettext_lazy("Telephone"),
    "address": gettext_lazy("Address"),
}


def language() -> str:
    return get_language() or "en"


def state_name(row: Referral) -> str:
    """The name of the state it is in."""
    return machine(row.machine).state(row.state).label(language())


def category_names(codes: list[str]) -> list[str]:
    """What is told, in words and in reading order."""
    return [str(NAMES[code]) for code in ORDER if code in codes]


def kind_name(code: str) -> str:
    return codelist(KINDS).label(code, language()) if code else ""


def kinds() -> list[tuple[str, str]]:
    """(code, name) of every kind of help."""
    return codelist(KINDS).choices(language())


def categories() -> list[tuple[str, str]]:
    """(code, name) of what can be told, in reading order."""
    return [(code, str(NAMES[code])) for code in ORDER]


def area_name(code: str) -> str:
    """The name of an area; the code itself where the country has no such area any more."""
    return area_names().get(code, code)


def basis(kind: str) -> str:
    """On what a packet rests, for its reader: the ledger itself stays with the sender."""
    if kind == "consent":
        return _("The person agreed that this is told to you for this help.")
    if kind:
        return _("A ground in law allows it; a second person confirmed it.")
    return _("The person agreed, or a ground in law was confirmed by a second person.")


def reason(code: str) -> str:
    """A coded reason in words, of whichever list it is."""
    for known in (Decline, Outcome, Ending):
        if code in known.values:
            return str(known(code).label)
    return ""
