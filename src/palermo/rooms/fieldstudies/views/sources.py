"""A source: added, redacted, approved, and then the page on which it is coded."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from palermo.kernel.access.policy import can, require
from palermo.kernel.errors import Invalid
from palermo.rooms.fieldstudies import actions, queries
from palermo.rooms.fieldstudies.forms import SourceForm
from palermo.rooms.fieldstudies.models import Double, Segment, Source, SourceState
from palermo.rooms.fieldstudies.views.listing import put, say


def seen_version(request: HttpRequest) -> int:
    """The version that the person saw."""
    given = request.POST.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 10 else 0


@never_cache
@require_http_methods(["GET", "POST"])
def add_source(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """Somebody was listened to."""
    found = queries.study(request.viewer, study_id)
    require(request.viewer, "fieldstudies.source.write", found.pk)
    form = SourceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        try:
            made = actions.add_source(
                actor=request.viewer, study=found, text=values.pop("text"), values=values
            )
        except Invalid as error:
            put(form, error)
        else:
            messages.success(request, _("Kept, sealed. Now replace what could lead to people."))
            return redirect("fieldstudies:source", found.pk, made.pk)
    return render(request, "fieldstudies/add_source.html", {"study": found, "form": form})


@never_cache
@require_GET
def source(request: HttpRequest, study_id: UUID, source_id: UUID) -> HttpResponse:
    """The words of a source: to redact, to approve, or to code."""
    viewer = request.viewer
    found = queries.study(viewer, study_id)
    one = queries.source(viewer, found, source_id)
    text = ""
    if one.state != SourceState.RAW or queries.on_team(viewer, found):
        text = actions.open_source(actor=viewer, source=one)
    rows = list(queries.segments(viewer, one))
    memos = queries.memos(viewer, one, rows)
    double = next((d for d in queries.doubles(viewer, found) if d.source_id == one.pk), None)
    context = {
        "study": found, "source": one, "text": text, "on_team": queries.on_team(viewer, found), "marks": actions.MARKS,
        "sentences": _sentences(one, text, rows), "double": double, "may_code": _may_code(viewer, double),
        "segments": [(row, text[row.start : row.end], memo) for row, memo in zip(rows, memos, strict=True)],
        "codes": queries.codes(viewer, found), "me": viewer.user_id,
        "may_approve": can(viewer, "fieldstudies.source.approve", found.pk) and one.redacted_by_id != viewer.user_id,
        "may_release": can(viewer, "fieldstudies.finding.write", found.pk),
    }  # fmt: skip
    return render(request, "fieldstudies/source.html", context)


def _may_code(viewer: Any, double: Double | None) -> bool:
    return double is None or (double.done_at is None and double.second_id == viewer.user_id)


def _sentences(one: Source, text: str, rows: Sequence[Segment]) -> list[dict[str, Any]]:
    """Each sentence with its number, place and the names of the codes that touch it."""
    return [
        {
            "number": number, "start": start, "end": end, "text": text[start:end],
            "codes": sorted({r.code.name for r in rows if not r.removed and r.start < end and start < r.end}),
        }
        for number, (start, end) in enumerate(one.units, 1)
    ]  # fmt: skip


@require_POST
def redact(request: HttpRequest, study_id: UUID, source_id: UUID) -> HttpResponse:
    """Replace words."""
    found = queries.study(request.viewer, study_id)
    one = queries.source(request.viewer, found, source_id)
    given = request.POST
    words = given.get("words", "")
    try:
        times = actions.redact(
            actor=request.viewer, source=one, words=words, mark=given.get("mark", ""),
            everywhere=given.get("everywhere") == "1", expected_version=seen_version(request),
        )  # fmt: skip
    except Invalid as error:
        say(request, error)
    else:
        told = (
            _("Replaced %(times)d times.") % {"times": times}
            if words
            else _("Offered for approval as it stands.")
        )
        messages.success(request, told)
    return redirect("fieldstudies:source", found.pk, one.pk)


@require_POST
def undo(request: HttpRequest, study_id: UUID, source_id: UUID) -> HttpResponse:
    """Take the last replacement back."""
    return _step(request, study_id, source_id, actions.undo, _("Taken back."))


@require_POST
def approve(request: HttpRequest, study_id: UUID, source_id: UUID) -> HttpResponse:
    """Find that the words lead to nobody."""
    return _step(request, study_id, source_id, actions.approve, _("Approved. It can be coded now."))


@require_POST
def destroyed(request: HttpRequest, study_id: UUID, source_id: UUID) -> HttpResponse:
    """Say that the recording is gone."""
    return _step(request, study_id, source_id, actions.destroyed, _("Noted: the recording is gone."))


def _step(request: HttpRequest, study_id: UUID, source_id: UUID, action: Any, told: str) -> HttpResponse:
    found = queries.study(request.viewer, study_id)
    one = queries.source(request.viewer, found, source_id)
    action(actor=request.viewer, source=one, expected_version=seen_version(request))
    messages.success(request, told)
    return redirect("fieldstudies:source", found.pk, one.pk)
