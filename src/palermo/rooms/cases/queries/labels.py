"""What the fields of a case and of an identity are called, and facts in words: for forms, pages, paper, trail."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from palermo.rooms.cases.models import Case, Facts
from palermo.standards.codes import codelist

# The code list of each fact.
LISTS = {
    "sex": "palermo/sex",
    "age_group": "palermo/majority",
    "age_at_exploitation": "palermo/majority",
    "citizenships": "country-m49/country",
    "country": "country-m49/country",
    "recruiter": "palermo/recruiter",
    "forms_yes": "palermo/form",
    "forms_no": "palermo/form",
    "controls_yes": "palermo/control",
    "controls_no": "palermo/control",
    "labour": "palermo/labour",
    "sexual": "palermo/sexual",
}

FACTS = {
    "sex": _("Sex"),
    "age_group": _("Age now"),
    "age_at_exploitation": _("Age when it began"),
    "citizenships": _("Citizenship"),
    "country": _("Country of exploitation"),
    "recruiter": _("Relation to the recruiter"),
    "forms_yes": _("Forms of exploitation: yes"),
    "forms_no": _("Forms of exploitation: no"),
    "controls_yes": _("Means of control: yes"),
    "controls_no": _("Means of control: no"),
    "labour": _("Sectors of work"),
    "sexual": _("Kinds of sexual exploitation"),
}
IDENTITY = {
    "family_name": _("Family name"),
    "given_names": _("Given names"),
    "aliases": _("Other names"),
    "birth_date": _("Date of birth"),
    "nationality": _("Nationality"),
    "phone": _("Telephone"),
    "document_number": _("Document number"),
    "address": _("Address"),
    "notes_on_identity": _("Notes on identity"),
}


def names_of(fields: list[str]) -> list[str]:
    """The names by which people know these fields; a field that has none is left out."""
    known = FACTS | IDENTITY
    return [str(known[field]) for field in fields if field in known]


def stored_of(facts: Facts) -> dict[str, Any]:
    """The facts as they are stored."""
    return {name: getattr(facts, name) for name in FACTS}


def in_words(name: str, value: Any, language: str) -> str:
    """A stored fact in words, for the page and for the three versions."""
    names = codelist(LISTS[name])
    codes = value if isinstance(value, list) else [value] if value else []
    return gettext(", ").join(names.label(code, language) for code in codes) or gettext("Not recorded")


def facts_in_words(case: Case, language: str) -> list[tuple[str, str]]:
    """(name, value) of every recorded fact."""
    return [
        (str(FACTS[name]), in_words(name, value, language))
        for name, value in stored_of(case.facts).items()
        if value
    ]
