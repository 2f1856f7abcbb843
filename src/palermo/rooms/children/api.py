"""The JSON twin: the same queries, forms, actions and refusals as the pages. No name ever leaves this way."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema

from palermo.kernel.access.policy import require
from palermo.kernel.errors import FieldProblem, Invalid, NotFound
from palermo.kernel.workflow.moves import moves
from palermo.rooms.children import actions, queries
from palermo.rooms.children.forms import RECORD_FORMS, StepForm, record_form, step_form
from palermo.rooms.children.models import ChildProtection
from palermo.web.api import Text
from palermo.web.room import subject

router = Router(tags=["children"])


class BeginIn(Schema):
    situation: Text
    age: Text
    language: Text = ""
    birth_month: date | None = None


class StepIn(Schema):
    expected_version: int
    reason: Text = ""
    answers: dict[Text, Any] = {}


def _brief(child: ChildProtection) -> dict[str, Any]:
    return {
        "id": child.pk,
        "case": child.case_code,
        "person": child.person_code,
        "state": child.state,
        "version": child.version,
        "situation": child.situation,
        "turns_18_at": child.turns_18_at,
    }


@router.get("/children")
def list_children(request: HttpRequest, only: str = "") -> list[dict[str, Any]]:
    """The viewer's children, the most urgent first. `only`: no_guardian, bia_overdue, ageing, missing, closed."""
    rows = queries.children(request.viewer, only=only if only in queries.FILTERS else "")
    return [
        _brief(row.child) | {"due": row.label, "due_at": row.due_at, "guardian": row.has_guardian}
        for row in rows
    ]


@router.get("/cases/{case_id}/child")
def read_child(request: HttpRequest, case_id: UUID) -> dict[str, Any]:
    """One child: clocks, steps, checklist and papers. Leaves the same trace as the page."""
    child = actions.look_at(actor=request.viewer, case_id=case_id)
    page = queries.page(request.viewer, child)
    return {
        **_brief(child),
        "guardian": page.guardian.kind if page.guardian else None,
        "before_guardian": queries.before_guardian(request.viewer, case_id=case_id),
        "due": [{"event": c.event, "label": c.label, "due_at": c.due_at} for c in page.clocks],
        "steps": [{"event": s.event, "label": s.label, "why_not": s.why_not} for s in page.steps],
        "checklist": [{"label": c.label, "done": c.done} for c in page.checks],
        "papers": [
            {"section": title, "title": p.title, "at": p.at, "facts": p.facts, "texts": p.texts}
            for title, papers in page.sections
            for p in papers
        ],
    }


@router.post("/cases/{case_id}/child")
def begin_child(request: HttpRequest, case_id: UUID, data: BeginIn) -> dict[str, Any]:
    """Begin the protection of the child in this case."""
    about = subject(request.viewer, "case", case_id)
    return _brief(actions.begin_child(actor=request.viewer, about=about, **data.dict()))


@router.post("/cases/{case_id}/child/steps/{event}")
def take_step(request: HttpRequest, case_id: UUID, event: str, data: StepIn) -> dict[str, Any]:
    """One step of the machine; `answers` are the questions of its form, by the names that a refusal gives."""
    viewer = request.viewer
    about = subject(viewer, "case", case_id)
    require(viewer, "children.child.work", case_id)
    child = queries.child(viewer, case_id)
    move = next((m for m in moves(viewer, child) if m.event == event), None)
    if move is None:
        raise NotFound()
    sent = {**data.answers, "version": data.expected_version, "reason": data.reason}
    form = step_form(viewer, child, about, event, move.reason_required, sent)
    made = actions.take_step(
        actor=viewer,
        child=child,
        event=event,
        expected_version=data.expected_version,
        reason=data.reason,
        given=_given(form),
    )
    return _brief(made)


@router.post("/cases/{case_id}/child/records/{what}")
def add_record(request: HttpRequest, case_id: UUID, what: str, data: StepIn) -> dict[str, Any]:
    """One record that does not move the child on."""
    require(request.viewer, "children.record.add", case_id)
    child = queries.child(request.viewer, case_id)
    if what not in RECORD_FORMS:
        raise NotFound()
    form = record_form(child, what, {**data.answers, "version": data.expected_version})
    made = actions.add_record(
        actor=request.viewer,
        child=child,
        what=what,
        expected_version=data.expected_version,
        given=_given(form),
    )
    return _brief(made)


def _given(form: StepForm) -> dict[str, Any]:
    if form.is_valid():
        return form.given()
    problems = [
        FieldProblem(name, str(words), "form") for name, found in form.errors.items() for words in found
    ]
    raise Invalid(_("Some answers need another look."), problems=problems)


@router.get("/figures")
def read_figures(request: HttpRequest, since: date, until: date) -> dict[str, Any]:
    """How limits were kept for children; null is a withheld count."""
    found = queries.figures(request.viewer, since=since, until=until)
    cells = [
        {"limit": rule, "outcome": how, "children": count}
        for (rule, how), count in sorted(found.cells.items())
    ]
    return {"cells": cells, "explanation": found.explanation}
