"""Reading at the door: what is public, what a code opens, and what workers and supervisors see of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Case, QuerySet, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.context import acting
from palermo.kernel.access.policy import can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.kernel.vault.texts import Owner, Place, open_texts
from palermo.kernel.workflow import queries as workflow
from palermo.rooms.consents.queries import CATEGORIES, PURPOSES, organisation_names, question, words
from palermo.rooms.door.models import (
    CodeKind,
    Complaint,
    Contact,
    Desk,
    Face,
    Feedback,
    HelpRequest,
    PersonPage,
    Question,
    Urgency,
    Word,
)
from palermo.standards.workflows import machine
from palermo.web.room import Due

MOST = 200


@dataclass(frozen=True, slots=True)
class OpenDesk:
    """An organisation that answers, as anybody may know it."""

    organisation_id: UUID
    name: str
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """One word in its order; None in `text` where it was changed outside palermo."""

    at: datetime
    from_person: bool
    text: str | None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """Where one purpose of her ledger stands, in her words; `consent_id` where she can take it back."""

    purpose: str
    question: str
    state: str
    covers: tuple[str, ...]
    to: tuple[str, ...]
    until: datetime | None
    consent_id: UUID | None


@dataclass(frozen=True, slots=True)
class Asking:
    """A question that waits for her answer."""

    pk: UUID
    purpose: str
    question: str
    covers: tuple[str, ...]
    to: tuple[str, ...]
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Own:
    """What the code of a page opens: one person's consents, questions and complaints, of one case."""

    code: bytes
    case_id: UUID
    person_id: UUID
    organisation_id: UUID
    made_by_id: UUID
    ledger: tuple[Line, ...] = ()
    questions: tuple[Asking, ...] = ()
    complaints: tuple[Complaint, ...] = ()
    answers: tuple[tuple[Complaint, tuple[Said, ...]], ...] = ()


def _rows(sql: str, values: list[Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def desks(viewer: Viewer) -> list[OpenDesk]:
    """Organisations that can be asked for help, by name."""
    require(viewer, "door.public.view")
    rows = _rows("SELECT organisation, name, languages FROM door_desks()", [])
    return [OpenDesk(row["organisation"], row["name"], tuple(row["languages"])) for row in rows]


def find(code: bytes) -> tuple[str, UUID] | None:
    """What a code opens, or None: wrong, ended, erased, in one answer."""
    (row,) = _rows("SELECT kind, object FROM door_find(%s)", [code])
    return (row["kind"], row["object"]) if row["kind"] else None


def _said(actor: Viewer, kind: str, thing: UUID, house: UUID, rows: Iterable[Any]) -> tuple[Said, ...]:
    listed = list(rows)
    texts = open_texts(
        actor=actor,
        owner=Owner(kind, thing, house),
        sealed=[(Place("door_word", "sealed", row.pk), row.sealed) for row in listed],
    )
    return tuple(
        Said(row.at, row.from_person, text, str(getattr(row, "by", "") or ""))
        for row, text in zip(listed, texts, strict=True)
    )


def _words_of_code(system: Viewer, code: bytes, kind: str, thing: UUID, house: UUID) -> tuple[Said, ...]:
    rows = Word.objects.raw("SELECT * FROM door_words(%s, %s)", [code, thing])
    return _said(system, kind, thing, house, rows)


def request_of(code: bytes) -> tuple[HelpRequest, tuple[Said, ...]] | None:
    """The request of a code and what was said; None where the code opens none."""
    found = find(code)
    if found is None or found[0] != CodeKind.REQUEST:
        return None
    with acting(Viewer.operator()) as system:
        request = HelpRequest.objects.select_related("organisation").get(pk=found[1])
        return request, _words_of_code(system, code, "help_request", request.pk, request.organisation_id)


def own_of(code: bytes) -> Own | None:
    """The own page of a code, or None."""
    found = find(code)
    if found is None or found[0] != CodeKind.PAGE:
        return None
    (page,) = _rows("SELECT case_id, person_id, organisation_id, made_by_id FROM door_page(%s)", [code])
    ledger = _rows("SELECT * FROM door_ledger(%s)", [code])
    asked = list(Question.objects.raw("SELECT * FROM door_questions(%s)", [code]))
    names = organisation_names(
        [r for row in ledger for r in row["recipients"]] + [r for row in asked for r in row.recipients]
    )
    complaints = tuple(Complaint.objects.raw("SELECT * FROM door_complaints(%s)", [code]))
    with acting(Viewer.operator()) as system:
        said = tuple(
            (row, _words_of_code(system, code, "complaint", row.pk, row.organisation_id))
            for row in complaints
        )
    return Own(
        code=code,
        ledger=_ledger(ledger, names),
        questions=tuple(_asking(row, names) for row in asked),
        complaints=complaints,
        answers=said,
        **page,
    )


def _ledger(rows: list[dict[str, Any]], names: dict[UUID, str]) -> tuple[Line, ...]:
    """The newest answer to each purpose, and every older one that still stands: each can be taken back."""
    now, seen, found = timezone.now(), set(), []
    for row in rows:
        ended = row["valid_until"] is not None and row["valid_until"] <= now
        stands = row["decision"] == "given" and row["withdrawn_at"] is None and not ended
        if row["purpose"] in seen and not stands:
            continue
        seen.add(row["purpose"])
        state = "withdrawn" if row["withdrawn_at"] else "ended" if ended else row["decision"]
        found.append(
            Line(
                words(PURPOSES, row["purpose"]),
                question(row["purpose"]),
                state,
                tuple(words(CATEGORIES, code) for code in row["categories"]),
                tuple(names.get(r, "–") for r in row["recipients"]),
                row["valid_until"],
                row["id"] if stands else None,
            )
        )
    return tuple(found)


def _asking(row: Question, names: dict[UUID, str]) -> Asking:
    return Asking(
        row.pk,
        row.purpose,
        question(row.purpose),
        tuple(words(CATEGORIES, code) for code in row.categories),
        tuple(names.get(r, "–") for r in row.recipients),
        row.valid_until,
    )


# What workers see.


def requests(viewer: Viewer, *, closed: bool = False) -> QuerySet[HelpRequest]:
    """Requests of the viewer's organisations: unanswered first, then the most urgent and longest waiting."""
    require(viewer, "door.request.list")
    ended = [code for code, state in machine("help_request").states.items() if state.kind == "end"]
    rows = HelpRequest.objects.select_related("organisation")
    rows = rows.filter(state__in=ended) if closed else rows.exclude(state__in=ended)
    if closed:
        return rows.order_by("-last_at")[:MOST]
    # Whom nobody has answered yet, then how soon, then who waits longest.
    how_soon = Case(*(When(urgency=code, then=place) for place, code in enumerate(Urgency.values)), default=9)
    unanswered = Case(When(state="received", then=0), default=1)
    return rows.annotate(unanswered=unanswered, how_soon=how_soon).order_by(
        "unanswered", "how_soon", "created_at"
    )[:MOST]


def request(viewer: Viewer, request_id: UUID) -> HelpRequest:
    """One request, or NotFound."""
    require(viewer, "door.request.view", request_id)
    found = HelpRequest.objects.select_related("organisation").filter(pk=request_id).first()
    if found is None:
        raise NotFound()
    return found


def conversation(viewer: Viewer, of: HelpRequest) -> tuple[Said, ...]:
    """What was said, in its order."""
    return _worker_words(viewer, "help_request", of.pk, of.organisation_id)


def _worker_words(viewer: Viewer, kind: str, thing: UUID, house: UUID) -> tuple[Said, ...]:
    rows = list(Word.objects.filter(object_id=thing).select_related("written_by").order_by("at"))
    for row in rows:
        row.by = row.written_by  # type: ignore[attr-defined]
    return _said(viewer, kind, thing, house, rows)


def gave_phone(viewer: Viewer, of: HelpRequest) -> bool:
    return Contact.objects.filter(pk=of.pk).exists()


def desk_of(viewer: Viewer, organisation_id: UUID | None) -> Desk | None:
    return Desk.objects.filter(organisation_id=organisation_id).first()


def page_of_case(viewer: Viewer, case_id: UUID) -> PersonPage | None:
    """The own page that can be opened now, if there is one."""
    rows = PersonPage.objects.filter(case_id=case_id, ended_at=None, valid_until__gt=timezone.now())
    return rows.select_related("made_by").first()


def questions_of_case(viewer: Viewer, case_id: UUID) -> QuerySet[Question]:
    return Question.objects.filter(case_id=case_id).order_by("-asked_at")[:MOST]


def complaints(viewer: Viewer) -> QuerySet[Complaint]:
    """Complaints that were handed to the viewer, newest first."""
    require(viewer, "door.complaint.list")
    return Complaint.objects.select_related("organisation").order_by("-created_at")[:MOST]


def complaint(viewer: Viewer, complaint_id: UUID) -> Complaint:
    """One complaint, or NotFound: also for whom it is about."""
    require(viewer, "door.complaint.view", complaint_id)
    found = Complaint.objects.select_related("organisation").filter(pk=complaint_id).first()
    if found is None:
        raise NotFound()
    return found


def complaint_words(viewer: Viewer, of: Complaint) -> tuple[Said, ...]:
    return _worker_words(viewer, "complaint", of.pk, of.organisation_id)


def feedback(viewer: Viewer) -> list[tuple[Feedback, str]]:
    """How help was, newest first, with its words; of the viewer's organisation, never of a case of his own."""
    require(viewer, "door.feedback.list")
    found = []
    for row in Feedback.objects.order_by("-at")[:50]:
        said = _worker_words(viewer, "feedback", row.pk, row.organisation_id)
        found.append((row, " ".join(each.text or "–" for each in said)))
    return found


def faces(viewer: Viewer) -> list[tuple[str, int]]:
    """How often each face was chosen, among what the viewer may see."""
    require(viewer, "door.feedback.list")
    return [(str(face.label), Feedback.objects.filter(face=face).count()) for face in Face]


def state_name(name: str, code: str, language: str) -> str:
    return machine(name).state(code).label(language)


def due_for(viewer: Viewer) -> list[Due]:
    """Requests that wait for a reply, and complaints that wait for an answer. No word of either."""
    found: list[Due] = []
    for kind, permission, url_name, title in (
        ("helprequest", "door.request.list", "door:request", _("Somebody at the door: %(step)s")),
        ("complaint", "door.complaint.list", "door:complaint", _("Complaint: %(step)s")),
    ):
        if not can(viewer, permission):
            continue
        rows = workflow.due(viewer, object_kind=kind)
        found += [
            Due(title % {"step": row.label}, reverse(url_name, args=[row.object_id]), row.due_at)
            for row in rows
        ]
    return found
