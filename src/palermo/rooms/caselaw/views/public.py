"""What everybody may read: the search with its facets, a case at the address that it keeps, its JSON, the feed."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from palermo.judgments.vocabulary import label
from palermo.kernel.numbers import whole
from palermo.rooms.caselaw import queries
from palermo.rooms.caselaw.views.writing import lists

SHOWN = 8


@require_GET
def public(request: HttpRequest) -> HttpResponse:
    """The cases in which something is found, with how many there are of each kind."""
    language = get_language() or "en"
    wanted = {name: request.GET[name] for name in queries.FACETS if request.GET.get(name)}
    query, page = request.GET.get("q", ""), _page(request)
    found = queries.search(request.viewer, query, wanted=wanted, page=page, language=language)
    facets = [
        (
            name,
            label("facet", name, language),
            _links(query, wanted, name, values[:SHOWN]),
            wanted.get(name, ""),
        )
        for name, values in found.facets.items()
    ]
    context = {
        "q": query, "found": found, "facets": facets, "wanted": wanted, "page_number": page,
        "hits": [(hit, marked(hit.snippet), why(hit.why)) for hit in found.hits],
        "more": page * queries.SIZE < found.total, "asked": urlencode(({"q": query} if query else {}) | wanted),
    }  # fmt: skip
    return render(request, "caselaw/public.html", context)


def _links(
    query: str, wanted: dict[str, str], name: str, values: list[Any]
) -> list[tuple[str, str, int, str]]:
    """Each value of a facet with the address that narrows the search by it, or no longer does."""
    found = []
    for code, text, n in values:
        kept = {key: value for key, value in wanted.items() if key != name or value != code}
        asked = ({"q": query} if query else {}) | kept | ({name: code} if wanted.get(name) != code else {})
        found.append((code, text, n, f"?{urlencode(asked)}"))
    return found


def _page(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return min(max(whole(text), 1), 10_000)


def marked(snippet: str) -> SafeString:
    """The snippet, escaped, with what matched marked."""
    return mark_safe(escape(snippet).replace("⟦", "<mark>").replace("⟧", "</mark>"))  # noqa: S308


def why(code: str) -> str:
    """Why a case was found, in words."""
    words = {
        "identifier": _("Identifier"),
        "text": _("Text"),
        "name": _("Similar name"),
        "concept": _("Concept"),
    }
    return words.get(code, "")


@require_GET
def case(request: HttpRequest, palermo_id: str) -> HttpResponse:
    """A published case; one that was merged leads to the other, one that was withdrawn says why."""
    try:
        found = queries.public_case(request.viewer, palermo_id)
    except queries.Gone as gone:
        if gone.stone.into:
            return redirect("caselaw:case", gone.stone.into, permanent=True)
        return render(request, "caselaw/withdrawn.html", {"stone": gone.stone}, status=410)
    return render(request, "caselaw/case.html", shown(request, found))


def shown(request: HttpRequest, found: Any) -> dict[str, Any]:
    """A case for its page."""
    language = get_language() or "en"
    address = request.build_absolute_uri(reverse("caselaw:case", args=[found.palermo_id]))
    return {
        "case": found, "record": found.record, "standings": queries.standings(found, language),
        "citation": queries.citation(found, address), "country": queries.named("country", found.country, language),
        "outcome": label("verdict", found.record["outcome"], language), "lists": lists(found),
    }  # fmt: skip


@require_GET
def as_json(request: HttpRequest, palermo_id: str) -> HttpResponse:
    """The record of a published case, as `palermo caselaw import` takes it."""
    try:
        found = queries.public_case(request.viewer, palermo_id)
    except queries.Gone as gone:
        if gone.stone.into:
            return HttpResponseRedirect(reverse("caselaw:json", args=[gone.stone.into]), status=301)
        return JsonResponse({"palermo_id": palermo_id, "withdrawn": gone.stone.why}, status=410)
    return JsonResponse(found.record | {"status": found.state}, json_dumps_params={"ensure_ascii": False})
