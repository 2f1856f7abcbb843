"""Places: free today (for a telephone), how many there are, who (by code) has one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from palermo.kernel.access.policy import require
from palermo.kernel.errors import Conflict, Invalid, NotFound, Refused, Stale
from palermo.rooms.cases import queries as cases
from palermo.rooms.services import actions, queries
from palermo.rooms.services.forms import AdmitForm, CapacityForm, LeaveForm, TotalsForm
from palermo.rooms.services.models import Service
from palermo.rooms.services.queries.guests import Guest
from palermo.rooms.services.views.keeping import add_problems


@never_cache
@require_http_methods(["GET", "POST"])
def capacity(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """Say how many places are free now. One tap when nothing has changed."""
    viewer = request.viewer
    service = queries.service(viewer, service_id)
    require(viewer, "services.capacity.tell")
    if not queries.may_tell(viewer, service):
        raise Refused(_("Only the service itself can tell this."), rule="services.capacity.own")
    rows = list(service.places.all())
    form = CapacityForm(request.POST or None, places=rows)
    clash = ""
    if request.method == "POST" and form.is_valid():
        try:
            actions.tell_capacity(actor=viewer, service=service, free=form.free(), versions=form.versions())
        except Invalid as error:
            add_problems(form, error)
        except Stale as error:
            clash = error.message
            form = CapacityForm(places=list(queries.service(viewer, service_id).places.all()))
        else:
            messages.success(request, _("Thank you. Everybody sees the free places now."))
            return redirect("services:service", service.pk)
    context = {
        "service": service,
        "row": queries.row_of(service, timezone.now()),
        "form": form,
        "clash": clash,
        "may_keep": queries.may_keep(viewer, service),
    }
    return render(
        request, "services/capacity.html", context, status=412 if clash else 422 if form.errors else 200
    )


@never_cache
@require_http_methods(["GET", "POST"])
def places(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """How many places there are for each group."""
    service = queries.service(request.viewer, service_id)
    actions.require_keeper(request.viewer, service.organisation_id)
    form = TotalsForm(request.POST or None, places=list(service.places.all()))
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_places(actor=request.viewer, service=service, totals=form.totals())
        except Invalid as error:
            add_problems(form, error)
        else:
            messages.success(request, _("Saved. Now say how many are free today."))
            return redirect("services:capacity", service.pk)
    status = 422 if form.errors else 200
    return render(request, "services/places.html", {"service": service, "form": form}, status=status)


def _case_of(request: HttpRequest, code: str) -> Any:
    """The case of that code that the viewer holds, or None."""
    try:
        found = cases.cases(request.viewer, text=code).rows
    except Refused:
        return None
    return next((row for row in found if row.code == code.strip().upper()), None)


@never_cache
@require_http_methods(["GET", "POST"])
def guests(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """Who has a place, by code; admit a case of one's own."""
    viewer = request.viewer
    service = queries.service(viewer, service_id)
    require(viewer, "services.admission.list")
    if not queries.may_see_guests(viewer, service):
        raise Refused(
            _("Only the staff of this shelter sees who has a place."), rule="services.admission.own"
        )
    form, conflict = None, ""
    if queries.may_admit(viewer, service):
        form = AdmitForm(request.POST or None, places=list(service.places.all()))
        if request.method == "POST" and form.is_valid():
            try:
                if _admitted(request, service, form):
                    messages.success(request, _("Admitted. The free places are one fewer."))
                    return redirect("services:guests", service.pk)
            except Invalid as error:
                add_problems(form, error)
            except Conflict as error:
                conflict = error.message
    elif request.method == "POST":
        require(viewer, "services.admission.make")
    context = {
        "service": service,
        "row": queries.row_of(queries.service(viewer, service_id), timezone.now()),
        "guests": queries.guests(viewer, service),
        "gone": queries.guests(viewer, service, left=True) if request.GET.get("all") else [],
        "showing_gone": bool(request.GET.get("all")),
        "form": form,
        "conflict": conflict,
    }
    status = 409 if conflict else 422 if form is not None and form.errors else 200
    return render(request, "services/guests.html", context, status=status)


def _admitted(request: HttpRequest, service: Service, form: AdmitForm) -> bool:
    case = _case_of(request, form.cleaned_data["case"])
    if case is None:
        form.add_error("case", _("You or your team hold no case of this code."))
        return False
    given = form.cleaned_data
    actions.admit(
        actor=request.viewer,
        service=service,
        case_id=case.pk,
        group=given["group"],
        until=given["until"],
        care=given["care"],
        over_reason=given["over_reason"],
    )
    return True


@never_cache
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, admission_id: UUID) -> HttpResponse:
    """End an admission."""
    admission = queries.admission(request.viewer, admission_id)
    if not queries.may_admit(request.viewer, admission.service):
        raise NotFound()
    form = LeaveForm(request.POST or None, initial={"version": admission.version})
    if request.method == "POST" and form.is_valid():
        actions.discharge(
            actor=request.viewer,
            admission_id=admission.pk,
            leaving=form.cleaned_data["leaving"],
            expected_version=form.cleaned_data["version"],
        )
        messages.success(request, _("Recorded. The place is free again."))
        return redirect("services:guests", admission.service_id)
    context = {"guest": Guest(admission, None), "service": admission.service, "form": form}
    return render(request, "services/leave.html", context, status=422 if form.errors else 200)
