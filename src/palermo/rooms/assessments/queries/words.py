"""The words of answers, dimensions and references, in the language of the reader."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from palermo.standards.countries import find_country

VALUES: Mapping[str, str | Promise] = {
    "met": pgettext_lazy("answer of an assessment", "Met"),
    "partly": pgettext_lazy("answer of an assessment", "Partly"),
    "not_met": pgettext_lazy("answer of an assessment", "Not met"),
    "not_applicable": pgettext_lazy("answer of an assessment", "Not applicable"),
    "not_known": pgettext_lazy("answer of an assessment", "Not known"),
    "yes": pgettext_lazy("answer of an assessment", "Yes"),
    "no": pgettext_lazy("answer of an assessment", "No"),
    "": pgettext_lazy("answer of an assessment", "Not answered"),
}
NOT_AGREED = pgettext_lazy("answer of an assessment", "Not agreed")
DIMENSIONS: Mapping[str, str | Promise] = {
    "law": pgettext_lazy("column of an assessment", "Law"),
    "practice": pgettext_lazy("column of an assessment", "Practice"),
    "resources": pgettext_lazy("column of an assessment", "Resources"),
    "data": pgettext_lazy("column of an assessment", "Data"),
    "": pgettext_lazy("column of an assessment", "Answer"),
}
# Letters beside the colour: who does not see colours, and who prints in grey, reads the same picture.
CODES: Mapping[str | None, str] = {
    "met": "M", "yes": "M", "partly": "P", "not_met": "N", "no": "N", "not_applicable": "–", "not_known": "?", "": "·",
    None: "≠",
}  # fmt: skip
LEVELS: Mapping[str | None, str] = {
    "met": "good", "yes": "good", "4": "good", "3": "good", "partly": "warn", "2": "warn", "1": "bad", "0": "bad",
    "not_met": "bad", "no": "bad",
}  # fmt: skip
LEAST = {"not_met", "no", "0", "1"}
MOST = {"met", "yes", "4"}


def value_words(value: str | None) -> str:
    """An answer in words; a number or a text as it stands."""
    return str(NOT_AGREED) if value is None else str(VALUES.get(value, value))


def dimension_words(dimension: str) -> str:
    return str(DIMENSIONS[dimension])


def state_name(code: str, language: str) -> str:
    """A State in that language, the demonstration's invented one too."""
    known = find_country(code)
    return known.name(language) if known else code
