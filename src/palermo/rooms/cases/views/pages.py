"""Reading a case: the page and the trail."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from palermo.kernel.access.policy import asked_once, can
from palermo.rooms.cases import actions, queries
from palermo.rooms.cases.forms import NoteForm, RiskForm
from palermo.rooms.cases.models import Case


def case_context(request: HttpRequest, case: Case, note_form: NoteForm | None = None) -> dict[str, Any]:
    """Everything that the case page shows."""
    viewer = request.viewer
    may_write = can(viewer, "cases.note.add", case.pk)
    kept = queries.draft(viewer, case) if may_write and note_form is None else ""
    return {
        "case": case,
        "state": queries.state_name(case.state),
        "facts": queries.facts_in_words(case, get_language() or "en"),
        "about": queries.about(case),
        "may_move": can(viewer, "cases.case.move", case.pk),
        "moves": queries.moves(viewer, case),
        "notes": queries.notes(viewer, case),
        "note_form": (note_form or NoteForm(initial={"text": kept})) if may_write else None,
        "draft": bool(kept),
        "risk_form": RiskForm(
            initial={"version": case.version, "risk": case.risk if case.risk != "not_assessed" else None}
        ),
        "shares": [share for share in queries.shares(viewer, case) if share.live],
        "deeds": queries.deeds(viewer, case, limit=8),
        "may_reveal": can(viewer, "cases.identity.reveal", case.pk),
        "may_reassign": queries.may_reassign(viewer, case) and can(viewer, "cases.case.reassign", case.pk),
        "may_change": can(viewer, "cases.facts.change", case.pk),
    }


@never_cache
@require_GET
def case_page(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The case by code. No name is on it."""
    with asked_once():
        case = actions.look_at(actor=request.viewer, case_id=case_id)
        return render(request, "cases/case.html", case_context(request, case))


@never_cache
@require_GET
def case_trail(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Who looked at this case and who changed it."""
    case = actions.look_at(actor=request.viewer, case_id=case_id)
    return render(
        request,
        "cases/trail.html",
        {
            "case": case,
            "about": queries.about(case),
            "deeds": queries.deeds(request.viewer, case),
            "steps": queries.steps(request.viewer, case),
            "reveals": queries.reveals(request.viewer, case),
        },
    )
