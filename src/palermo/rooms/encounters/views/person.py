"""One person: first help, five questions, vulnerability, family, and every step that can be taken now."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from palermo.kernel.access.policy import can, require
from palermo.kernel.errors import FieldProblem, Invalid, NotFound
from palermo.kernel.vault.identity import Identity
from palermo.kernel.workflow import queries as workflow
from palermo.kernel.workflow.moves import Move
from palermo.rooms.encounters import actions, queries
from palermo.rooms.encounters.forms import (
    AgainForm,
    AidForm,
    AnswersForm,
    LinkForm,
    RelinkForm,
    ReturnForm,
    StepForm,
    VulnerabilityForm,
)
from palermo.rooms.encounters.models import QUESTIONS, Assessment, Migrant

FORMS = ("aid", "answers", "vulnerability", "return", "again", "link")


def form_of(what: str, migrant: Migrant, data: Any = None) -> Any:
    """The form for one thing that is written about a person."""
    version = {"version": migrant.version}
    if what == "aid":
        return AidForm(data, initial=version | {"aid": migrant.aid}, prefix="aid")
    if what == "answers":
        return AnswersForm(data, initial=version | {n: getattr(migrant, n) for n in QUESTIONS}, prefix="q")
    if what == "vulnerability":
        return VulnerabilityForm(data, prefix="v")
    if what == "return":
        return ReturnForm(data, child=migrant.child, prefix="r")
    if what == "again":
        return AgainForm(data, initial=version, prefix="a")
    return LinkForm(data, prefix="l")


def page_of(request: HttpRequest, migrant: Migrant, forms: dict[str, Any], status: int = 200) -> HttpResponse:
    rank = next(
        line for line in queries.board(request.viewer, migrant.event).lines if line.it.pk == migrant.pk
    )
    names = queries.state_names()
    found = queries.moves_of(request.viewer, migrant)
    context = {
        "it": migrant,
        "event": migrant.event,
        "line": rank,
        "form": {what: forms.get(what) or form_of(what, migrant) for what in FORMS},
        "moves": [move for move in found if move.event not in queries.HAPPENINGS],
        "happenings": [move for move in found if move.event in queries.HAPPENINGS and move.possible],
        "first": queries.comes_first(migrant),
        "first_possible": any(move.possible for move in found if move.event == queries.comes_first(migrant)),
        "why_first": queries.why_first(migrant),
        "deadlines": workflow.deadlines_of(request.viewer, migrant),
        "history": [
            (row, names.get(row.to_state, row.to_state)) for row in workflow.history(request.viewer, migrant)
        ],
        "links": queries.links(request.viewer, migrant),
        "family": queries.neighbours(request.viewer, migrant),
        "assessments": list(migrant.assessments.select_related("written_by")),
        "may_change": can(request.viewer, "encounters.migrant.change", migrant.event_id),
        "sees_screening": migrant.screening_id and can(
            request.viewer, "identification.screening.view", migrant.screening_id
        ),
        "sees_case": migrant.case_id and can(request.viewer, "cases.case.view", migrant.case_id),
    }  # fmt: skip
    context["takes_over"] = (
        context["sees_case"] and context["sees_screening"] and queries.to_take_over(request.viewer, migrant)
    )
    return render(request, "encounters/migrant.html", context, status=status)


@never_cache
@require_GET
def migrant_page(request: HttpRequest, migrant_id: UUID) -> HttpResponse:
    """Everything about one person on one page."""
    return page_of(request, queries.migrant(request.viewer, migrant_id), {})


@never_cache
@require_POST
def migrant_write(request: HttpRequest, migrant_id: UUID, what: str) -> HttpResponse:
    """Save one of the forms of the person's page; with mistakes the page comes back as it was typed."""
    migrant = queries.migrant(request.viewer, migrant_id)
    require(request.viewer, "encounters.migrant.change", migrant.event_id)
    if what not in FORMS:
        raise NotFound()
    form = form_of(what, migrant, request.POST)
    if not form.is_valid():
        return page_of(request, migrant, {what: form}, status=422)
    _save(request, migrant, what, form)
    messages.success(request, _("Saved."))
    return redirect("encounters:migrant", migrant.pk)


def _save(request: HttpRequest, migrant: Migrant, what: str, form: Any) -> None:
    actor, given = request.viewer, form.cleaned_data
    version = given.get("version") or 0
    if what == "aid":
        actions.give_aid(actor=actor, migrant=migrant, given=given["aid"], expected_version=version)
    elif what == "answers":
        actions.answer(actor=actor, migrant=migrant, answers=form.answers(), expected_version=version)
    elif what == "vulnerability":
        actions.assess(actor=actor, migrant=migrant, kind=Assessment.VULNERABILITY, **form.seen())
    elif what == "return":
        actions.assess(actor=actor, migrant=migrant, kind=Assessment.RETURN, found=given["found"])
    elif what == "again":
        actions.note_again(actor=actor, migrant=migrant, why=given["why"], expected_version=version)
    else:
        actions.link_family(
            actor=actor,
            event=migrant.event,
            one=migrant.number,
            other=given["other"],
            relation=given["relation"],
        )


@never_cache
@require_http_methods(["GET", "POST"])
def migrant_link(request: HttpRequest, migrant_id: UUID, link_id: UUID) -> HttpResponse:
    """Correct how two persons belong together, or take the link away."""
    migrant = queries.migrant(request.viewer, migrant_id)
    require(request.viewer, "encounters.migrant.change", migrant.event_id)
    link = queries.link(request.viewer, migrant, link_id)
    form = RelinkForm(request.POST or None, initial={"relation": link.relation})
    if request.method == "POST" and form.is_valid():
        given: dict[str, Any] = {"actor": request.viewer, "event": migrant.event, "link_id": link.pk}
        if request.POST.get("do") == "remove":
            actions.unlink_family(**given, apart=form.cleaned_data["apart"])
            messages.success(request, _("The link is taken away."))
        else:
            actions.correct_link(**given, relation=form.cleaned_data["relation"])
            messages.success(request, _("Saved."))
        return redirect("encounters:migrant", migrant.pk)
    context = {"it": migrant, "event": migrant.event, "link": link, "form": form}
    return render(request, "encounters/link.html", context, status=422 if form.errors else 200)


def asks_of(move: Move) -> tuple[tuple[str, str], ...]:
    return tuple((statement.key, statement.sentence) for statement in move.asks)


@never_cache
@require_http_methods(["GET", "POST"])
def migrant_move(request: HttpRequest, migrant_id: UUID, event: str) -> HttpResponse:
    """One step: what it does, what it asks, and the button."""
    migrant = queries.migrant(request.viewer, migrant_id)
    require(request.viewer, "encounters.migrant.move", migrant.event_id)
    move = next((m for m in queries.moves_of(request.viewer, migrant) if m.event == event), None)
    if move is None:
        raise NotFound()
    form = StepForm(
        event, asks_of(move), move.reason_required, request.POST or None, initial={"version": migrant.version}
    )
    if request.method == "POST" and form.is_valid():
        move_on(request, migrant, event, form)
        messages.success(request, _("Done: %(move)s.") % {"move": move.label})
        return redirect("encounters:migrant", migrant.pk)
    return render(request, "encounters/move.html", {"it": migrant, "move": move, "form": form})


def move_on(request: HttpRequest, migrant: Migrant, event: str, form: StepForm) -> None:
    """The step itself, with what its form says."""
    given, version = form.inputs(), form.cleaned_data["version"]
    if version is None:
        raise Invalid(
            _("Open the page again."),
            problems=[FieldProblem("version", _("Open the page again."), "version")],
        )
    if event == "vulnerable":
        names = {n: form.cleaned_data[n] for n in ("family_name", "given_names")}
        given["identity"] = Identity(**names)
    actions.move(
        actor=request.viewer,
        migrant=migrant,
        event=event,
        expected_version=version,
        reason=form.cleaned_data["reason"],
        inputs=given,
    )
