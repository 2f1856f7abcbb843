"""What workers, supervisors and coordinators do at the door: the same queries, actions and refusals as the pages."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from palermo.kernel.access.policy import require
from palermo.kernel.errors import NotFound
from palermo.rooms.door import actions, queries
from palermo.rooms.door.models import Complaint, HelpRequest
from palermo.web.api import Text
from palermo.web.commands import keep_nothing
from palermo.web.room import subject

router = Router(tags=["door"])


class WaitingOut(Schema):
    id: UUID
    organisation_id: UUID
    state: str
    version: int
    help: list[str]
    urgency: str
    answer_by: str
    language: str
    created_at: datetime
    last_at: datetime


class WordOut(Schema):
    at: datetime
    from_person: bool
    text: str | None
    by: str


class ThreadOut(Schema):
    request: WaitingOut
    gave_phone: bool
    erased_at: datetime | None
    said: list[WordOut]


class ReplyIn(Schema):
    text: Text
    version: int


class ArrangeIn(Schema):
    case_id: UUID | None = Field(
        None, description="Nothing is copied: the request only knows which case it led to."
    )
    version: int


class DismissIn(Schema):
    reason: Text = Field(min_length=10, max_length=500)
    version: int


class DeskIn(Schema):
    is_open: bool
    languages: list[Text] = []


class PutIn(Schema):
    purpose: Text
    categories: list[Text]
    recipients: list[UUID] = []
    valid_until: datetime | None = None


class ComplaintOut(Schema):
    id: UUID
    organisation_id: UUID
    about: str
    state: str
    version: int
    outside: bool
    language: str
    created_at: datetime


class ComplaintWordsOut(Schema):
    complaint: ComplaintOut
    said: list[WordOut]


class JudgeIn(Schema):
    event: Text = Field(description="acknowledge, answer or answer_appeal")
    version: int
    answer: Text = ""
    reason: Text = ""


class FeedbackOut(Schema):
    at: datetime
    face: str
    text: str


def _words(said: tuple[queries.Said, ...]) -> list[dict[str, Any]]:
    return [{"at": w.at, "from_person": w.from_person, "text": w.text, "by": w.by} for w in said]


@router.get("/requests", response=list[WaitingOut])
def door_requests(request: HttpRequest, closed: bool = False) -> list[HelpRequest]:
    """Requests of the own organisation; who waits longest first. No word of them."""
    return list(queries.requests(request.viewer, closed=closed))


@router.get("/requests/{request_id}", response=ThreadOut)
def door_request(request: HttpRequest, request_id: UUID) -> dict[str, Any]:
    """One request and what was said."""
    found = queries.request(request.viewer, request_id)
    return {
        "request": found,
        "gave_phone": queries.gave_phone(request.viewer, found),
        "erased_at": found.erased_at,
        "said": _words(queries.conversation(request.viewer, found)),
    }


@router.post("/requests/{request_id}/replies", response=WaitingOut)
def door_reply(request: HttpRequest, request_id: UUID, data: ReplyIn) -> HelpRequest:
    """Answer; who asked reads it with the code."""
    found = queries.request(request.viewer, request_id)
    actions.reply(actor=request.viewer, request=found, text=data.text, expected_version=data.version)
    return queries.request(request.viewer, request_id)


@router.post("/requests/{request_id}/arranged", response=WaitingOut)
def door_arrange(request: HttpRequest, request_id: UUID, data: ArrangeIn) -> HelpRequest:
    """Help was arranged, with or without a case."""
    found = queries.request(request.viewer, request_id)
    actions.arrange(actor=request.viewer, request=found, case_id=data.case_id, expected_version=data.version)
    return queries.request(request.viewer, request_id)


@router.post("/requests/{request_id}/dismissed", response=WaitingOut)
def door_dismiss(request: HttpRequest, request_id: UUID, data: DismissIn) -> HelpRequest:
    """A supervisor closes what is misuse; its words are erased."""
    found = queries.request(request.viewer, request_id)
    actions.dismiss(actor=request.viewer, request=found, reason=data.reason, expected_version=data.version)
    return queries.request(request.viewer, request_id)


@router.post("/requests/{request_id}/telephone")
def door_telephone(request: HttpRequest, request_id: UUID) -> dict[str, str]:
    """The telephone that the person gave; with a fresh second factor, and a trace, each time."""
    keep_nothing(request)
    found = queries.request(request.viewer, request_id)
    return {"telephone": actions.reveal_phone(actor=request.viewer, request=found)}


@router.post("/desk")
def door_desk(request: HttpRequest, data: DeskIn) -> dict[str, Any]:
    """Whether the own organisation answers at the door, and in which languages."""
    require(request.viewer, "door.desk.edit")
    house = request.viewer.organisation_id
    if house is None:
        raise NotFound()
    desk = actions.set_desk(actor=request.viewer, organisation_id=house, **data.dict())
    return {"is_open": desk.is_open, "languages": desk.languages}


@router.post("/cases/{case_id}/page")
def door_give_page(request: HttpRequest, case_id: UUID) -> dict[str, str]:
    """A code for the person's own page, shown once; an earlier one ends. Sent again it is another one."""
    keep_nothing(request)
    return {"code": actions.give_page(actor=request.viewer, about=subject(request.viewer, "case", case_id))}


@router.post("/cases/{case_id}/page/end")
def door_end_page(request: HttpRequest, case_id: UUID) -> dict[str, bool]:
    """The code opens nothing any more."""
    actions.end_pages(actor=request.viewer, about=subject(request.viewer, "case", case_id))
    return {"ended": True}


@router.post("/cases/{case_id}/questions")
def door_put_question(request: HttpRequest, case_id: UUID, data: PutIn) -> dict[str, UUID]:
    """Put a question of consent to an adult, to be answered on the own page."""
    about = subject(request.viewer, "case", case_id)
    return {"id": actions.put_question(actor=request.viewer, about=about, **data.dict()).pk}


@router.get("/complaints", response=list[ComplaintOut])
def door_complaints(request: HttpRequest) -> list[Complaint]:
    """Complaints that were handed to the viewer; never one about a case of his own."""
    return list(queries.complaints(request.viewer))


@router.get("/complaints/{complaint_id}", response=ComplaintWordsOut)
def door_complaint(request: HttpRequest, complaint_id: UUID) -> dict[str, Any]:
    """One complaint and its words."""
    found = queries.complaint(request.viewer, complaint_id)
    return {"complaint": found, "said": _words(queries.complaint_words(request.viewer, found))}


@router.post("/complaints/{complaint_id}/moves", response=ComplaintOut)
def door_judge(request: HttpRequest, complaint_id: UUID, data: JudgeIn) -> Complaint:
    """Acknowledge, answer, answer the appeal. The person reads the answer on the own page."""
    found = queries.complaint(request.viewer, complaint_id)
    given = data.dict()
    actions.judge_complaint(
        actor=request.viewer, complaint=found, expected_version=given.pop("version"), **given
    )
    return queries.complaint(request.viewer, complaint_id)


@router.get("/feedback", response=list[FeedbackOut])
def door_feedback(request: HttpRequest) -> list[dict[str, Any]]:
    """How help was, as people said it; never of a case of one's own."""
    return [{"at": row.at, "face": row.face, "text": text} for row, text in queries.feedback(request.viewer)]
