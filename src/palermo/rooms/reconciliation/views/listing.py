"""Reconciliations and their lists."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from palermo.kernel.access.policy import can, require
from palermo.kernel.errors import Invalid
from palermo.rooms.reconciliation import actions, queries
from palermo.rooms.reconciliation.forms import ListForm, ProjectForm


def put(form: forms.Form, error: Invalid) -> None:
    """The problems of an action beside the fields that they are about."""
    for problem in error.problems or []:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem.message))


@never_cache
@require_GET
def projects(request: HttpRequest) -> HttpResponse:
    """Every reconciliation, and the lists that take part in none yet."""
    context = {
        "rows": list(queries.projects(request.viewer)[:100]), "undeclared": queries.undeclared(request.viewer),
        "may_open": can(request.viewer, "reconciliation.project.open"),
    }  # fmt: skip
    return render(request, "reconciliation/list.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Open a reconciliation."""
    require(request.viewer, "reconciliation.project.open")
    form = ProjectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.open_project(actor=request.viewer, **form.cleaned_data)
        except Invalid as error:
            put(form, error)
        else:
            messages.success(request, _("Opened. Now declare the lists that take part."))
            return redirect("reconciliation:project", made.pk)
    return render(request, "reconciliation/new.html", {"form": form})


@never_cache
@require_GET
def project(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """A reconciliation: its lists, runs, review, and what was handed over."""
    found = queries.project(request.viewer, project_id)
    newest = queries.latest(found)
    viewer = request.viewer
    context = {
        "project": found, "lists": queries.lists(viewer, found), "runs": list(queries.runs(viewer, found)[:10]),
        "newest": newest, "handovers": queries.handovers(viewer, found),
        "may_declare": can(viewer, "reconciliation.list.declare"), "may_run": can(viewer, "reconciliation.run.make"),
        "may_review": can(viewer, "reconciliation.pair.review"), "may_list": can(viewer, "reconciliation.person.list"),
        "may_remove": viewer.has("supervisor"), "may_bring": queries.mine_to_bring(viewer, found),
    }  # fmt: skip
    if newest is not None and (context["may_review"] or context["may_list"]):
        context["review"] = queries.review_progress(newest)
        context["counts"] = queries.counts(found)
    if found.counted and context["may_list"]:
        context["effect"] = queries.effect(viewer, found)
    if newest is not None and context["may_review"]:
        context["waiting"] = queries.queue(viewer, newest).count()
        context["blind"] = queries.sample_queue(viewer, newest).count()
    return render(request, "reconciliation/project.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def declare(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """A list takes part: whose it is, and on what legal basis."""
    found = queries.project(request.viewer, project_id)
    require(request.viewer, "reconciliation.list.declare")
    initial = {key: request.GET[key] for key in ("name", "organisation") if key in request.GET}
    form = ListForm(
        request.POST or None,
        organisations=queries.organisations(),
        initial=initial,
        language=get_language() or "en",
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            made = actions.declare_list(
                actor=request.viewer, project=found, name=values["name"], organisation_id=UUID(values["organisation"]),
                legal_basis=values["legal_basis"], terms=values["terms"], status=values["status"],
            )  # fmt: skip
        except Invalid as error:
            put(form, error)
        else:
            messages.success(request, _("The list “%(name)s” takes part.") % {"name": made.name})
            return redirect("reconciliation:project", found.pk)
    return render(request, "reconciliation/declare.html", {"form": form, "project": found})


@require_POST
def leave_out(request: HttpRequest, project_id: UUID, source_id: UUID) -> HttpResponse:
    """A list takes no part any more."""
    found = queries.project(request.viewer, project_id)
    source = queries.source(request.viewer, found, source_id)
    actions.leave_out(actor=request.viewer, source=source)
    messages.success(request, _("The list is left out from the next linkage on."))
    return redirect("reconciliation:project", found.pk)
