"""The report as a page and as files; the answers as data."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from palermo.kernel.errors import NotFound
from palermo.kernel.exports.http import file_response
from palermo.rooms.assessments import actions, queries
from palermo.rooms.assessments.models import State
from palermo.rooms.assessments.views.listing import dated, language, state_name, toolkit_name


@never_cache
@require_GET
def report(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """What was found: the picture, strengths, gaps, what is not known, recommendations."""
    found = queries.assessment(request.viewer, assessment_id)
    if found.state == State.OPEN:
        return redirect("assessments:assessment", found.pk)
    told = queries.report(found, language())
    context = {
        "assessment": found, "told": told, "name": toolkit_name(found), "state": state_name(found.country),
        "advice": dated(queries.recommendations(request.viewer, found)),
    }  # fmt: skip
    return render(request, "assessments/report.html", context)


@never_cache
@require_GET
def report_file(request: HttpRequest, assessment_id: UUID, format: str) -> HttpResponse:
    """The report as .pdf or .docx."""
    found = queries.assessment(request.viewer, assessment_id)
    if format not in ("pdf", "docx") or found.state == State.OPEN:
        raise NotFound()
    return file_response(
        actions.export_report(actor=request.viewer, assessment=found, format=format, language=language())
    )


@never_cache
@require_GET
def answers_file(request: HttpRequest, assessment_id: UUID, format: str) -> HttpResponse:
    """The answers that the viewer may see, as .csv or .json."""
    found = queries.assessment(request.viewer, assessment_id)
    if format not in ("csv", "json"):
        raise NotFound()
    return file_response(actions.export_answers(actor=request.viewer, assessment=found, format=format))
