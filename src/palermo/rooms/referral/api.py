"""The JSON twin of referrals: the same queries, moves and refusals as the pages. No identity leaves this way."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from palermo.rooms.referral import actions, queries
from palermo.rooms.referral.models import Referral
from palermo.web.api import Text
from palermo.web.room import subject

router = Router(tags=["referral"])


class DraftIn(Schema):
    receiver_id: UUID
    service_id: UUID | None = None
    kind: Text = ""
    urgent: bool = False
    texts: dict[Text, Text]
    categories: list[Text] = []
    transfer: bool = False


class MoveIn(Schema):
    event: Text
    version: int
    decline: Text = ""
    redirect_to: UUID | None = None
    outcome: Text = ""
    still_needed: list[Text] = []
    ending: Text = ""
    progress: Text = ""
    next_on: date | None = None
    arrived: Text = ""


class ReferralOut(Schema):
    id: UUID
    code: str
    machine: str
    side: str
    state: str
    version: int
    kind: str
    area: str
    urgent: bool
    receiver_id: UUID
    organisation_id: UUID | None
    sent_at: datetime | None
    outcome: str
    still_needed: list[str]
    arrived: str


def _out(viewer: Any, row: Referral) -> dict[str, Any]:
    side = queries.side_of(viewer, row)
    # Who asks is told once it is acknowledged, as on the page.
    known = side == queries.OUTBOX or row.received_at is not None
    fields = ("id", "code", "machine", "state", "version", "kind", "area", "urgent", "receiver_id", "sent_at")
    said = {name: getattr(row, name) for name in (*fields, "outcome", "still_needed", "arrived")}
    return said | {"side": side, "organisation_id": row.organisation_id if known else None}


@router.get("/referrals", response=list[ReferralOut])
def list_referrals(request: HttpRequest, box: str = "in", only: str = "") -> list[dict[str, Any]]:
    """The inbox (`in`) or outbox (`out`); only: waiting, open, ended."""
    return [_out(request.viewer, line.row) for line in queries.lines(request.viewer, box=box, only=only)]


@router.post("/cases/{case_id}/referrals", response=ReferralOut)
def draft_referral(request: HttpRequest, case_id: UUID, data: DraftIn) -> dict[str, Any]:
    """Begin a referral of a case. Nobody outside sees it until it is sent."""
    about = subject(request.viewer, "case", case_id)
    made = actions.draft(actor=request.viewer, about=about, **data.dict())
    return _out(request.viewer, made)


@router.get("/referrals/{referral_id}", response=ReferralOut)
def read_referral(request: HttpRequest, referral_id: UUID) -> dict[str, Any]:
    """One referral, as far as this side may know it."""
    return _out(request.viewer, queries.referral(request.viewer, referral_id))


@router.get("/referrals/{referral_id}/packet")
def read_packet(request: HttpRequest, referral_id: UUID) -> dict[str, Any]:
    """What is told, without name and contact. Leaves a trace."""
    row = queries.referral(request.viewer, referral_id)
    found = actions.open_packet(actor=request.viewer, row=row)
    return {
        "digest": found.packet.digest,
        "frozen_at": found.packet.frozen_at,
        "parts": {code: words for code, _name, words in found.parts},
    }


@router.post("/referrals/{referral_id}/moves", response=ReferralOut)
def move_referral(request: HttpRequest, referral_id: UUID, data: MoveIn) -> dict[str, Any]:
    """One move: send, acknowledge, accept, decline, redirect, first_service, feedback, complete, confirm and so on."""
    row = queries.referral(request.viewer, referral_id)
    answers = {k: v for k, v in data.dict().items() if k not in ("event", "version") and v}
    row = actions.move(
        actor=request.viewer, row=row, event=data.event, expected_version=data.version, answers=answers
    )
    return _out(request.viewer, row)
