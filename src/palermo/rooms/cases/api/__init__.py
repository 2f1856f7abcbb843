"""The JSON twin of the case pages: the same queries, actions and refusals. No identity ever leaves this way."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, StreamingHttpResponse
from django.urls import reverse
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile

from palermo.kernel.errors import NotFound
from palermo.kernel.files.responses import as_download
from palermo.rooms.cases import actions, queries
from palermo.rooms.cases.api import plan, same
from palermo.rooms.cases.forms.drafts import NOTE_DRAFT_VERSION
from palermo.rooms.cases.models import Case
from palermo.web.api import Text
from palermo.web.drafts import require_form

router = Router(tags=["cases"])
router.add_router("", plan.router)
router.add_router("", same.router)


class CaseOut(Schema):
    id: UUID
    code: str
    person_code: str
    state: str
    version: int
    crime: str
    status: str
    child: bool | None
    risk: str
    opened_at: datetime
    closed_at: datetime | None


class MoveIn(Schema):
    event: Text
    expected_version: int
    reason: Text = ""
    answers: dict[Text, Any] = {}


class FactsIn(Schema):
    values: dict[Text, Any]
    expected_version: int
    base: dict[Text, Any] | None = None


class NoteIn(Schema):
    text: Text
    corrects: int | None = None


class DeviceNoteIn(Schema):
    """A contact note as a device sends it. `case`: the key or the code of the case; `base`: see the action."""

    form: Text
    case: Text
    text: Text
    begun_at: datetime
    base: dict[Text, Text] | None = None


class FileIn(Schema):
    kind: Text
    description: Text
    shows_identity: bool = True


class RemovalIn(Schema):
    reason: Text


class WorkerIn(Schema):
    to: UUID
    reason: Text
    expected_version: int


def _facts(case: Case) -> dict[str, Any]:
    return {name: getattr(case.facts, name) for name in actions.FACTS} | {"version": case.facts.version}


@router.get("/cases")
def list_cases(
    request: HttpRequest, q: str = "", state: str = "", crime: str = "", risk: str = "", after: str = ""
) -> dict[str, Any]:
    """The viewer's cases by code, newest first; `next` is the cursor of the next page."""
    page = queries.cases(request.viewer, text=q, state=state, crime=crime, risk=risk, after=after)
    return {"items": [CaseOut.from_orm(row).dict() for row in page.rows], "next": page.next}


@router.get("/cases/{case_id}")
def read(request: HttpRequest, case_id: UUID) -> dict[str, Any]:
    """One case: facts, what can happen now, deadlines. Leaves the same trace as the page."""
    case = actions.look_at(actor=request.viewer, case_id=case_id)
    return {
        **CaseOut.from_orm(case).dict(),
        "facts": _facts(case),
        "moves": [
            {"event": move.event, "label": move.label, "asks": move.asks, "why_not": move.why_not}
            for move in queries.moves(request.viewer, case)
        ],
        "deadlines": [
            {"label": clock.label, "due_at": clock.due_at}
            for clock in queries.deadlines(request.viewer, case)
        ],
    }


@router.post("/cases/{case_id}/moves", response=CaseOut)
def move(request: HttpRequest, case_id: UUID, data: MoveIn) -> Case:
    """Let an event happen."""
    case = queries.case(request.viewer, case_id)
    return actions.move_case(
        actor=request.viewer,
        case=case,
        event=data.event,
        reason=data.reason,
        expected_version=data.expected_version,
        answers=data.answers,
    )


@router.post("/cases/{case_id}/facts")
def change_facts(request: HttpRequest, case_id: UUID, data: FactsIn) -> dict[str, Any]:
    """Save coded facts."""
    case = actions.look_at(actor=request.viewer, case_id=case_id)
    actions.change_facts(
        actor=request.viewer,
        facts=case.facts,
        values=data.values,
        expected_version=data.expected_version,
        base=data.base,
    )
    return _facts(case)


@router.get("/cases/{case_id}/notes")
def list_notes(request: HttpRequest, case_id: UUID) -> list[dict[str, Any]]:
    """The notes of a case, newest first; empty without the scope for notes."""
    case = actions.look_at(actor=request.viewer, case_id=case_id)
    return [
        {"id": note.pk, "text": note.text, "written_at": note.written_at, "corrects": note.corrects_id}
        for note in queries.notes(request.viewer, case)
    ]


@router.post("/cases/{case_id}/notes")
def add_note(request: HttpRequest, case_id: UUID, data: NoteIn) -> dict[str, Any]:
    """Add a note, or correct one by a new one."""
    case = queries.case(request.viewer, case_id)
    corrects = case.notes.filter(pk=data.corrects).first() if data.corrects else None
    if data.corrects and corrects is None:
        raise NotFound()
    made = actions.add_note(actor=request.viewer, case=case, text=data.text, corrects=corrects)
    return {"id": made.pk}


@router.post("/notes")
def add_device_note(request: HttpRequest, data: DeviceNoteIn) -> dict[str, Any]:
    """Add a contact note that was written without a link; send it with an Idempotency-Key."""
    require_form(NOTE_DRAFT_VERSION, data.form)
    case = queries.case_named(request.viewer, data.case)
    made = actions.add_note_from_device(
        actor=request.viewer, case=case, text=data.text, begun_at=data.begun_at, base=data.base
    )
    return {"id": made.pk, "url": reverse("cases:case", args=[case.pk])}


@router.get("/cases/{case_id}/trail")
def trail(request: HttpRequest, case_id: UUID) -> list[dict[str, Any]]:
    """Who looked and who changed, in words."""
    case = actions.look_at(actor=request.viewer, case_id=case_id)
    return [
        {"at": deed.at, "who": deed.who, "did": deed.did, "detail": deed.detail}
        for deed in queries.deeds(request.viewer, case)
    ]


@router.get("/cases/{case_id}/files")
def list_files(request: HttpRequest, case_id: UUID) -> list[dict[str, Any]]:
    """The files of a case that the viewer's scopes open; those taken away at the end."""
    case = actions.look_at(actor=request.viewer, case_id=case_id)
    return [asdict(row) for row in queries.case_files(request.viewer, case)]


@router.post("/cases/{case_id}/files")
def add_file(
    request: HttpRequest, case_id: UUID, data: Form[FileIn], file: File[UploadedFile]
) -> dict[str, Any]:
    """Keep a file with the case (multipart)."""
    case = queries.case(request.viewer, case_id)
    made = actions.add_case_file(
        actor=request.viewer, case=case, name=file.name or "", content=file, **data.dict()
    )
    return {"id": made.pk}


@router.get("/cases/{case_id}/files/{file_id}")
def open_file(request: HttpRequest, case_id: UUID, file_id: UUID) -> StreamingHttpResponse:
    """One file as a download, with its trace."""
    case = queries.case(request.viewer, case_id)
    return as_download(actions.open_case_file(actor=request.viewer, case=case, file_id=file_id))


@router.post("/cases/{case_id}/files/{file_id}/remove")
def remove_file(request: HttpRequest, case_id: UUID, file_id: UUID, data: RemovalIn) -> dict[str, Any]:
    """Take a file out of the list; it can be put back."""
    case = queries.case(request.viewer, case_id)
    actions.remove_case_file(actor=request.viewer, case=case, file_id=file_id, reason=data.reason)
    return {"id": file_id}


@router.post("/cases/{case_id}/files/{file_id}/restore")
def restore_file(request: HttpRequest, case_id: UUID, file_id: UUID) -> dict[str, Any]:
    """Put a file back that was taken away."""
    case = queries.case(request.viewer, case_id)
    actions.restore_case_file(actor=request.viewer, case=case, file_id=file_id)
    return {"id": file_id}


@router.post("/cases/{case_id}/worker")
def reassign(request: HttpRequest, case_id: UUID, data: WorkerIn) -> dict[str, Any]:
    """Give the case to a colleague of the same organisation."""
    case = queries.case(request.viewer, case_id)
    made = actions.reassign_worker(actor=request.viewer, case=case, **data.dict())
    return {"id": made.pk, "worker": made.worker_id, "version": made.version}
