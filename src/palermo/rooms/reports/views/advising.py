"""Recommendations: new ones, and what became of last year's."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from palermo.kernel.access.policy import require
from palermo.kernel.errors import Invalid
from palermo.rooms.reports import actions, queries
from palermo.rooms.reports.forms import AdviceForm, FollowForm, filled, words
from palermo.rooms.reports.views.writing import put


@never_cache
@require_http_methods(["GET", "POST"])
def recommend(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """A new recommendation."""
    found = queries.one(request.viewer, report_id)
    require(request.viewer, "reports.report.write")
    form = AdviceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.recommend(actor=request.viewer, report=found, texts=words(form.cleaned_data, "text"))
        except Invalid as error:
            put(form, error)
            form.add_error(None, error.message)
        else:
            return redirect("reports:report", found.pk)
    return render(
        request, "reports/edit.html", {"report": found, "form": form, "title": _("New recommendation")}
    )


@never_cache
@require_http_methods(["GET", "POST"])
def recommendation(request: HttpRequest, report_id: UUID, recommendation_id: UUID) -> HttpResponse:
    """Change a new one; say what became of one of last year's."""
    found = queries.one(request.viewer, report_id)
    one = queries.recommendation(request.viewer, found, recommendation_id)
    require(request.viewer, "reports.report.write")
    if one.of_id:
        initial = {**filled("note", one.notes), "outcome": one.outcome, "version": one.version}
        form: AdviceForm | FollowForm = FollowForm(request.POST or None, initial=initial)
    else:
        form = AdviceForm(request.POST or None, initial={**filled("text", one.texts), "version": one.version})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        values = {
            "texts": words(given, "text"),
            "notes": words(given, "note"),
            "outcome": given.get("outcome", ""),
        }
        actions.change_recommendation(
            actor=request.viewer, recommendation=one, values=values, expected_version=given["version"] or one.version
        )  # fmt: skip
        return redirect("reports:report", found.pk)
    context = {
        "report": found, "form": form, "lead": queries.in_language(one.texts, get_language() or "en")[0],
        "title": _("What became of it") if one.of_id else _("Change the recommendation"),
    }  # fmt: skip
    return render(request, "reports/edit.html", context)


@require_POST
def recommendation_remove(request: HttpRequest, report_id: UUID, recommendation_id: UUID) -> HttpResponse:
    """Take a new one out."""
    found = queries.one(request.viewer, report_id)
    one = queries.recommendation(request.viewer, found, recommendation_id)
    actions.remove_recommendation(actor=request.viewer, recommendation=one)
    messages.success(request, _("Taken out."))
    return redirect("reports:report", found.pk)
