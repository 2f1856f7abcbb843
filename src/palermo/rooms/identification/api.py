"""The JSON twin of the screening pages: the same queries, actions and refusals."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from palermo.kernel.errors import NotFound
from palermo.rooms.identification import actions, queries
from palermo.rooms.identification.models import Screening
from palermo.web.api import Text

router = Router(tags=["identification"])


class ScreeningOut(Schema):
    id: UUID
    code: str
    state: str
    version: int
    event: str
    created_at: datetime


class StartIn(Schema):
    event: Text = ""
    previous: UUID | None = None


class AnswersIn(Schema):
    section: Text
    answers: dict[Text, Text]
    expected_version: int
    base: dict[Text, Text] | None = None


class DecisionIn(Schema):
    suggestion: int
    outcome: Text
    reason: Text
    expected_version: int
    supersedes: int | None = None


class AbandonIn(Schema):
    reason: Text
    expected_version: int


def _whole(viewer: Any, found: Screening) -> dict[str, Any]:
    """Everything of one screening. Whatever was asked for, it shows the answers: so it leaves the trace."""
    actions.note_that_seen(actor=viewer, screening=found)
    suggestion = queries.latest_suggestion(viewer, found)
    return {
        **ScreeningOut.from_orm(found).dict(),
        "instrument": found.instrument_version,
        "answers": found.answers.values,
        "answers_version": found.answers.version,
        "suggestion": suggestion
        and {
            "id": suggestion.pk,
            "outcome": suggestion.outcome,
            "child_rule": suggestion.child_rule,
            "aggravated": suggestion.aggravated,
            "findings": suggestion.findings,
            "rule": suggestion.rule_version,
            "current": queries.is_current(found, suggestion),
        },
        "decisions": [
            {"id": d.pk, "outcome": d.outcome, "reason": d.reason, "decided_at": d.decided_at}
            for d in queries.decisions(viewer, found)
        ],
    }


@router.get("/screenings")
def list_screenings(request: HttpRequest, q: str = "", state: str = "", after: str = "") -> dict[str, Any]:
    """The viewer's screenings, newest first; `next` is the cursor of the next page."""
    page = queries.screenings(request.viewer, text=q, state=state, after=after)
    return {"items": [ScreeningOut.from_orm(row).dict() for row in page.rows], "next": page.next}


@router.post("/screenings", response=ScreeningOut)
def start(request: HttpRequest, data: StartIn) -> Screening:
    """Begin a screening."""
    previous = queries.screening(request.viewer, data.previous) if data.previous else None
    return actions.start_screening(actor=request.viewer, event=data.event, previous=previous)


@router.get("/screenings/{screening_id}")
def read(request: HttpRequest, screening_id: UUID) -> dict[str, Any]:
    """One screening: answers, suggestion and decisions, kept apart."""
    return _whole(request.viewer, queries.screening(request.viewer, screening_id))


@router.post("/screenings/{screening_id}/answers")
def answer(request: HttpRequest, screening_id: UUID, data: AnswersIn) -> dict[str, Any]:
    """Save the answers of one section."""
    found = queries.screening(request.viewer, screening_id)
    actions.save_answers(
        actor=request.viewer,
        screening=found,
        section=data.section,
        answers=data.answers,
        expected_version=data.expected_version,
        base=data.base,
    )
    return _whole(request.viewer, queries.screening(request.viewer, screening_id))


@router.post("/screenings/{screening_id}/suggestion")
def suggest(request: HttpRequest, screening_id: UUID) -> dict[str, Any]:
    """Work out the suggestion from the answers as they are."""
    found = queries.screening(request.viewer, screening_id)
    actions.compute_suggestion(actor=request.viewer, screening=found)
    return _whole(request.viewer, found)


@router.post("/screenings/{screening_id}/decisions")
def decide(request: HttpRequest, screening_id: UUID, data: DecisionIn) -> dict[str, Any]:
    """Record a person's decision."""
    found = queries.screening(request.viewer, screening_id)
    suggestion = found.suggestions.filter(pk=data.suggestion).first()
    replaced = found.decisions.filter(pk=data.supersedes).first() if data.supersedes else None
    if suggestion is None or (data.supersedes and replaced is None):
        raise NotFound()
    actions.decide(
        actor=request.viewer,
        screening=found,
        suggestion=suggestion,
        outcome=data.outcome,
        reason=data.reason,
        expected_version=data.expected_version,
        supersedes=replaced,
    )
    return _whole(request.viewer, queries.screening(request.viewer, screening_id))


@router.post("/screenings/{screening_id}/abandon", response=ScreeningOut)
def abandon(request: HttpRequest, screening_id: UUID, data: AbandonIn) -> Screening:
    """End without a decision."""
    found = queries.screening(request.viewer, screening_id)
    return actions.abandon_screening(actor=request.viewer, screening=found, **data.dict())
