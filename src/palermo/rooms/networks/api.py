"""The JSON twin of the networks: the same queries, actions and refusals as the pages. No identity leaves this way."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest
from ninja import Router, Schema

from palermo.kernel.vault.identity import Identity
from palermo.rooms.networks import actions, queries
from palermo.rooms.networks.models import Member, Network, Notification
from palermo.rooms.networks.queries.words import language
from palermo.standards.instruments.guides import guides
from palermo.web.api import Text

router = Router(tags=["networks"])


class NetworkOut(Schema):
    id: UUID
    name: str
    sector: str
    organisation_id: UUID
    version: int


class MemberOut(Schema):
    id: UUID
    network_id: UUID
    organisation_id: UUID
    part: str
    state: str
    trained_until: datetime | None
    version: int


class NotificationOut(Schema):
    id: UUID
    code: str
    kind: str
    network_id: UUID
    sector: str
    organisation_id: UUID
    receiver_id: UUID
    urgent: bool
    state: str
    sent_at: datetime
    answer_by: datetime | None
    answers: list[str]
    version: int


class DraftIn(Schema):
    urgent: list[Text] = []
    age: Text = ""
    seen: list[Text] = []
    thinks: Text = ""
    words: Text = ""
    area: Text = ""
    place: Text = ""
    key: UUID | None = None


class SendIn(Schema):
    """Of an adult: receiver_id, service_id, language, interpreting, and agrees = true. Of a child: the rest."""

    agrees: bool = False
    receiver_id: UUID | None = None
    service_id: UUID | None = None
    tell_identity: bool = False
    language: Text = ""
    interpreting: Text = ""
    person_id: UUID | None = None
    searched: bool = False
    family_name: Text = ""
    given_names: Text = ""
    birth_date: Text = ""
    phone: Text = ""
    situation: Text = ""
    view_manner: Text = ""
    view_text: Text = ""
    child_protection: UUID | None = None
    police: UUID | None = None
    coordinator: UUID | None = None


class AnonymousIn(Schema):
    crime: Text
    sex: Text = ""
    age_band: Text = ""
    region: Text = ""
    area: Text = ""
    forms: list[Text] = []
    sectors: list[Text] = []
    rare_accepted: bool = False
    support_offered: bool = False


class AnswerIn(Schema):
    answer: Text
    version: int


class MoveIn(Schema):
    event: Text
    version: int
    reason: Text = ""


class DraftOut(Schema):
    id: UUID
    missing: list[str]


def _network(row: Network) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("id", "name", "sector", "organisation_id", "version")}


def _member(row: Member) -> dict[str, Any]:
    names = ("id", "network_id", "organisation_id", "part", "state", "trained_until", "version")
    return {name: getattr(row, name) for name in names}


def _notification(row: Notification) -> dict[str, Any]:
    names = (
        "id", "code", "kind", "network_id", "sector", "organisation_id", "receiver_id", "urgent", "state", "sent_at",
        "answer_by", "version",
    )  # fmt: skip
    answers = list(row.answers.values_list("code", flat=True))
    return {**{name: getattr(row, name) for name in names}, "answers": answers}


@router.get("/networks", response=list[NetworkOut])
def list_networks(request: HttpRequest) -> list[dict[str, Any]]:
    """Every open network, one's own first."""
    return [_network(row.network) for row in queries.networks(request.viewer)]


@router.get("/networks/{network_id}/guide")
def read_guide(request: HttpRequest, network_id: UUID) -> dict[str, Any]:
    """What one may see in this kind of work: question codes with their words and sources."""
    guide = guides()[queries.network(request.viewer, network_id).sector]
    spoken = language()
    lines = [{"code": x.question.code, "say": x.say[spoken], "source": x.source} for x in guide.lines]
    return {"sector": guide.sector, "version": guide.version, "look": guide.look[spoken], "lines": lines}


@router.get("/networks/{network_id}/members", response=list[MemberOut])
def list_members(request: HttpRequest, network_id: UUID) -> list[dict[str, Any]]:
    """Everybody in a network that one leads."""
    return [_member(person.row) for person in queries.people(request.viewer, network_id)]


@router.post("/networks/{network_id}/join", response=MemberOut)
def join_network(request: HttpRequest, network_id: UUID) -> dict[str, Any]:
    """Ask to belong to a network, for one's first organisation."""
    viewer = request.viewer
    found = queries.network(viewer, network_id)
    house = next((UUID(key) for key, _name in queries.own_houses(viewer)), found.pk)
    return _member(actions.ask_to_join(actor=viewer, network=found, organisation_id=house))


@router.post("/network-members/{member_id}/moves", response=MemberOut)
def move_network_member(request: HttpRequest, member_id: UUID, data: MoveIn) -> dict[str, Any]:
    """Agree, refuse or leave."""
    row = queries.member(request.viewer, member_id)
    row = actions.move_member(
        actor=request.viewer, row=row, event=data.event, expected_version=data.version, reason=data.reason
    )
    return _member(row)


@router.post("/networks/{network_id}/drafts", response=DraftOut)
def keep_notification(request: HttpRequest, network_id: UUID, data: DraftIn) -> dict[str, Any]:
    """Keep an unfinished notification, complete or not. The same `key` twice is one draft."""
    found = queries.network(request.viewer, network_id)
    given = data.dict()
    key = given.pop("key") or uuid4()
    row = actions.keep_draft(actor=request.viewer, network=found, answers=given, draft_id=key)
    return {"id": row.pk, "missing": [problem.field for problem in queries.missing(given)]}


@router.post("/network-drafts/{draft_id}/send", response=NotificationOut)
def send_kept_notification(request: HttpRequest, draft_id: UUID, data: SendIn) -> dict[str, Any]:
    """Send it: an adult's with the person's agreement, a child's to child protection. Sent twice, it is one."""
    viewer = request.viewer
    known = queries.sent_before(viewer, draft_id)
    if known is not None:
        return _notification(known)
    draft = queries.draft(viewer, draft_id)
    targets = queries.receivers(viewer, draft.network, ())
    wanted = f"{data.receiver_id}:{data.service_id or ''}"
    bodies = {body: getattr(data, body) for body in ("child_protection", "police", "coordinator")}
    sent = actions.Sent(
        identity=Identity(
            family_name=data.family_name,
            given_names=data.given_names,
            birth_date=data.birth_date,
            phone=data.phone,
        ),
        person_id=data.person_id,
        searched=data.searched,
        agrees=data.agrees,
        target=next((target for target in targets if target.key == wanted), None),
        tell_identity=data.tell_identity,
        language=data.language,
        interpreting=data.interpreting,
        situation=data.situation,
        bodies={body: str(key) for body, key in bodies.items() if key},
        view={"view_manner": data.view_manner, "view_text": data.view_text},
    )
    return _notification(actions.send_notification(actor=viewer, draft=draft, sent=sent))


@router.post("/network-drafts/{draft_id}/anonymous")
def send_anonymous_notification(request: HttpRequest, draft_id: UUID, data: AnonymousIn) -> dict[str, bool]:
    """The adult does not agree: codes alone, tied to nothing. There is nothing to follow."""
    draft = queries.draft(request.viewer, draft_id)
    actions.notify_anonymously(actor=request.viewer, draft=draft, given=data.dict())
    return {"sent": True}


@router.get("/network-notifications", response=list[NotificationOut])
def list_notifications(request: HttpRequest, box: str = "out") -> list[dict[str, Any]]:
    """What one sent (`out`), or what one's organisation got (`in`)."""
    lines = queries.received(request.viewer, waiting=False) if box == "in" else queries.sent(request.viewer)
    return [_notification(line.row) for line in lines]


@router.get("/network-notifications/{notification_id}", response=NotificationOut)
def read_notification(request: HttpRequest, notification_id: UUID) -> dict[str, Any]:
    """One notification and what became of it, in general terms."""
    return _notification(queries.notification(request.viewer, notification_id))


@router.post("/network-notifications/{notification_id}/answers", response=NotificationOut)
def answer_notification(request: HttpRequest, notification_id: UUID, data: AnswerIn) -> dict[str, Any]:
    """The receiver tells the referrer what became of it."""
    row = queries.notification(request.viewer, notification_id)
    row = actions.answer(actor=request.viewer, row=row, code=data.answer, expected_version=data.version)
    return _notification(row)


@router.get("/network-figures")
def network_figures(
    request: HttpRequest, since: date, until: date, network_id: UUID | None = None
) -> dict[str, Any]:
    """Protected counts: row -> stage -> number; null is withheld."""
    found = queries.figures(request.viewer, since=since, until=until, network_id=network_id)
    rows = {row: {s: found.cells.get((row, s)) for s in queries.STAGES} for row in found.rows}
    return {"names": found.names, "rows": rows, "explanation": list(found.explanation)}
