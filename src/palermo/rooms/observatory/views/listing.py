"""Studies, and one study: its forms, sites, devices and how much came in."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from palermo.kernel.access.policy import can, require
from palermo.kernel.errors import Invalid
from palermo.rooms.observatory import actions, queries
from palermo.rooms.observatory.forms import StudyForm
from palermo.rooms.observatory.models import ReviewState


def put(form: forms.Form, error: Invalid) -> None:
    """The problems of an action beside the fields that they are about."""
    for problem in error.problems or []:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem.message))


@never_cache
@require_GET
def studies(request: HttpRequest) -> HttpResponse:
    """Every study of the viewer's organisation."""
    rows = list(queries.studies(request.viewer)[:100])
    may_open = can(request.viewer, "observatory.study.open")
    return render(request, "observatory/list.html", {"rows": rows, "may_open": may_open})


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Open a study."""
    require(request.viewer, "observatory.study.open")
    form = StudyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.open_study(actor=request.viewer, values=form.cleaned_data)
        except Invalid as error:
            put(form, error)
        else:
            messages.success(request, _("Opened. Now add a form, and a device for each enumerator."))
            return redirect("observatory:study", made.pk)
    return render(request, "observatory/new.html", {"form": form})


@never_cache
@require_GET
def study(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """One study."""
    viewer = request.viewer
    found = queries.study(viewer, study_id)
    counts = queries.counts(viewer, found)
    context = {
        "study": found, "forms": queries.forms(viewer, found), "sites": queries.sites(viewer, found),
        "devices": queries.devices(viewer, found), "counts": counts,
        "states": [(state.value, state.label, counts[state.value]) for state in ReviewState],
        "total": sum(counts[state] for state in ReviewState.values),
        "may_read_indicators": can(viewer, "observatory.indicators.view", found.pk),
        "alerts": queries.alerts(viewer, found) if can(viewer, "observatory.indicators.view", found.pk) else [],
        "may_change": can(viewer, "observatory.study.change", found.pk),
        "may_publish": can(viewer, "observatory.form.publish", found.pk),
        "address": request.build_absolute_uri(f"/o/{found.code}"),
    }  # fmt: skip
    return render(request, "observatory/study.html", context)
