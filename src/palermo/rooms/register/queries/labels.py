"""Codes of the register in the reader's language."""

from collections.abc import Mapping

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from palermo.standards import UnknownCode, codelist, country

SCHEMES: Mapping[str, str] = {
    "crime": "palermo/crime",
    "status": "palermo/person_status",
    "sex": "palermo/sex",
    "gender": "palermo/gender",
    "age_band": "palermo/age_group",
    "age_group": "palermo/age_group",
    "majority": "palermo/majority",
    "majority_at_exploitation": "palermo/majority",
    "majority_at_entry": "palermo/majority",
    "source_kind": "palermo/source_kind",
    "form": "palermo/form",
    "control": "palermo/control",
    "labour": "palermo/labour",
    "sexual": "palermo/sexual",
    "recruiter": "palermo/recruiter",
}
COUNTRIES = ("citizenship", "country")


def label(attribute: str, code: str) -> str:
    """The word for a code of an attribute; an empty code was not recorded."""
    if not code:
        return _("Not recorded")
    language = get_language() or "en"
    if attribute in COUNTRIES:
        try:
            return country(code).name(language)
        except UnknownCode:
            return code
    scheme = SCHEMES.get(attribute)
    return codelist(scheme).label(code, language) if scheme else code


def choices(attribute: str) -> list[tuple[str, str]]:
    """(code, word) of the list behind an attribute."""
    codes = codelist(SCHEMES[attribute]).choices(get_language() or "en")
    return [(code, word) for code, word in codes if code != "not_recorded"]
