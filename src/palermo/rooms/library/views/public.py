"""What readers see: the search with its facets, a paper at the address that it keeps, its citations, its files."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from palermo.kernel.access.policy import can
from palermo.kernel.files.actions import Opened
from palermo.kernel.files.responses import as_download
from palermo.kernel.numbers import whole
from palermo.papers import Paper, bibtex, plain, ris
from palermo.rooms.library import queries
from palermo.rooms.library.models import Item, ItemFile

SHOWN = 12


def tongue() -> str:
    """The language of the page."""
    return (get_language() or "en")[:2]


@require_GET
def public(request: HttpRequest) -> HttpResponse:
    """The papers in which something is found, with how many there are of each kind."""
    language = tongue()
    wanted = {name: request.GET[name] for name in queries.FACETS if request.GET.get(name)}
    query, page = request.GET.get("q", ""), min(max(whole(request.GET.get("page", "")), 1), 10_000)
    found = queries.search(request.viewer, query, wanted=wanted, page=page, language=language)
    named = {"kind": _("Kind"), "concept": _("Concept"), "language": _("Language"), "year": _("Year")}
    facets = [
        (name, named[name], _links(query, wanted, name, values), wanted.get(name, ""))
        for name, values in found.facets.items()
    ]
    context = {
        "q": query, "found": found, "facets": facets, "wanted": wanted, "page_number": page,
        "hits": [_hit(hit, language) for hit in found.hits], "more": page * queries.SIZE < found.total,
        "may_write": can(request.viewer, "library.item.write"),
    }  # fmt: skip
    return render(request, "library/public.html", context)


def _links(
    query: str, wanted: dict[str, str], name: str, values: list[Any]
) -> list[tuple[str, str, int, str]]:
    """Each value of a facet with the address that narrows the search by it, or no longer does."""
    found = []
    for code, text, n in values[:SHOWN]:
        kept = {key: value for key, value in wanted.items() if key != name}
        asked = ({"q": query} if query else {}) | kept | ({name: code} if wanted.get(name) != code else {})
        found.append((code, text, n, f"?{urlencode(asked)}"))
    return found


def _hit(hit: queries.Hit, language: str) -> dict[str, Any]:
    paper = hit.item.paper
    why = {
        "identifier": _("Identifier"), "text": _("Text"), "name": _("Similar name"), "concept": _("Concept"),
    }  # fmt: skip
    return {
        "item": hit.item, "title": paper.title(language), "summary": paper.summary(language),
        "kind": queries.named("kind", paper.kind, language), "why": why.get(hit.why, ""), "year": paper.year,
        "makers": "; ".join(paper.authors or paper.bodies), "piece": hit.piece,
        "snippet": marked(hit.piece.text) if hit.piece else "",
    }  # fmt: skip


def marked(snippet: str) -> SafeString:
    """The snippet, escaped, with what matched marked."""
    return mark_safe(escape(snippet).replace("⟦", "<mark>").replace("⟧", "</mark>"))  # noqa: S308


@require_GET
def item(request: HttpRequest, palermo_id: str) -> HttpResponse:
    """A published paper; one that was withdrawn says why."""
    try:
        found = queries.public_item(request.viewer, palermo_id)
    except queries.Gone as gone:
        return render(request, "library/withdrawn.html", {"stone": gone.stone}, status=410)
    context = shown(request, found)
    if can(request.viewer, "library.item.view"):
        context["desk"] = reverse("library:draft", args=[found.pk])
    return render(request, "library/item.html", context)


def shown(request: HttpRequest, found: Item) -> dict[str, Any]:
    """A paper for its page."""
    language, paper = tongue(), found.paper
    return {
        "item": found, "paper": paper, "title": paper.title(language), "summary": paper.summary(language),
        "kind": queries.named("kind", paper.kind, language), "facts": _facts(paper),
        "concepts": [(code, queries.named("concept", code, language)) for code in paper.concepts],
        "others": [(code, text) for code, text in paper.titles.items() if code != paper.title(language)[0]],
        "files": list(queries.files_of(request.viewer, found)),
        "citation": plain(paper, _address(request, found), language),
    }  # fmt: skip


def _facts(paper: Paper) -> list[tuple[str, str, bool]]:
    """(name, value, whether it is a code that runs from left to right), of what is known."""
    told = [
        (_("Published in the name of"), "; ".join(paper.bodies), False),
        (_("Authors"), "; ".join(paper.authors), False), (_("Year"), str(paper.year or ""), True),
        (_("Publisher"), paper.publisher, False), (_("Document symbol"), paper.symbol, True),
        (_("ISBN"), paper.isbn, True), (_("DOI"), paper.doi, True),
        (_("Languages in which it exists"), ", ".join(paper.languages), True),
        (_("Licence or terms of use"), paper.licence, False),
    ]  # fmt: skip
    return [one for one in told if one[1]]


def _address(request: HttpRequest, found: Item) -> str:
    return request.build_absolute_uri(reverse("library:item", args=[found.palermo_id]))


@require_GET
def as_json(request: HttpRequest, palermo_id: str) -> HttpResponse:
    """The record of a published paper, as `palermo library import` takes it."""
    try:
        found = queries.public_item(request.viewer, palermo_id)
    except queries.Gone as gone:
        return JsonResponse({"palermo_id": palermo_id, "withdrawn": gone.stone.why}, status=410)
    return JsonResponse(found.record | {"status": found.state}, json_dumps_params={"ensure_ascii": False})


@require_GET
def as_bibtex(request: HttpRequest, palermo_id: str) -> HttpResponse:
    """The paper for BibTeX."""
    found = queries.public_item(request.viewer, palermo_id)
    text = bibtex(found.paper, _address(request, found), tongue())
    return _cited(text, "application/x-bibtex", f"{palermo_id}.bib")


@require_GET
def as_ris(request: HttpRequest, palermo_id: str) -> HttpResponse:
    """The paper for reference managers."""
    found = queries.public_item(request.viewer, palermo_id)
    text = ris(found.paper, _address(request, found), tongue())
    return _cited(text, "application/x-research-info-systems", f"{palermo_id}.ris")


def _cited(text: str, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type=f"{kind}; charset=utf-8", headers=headers)


@require_GET
def download(request: HttpRequest, palermo_id: str, file_id: UUID) -> HttpResponseBase:
    """A file of a published paper."""
    found = queries.public_item(request.viewer, palermo_id)
    return handed(queries.file_of(request.viewer, found, file_id))


def handed(file: ItemFile) -> HttpResponseBase:
    """The file as a download that no browser runs."""
    content = bytes(file.content)
    return as_download(Opened(file.name, file.media_type, file.size, iter([content])))
