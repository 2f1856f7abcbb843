"""The library's sentences in the reader's language: the template translated, its figures and names put in."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import get_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext as _

from palermo.estimation import Caution
from palermo.rooms.estimates.queries.words import caution_title
from palermo.saying import ENGLISH, Tongue, share_format, told
from palermo.sheets import isolated
from palermo.web.charts.scale import NARROW_SPACE


@dataclass(frozen=True)
class Doubt:
    """A warning for its reader: what it is about, how much it weighs, and the sentence with its figures."""

    title: str
    level: str
    text: str


def in_words(text: str) -> str:
    """Any text of the library; one that remembers no template, or has no translation, stays in English."""
    return told(text, TONGUE)


def doubts(cautions: Iterable[Caution]) -> list[Doubt]:
    """Warnings in the reader's language."""
    return [Doubt(caution_title(one), str(one.level), in_words(one.message)) for one in cautions]


def _figure(value: float, how: str) -> str:
    """A number with the separators of the language, as many digits as the sentence asks for."""
    share = how.endswith("%")
    written = ENGLISH.number(100 * value, share_format(how)) if share else ENGLISH.number(value, how)
    grouped = get_format("THOUSAND_SEPARATOR") if get_format("NUMBER_GROUPING") else NARROW_SPACE
    written = written.translate({ord(","): grouped, ord("."): get_format("DECIMAL_SEPARATOR")})
    return _("{figure} %").format(figure=written) if share else written


TONGUE = Tongue(one=gettext, many=ngettext, number=_figure, name=isolated)
