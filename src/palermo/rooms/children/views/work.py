"""One step, one record, the name of the guardian. What was typed comes back when it cannot be saved."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from palermo.kernel.access.policy import require
from palermo.kernel.errors import Conflict, Invalid, NotFound, Refused, Stale
from palermo.kernel.workflow.moves import moves
from palermo.rooms.children import actions, queries
from palermo.rooms.children.forms import RECORD_FORMS, RevealForm, record_form, step_form
from palermo.rooms.children.models import ChildProtection
from palermo.web.room import subject


def add_problems(form: forms.Form, error: Invalid) -> None:
    """What an action found wrong, beside the field that it is about."""
    for problem in error.problems:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem.message))


def _tried(form: forms.Form, child: ChildProtection, act: Callable[[], Any]) -> int:
    """302 when it was done; else the status of the page that says why not and keeps what was typed."""
    try:
        act()
    except Invalid as error:
        add_problems(form, error)
    except Conflict as error:
        form.add_error(None, error.message)
        return error.status
    except Stale as error:
        again = _("Look at the page of the child, then send this again.")
        form.add_error(None, f"{error.message} {again}")
        again = form.data.copy()
        again["version"] = str(ChildProtection.objects.values_list("version", flat=True).get(pk=child.pk))
        form.data = again
        return error.status
    else:
        return 302
    return 422


@never_cache
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, case_id: UUID, event: str) -> HttpResponse:
    """One step of the machine: what it does, what it asks, and the button."""
    viewer = request.viewer
    about = subject(viewer, "case", case_id)
    require(viewer, "children.child.work", case_id)
    child = queries.child(viewer, case_id)
    move = next((m for m in moves(viewer, child) if m.event == event), None)
    if move is None:
        raise NotFound()
    initial = {"service": request.GET.get("service", "")}
    form = step_form(viewer, child, about, event, move.reason_required, request.POST or None, initial=initial)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        status = _tried(
            form,
            child,
            lambda: actions.take_step(
                actor=viewer,
                child=child,
                event=event,
                expected_version=form.cleaned_data["version"],
                reason=form.cleaned_data.get("reason", ""),
                given=form.given(),
            ),
        )
    if status == 302:
        messages.success(request, _("Done: %(move)s.") % {"move": move.label})
        return redirect("children:of-case", case_id)
    context = {"about": about, "move": move, "form": form}
    return render(request, "children/step.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, case_id: UUID, what: str) -> HttpResponse:
    """One record that does not move the child on."""
    viewer = request.viewer
    about = subject(viewer, "case", case_id)
    require(viewer, "children.record.add", case_id)
    child = queries.child(viewer, case_id)
    if what not in RECORD_FORMS:
        raise NotFound()
    if not viewer.has(*actions.RECORDS[what][0]):
        raise Refused(_("Your role does not include this."), rule=f"children.record.{what}")
    form = record_form(child, what, request.POST or None)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        status = _tried(
            form,
            child,
            lambda: actions.add_record(
                actor=viewer,
                child=child,
                what=what,
                expected_version=form.cleaned_data["version"],
                given=form.given(),
            ),
        )
    if status == 302:
        messages.success(request, _("Written down."))
        return redirect("children:of-case", case_id)
    context = {"about": about, "title": RECORD_FORMS[what][0], "form": form}
    return render(request, "children/record.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def reveal(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Who the guardian is: for a purpose, freshly signed in, shown once."""
    viewer = request.viewer
    about = subject(viewer, "case", case_id)
    child = queries.child(viewer, case_id)
    require(viewer, "children.guardian.reveal", case_id)
    form, shown = RevealForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        shown = actions.reveal_guardian(actor=viewer, child=child, purpose=form.cleaned_data["purpose"])
    return render(request, "children/reveal.html", {"about": about, "form": form, "shown": shown})
