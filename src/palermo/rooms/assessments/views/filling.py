"""An assessor answers: part by part on pages, or in a Word form that was taken home; then hands in."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from palermo.kernel.access.policy import require
from palermo.kernel.errors import Invalid, NotFound
from palermo.kernel.exports.http import file_response
from palermo.rooms.assessments import actions, queries
from palermo.rooms.assessments.forms import PartForm
from palermo.rooms.assessments.views.listing import language, put, say

MOST_FORM = 5_000_000  # bytes of a filled form; without pictures it has some fifty thousand


@never_cache
@require_http_methods(["GET", "POST"])
def fill(request: HttpRequest, assessment_id: UUID, part: str) -> HttpResponse:
    """One part of the toolkit, answered by the viewer alone."""
    viewer = request.viewer
    found = queries.assessment(viewer, assessment_id)
    require(viewer, "assessments.answer.write", found.pk)
    parts = list(queries.toolkit_of(found).parts)
    here = next((place for place, one in enumerate(parts) if one.code == part), None)
    me = queries.member(viewer, found)
    if here is None:
        raise NotFound()
    if me is None or not queries.answers_now(found, me):
        return redirect("assessments:assessment", found.pk)
    cells = {(one.code, dimension) for one in parts[here].measures for dimension in one.dimensions}
    there = {cell: one for cell, one in queries.own(viewer, found).items() if cell in cells}
    seen = {"stamp": actions.stamp(there.values())}
    form = PartForm(request.POST or None, part=parts[here], there=there, initial=seen)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_answers(
                actor=viewer, assessment=found, given=form.given(), expected=form.cleaned_data["stamp"]
            )
        except Invalid as error:
            put(form, error)
        else:
            messages.success(request, _("Kept."))
            if request.POST.get("go") == "next" and here + 1 < len(parts):
                return redirect("assessments:fill", found.pk, parts[here + 1].code)
            return redirect("assessments:assessment", found.pk)
    done = sum(bool(one.value) for one in there.values())
    context = {
        "assessment": found, "form": form, "title": parts[here].title.get(language()[:2]) or parts[here].title["en"],
        "code": part, "done": done, "total": len(cells), "last": here + 1 == len(parts), "number": here + 1,
        "many": len(parts),
    }  # fmt: skip
    return render(request, "assessments/fill.html", context)


@require_POST
def hand_in(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """The viewer's answers stay from now on."""
    found = queries.assessment(request.viewer, assessment_id)
    actions.hand_in(actor=request.viewer, assessment=found)
    messages.success(request, _("Handed in. Your answers stay as they are."))
    return redirect("assessments:assessment", found.pk)


@never_cache
@require_GET
def form_file(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """The viewer's own form, to fill without a network."""
    found = queries.assessment(request.viewer, assessment_id)
    me = queries.member(request.viewer, found)
    if me is None or not me.number:
        raise NotFound()
    return file_response(
        actions.export_form(actor=request.viewer, assessment=found, assessor=me, language=language())
    )


@never_cache
@require_POST
def take_in(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """A filled form comes back: first what would change, then, asked again, the change."""
    viewer = request.viewer
    found = queries.assessment(viewer, assessment_id)
    sent = request.FILES.get("file")
    if sent is None:
        messages.error(request, _("Choose a file."))
        return redirect("assessments:assessment", found.pk)
    dry_run = request.POST.get("go") != "keep"
    try:
        told = actions.import_form(
            actor=viewer, content=sent.read(MOST_FORM + 1), assessment=found, dry_run=dry_run
        )
    except Invalid as error:
        say(request, error)
        return redirect("assessments:assessment", found.pk)
    if dry_run or told.unreadable:
        return render(request, "assessments/taken.html", {"assessment": found, "told": told})
    words = ngettext("%(many)d answer was changed.", "%(many)d answers were changed.", len(told.changes))
    messages.success(request, words % {"many": len(told.changes)})
    return redirect("assessments:assessment", found.pk)
