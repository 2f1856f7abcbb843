"""The JSON twin of an event as a whole: its numbers, who works in it, and many rows corrected at once."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from palermo.kernel.access.policy import require
from palermo.rooms.encounters import actions, queries
from palermo.web.api import Text

router = Router(tags=["encounters"])


class CountsIn(Schema):
    expected: int | None = None
    dead: int = 0
    missing: int = 0
    travelled: str | None = None
    border: str | None = None
    expected_version: int


class ShareIn(Schema):
    """grantee_kind: person, unit or organisation."""

    grantee_kind: Text
    grantee_id: UUID
    purpose: Text


class RowIn(Schema):
    """One row of the table: what is left out stays as it is. `version`: the one that was seen."""

    id: UUID
    version: int
    tag: Text | None = None
    age: Text | None = None
    sex: Text | None = None
    languages: list[Text] | None = None
    family_group: Text | None = None
    alone: bool | None = None
    urgent: bool | None = None


class TableIn(Schema):
    rows: list[RowIn]


@router.post("/events/{event_id}/counts")
def change_event_counts(request: HttpRequest, event_id: UUID, data: CountsIn) -> dict[str, Any]:
    """Correct how many there were, the dead and the missing."""
    event = queries.event(request.viewer, event_id)
    row = actions.change_event(actor=request.viewer, event=event, **data.dict())
    return {
        "id": row.pk,
        "expected": row.expected,
        "dead": row.dead,
        "missing": row.missing,
        "version": row.version,
    }


@router.get("/events/{event_id}/shares")
def list_event_shares(request: HttpRequest, event_id: UUID) -> list[dict[str, Any]]:
    """Who works in the event, for those who may share it."""
    event = queries.event(request.viewer, event_id)
    require(request.viewer, "encounters.event.share", event.pk)
    return [
        {"id": share.id, "who": share.who, "purpose": share.purpose, "since": share.since, "mine": share.mine}
        for share in queries.shares(request.viewer, event)
    ]


@router.post("/events/{event_id}/shares")
def share_event(request: HttpRequest, event_id: UUID, data: ShareIn) -> dict[str, Any]:
    """Let one more work in the event, with every person of it."""
    event = queries.event(request.viewer, event_id)
    return {"id": actions.share_event(actor=request.viewer, event=event, **data.dict())}


@router.post("/events/{event_id}/shares/{grant_id}/end")
def end_event_share(request: HttpRequest, event_id: UUID, grant_id: UUID) -> dict[str, Any]:
    """End a share now."""
    event = queries.event(request.viewer, event_id)
    actions.end_share(actor=request.viewer, event=event, grant_id=grant_id)
    return {"ended": grant_id}


@router.post("/events/{event_id}/table")
def correct_table(request: HttpRequest, event_id: UUID, data: TableIn) -> dict[str, Any]:
    """Correct many rows; one that cannot be read or was changed meanwhile is named, the others are saved."""
    event = queries.event(request.viewer, event_id)
    rows = {
        row.id: (row.version, row.dict(exclude={"id", "version"}, exclude_none=True)) for row in data.rows
    }
    saved, problems = actions.correct(actor=request.viewer, event=event, rows=rows)
    return {
        "saved": saved,
        "refused": [{"id": p.field.removeprefix("row-"), "why": str(p.message)} for p in problems],
    }
