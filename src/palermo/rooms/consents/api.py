"""The JSON twin of the ledger: the same queries, actions and refusals."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from palermo.kernel.access.policy import require
from palermo.rooms.consents import actions, queries
from palermo.web.room import subject

router = Router(tags=["consents"])


class ConsentIn(Schema):
    purpose: str
    categories: list[str]
    recipients: list[UUID] = []
    decision: str
    language: str
    interpreting: str
    speaker: str = "person"
    child_view: str = ""
    valid_until: datetime | None = None


class WithdrawIn(Schema):
    note: str = ""


@router.get("/cases/{case_id}/consents")
def list_consents(request: HttpRequest, case_id: UUID) -> dict[str, Any]:
    """Where every purpose stands, and the entries of the ledger, newest first."""
    about = subject(request.viewer, "case", case_id)
    require(request.viewer, "consents.consent.view", case_id)
    return {
        "standings": [
            {"purpose": s.purpose, "state": s.state}
            for s in queries.standings(request.viewer, about.person_id)
        ],
        "entries": [
            {
                "id": row.pk,
                "purpose": row.purpose,
                "decision": row.decision,
                "categories": row.categories,
                "recipients": row.recipients,
                "asked_at": row.asked_at,
                "valid_until": row.valid_until,
                "withdrawn_at": getattr(getattr(row, "withdrawal", None), "at", None),
            }
            for row in queries.entries(request.viewer, about.person_id)
        ],
    }


@router.post("/cases/{case_id}/consents")
def record_consent(request: HttpRequest, case_id: UUID, data: ConsentIn) -> dict[str, Any]:
    """Write one answer into the ledger."""
    about = subject(request.viewer, "case", case_id)
    made = actions.record_consent(actor=request.viewer, about=about, **data.dict())
    return {"id": made.pk}


@router.post("/cases/{case_id}/consents/{consent_id}/withdrawal")
def withdraw_consent(
    request: HttpRequest, case_id: UUID, consent_id: UUID, data: WithdrawIn
) -> dict[str, Any]:
    """The person takes a consent back."""
    about = subject(request.viewer, "case", case_id)
    consent = queries.consent(request.viewer, about.person_id, consent_id)
    made = actions.withdraw_consent(actor=request.viewer, about=about, consent=consent, note=data.note)
    return {"withdrawn_at": made.at}
