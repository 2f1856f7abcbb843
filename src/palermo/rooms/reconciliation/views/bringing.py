"""A holder brings a file of his list in: the file, its columns, and what became of it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from palermo.kernel.access.policy import require
from palermo.kernel.errors import Invalid
from palermo.rooms.reconciliation import actions, queries
from palermo.rooms.reconciliation.forms import BringForm, ColumnsForm
from palermo.rooms.reconciliation.queries.words import FIELDS
from palermo.rooms.reconciliation.views.listing import put

BRING = "reconciliation.list.bring"


@never_cache
@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest, project_id: UUID, source_id: UUID) -> HttpResponse:
    """Choose the file."""
    found = queries.project(request.viewer, project_id)
    source = queries.source(request.viewer, found, source_id)
    require(request.viewer, BRING, source.pk)
    form = BringForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.bring_file(actor=request.viewer, source=source, content=form.cleaned_data["file"])
        except Invalid as error:
            put(form, error)
        else:
            return redirect("reconciliation:upload", found.pk, made.pk)
    context = {
        "project": found,
        "source": source,
        "form": form,
        "uploads": queries.uploads(request.viewer, source),
    }
    return render(request, "reconciliation/bring.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, project_id: UUID, upload_id: UUID) -> HttpResponse:
    """Name the columns of a file; then how far it is; then what became of it, with everything wrong at once."""
    found = queries.project(request.viewer, project_id)
    one, progress = queries.upload(request.viewer, found, upload_id)
    require(request.viewer, BRING, one.source_id)
    form = None
    if one.state == "held":
        header = actions.header_of(actor=request.viewer, upload=one)
        form = ColumnsForm(request.POST or None, header=header, initial=actions.guessed(header))
        if request.method == "POST" and form.is_valid():
            try:
                actions.name_columns(actor=request.viewer, upload=one, columns=form.cleaned_data)
            except Invalid as error:
                put(form, error)
            else:
                return redirect("reconciliation:upload", found.pk, one.pk)
    problems = [(row, FIELDS.get(column, ""), rule) for row, column, rule in one.problems]
    context = {"project": found, "upload": one, "form": form, "progress": progress, "problems": problems}
    return render(request, "reconciliation/upload.html", context)


@require_POST
def drop(request: HttpRequest, project_id: UUID, upload_id: UUID) -> HttpResponse:
    """Take a file back before it is read."""
    found = queries.project(request.viewer, project_id)
    one, _progress = queries.upload(request.viewer, found, upload_id)
    actions.drop_file(actor=request.viewer, upload=one)
    messages.success(request, _("The file is gone. Nothing of it was read."))
    return redirect("reconciliation:bring", found.pk, one.source_id)
