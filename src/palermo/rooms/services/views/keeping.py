"""Keeping the entry of a service: enter, change, look back, undo, suspend, show to the public."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from palermo.kernel.access.policy import require
from palermo.kernel.errors import Invalid, Refused, Stale
from palermo.kernel.numbers import whole
from palermo.rooms.services import actions, queries
from palermo.rooms.services.forms import NAMES, ServiceForm, StateForm, in_words, initial_of
from palermo.rooms.services.models import Service, ServiceVersion
from palermo.web.changes import Change, changes_of


def add_problems(form: Form, error: Invalid) -> None:
    """Put what an action found wrong beside the fields of the form."""
    if not error.problems:
        form.add_error(None, error.message)
    for problem in error.problems:
        name = problem.field if problem.field in form.fields else None
        if problem.field == "hours":
            name = "hours_mon"
        form.add_error(name, problem.message)


def _organisations(request: HttpRequest) -> list[tuple[str, str]]:
    return [(str(row.pk), row.name) for row in queries.organisations_to_keep(request.viewer)]


@never_cache
@require_http_methods(["GET", "POST"])
def service_add(request: HttpRequest) -> HttpResponse:
    """Enter a service in the directory."""
    require(request.viewer, "services.service.edit")
    organisations = _organisations(request)
    if not organisations:
        raise Refused(_("You need a place in an organisation to enter a service."), rule="organisation")
    first = {"crime": "both", "cost": "free", "closed_on_holidays": True, "kind": request.GET.get("kind", "")}
    form = ServiceForm(request.POST or None, organisations=organisations, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_service(
                actor=request.viewer,
                organisation_id=UUID(form.cleaned_data["organisation"]),
                values=form.values(),
            )
        except Invalid as error:
            add_problems(form, error)
        else:
            messages.success(request, _("The service is in the directory."))
            where = "services:places" if made.kind == "shelter" else "services:service"
            return redirect(where, made.pk)
    status = 422 if form.errors else 200
    return render(request, "services/edit.html", {"form": form, "service": None}, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def service_edit(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """Change an entry. When somebody saved meanwhile, mine stay in the form and all versions stand side by side."""
    service = queries.service(request.viewer, service_id)
    actions.require_keeper(request.viewer, service.organisation_id)
    own = [(str(service.organisation_id), service.organisation.name)]
    form = ServiceForm(request.POST or None, organisations=own, initial=initial_of(service))
    clash: list[Change] = []
    if request.method == "POST" and form.is_valid():
        expected = form.cleaned_data["version"] or 0
        try:
            actions.change_service(
                actor=request.viewer,
                service=service,
                values=form.values(),
                expected_version=expected,
                base=_base(service, expected),
            )
        except Invalid as error:
            add_problems(form, error)
        except Stale as error:
            clash = _clash(error)
            again: Any = form.data.copy()
            again["version"] = str(Service.objects.get(pk=service.pk).version)
            form = ServiceForm(again, organisations=own)
        else:
            messages.success(request, _("The entry is saved."))
            return redirect("services:service", service.pk)
    status = 412 if clash else 422 if form.errors else 200
    context = {"form": form, "service": service, "changes": clash}
    return render(request, "services/edit.html", context, status=status)


def _base(service: Service, number: int) -> dict[str, Any]:
    """The entry as it was when the form was opened."""
    kept = ServiceVersion.objects.filter(service=service, number=number).first()
    return dict(kept.values) if kept else {}


def _clash(error: Stale) -> list[Change]:
    base = {name: error.base.get(name, error.theirs.get(name)) for name in error.mine}
    return [
        Change(
            str(NAMES[row.field]), *(in_words(row.field, side) for side in (row.base, row.mine, row.theirs))
        )
        for row in changes_of(base, error.mine, error.theirs)
    ]


@require_POST
def service_state(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """Suspend, open again or close."""
    service = queries.service(request.viewer, service_id)
    actions.require_keeper(request.viewer, service.organisation_id)
    form = StateForm(request.POST)
    if form.is_valid():
        try:
            actions.set_state(
                actor=request.viewer,
                service=service,
                state=form.cleaned_data["state"],
                reason=form.cleaned_data["reason"],
                expected_version=form.cleaned_data["version"],
            )
        except Invalid as error:
            add_problems(form, error)
        else:
            messages.success(request, _("The state is changed."))
            return redirect("services:service", service.pk)
    return render(request, "services/state.html", {"service": service, "form": form}, status=422)


@require_POST
def service_public(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """Show it to the public, or no more."""
    service = queries.service(request.viewer, service_id)
    public = request.POST.get("public") == "yes"
    version = request.POST.get("version", "")
    actions.set_public(
        actor=request.viewer,
        service=service,
        public=public,
        expected_version=whole(version),
    )
    messages.success(
        request, _("The public can read it.") if public else _("The public cannot read it any more.")
    )
    return redirect("services:service", service.pk)


@never_cache
@require_GET
def service_history(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """Who changed what, with what it said before; each version can be brought back."""
    service = queries.service(request.viewer, service_id)
    kept = queries.versions(request.viewer, service)
    before = {row.number: row for row in kept}
    numbers = sorted(before)
    steps = []
    for row in kept:
        place = numbers.index(row.number)
        older = before[numbers[place - 1]] if place else None
        changes = [
            (
                NAMES.get(name, name),
                in_words(name, older.values.get(name)),
                in_words(name, row.values.get(name)),
            )
            for name in row.fields
            if older is not None and name in row.values
        ]
        steps.append({"version": row, "changes": changes, "first": older is None})
    context = {"service": service, "steps": steps, "may_keep": queries.may_keep(request.viewer, service)}
    return render(request, "services/history.html", context)


@require_POST
def service_undo(request: HttpRequest, service_id: UUID, number: int) -> HttpResponse:
    """Bring the entry back to an earlier version."""
    service = queries.service(request.viewer, service_id)
    version = request.POST.get("version", "")
    actions.undo_change(
        actor=request.viewer,
        service=service,
        number=number,
        expected_version=whole(version),
    )
    messages.success(request, _("The entry says again what it said then."))
    return redirect("services:history", service.pk)
