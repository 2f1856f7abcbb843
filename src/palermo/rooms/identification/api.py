"""The JSON twin of the screening pages: the same queries, actions and refusals."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from ninja import Router, Schema

from palermo.kernel.errors import NotFound
from palermo.rooms.identification import actions, queries
from palermo.rooms.identification.models import Identification, Screening
from palermo.standards.instruments import instrument
from palermo.web.api import Text
from palermo.web.drafts import require_form
from palermo.web.room import subject

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


class IntakeIn(Schema):
    """A whole screening as a device sends it. `form`: the version of the questions; answers by section."""

    form: Text
    event: Text = ""
    answers: dict[Text, dict[Text, Text]] = {}
    begun_at: datetime


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


@router.post("/intakes")
def take_in(request: HttpRequest, data: IntakeIn) -> dict[str, Any]:
    """A screening that was asked without a link, all at once; send it with an Idempotency-Key."""
    require_form(instrument().version, data.form)
    made = actions.take_in(
        actor=request.viewer, event=data.event, answers=data.answers, begun_at=data.begun_at
    )
    return {"id": made.pk, "code": made.code, "url": reverse("identification:summary", args=[made.pk])}


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


class StatusIn(Schema):
    detained: bool = False


class MoveIn(Schema):
    """`given`: what the step asks for, by the names of its form (reasons, language, authority, texts, ...)."""

    event: Text
    expected_version: int
    reason: Text = ""
    given: dict[str, Any] = {}


class StatusAnswersIn(Schema):
    answers: dict[UUID, Text]
    expected_version: int


class ServiceIn(Schema):
    language: Text
    way: Text
    bearer: Text
    served_at: datetime


def _status(viewer: Any, found: Identification) -> dict[str, Any]:
    """What both sides may know of a status. The texts are those that the authority was told, no others."""
    found = actions.look_at_status(actor=viewer, identification_id=found.pk)
    rulings = queries.rulings(viewer, found)
    reasons = queries.reasons(viewer, found, rulings)
    return {
        "id": found.pk,
        "code": found.code,
        "person_code": found.person_code,
        "state": found.state,
        "version": found.version,
        "child": found.child is not False,
        "detained": found.detained,
        "removal_bar": queries.removal_bar(found),
        "recovery_until": found.recovery_until,
        "served_at": found.served_at,
        "authority": found.authority_id,
        "moves": [
            {"event": m.event, "possible": m.possible, "why_not": m.why_not, "due_at": m.due_at}
            for m in queries.moves_of(viewer, found)
        ],
        "packets": [
            {"at": row.written_at, "categories": row.categories, "basis": row.basis, "texts": texts}
            for row, texts in queries.packets(viewer, found)
        ],
        "questions": [
            {"id": q.id, "question": q.question, "answer": q.answer} for q in queries.questions(viewer, found)
        ],
        "rulings": [
            {"id": row.pk, "event": row.event, "at": row.written_at, "reasons": text}
            for row, text in zip(rulings, reasons, strict=True)
        ],
    }


@router.get("/identifications")
def list_statuses(request: HttpRequest) -> list[dict[str, Any]]:
    """What was referred to one's authority, the oldest deadline first."""
    return [
        {"id": x.found.pk, "code": x.found.code, "state": x.found.state, "due_at": x.due_at}
        for x in queries.waiting(request.viewer)
    ]


@router.get("/cases/{case_id}/identification")
def case_status(request: HttpRequest, case_id: UUID) -> dict[str, Any]:
    """The status of the person of a case; {"id": null} where none was begun."""
    subject(request.viewer, "case", case_id)
    found = queries.of_case(request.viewer, case_id)
    return {"id": None} if found is None else _status(request.viewer, found)


@router.post("/cases/{case_id}/identification")
def begin_status(request: HttpRequest, case_id: UUID, data: StatusIn) -> dict[str, Any]:
    """Begin the legal status. One for a case: asked again, the one that is there."""
    about = subject(request.viewer, "case", case_id)
    found = actions.presume(
        actor=request.viewer,
        person_id=about.person_id,
        person_code=about.person_code,
        case_id=case_id,
        track="adult" if about.child is False else "child",
        detained=data.detained,
    )
    return _status(request.viewer, found)


@router.get("/identifications/{identification_id}")
def read_status(request: HttpRequest, identification_id: UUID) -> dict[str, Any]:
    """One status, with what can happen to it now."""
    return _status(request.viewer, queries.status(request.viewer, identification_id))


@router.post("/identifications/{identification_id}/moves")
def move_status(request: HttpRequest, identification_id: UUID, data: MoveIn) -> dict[str, Any]:
    """Let an event happen: 409 where a rule refuses, 412 where somebody was faster, 422 with what is missing."""
    found = queries.status(request.viewer, identification_id)
    actions.move_status(
        actor=request.viewer,
        found=found,
        event=data.event,
        expected_version=data.expected_version,
        reason=data.reason,
        given=data.given,
    )
    return {"id": found.pk, "state": found.state, "version": found.version}


@router.post("/identifications/{identification_id}/answers")
def answer_questions(request: HttpRequest, identification_id: UUID, data: StatusAnswersIn) -> dict[str, Any]:
    """Answer questions of the authority, some or all."""
    found = queries.status(request.viewer, identification_id)
    actions.answer_questions(
        actor=request.viewer, found=found, answers=data.answers, expected_version=data.expected_version
    )
    return {"id": found.pk, "state": found.state, "version": found.version}


@router.post("/identifications/{identification_id}/decisions/{ruling_id}/service")
def serve_decision(
    request: HttpRequest, identification_id: UUID, ruling_id: UUID, data: ServiceIn
) -> dict[str, Any]:
    """Write down that a decision reached the person."""
    found = queries.status(request.viewer, identification_id)
    row = queries.ruling(request.viewer, found, ruling_id)
    made = actions.serve(actor=request.viewer, found=found, ruling=row, **data.dict())
    return {"served_at": made.served_at}
