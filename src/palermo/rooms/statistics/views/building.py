"""A table of one's own from the states, and the page of the counts."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from palermo.kernel.access.policy import can
from palermo.kernel.errors import Conflict, Invalid, NotFound
from palermo.kernel.exports.http import file_response
from palermo.rooms.statistics import actions, queries
from palermo.rooms.statistics.forms import FreeForm
from palermo.rooms.statistics.views.drawing import sections

FORMATS = ("csv", "xlsx", "json", "sdmx", "hxl")


def _asked(request: HttpRequest) -> dict[str, Any]:
    """Population, dimensions, years and what is held, as the address says it."""
    only: Mapping[str, str] = dict(pair.split(":", 1) for pair in request.GET.getlist("only") if ":" in pair)
    return {
        "population": request.GET.get("population", ""), "by": tuple(filter(None, request.GET.getlist("by"))),
        "years": tuple(filter(None, request.GET.getlist("years"))), "only": only,
    }  # fmt: skip


@require_GET
def free(request: HttpRequest) -> HttpResponse:
    """Choose whom to count and by what; the table stands below."""
    if not can(request.viewer, "statistics.table.view"):
        raise NotFound()
    asked = _asked(request)
    population = asked["population"] if asked["population"] in queries.POPULATIONS else "persons"
    form = FreeForm(
        request.GET if asked["by"] else None, population=population, years=_years(request, population)
    )
    context: dict[str, Any] = {
        "table": queries.FREE, "form": form, "formats": FORMATS, "query": request.GET.urlencode(),
        "population": queries.POPULATIONS[population], "populations": queries.POPULATIONS.values(),
        "together": [[queries.DIMENSIONS.get(n, n) for n in t] for t in queries.POPULATIONS[population].tables],
        "counting": queries.under_way(request.viewer),
    }  # fmt: skip
    if asked["by"]:
        try:
            view = queries.free(request.viewer, **asked)
        except Invalid as error:
            context["problems"] = _in_words(error, population)
        else:
            found = sections(view)
            context |= {"view": view, "sections": found, "explained": queries.explained(view)}
    return render(request, "statistics/free.html", context)


def _in_words(error: Invalid, population: str) -> list[str]:
    """The problems; where dimensions do not stand together, what does stands beside the form already."""
    if any(problem.rule == "together" for problem in error.problems):
        return [_("These are not counted together. Below the form stands what is.")]
    return [str(problem.message) for problem in error.problems]


def _years(request: HttpRequest, population: str) -> tuple[str, ...]:
    return queries.years_of(request.viewer, population)


@require_GET
def free_file(request: HttpRequest, format: str) -> HttpResponse:
    """The same table as a file."""
    return file_response(actions.export_free(actor=request.viewer, format=format, **_asked(request)))


@never_cache
@require_http_methods(["GET", "POST"])
def count(request: HttpRequest) -> HttpResponse:
    """How far the counts are; asked for here, every population is counted anew in the background."""
    if not can(request.viewer, "statistics.table.view"):
        raise NotFound()
    asked = request.POST if request.method == "POST" else request.GET
    back = asked.get("back", "")
    declared = queries.TABLES.get(back)
    if request.method == "POST":
        try:
            actions.start_count(actor=request.viewer)
        except Conflict as error:
            messages.warning(request, error.message)
        return redirect(reverse("statistics:count") + (f"?back={back}" if declared else ""))
    context = {
        "last": queries.last_count(request.viewer), "rows": queries.counted(request.viewer), "back": declared,
    }  # fmt: skip
    return render(request, "statistics/count.html", context)
