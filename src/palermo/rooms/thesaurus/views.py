"""Public pages: the tree of concepts, one concept, all of them as a file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from palermo.kernel.access.policy import require
from palermo.rooms.thesaurus import queries
from palermo.standards.thesaurus import VERSION
from palermo.standards.thesaurus_files import FORMATS

TYPES = {"ttl": "text/turtle; charset=utf-8", "csv": "text/csv; charset=utf-8"}


@require_safe
def tree(request: HttpRequest) -> HttpResponse:
    """All concepts, the narrower ones below the wider ones."""
    branches = queries.branches(request.viewer, queries.tongue())
    return render(request, "thesaurus/tree.html", {"branches": branches, "version": VERSION})


@require_safe
def concept(request: HttpRequest, code: str) -> HttpResponse:
    """A concept: what it is called, what it means, what instruments say, and what rooms keep about it."""
    found = queries.sheet(request.viewer, code)
    language = queries.tongue()
    names = [(k, found.concept.labels[k], found.concept.others[k]) for k in found.concept.labels]
    told = next(((k, found.concept.notes[k]) for k in (language, "en") if k in found.concept.notes), None)
    context = {
        "sheet": found, "title": found.concept.name(language), "names": names, "note": told,
        "up": [(one.code, one.name(language)) for one in found.up],
        "below": [(one.code, one.name(language)) for one in found.below],
    }  # fmt: skip
    return render(request, "thesaurus/concept.html", context)


@require_safe
def turtle(request: HttpRequest) -> HttpResponse:
    """All concepts as SKOS."""
    return _file(request, "ttl")


@require_safe
def as_csv(request: HttpRequest) -> HttpResponse:
    """All concepts as CSV."""
    return _file(request, "csv")


def _file(request: HttpRequest, kind: str) -> HttpResponse:
    require(request.viewer, "thesaurus.view")
    headers = {"Content-Disposition": f'attachment; filename="thesaurus.{kind}"'}
    return HttpResponse(FORMATS[kind](), content_type=TYPES[kind], headers=headers)
