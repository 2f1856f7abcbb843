"""What the fields of a case and of an identity are called, for forms, pages and the trail alike."""

from django.utils.translation import gettext_lazy as _

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
    "phone": _("Telephone"),
    "document_number": _("Document number"),
    "address": _("Address"),
    "notes_on_identity": _("Notes on identity"),
}


def names_of(fields: list[str]) -> list[str]:
    """The names by which people know these fields; a field that has none is left out."""
    known = FACTS | IDENTITY
    return [str(known[field]) for field in fields if field in known]
