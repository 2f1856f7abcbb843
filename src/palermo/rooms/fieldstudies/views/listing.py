"""Studies, and one study with all that belongs to it."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from palermo.kernel.access.policy import can, require
from palermo.kernel.errors import Invalid
from palermo.rooms.fieldstudies import actions, queries
from palermo.rooms.fieldstudies.forms import StudyForm


def put(form: forms.Form, error: Invalid) -> None:
    """The problems of an action beside the fields that they are about."""
    for problem in error.problems or []:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem.message))


def say(request: HttpRequest, error: Invalid) -> None:
    """The problems of an action that has no form of its own, above the page one comes from."""
    for problem in error.problems:
        messages.error(request, problem.message)


@never_cache
@require_GET
def studies(request: HttpRequest) -> HttpResponse:
    """Every field study of the viewer's organisation."""
    rows = list(queries.studies(request.viewer)[:100])
    may_open = can(request.viewer, "fieldstudies.study.open")
    return render(request, "fieldstudies/list.html", {"rows": rows, "may_open": may_open})


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Open a field study."""
    require(request.viewer, "fieldstudies.study.open")
    form = StudyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.open_study(actor=request.viewer, values=form.cleaned_data)
        except Invalid as error:
            put(form, error)
        else:
            messages.success(request, _("Opened, with the shipped codebook. Now add a source."))
            return redirect("fieldstudies:study", made.pk)
    return render(request, "fieldstudies/new.html", {"form": form})


@never_cache
@require_GET
def study(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """One study: record, team, sources, agreement, saturation, findings, exchange."""
    viewer = request.viewer
    found = queries.study(viewer, study_id)
    sources = list(queries.sources(viewer, found))
    context = {
        "study": found, "notes": queries.notes(viewer, found), "team": queries.team(viewer, found),
        "colleagues": queries.colleagues(viewer, found), "coders": queries.coders(viewer, found), "sources": sources,
        "overdue": queries.overdue(found, timezone.localdate()), "on_team": queries.on_team(viewer, found),
        "doubles": queries.doubles(viewer, found), "agreements": queries.agreements(viewer, found),
        "saturated": queries.saturated(viewer, found), "findings": queries.findings(viewer, found),
        "corroborated": queries.corroborated(viewer, found), "coded": any(one.coded for one in sources),
        "may_change": can(viewer, "fieldstudies.study.change", found.pk),
    }  # fmt: skip
    return render(request, "fieldstudies/study.html", context)


@require_POST
def team(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """Somebody joins the team."""
    found = queries.study(request.viewer, study_id)
    try:
        actions.add_member(actor=request.viewer, study=found, user_id=request.POST.get("user", ""))
    except Invalid as error:
        say(request, error)
    return redirect("fieldstudies:study", found.pk)
