"""Runs: start, watch, stop, compare, repeat."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from palermo.kernel.access.policy import can, require
from palermo.kernel.errors import Invalid, NotFound
from palermo.kernel.exports.http import file_response
from palermo.rooms.estimates import actions, queries
from palermo.rooms.estimates.forms import RunForm
from palermo.rooms.estimates.queries.words import drawn, plain_settings
from palermo.rooms.estimates.views.asking import asked
from palermo.rooms.estimates.views.drawing import forest_picture, model_pictures, result_pictures
from palermo.rooms.estimates.views.studying import put


@never_cache
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """Choose methods and settings, and run them in the background."""
    found = queries.one(request.viewer, study_id)
    require(request.viewer, "estimates.run.make")
    form = RunForm(request.POST or None, lists=max(part.table.k for part in queries.overlaps(found)))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.start_run(
                actor=request.viewer,
                study=found,
                methods=form.cleaned_data["methods"],
                settings=form.settings(),
            )
        except Invalid as error:
            put(form, error)
        else:
            return redirect("estimates:run", found.pk, made.pk)
    return render(request, "estimates/start.html", {"study": found, "form": form})


@never_cache
@require_GET
def run(request: HttpRequest, study_id: UUID, run_id: UUID) -> HttpResponse:
    """A run: how far it is, or what came out, method beside method."""
    found = queries.one(request.viewer, study_id)
    one, progress = queries.run(request.viewer, found, run_id)
    lines = queries.lines_of(one)
    context = {
        "study": found, "run": one, "progress": progress, "lines": lines,
        "doing": queries.method_title(progress.doing) if progress and progress.doing else _("Waiting for the worker"),
        "picture": forest_picture(lines) if lines else "", "settings": plain_settings(one.options),
        "refused": [
            {**told, "why": drawn(told["why"]), "title": queries.method_title(told["method"])} for told in one.refused
        ],
        "may_run": can(request.viewer, "estimates.run.make"),
        "strata": any(line.stratum for line in lines),
    }  # fmt: skip
    return render(request, "estimates/run.html", context)


@never_cache
@require_GET
def result(request: HttpRequest, study_id: UUID, run_id: UUID, place: int) -> HttpResponse:
    """One result in full: in words, in pictures, with its doubts, and all that is needed to repeat it."""
    found = queries.one(request.viewer, study_id)
    one, _progress = queries.run(request.viewer, found, run_id)
    lines = queries.lines_of(one)
    if place >= len(lines):
        raise NotFound()
    line = lines[place]
    checks = one.results[place].get("checks")
    table = next((part.table for part in queries.overlaps(found) if part.stratum == line.stratum), None)
    context = {
        "study": found, "run": one, "line": line,
        "pictures": [*result_pictures(line, checks), *model_pictures(line, table)],
        "checks": checks and asked(checks),
        "cautions": queries.doubts(line.result.cautions),
        "settings": plain_settings(dict(line.result.settings)),
        "may_propose": bool(checks) and can(request.viewer, "estimates.headline.propose") and not found.agreed_at,
    }  # fmt: skip
    return render(request, "estimates/result.html", context)


@require_POST
def stop(request: HttpRequest, study_id: UUID, run_id: UUID) -> HttpResponse:
    """End a run."""
    found = queries.one(request.viewer, study_id)
    one, _progress = queries.run(request.viewer, found, run_id)
    actions.stop_run(actor=request.viewer, run=one)
    messages.success(request, _("The run ends within a few seconds. Nothing of it is kept."))
    return redirect("estimates:run", found.pk, one.pk)


@require_POST
def again(request: HttpRequest, study_id: UUID, run_id: UUID) -> HttpResponse:
    """Repeat a run to the last digit."""
    found = queries.one(request.viewer, study_id)
    one, _progress = queries.run(request.viewer, found, run_id)
    made = actions.repeat_run(actor=request.viewer, run=one)
    return redirect("estimates:run", found.pk, made.pk)


@require_GET
def run_file(request: HttpRequest, study_id: UUID, run_id: UUID) -> HttpResponse:
    """Everything that came out as JSON."""
    found = queries.one(request.viewer, study_id)
    one, _progress = queries.run(request.viewer, found, run_id)
    return file_response(actions.export_run(actor=request.viewer, study=found, run=one))
