"""The reasons and warnings of pairs in the reader's language: comparisons only, never a value."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palermo.rooms.reconciliation.queries.reasons import REASONS

FIELDS = {
    "given_name": gettext_lazy("Given names"),
    "family_name": gettext_lazy("Family names"),
    "other_names": gettext_lazy("Other names"),
    "names": gettext_lazy("Names"),
    "name": gettext_lazy("Names"),
    "sex": gettext_lazy("Sex"),
    "birth_date": gettext_lazy("Date of birth"),
    "birth": gettext_lazy("Date of birth"),
    "birth_precision": gettext_lazy("Precision of the date of birth"),
    "nationality": gettext_lazy("Nationality"),
    "place": gettext_lazy("Place"),
    "phone": gettext_lazy("Telephone"),
    "document_no": gettext_lazy("Document"),
    "document": gettext_lazy("Document"),
    "recorded_on": gettext_lazy("Recorded on"),
    "record_id": gettext_lazy("Number of the record"),
}
WARNINGS = {
    "two_documents": gettext_lazy(
        "Two different documents: one of them may be false, or these are two people."
    ),
    "siblings": gettext_lazy("These may be siblings: same family name, another given name."),
    "shared_phone": gettext_lazy(
        "Several people gave this telephone. It may be the recruiter's or the shelter's: it is no sign of identity."
    ),
}
FAULTS = {
    "no_name": gettext_lazy("no name at all"),
    "digits_in_name": gettext_lazy("digits in a name"),
    "sex_unreadable": gettext_lazy("sex that is no code"),
    "birth_unreadable": gettext_lazy("unreadable date of birth"),
    "precision_unreadable": gettext_lazy("unknown precision of the date of birth"),
    "first_of_january": gettext_lazy("born on 1 January, said to be exact"),
    "born_after_recording": gettext_lazy("born after being recorded"),
    "older_than_100": gettext_lazy("older than a hundred years"),
    "nationality_unreadable": gettext_lazy("nationality that is no country"),
    "recorded_unreadable": gettext_lazy("unreadable date of recording"),
    "recorded_in_future": gettext_lazy("recorded in the future"),
}
BASES = {
    "document": gettext_lazy("document"),
    "statement": gettext_lazy("statement"),
    "estimate": gettext_lazy("estimate"),
    "": gettext_lazy("not said"),
}
RULES = {
    "agree": gettext_lazy("all lists agree"),
    "basis": gettext_lazy("a document counts over a statement, a statement over an estimate"),
    "later": gettext_lazy("the later record counts over the earlier"),
    "code": gettext_lazy(
        "equally good and equally late: the lower code counts, so that the answer stays the same"
    ),
}
FACTS = {
    "sex": gettext_lazy("Sex"),
    "birth_year": gettext_lazy("Year of birth"),
    "nationality": gettext_lazy("Nationality"),
    "child": gettext_lazy("Child when recorded"),
}
STANDINGS = {
    "none": gettext_lazy("nobody has decided"),
    "same": gettext_lazy("the same person"),
    "different": gettext_lazy("different people"),
    "unsure": gettext_lazy("cannot be told"),
    "second": gettext_lazy("waits for a second person"),
    "disputed": gettext_lazy("reviewers disagree"),
}
STRATA = {
    "": gettext_lazy("No strata"),
    "sex": gettext_lazy("Sex"),
    "age": gettext_lazy("Children and adults"),
    "year": gettext_lazy("Year of the first record"),
    "region": gettext_lazy("Region of nationality"),
}


@dataclass(frozen=True, slots=True)
class ReasonWords:
    """One comparison: the field, what was found, and whether it speaks for one person (None: for neither)."""

    field: str
    text: str
    agrees: bool | None


def reason_words(reasons: list[Mapping[str, Any]]) -> list[ReasonWords]:
    """The comparisons of a pair in words."""
    return [ReasonWords(one["field"], _told(one), one["agrees"]) for one in reasons]


def _told(one: Mapping[str, Any]) -> str:
    template = REASONS.get((one["field"], one["kind"]))
    return str(template) % dict(one.get("values") or {}) if template is not None else _("cannot be compared")


def warning_words(codes: list[str]) -> list[str]:
    return [str(WARNINGS.get(code, code)) for code in codes]
