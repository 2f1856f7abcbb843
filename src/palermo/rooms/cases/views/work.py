"""Working on a case: move it on, write facts, risk and notes. What was typed comes back when it cannot be saved."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from palermo.kernel.access.policy import require
from palermo.kernel.errors import NotFound, Stale
from palermo.rooms.cases import actions, queries
from palermo.rooms.cases.forms import FactsForm, MoveForm, NoteForm, RiskForm
from palermo.rooms.cases.queries.labels import FACTS, in_words
from palermo.rooms.cases.views.pages import case_context
from palermo.web.changes import Change, changes_of


@never_cache
@require_http_methods(["GET", "POST"])
def case_move(request: HttpRequest, case_id: UUID, event: str) -> HttpResponse:
    """One event: what it does, what it asks, and the button."""
    case = actions.look_at(actor=request.viewer, case_id=case_id)
    require(request.viewer, "cases.case.move", case.pk)
    move = next((m for m in queries.moves(request.viewer, case) if m.event == event), None)
    if move is None:
        raise NotFound()
    form = MoveForm(move.asks, move.reason_required, request.POST or None, initial={"version": case.version})
    if request.method == "POST" and form.is_valid():
        actions.move_case(
            actor=request.viewer,
            case=case,
            event=event,
            reason=form.cleaned_data["reason"],
            expected_version=form.cleaned_data["version"],
            answers=form.answers(),
        )
        messages.success(request, _("Done: %(move)s.") % {"move": move.label})
        return redirect("cases:case", case.pk)
    return render(request, "cases/move.html", {"case": case, "move": move, "form": form})


@never_cache
@require_http_methods(["GET", "POST"])
def case_facts(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The coded facts. When somebody saved meanwhile, mine stay in the form and both stand side by side."""
    case = actions.look_at(actor=request.viewer, case_id=case_id)
    require(request.viewer, "cases.facts.change", case.pk)
    language = get_language() or "en"
    clash: list[Change] = []
    form = FactsForm.of(case.facts, language)
    if request.method == "POST":
        form = FactsForm(language, request.POST)
        if form.is_valid():
            try:
                actions.change_facts(
                    actor=request.viewer,
                    facts=case.facts,
                    values=form.values(),
                    expected_version=form.cleaned_data["version"],
                    base=form.base_values(),
                )
            except Stale as error:
                clash = _in_words(error, language)
                form = _on_top(form, queries.case(request.viewer, case_id).facts, language)
            else:
                messages.success(request, _("The facts are saved."))
                return redirect("cases:case", case.pk)
    return render(
        request,
        "cases/facts.html",
        {"case": case, "form": form, "changes": clash},
        status=412 if clash else 200,
    )


def _in_words(error: Stale, language: str) -> list[Change]:
    return [
        Change(
            str(FACTS[row.field]),
            *(in_words(row.field, side, language) for side in (row.base, row.mine, row.theirs)),
        )
        for row in changes_of(error.base or error.theirs, error.mine, error.theirs)
    ]


def _on_top(form: FactsForm, now: Any, language: str) -> FactsForm:
    """What I typed, to be saved on top of what is there now."""
    from palermo.rooms.cases.forms.facts import initial_of

    fresh = initial_of(now)
    again = form.data.copy()
    again["version"], again["base"] = str(fresh["version"]), fresh["base"]
    return FactsForm(language, again)


@require_POST
def case_risk(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Assess the risk; the reason becomes a note."""
    case = actions.look_at(actor=request.viewer, case_id=case_id)
    form = RiskForm(request.POST)
    if not form.is_valid():
        context = case_context(request, case) | {"risk_form": form}
        return render(request, "cases/case.html", context, status=422)
    actions.assess_risk(
        actor=request.viewer,
        case=case,
        risk=form.cleaned_data["risk"],
        reason=form.cleaned_data["reason"],
        expected_version=form.cleaned_data["version"],
    )
    messages.success(request, _("The risk is recorded."))
    return redirect("cases:case", case.pk)


@never_cache
@require_http_methods(["GET", "POST"])
def case_note(request: HttpRequest, case_id: UUID, note_id: int | None = None) -> HttpResponse:
    """Add a note, keep it as a draft, or correct one by a new one."""
    case = actions.look_at(actor=request.viewer, case_id=case_id)
    require(request.viewer, "cases.note.add", case.pk)
    corrects = None
    if note_id is not None:
        corrects = queries.note(request.viewer, case, note_id)
    if request.method == "POST" and request.POST.get("go") == "draft":
        actions.save_draft(actor=request.viewer, case=case, text=request.POST.get("text", ""))
        messages.success(request, _("Kept as a draft. Only you see it."))
        return redirect("cases:case", case.pk)
    form = NoteForm(request.POST or None, initial={"text": corrects.text if corrects else ""})
    if request.method == "POST" and form.is_valid():
        actions.add_note(actor=request.viewer, case=case, text=form.cleaned_data["text"], corrects=corrects)
        messages.success(request, _("The note is added."))
        return redirect("cases:case", case.pk)
    if corrects is not None or request.method == "GET":
        return render(request, "cases/note.html", {"case": case, "form": form, "corrects": corrects})
    return render(request, "cases/case.html", case_context(request, case, form), status=422)
