"""The words of a document in its own language, whatever the language of the one who prints it."""

from collections.abc import Callable
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import override

from palermo.kernel.exports.documents.blocks import END, ISOLATE
from palermo.standards.instruments.letters import LANGUAGES, letters

Words = Callable[..., str]


def in_language(language: str) -> Words:
    """`say(code, **values)`: the text with its values put in, each with a writing direction of its own.

    A language without texts gets English, as everywhere in palermo. A value is text: braces in it mean nothing.
    """

    def say(code: str, **values: str | date) -> str:
        told = {name: f"{ISOLATE}{plain(value, language)}{END}" for name, value in values.items()}
        return letters()[code][language].format(**told)

    return say


def spoken(language: str) -> str:
    """The language that the document will be in: English where there are no texts in the one asked for."""
    base = language.split("-")[0]
    return base if base in LANGUAGES else "en"


def plain(value: str | date | None, language: str) -> str:
    """A date in words of the language, a text as it is, nothing for nothing."""
    if value is None:
        return ""
    if isinstance(value, date):
        with override(language):
            return str(date_format(value, "j F Y"))
    return value
