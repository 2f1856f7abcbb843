"""Files of a form: asked for, watched, fetched."""

from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from palermo.kernel.access.policy import can, require
from palermo.kernel.errors import Invalid
from palermo.kernel.exports.streams import stream_response
from palermo.kernel.jobs import progress
from palermo.rooms.observatory import actions, queries
from palermo.rooms.observatory.forms import ExportForm
from palermo.rooms.observatory.models import Study
from palermo.rooms.observatory.views.listing import put


@never_cache
@require_GET
def exports(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """The files that one has asked for, and the forms of which one may ask for more."""
    found = queries.study(request.viewer, study_id)
    context = {
        "study": found, "rows": queries.exports(request.viewer, found),
        "forms": [one for one in queries.forms(request.viewer, found) if _offered(one)],
    }  # fmt: skip
    return render(request, "observatory/exports.html", context)


def _offered(form: Any) -> bool:
    return any(version.state != "draft" for version in form.versions.all())


@never_cache
@require_http_methods(["GET", "POST"])
def new_export(request: HttpRequest, study_id: UUID, form_id: UUID) -> HttpResponse:
    """Choose what leaves, and ask for it."""
    found = queries.study(request.viewer, study_id)
    require(request.viewer, "observatory.export.make", found.pk)
    one = queries.form(request.viewer, found, form_id)
    form = _form(request, found, queries.languages_of(one))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            made = actions.ask_export(
                actor=request.viewer, form=one, format=values["format"], options=_options(values),
                recipient=values.get("recipient", ""),
            )  # fmt: skip
        except Invalid as error:
            put(form, error)
        else:
            return redirect("observatory:export", found.pk, made.pk)
    return render(request, "observatory/new_export.html", {"study": found, "of": one, "form": form})


def _form(request: HttpRequest, found: Study, languages: list[str]) -> ExportForm:
    sites = [(str(one.pk), one.name) for one in queries.sites(request.viewer, found)]
    leads = can(request.viewer, "observatory.study.change", found.pk)
    language = queries.chosen_language(languages, get_language() or "")
    return ExportForm(request.POST or None, sites=sites, languages=languages, language=language, leads=leads)


def _options(values: dict[str, Any]) -> dict[str, Any]:
    """What was chosen, as codes. Days are taken as they begin and end in UTC."""
    since, until = values["since"], values["until"]
    return {
        "words": values["answers"] == "words", "language": values.get("language", ""), "split": values["split"],
        "telling": values.get("telling", False), "states": values["states"], "site": values["site"],
        "since": since and datetime.combine(since, time.min, UTC).isoformat(),
        "until": until and datetime.combine(until, time.max, UTC).isoformat(),
    }  # fmt: skip


@never_cache
@require_GET
def export(request: HttpRequest, study_id: UUID, export_id: UUID) -> HttpResponse:
    """One file: how far it is, or where to fetch it and until when."""
    found = queries.study(request.viewer, study_id)
    one = queries.export(request.viewer, found, export_id)
    context = {"study": found, "export": one, "progress": progress.of(one.pk)}
    return render(request, "observatory/export.html", context)


@require_POST
def stop_export(request: HttpRequest, study_id: UUID, export_id: UUID) -> HttpResponse:
    """End the making of a file."""
    found = queries.study(request.viewer, study_id)
    one = queries.export(request.viewer, found, export_id)
    actions.stop_export(actor=request.viewer, export=one)
    messages.success(request, _("It ends within a few seconds. Nothing of it is kept."))
    return redirect("observatory:export", found.pk, one.pk)


@never_cache
@require_GET
def export_file(request: HttpRequest, study_id: UUID, export_id: UUID) -> HttpResponseBase:
    """The file as a download, on record."""
    found = queries.study(request.viewer, study_id)
    one = queries.export(request.viewer, found, export_id)
    return stream_response(actions.open_export(actor=request.viewer, export=one))
