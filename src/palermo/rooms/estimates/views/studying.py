"""Studies: the list, a new one, its question and table."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from palermo.kernel.access.policy import can, require
from palermo.kernel.errors import Invalid, NotFound
from palermo.kernel.exports.http import file_response
from palermo.rooms.estimates import actions, queries
from palermo.rooms.estimates.forms import FilterForm, StudyForm
from palermo.rooms.estimates.models import Crime
from palermo.rooms.estimates.views.drawing import overlap_picture

MOST_PICTURES = 6  # strata drawn on one page; the others in figures
MOST = 100  # studies shown at once; older ones are searched for


def put(form: forms.Form, error: Invalid) -> None:
    """The problems of an action beside the fields that they are about."""
    for problem in error.problems or []:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem.message))


@never_cache
@require_GET
def studies(request: HttpRequest) -> HttpResponse:
    """Every study, with what became of it."""
    text, crime = request.GET.get("q", "")[:100], request.GET.get("crime", "")
    found = list(
        queries.studies(request.viewer, text=text, crime=crime if crime in Crime.values else "")[: MOST + 1]
    )
    context = {
        "rows": found[:MOST], "more": len(found) > MOST, "filter": FilterForm(request.GET or None), "q": text or crime,
        "may_make": can(request.viewer, "estimates.study.make"),
    }  # fmt: skip
    return render(request, "estimates/list.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask a question of a table."""
    require(request.viewer, "estimates.study.make")
    links = _links(request)
    form = StudyForm(
        request.POST or None,
        request.FILES or None,
        linked=links is not None,
        initial=links.values if links else {},
    )
    if request.method == "POST" and form.is_valid():
        try:
            if links is None:
                tables = actions.read_tables(form.lines() or [], by=form.cleaned_data["by"].strip())
            else:
                tables = dict(links.tables)
            made = actions.open_study(actor=request.viewer, values=form.values(), tables=tables, links=links)
        except Invalid as error:
            put(form, error)
        else:
            messages.success(
                request, _("The table is in. Look at how the lists overlap, then choose methods.")
            )
            return redirect("estimates:study", made.pk)
    return render(request, "estimates/edit.html", {"form": form, "links": links})


def _links(request: HttpRequest) -> actions.Linked | None:
    """The hand-over of a reconciliation that the address names."""
    try:
        wanted = UUID(request.GET["links"])
    except KeyError:
        return None
    except ValueError:
        raise NotFound() from None
    return actions.from_links(request.viewer, wanted)


@never_cache
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """Put the question right; the table as long as nothing was run."""
    found = queries.one(request.viewer, study_id)
    require(request.viewer, "estimates.study.make")
    fixed = found.runs.exists()
    form = StudyForm(
        request.POST or None, request.FILES or None, old=found, fixed=fixed, initial=StudyForm.of(found)
    )
    if request.method == "POST" and form.is_valid():
        try:
            lines = None if fixed else form.lines()
            tables = None if lines is None else actions.read_tables(lines, by=form.cleaned_data["by"].strip())
            actions.change_study(
                actor=request.viewer, study=found, values=form.values(), tables=tables,
                expected_version=form.cleaned_data["version"],
            )  # fmt: skip
        except Invalid as error:
            put(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("estimates:study", found.pk)
    return render(request, "estimates/edit.html", {"form": form, "study": found, "fixed": fixed})


@never_cache
@require_GET
def study(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """A study: its overlap, its runs, and the result that two persons agreed on."""
    found = queries.one(request.viewer, study_id)
    parts = queries.overlaps(found)
    context: dict[str, Any] = {
        "study": found,
        "parts": [
            (part, overlap_picture(part.table, f"overlap-{place}") if place < MOST_PICTURES else "")
            for place, part in enumerate(parts)
        ],
        "runs": [
            (run, " · ".join(map(queries.method_title, run.methods))) for run in queries.runs(request.viewer, found)
        ],
        "cautions": [doubt for part in parts for doubt in queries.doubts(part.table.cautions)],
        "may_run": can(request.viewer, "estimates.run.make"),
        "second": found.proposed_by_id != request.viewer.user_id,
    }  # fmt: skip
    if found.headline_run is not None and found.headline_place is not None:
        context["headline"] = queries.lines_of(found.headline_run)[found.headline_place]
    return render(request, "estimates/study.html", context)


@require_GET
def table_file(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """The capture histories as CSV."""
    return file_response(
        actions.export_table(actor=request.viewer, study=queries.one(request.viewer, study_id))
    )
