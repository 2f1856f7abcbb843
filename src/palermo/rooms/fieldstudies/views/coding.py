"""Codes given and taken back, the codebook, what is coded twice, files out and in."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from palermo.kernel.access.policy import can, require
from palermo.kernel.errors import Invalid, NotFound
from palermo.rooms.fieldstudies import actions, queries
from palermo.rooms.fieldstudies.forms import CodeForm
from palermo.rooms.fieldstudies.models import Code, FieldStudy, Source
from palermo.rooms.fieldstudies.views.listing import put, say
from palermo.rooms.fieldstudies.views.sources import seen_version


def _uuid(given: str | None) -> UUID | None:
    try:
        return UUID(str(given))
    except ValueError:
        return None


@require_POST
def give(request: HttpRequest, study_id: UUID, source_id: UUID) -> HttpResponse:
    """Give a code to a piece of the text: marked with the mouse, or by the numbers of its sentences."""
    found = queries.study(request.viewer, study_id)
    one = queries.source(request.viewer, found, source_id)
    start, end = _piece(request, one)
    key = _uuid(request.POST.get("code"))
    if key is None or end <= start:
        messages.error(request, _("Choose at least one sentence and a code."))
        return redirect("fieldstudies:source", found.pk, one.pk)
    try:
        actions.add_segment(
            actor=request.viewer, source=one, code=queries.code(request.viewer, found, key), start=start, end=end,
            memo=request.POST.get("memo", ""),
        )  # fmt: skip
    except Invalid as error:
        say(request, error)
    return redirect("fieldstudies:source", found.pk, one.pk)


def _piece(request: HttpRequest, one: Source) -> tuple[int, int]:
    """Characters marked by the script, else from the first chosen sentence to the last."""
    marked = [request.POST.get(name, "") for name in ("start", "end")]
    if all(text.isdecimal() and len(text) < 8 for text in marked):
        return int(marked[0]), int(marked[1])
    numbers = [
        int(n) for n in request.POST.getlist("units") if n.isdecimal() and 0 < int(n[:7]) <= len(one.units)
    ]
    return (one.units[min(numbers) - 1][0], one.units[max(numbers) - 1][1]) if numbers else (0, 0)


@require_POST
def back(request: HttpRequest, study_id: UUID, segment_id: UUID) -> HttpResponse:
    """Take a code back, or put it back."""
    found = queries.study(request.viewer, study_id)
    one = queries.segment(request.viewer, found, segment_id)
    actions.take_back(actor=request.viewer, segment=one, expected_version=seen_version(request))
    return redirect("fieldstudies:source", found.pk, one.source_id)


@require_POST
def release(request: HttpRequest, study_id: UUID, segment_id: UUID) -> HttpResponse:
    """Whether a quote may be shown in a story."""
    found = queries.study(request.viewer, study_id)
    one = queries.segment(request.viewer, found, segment_id)
    released = request.POST.get("released") == "1"
    actions.release_quote(
        actor=request.viewer, segment=one, released=released, expected_version=seen_version(request)
    )
    return redirect("fieldstudies:source", found.pk, one.source_id)


@never_cache
@require_http_methods(["GET", "POST"])
def codebook(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """The tree of codes, and a new one."""
    return _code_page(request, queries.study(request.viewer, study_id), None)


@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest, study_id: UUID, code_id: UUID) -> HttpResponse:
    """What a code means, and what it meant before."""
    found = queries.study(request.viewer, study_id)
    return _code_page(request, found, queries.code(request.viewer, found, code_id))


def _code_page(request: HttpRequest, found: FieldStudy, one: Code | None) -> HttpResponse:
    viewer = request.viewer
    rows = queries.codes(viewer, found)
    initial: dict[str, Any] = {"version": 0}
    if one is not None:
        names = ("name", "definition", "include", "exclude", "example", "indicator", "version")
        initial = {name: getattr(one, name) for name in names} | {"parent": str(one.parent_id or "")}
    listed = [(str(row.pk), "\u2003" * deep + row.name) for row, deep in rows]
    form = CodeForm(request.POST or None, initial=initial, codes=listed)
    if one is not None:
        form.fields["parent"].disabled = True
    if request.method == "POST":
        require(viewer, "fieldstudies.study.change", found.pk)
        if form.is_valid():
            values = form.cleaned_data
            try:
                actions.save_code(
                    actor=viewer,
                    study=found,
                    values=values,
                    code=one,
                    expected_version=values["version"] or 0,
                )
            except Invalid as error:
                put(form, error)
            else:
                messages.success(request, _("Kept."))
                return redirect("fieldstudies:codebook", found.pk)
    context = {
        "study": found, "rows": rows, "form": form, "code": one, "history": one.wordings.all() if one else (),
        "may_change": can(viewer, "fieldstudies.study.change", found.pk),
    }  # fmt: skip
    return render(request, "fieldstudies/codebook.html", context)


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@never_cache
@require_GET
def codebook_file(request: HttpRequest, study_id: UUID, kind: str) -> HttpResponse:
    """The codebook as .qdc or .csv."""
    found = queries.study(request.viewer, study_id)
    if kind not in ("qdc", "csv"):
        raise NotFound()
    content = actions.codebook_file(actor=request.viewer, study=found, kind=kind)
    return _file(
        content, "text/csv; charset=utf-8" if kind == "csv" else "application/xml", f"codebook.{kind}"
    )


@never_cache
@require_GET
def project_file(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """The coded study as .qdpx."""
    found = queries.study(request.viewer, study_id)
    return _file(
        actions.project_file(actor=request.viewer, study=found), "application/zip", f"{found.code}.qdpx"
    )


@require_POST
def take_in(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """Codes and segments from a file."""
    found = queries.study(request.viewer, study_id)
    require(request.viewer, "fieldstudies.study.change", found.pk)
    sent = request.FILES.get("file")
    if sent is None:
        messages.error(request, _("Choose a file."))
        return redirect("fieldstudies:study", found.pk)
    try:
        codes, segments, left = actions.take_in(
            actor=request.viewer, study=found, name=sent.name or "", content=sent.read(20_000_001)
        )
    except Invalid as error:
        say(request, error)
    else:
        words = _("New codes: %(codes)d. New coded pieces: %(segments)d. Texts left out: %(left)d.")
        messages.success(request, words % {"codes": codes, "segments": segments, "left": left})
    return redirect("fieldstudies:study", found.pk)


@require_POST
def draw(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """Draw the sources that are coded twice."""
    found = queries.study(request.viewer, study_id)
    seed = request.POST.get("seed", "")
    try:
        made = actions.draw_double(
            actor=request.viewer, study=found, second=request.POST.get("second", ""),
            seed=int(seed) if seed.isdecimal() and len(seed) < 9 else 1,
        )  # fmt: skip
    except Invalid as error:
        say(request, error)
    else:
        messages.success(request, _("Drawn: %(many)d.") % {"many": len(made)})
    return redirect("fieldstudies:study", found.pk)


@require_POST
def close(request: HttpRequest, study_id: UUID, double_id: UUID) -> HttpResponse:
    """The second coder is done."""
    found = queries.study(request.viewer, study_id)
    one = queries.double(request.viewer, found, double_id)
    actions.close_double(actor=request.viewer, double=one, expected_version=seen_version(request))
    return redirect("fieldstudies:double", found.pk, one.pk)


@never_cache
@require_http_methods(["GET", "POST"])
def double(request: HttpRequest, study_id: UUID, double_id: UUID) -> HttpResponse:
    """Where two coders differ, and what was found there."""
    found = queries.study(request.viewer, study_id)
    one = queries.double(request.viewer, found, double_id)
    if request.method == "POST":
        require(request.viewer, "fieldstudies.study.change", found.pk)
        key, unit = _uuid(request.POST.get("code")), request.POST.get("unit", "")
        if key is None or not unit.isdecimal() or len(unit) > 7:
            messages.error(request, _("Choose a code of this study."))
            return redirect("fieldstudies:double", found.pk, one.pk)
        try:
            actions.adjudicate(
                actor=request.viewer, double=one, code=queries.code(request.viewer, found, key), unit=int(unit),
                holds=request.POST.get("holds") == "1", reason=request.POST.get("reason", ""),
            )  # fmt: skip
        except Invalid as error:
            say(request, error)
        return redirect("fieldstudies:double", found.pk, one.pk)
    text = actions.open_source(
        actor=request.viewer, source=queries.source(request.viewer, found, one.source_id)
    )
    rows = [(row, text[slice(*one.source.units[row.unit])]) for row in queries.differences(one)]
    context = {
        "study": found, "double": one, "rows": rows, "settled": queries.settled(request.viewer, one),
        "may_change": can(request.viewer, "fieldstudies.study.change", found.pk), "me": request.viewer.user_id,
    }  # fmt: skip
    return render(request, "fieldstudies/double.html", context)
