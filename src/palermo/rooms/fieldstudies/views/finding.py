"""Findings: written, looked at (and printed), approved."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from palermo.fieldwork.catalogue import catalogue
from palermo.kernel.access.policy import can, require
from palermo.kernel.errors import Invalid
from palermo.rooms.fieldstudies import actions, queries
from palermo.rooms.fieldstudies.forms import FindingForm
from palermo.rooms.fieldstudies.views.listing import put
from palermo.rooms.fieldstudies.views.sources import seen_version


@never_cache
@require_http_methods(["GET", "POST"])
def add_finding(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """A claim and what bears it out."""
    viewer = request.viewer
    found = queries.study(viewer, study_id)
    require(viewer, "fieldstudies.finding.write", found.pk)
    rows = queries.pieces(viewer, found)
    words = queries.quotes(viewer, found, rows)
    listed = [(str(one.pk), f"{one.source.code} · {one.code.name}: {words[one.pk][:120]}") for one in rows]
    form = FindingForm(request.POST or None, pieces=listed)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.write_finding(actor=viewer, study=found, **form.cleaned_data)
        except Invalid as error:
            put(form, error)
        else:
            messages.success(request, _("Kept as a draft. A second person approves it."))
            return redirect("fieldstudies:finding", found.pk, made.pk)
    return render(request, "fieldstudies/add_finding.html", {"study": found, "form": form, "any": bool(rows)})


@never_cache
@require_GET
def finding(request: HttpRequest, study_id: UUID, finding_id: UUID) -> HttpResponse:
    """A finding with all that it stands on. Prints as one sheet."""
    viewer = request.viewer
    found = queries.study(viewer, study_id)
    shown = queries.finding(viewer, found, finding_id)
    rows = list(queries.evidence(shown.finding))
    words = queries.quotes(viewer, found, [row.segment for row in rows])
    context = {
        "study": found, "shown": shown, "finding": shown.finding,
        "rows": [(row, words[row.segment_id]) for row in rows],
        "indicators": [(key, catalogue()[key]["name"]) for key in shown.finding.indicators],
        "may_approve": can(viewer, "fieldstudies.finding.write", found.pk)
        and shown.finding.written_by_id != viewer.user_id and shown.finding.state == "draft",
    }  # fmt: skip
    return render(request, "fieldstudies/finding.html", context)


@require_POST
def approve_finding(request: HttpRequest, study_id: UUID, finding_id: UUID) -> HttpResponse:
    """A second person stands behind it."""
    found = queries.study(request.viewer, study_id)
    shown = queries.finding(request.viewer, found, finding_id)
    actions.approve_finding(
        actor=request.viewer, finding=shown.finding, expected_version=seen_version(request)
    )
    messages.success(request, _("Approved. Stories may use it now."))
    return redirect("fieldstudies:finding", found.pk, finding_id)
