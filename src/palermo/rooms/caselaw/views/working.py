"""Inside: what is not public yet, and the steps of a second person."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from palermo.kernel.errors import Conflict
from palermo.kernel.numbers import whole
from palermo.rooms.caselaw import actions, queries
from palermo.rooms.caselaw.views.public import shown

STEPS = {"submit": actions.submit, "return": actions.return_to_draft, "publish": actions.publish}


@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """Drafts, what waits for a second person, what was withdrawn."""
    return render(request, "caselaw/list.html", {"rows": queries.colleagues(request.viewer)[:200]})


@require_GET
def draft(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """A case as it would be read, with the steps that it can take."""
    found = queries.one(request.viewer, case_id)
    return render(request, "caselaw/draft.html", shown(request, found))


@require_POST
def step(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Submit, return, publish or withdraw."""
    found = queries.one(request.viewer, case_id)
    text, name = request.POST.get("version", ""), request.POST.get("step", "")
    version = whole(text)
    if name == "withdraw":
        why = request.POST.get("why", "")
        actions.withdraw(actor=request.viewer, case=found, why=why, expected_version=version)
    elif name in STEPS:
        STEPS[name](actor=request.viewer, case=found, expected_version=version)
    else:
        raise Conflict("", rule="caselaw.step", state=found.state)
    return redirect("caselaw:draft", case_id)
