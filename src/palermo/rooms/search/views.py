"""The public page of the search: results in all languages, concepts that can be taken out, rooms and languages."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from palermo.kernel.numbers import whole
from palermo.rooms.search import queries
from palermo.web.searched import sources


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What is found in all rooms, the best first."""
    asked = request.GET
    query, number = asked.get("q", ""), _page(request)
    without = [code for code in asked.getlist("without") if code]
    exact = asked.get("exact") == "1"
    found = queries.search(
        request.viewer, query, language=(get_language() or "en")[:2], lang=asked.get("lang", ""),
        room=asked.get("room", ""), without=without, exact=exact, page=number,
    )  # fmt: skip
    rooms = {label: source.label or label for label, source in sources().items()}
    context = {
        "q": query, "found": found, "without": without, "exact": exact, "page_number": number,
        "hits": [(hit, rooms[hit.room], marked(hit.snippet), why(hit)) for hit in found.hits],
        "chips": [(chip, f"?{_query(asked, without=[*without, chip.code])}") for chip in found.chips],
        "rooms": [(label, rooms[label], n, f"?{_query(asked, room=label)}") for label, n in found.rooms],
        "languages": [(code, n, f"?{_query(asked, lang=code)}") for code, n in found.languages],
        "more": number * queries.SIZE < found.total, "lang": asked.get("lang", ""), "room": asked.get("room", ""),
    }  # fmt: skip
    return render(request, "search/page.html", context)


def _page(request: HttpRequest) -> int:
    return min(max(whole(request.GET.get("page", "")), 1), 1000)


def _query(asked: object, **changed: object) -> str:
    """The question as an address with something changed; a room or language that is chosen already is given up."""
    values = {k: asked.getlist(k) for k in ("q", "lang", "room", "without", "exact") if asked.getlist(k)}  # type: ignore[attr-defined]
    for name, value in changed.items():
        values[name] = [] if values.get(name) == [value] else value if isinstance(value, list) else [value]
    return urlencode(values, doseq=True)


def marked(snippet: str) -> SafeString:
    """The snippet, escaped, with what matched marked."""
    return mark_safe(escape(snippet).replace("⟦", "<mark>").replace("⟧", "</mark>"))  # noqa: S308


def why(hit: queries.Hit) -> str:
    """Why something was found, in words."""
    words = {
        "identifier": _("Identifier"), "text": _("Text"), "name": _("Similar name"), "concept": _("Concept"),
        "meaning": _("Meaning"),
    }  # fmt: skip
    return " · ".join(words[one] for one in hit.why if one in words)
