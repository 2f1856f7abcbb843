"""Filters of the documents' templates: the direction of a text, and what was filled into it."""

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from palermo.kernel.exports.documents.direction import isolated, runs_rtl

register = template.Library()


@register.filter
def way(text: str, direction: str) -> str:
    """rtl or ltr, for the attribute dir of a text in a document of this direction."""
    return "rtl" if runs_rtl(text, direction == "rtl") else "ltr"


@register.filter
def told(text: str, direction: str) -> SafeString:
    """The text, escaped; what was filled in stands in a direction of its own; lines stay lines."""
    return format_html_join("", "{}", ((_part(part, filled, direction),) for part, filled in isolated(text)))


def _part(part: str, filled: bool, direction: str) -> SafeString:
    lines = format_html_join(
        SafeString("<br>"), "{}", ((conditional_escape(line),) for line in part.splitlines())
    )
    return format_html('<bdi dir="{}">{}</bdi>', way(part, direction), lines) if filled else lines
