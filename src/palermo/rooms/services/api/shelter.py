"""The JSON twin of a shelter's own work: its state, its places, who has one (by code), and reviews of its standards."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema

from palermo.kernel.errors import NotFound, Refused
from palermo.rooms.services import actions, queries
from palermo.rooms.services.models import Finding, Review
from palermo.web.api import Text

router = Router(tags=["services"])


class StateIn(Schema):
    """state: active, suspended or closed; a reason for every state but active."""

    state: Text
    reason: Text = ""
    expected_version: int


class PublicIn(Schema):
    public: bool
    expected_version: int


class TotalsIn(Schema):
    totals: dict[Text, int]


class AdmitIn(Schema):
    case_id: UUID
    group: Text
    until: date | None = None
    care: list[Text] = []
    over_reason: Text = ""


class LeaveIn(Schema):
    leaving: Text
    expected_version: int


class AdmissionOut(Schema):
    """Never the case's id: it is told only to who holds the case, on the page."""

    id: UUID
    version: int
    case_code: str
    care: list[str]
    admitted_at: datetime
    until: date | None
    over_reason: str
    left_at: datetime | None
    leaving: str


class ReviewBeginIn(Schema):
    visited_on: date


class ReviewIn(Schema):
    answers: dict[Text, Text]
    summary: Text = ""
    expected_version: int


class FoundIn(Schema):
    words: Text
    due_on: date | None = None


class FinishIn(Schema):
    findings: dict[Text, FoundIn] = {}
    expected_version: int


class FindingIn(Schema):
    """The shelter answers; who reviews confirms it, or sends it back with `confirmed` false."""

    answer: Text = ""
    confirmed: bool | None = None
    expected_version: int


class FindingOut(Schema):
    id: UUID
    version: int
    review_id: UUID
    standard: str
    words: str
    due_on: date
    state: str
    answer: str


def _review(row: Review) -> dict[str, Any]:
    names = ("id", "version", "service_id", "visited_on", "answers", "summary", "finished_at", "next_due")
    return {name: getattr(row, name) for name in names}


@router.post("/services/{service_id}/state")
def set_service_state(request: HttpRequest, service_id: UUID, data: StateIn) -> dict[str, Any]:
    """Suspend a service, open it again, or close it for good."""
    found = queries.service(request.viewer, service_id)
    row = actions.set_state(actor=request.viewer, service=found, **data.dict())
    return {"id": row.pk, "state": row.state, "state_reason": row.state_reason, "version": row.version}


@router.post("/services/{service_id}/public")
def set_service_public(request: HttpRequest, service_id: UUID, data: PublicIn) -> dict[str, Any]:
    """Show a service to the public, or not any more: the coordinator's decision."""
    found = queries.service(request.viewer, service_id)
    row = actions.set_public(actor=request.viewer, service=found, **data.dict())
    return {"id": row.pk, "public": row.public, "version": row.version}


@router.post("/services/{service_id}/places")
def set_service_places(request: HttpRequest, service_id: UUID, data: TotalsIn) -> list[dict[str, Any]]:
    """How many places there are for each group."""
    found = queries.service(request.viewer, service_id)
    rows = actions.set_places(actor=request.viewer, service=found, totals=data.totals)
    return [{"group": row.group, "total": row.total, "version": row.version} for row in rows]


@router.get("/services/{service_id}/admissions", response=list[AdmissionOut])
def list_admissions(request: HttpRequest, service_id: UUID, left: bool = False) -> list[Any]:
    """Who has a place now, by code; with `left` the last hundred who had one. For the shelter's own staff."""
    found = queries.service(request.viewer, service_id)
    return [guest.admission for guest in queries.guests(request.viewer, found, left=left)]


@router.post("/services/{service_id}/admissions", response=AdmissionOut)
def admit_case(request: HttpRequest, service_id: UUID, data: AdmitIn) -> Any:
    """Give a place to a case that one holds; 409 where none is free and no reason is given for one more."""
    found = queries.service(request.viewer, service_id)
    return actions.admit(actor=request.viewer, service=found, **data.dict())


@router.post("/admissions/{admission_id}/leave", response=AdmissionOut)
def discharge_case(request: HttpRequest, admission_id: UUID, data: LeaveIn) -> Any:
    """End an admission; the place is free again."""
    found = queries.admission(request.viewer, admission_id)
    if not queries.may_admit(request.viewer, found.service):
        raise NotFound()
    return actions.discharge(actor=request.viewer, admission_id=found.pk, **data.dict())


@router.get("/services/{service_id}/reviews")
def list_reviews(request: HttpRequest, service_id: UUID) -> dict[str, Any]:
    """Reviews of a service, newest first, and what is not confirmed as put right yet."""
    found = queries.service(request.viewer, service_id)
    rows = queries.reviews(request.viewer, found)
    waiting = queries.findings(request.viewer, service=found)
    return {
        "reviews": [_review(row) for row in rows],
        "findings": [FindingOut.from_orm(row).dict() for row in waiting],
    }


@router.post("/services/{service_id}/reviews")
def begin_service_review(request: HttpRequest, service_id: UUID, data: ReviewBeginIn) -> dict[str, Any]:
    """Begin a review. Nobody reviews a service of his own organisation."""
    found = queries.service(request.viewer, service_id)
    return _review(actions.begin_review(actor=request.viewer, service=found, visited_on=data.visited_on))


@router.get("/reviews/{review_id}")
def read_review(request: HttpRequest, review_id: UUID) -> dict[str, Any]:
    """One review with its findings."""
    row = queries.review(request.viewer, review_id)
    found = queries.findings(request.viewer, review=row)
    return _review(row) | {"findings": [FindingOut.from_orm(one).dict() for one in found]}


@router.post("/reviews/{review_id}")
def save_service_review(request: HttpRequest, review_id: UUID, data: ReviewIn) -> dict[str, Any]:
    """Keep what was seen so far; nothing of it is final."""
    row = queries.review(request.viewer, review_id)
    return _review(actions.save_review(actor=request.viewer, review_id=row.pk, **data.dict()))


@router.post("/reviews/{review_id}/finish")
def finish_service_review(request: HttpRequest, review_id: UUID, data: FinishIn) -> dict[str, Any]:
    """End a review; each standard that is not met needs what was found and by when it is put right."""
    row = queries.review(request.viewer, review_id)
    findings = {code: (found.words, found.due_on) for code, found in data.findings.items()}
    return _review(
        actions.finish_review(
            actor=request.viewer, review_id=row.pk, findings=findings, expected_version=data.expected_version
        )
    )


@router.post("/findings/{finding_id}", response=FindingOut)
def answer_service_finding(request: HttpRequest, finding_id: UUID, data: FindingIn) -> Finding:
    """The shelter says what it did; or, with `confirmed`, who reviews says whether that is enough."""
    row = queries.finding(request.viewer, finding_id)
    given: dict[str, Any] = {
        "actor": request.viewer,
        "finding_id": row.pk,
        "expected_version": data.expected_version,
    }
    if data.confirmed is None:
        if row.service.organisation_id not in request.viewer.organisation_ids:
            raise Refused(_("The shelter itself answers."), rule="services.finding.own")
        return actions.answer_finding(**given, answer=data.answer)
    return actions.close_finding(**given, confirmed=data.confirmed)
