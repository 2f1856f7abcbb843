"""The lead: closing, settling differences, recommending, finishing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from palermo.kernel.access.policy import require
from palermo.kernel.errors import Invalid
from palermo.rooms.assessments import actions, queries
from palermo.rooms.assessments.forms import FollowForm, RecommendationForm, value_field
from palermo.rooms.assessments.models import State
from palermo.rooms.assessments.views.listing import language, put, say, seen_version


@require_POST
def close(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Wait no longer for who has not handed in."""
    found = queries.assessment(request.viewer, assessment_id)
    actions.close(actor=request.viewer, assessment=found, expected_version=seen_version(request))
    return redirect("assessments:reconcile", found.pk)


@require_POST
def finish(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """The answers stay."""
    found = queries.assessment(request.viewer, assessment_id)
    actions.finish(actor=request.viewer, assessment=found, expected_version=seen_version(request))
    messages.success(request, _("Finished. The report can be taken."))
    return redirect("assessments:report", found.pk)


@never_cache
@require_http_methods(["GET", "POST"])
def reconcile(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """All answers side by side: differences first, agreements folded away."""
    viewer = request.viewer
    found = queries.assessment(viewer, assessment_id)
    if request.method == "POST":
        require(viewer, "assessments.assessment.lead", found.pk)
        return _settle(request, found)
    if found.state == State.OPEN:
        return redirect("assessments:assessment", found.pk)
    rows = queries.beside(found)
    context = {
        "assessment": found, "agreements": queries.agreements(rows), "may_settle": _may_settle(viewer, found),
        "differing": [_told(one, place) for place, one in enumerate(rows) if one.open],
        "settled": [_told(one, place) for place, one in enumerate(rows) if one.reconciled],
        "agreed": [_told(one, place) for place, one in enumerate(rows) if one.agreed and not one.unanswered],
        "unanswered": [_told(one, place) for place, one in enumerate(rows) if one.unanswered],
    }  # fmt: skip
    return render(request, "assessments/reconcile.html", context)


def _may_settle(viewer: Any, found: Any) -> bool:
    return queries.leads(viewer, found) and found.state == State.RECONCILING


def _told(row: queries.Beside, place: int) -> dict[str, Any]:
    """One cell for the page; `choices` are the answers that the lead can choose from."""
    field = value_field(row.measure, "")
    return {
        "id": f"c{place}", "code": row.measure.code, "dimension": row.dimension,
        "column": queries.dimension_words(row.dimension), "text": row.measure.said(language()),
        "given": [(n, one, queries.value_words(one.value if one else "")) for n, one in row.given.items()],
        "choices": getattr(field, "choices", None), "long": row.measure.answer == "text",
        "value": queries.value_words(row.value), "reconciled": row.reconciled,
        "chosen": row.reconciled.value if row.reconciled else "",
    }  # fmt: skip


def _settle(request: HttpRequest, found: Any) -> HttpResponse:
    given = request.POST
    cell = (given.get("measure", ""), given.get("dimension", ""))
    try:
        actions.settle(
            actor=request.viewer, assessment=found, cell=cell, value=given.get("value", "").strip(),
            narrative=given.get("narrative", ""), note=given.get("note", ""), expected_version=seen_version(request),
        )  # fmt: skip
    except Invalid as error:
        say(request, error)
    else:
        messages.success(request, _("Settled: %(cell)s.") % {"cell": " ".join(cell).strip()})
    return redirect("assessments:reconcile", found.pk)


@never_cache
@require_http_methods(["GET", "POST"])
def recommend(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """A new recommendation."""
    found = queries.assessment(request.viewer, assessment_id)
    require(request.viewer, "assessments.assessment.lead", found.pk)
    measures = [
        (one.code, f"{one.code} {one.said(language())}")
        for one in queries.toolkit_of(found).measures.values()
    ]
    form = RecommendationForm(
        request.POST or None, measures=measures, initial={"measure": request.GET.get("measure")}
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.recommend(actor=request.viewer, assessment=found, **form.cleaned_data)
        except Invalid as error:
            put(form, error)
        else:
            messages.success(request, _("Kept."))
            return redirect("assessments:assessment", found.pk)
    return render(request, "assessments/recommend.html", {"assessment": found, "form": form})


@never_cache
@require_http_methods(["GET", "POST"])
def recommendation(request: HttpRequest, assessment_id: UUID, key: UUID) -> HttpResponse:
    """How one recommendation stands."""
    found = queries.assessment(request.viewer, assessment_id)
    one = queries.recommendation(request.viewer, found, key)
    initial = {"state": one.state, "note": one.note, "version": one.version}
    form = FollowForm(request.POST or None, initial=initial)
    if request.method == "POST":
        require(request.viewer, "assessments.assessment.lead", found.pk)
        if form.is_valid():
            values = form.cleaned_data
            actions.follow_up(
                actor=request.viewer, recommendation=one, values=values, expected_version=values["version"]
            )
            messages.success(request, _("Kept."))
            return redirect("assessments:assessment", found.pk)
    context = {"assessment": found, "one": one, "form": form, "leads": queries.leads(request.viewer, found)}
    return render(request, "assessments/recommendation.html", context)
