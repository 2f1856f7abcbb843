"""Inside: what is not public yet, and the steps of a second person."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from palermo.kernel.errors import Conflict
from palermo.kernel.numbers import whole
from palermo.rooms.caselaw import actions, queries
from palermo.rooms.caselaw.forms import RemarkForm
from palermo.rooms.caselaw.views.public import shown
from palermo.rooms.caselaw.views.writing import sections

STEPS = {"submit": actions.submit, "publish": actions.publish}


@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """Drafts, what waits for a second person, what was withdrawn."""
    return render(request, "caselaw/list.html", {"rows": queries.colleagues(request.viewer)[:200]})


@never_cache
@require_GET
def draft(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """A case as it would be read, its sections and what is missing in them, remarks, and the steps that it can take."""
    found = queries.one(request.viewer, case_id)
    more = {
        "sections": sections(found), "remarks": queries.remarks(request.viewer, found),
        "remark_form": RemarkForm(initial={"version": found.version}),
        "wrote": request.viewer.user_id in found.prepared,
    }  # fmt: skip
    return render(request, "caselaw/draft.html", shown(request, found) | more)


@require_POST
def step(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Submit or publish."""
    found = queries.one(request.viewer, case_id)
    name, version = request.POST.get("step", ""), whole(request.POST.get("version", ""))
    if name not in STEPS:
        raise Conflict("", rule="caselaw.step", state=found.state)
    STEPS[name](actor=request.viewer, case=found, expected_version=version)
    return redirect("caselaw:draft", case_id)
