"""Public pages that tell an edition in pictures: over the years, on a map, and who they are."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from palermo.kernel.errors import NotFound
from palermo.rooms.statistics import queries
from palermo.rooms.statistics.views.flowing import flowing
from palermo.rooms.statistics.views.profile import topics
from palermo.rooms.statistics.views.stones import tombstone
from palermo.rooms.statistics.views.trends import trends
from palermo.web.charts.ground import boundaries


@require_GET
def public_trend(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """How the figures of an edition went over the years."""
    try:
        found = queries.edition(request.viewer, name, None, number)
    except queries.Withdrawn as gone:
        return tombstone(request, gone)
    drawn = trends(found.view)
    if not drawn:
        raise NotFound()
    return render(request, "statistics/public_trend.html", _context(found) | {"trends": drawn})


@require_GET
def public_map(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """From which countries the persons of an edition are, on a map."""
    try:
        found = queries.edition(request.viewer, name, None, number)
    except queries.Withdrawn as gone:
        return tombstone(request, gone)
    maps = flowing(found.view)
    if not maps:
        raise NotFound()
    context = _context(found) | {"maps": maps, "ground": boundaries()}
    return render(request, "statistics/public_map.html", context)


@require_GET
def public_profile(request: HttpRequest) -> HttpResponse:
    """Who the persons of the newest editions are."""
    context = {"topics": topics(queries.newest(request.viewer))}
    return render(request, "statistics/public_profile.html", context)


def _context(found: queries.Edition) -> dict[str, Any]:
    publication = found.publication
    return {
        "table": queries.declared(publication.table), "publication": publication, "view": found.view,
        "back": reverse("statistics:public-edition", args=[publication.table, publication.number]),
        "explained": queries.explained(found.view),
    }  # fmt: skip
