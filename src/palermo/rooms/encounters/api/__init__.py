"""The JSON twin of the encounters room: the same queries, actions and refusals."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from palermo.kernel.errors import FieldProblem, Invalid
from palermo.rooms.encounters import actions, queries
from palermo.rooms.encounters.api import device
from palermo.rooms.encounters.api import event as whole_event
from palermo.rooms.encounters.models import Event, Migrant
from palermo.rooms.encounters.queries.board import lines_of
from palermo.web.api import Text

router = Router(tags=["encounters"])
router.add_router("", whole_event.router)
router.add_router("", device.router)


class EventIn(Schema):
    kind: str
    place: str
    happened_at: datetime | None = None
    expected: int | None = None
    dead: int = 0
    missing: int = 0
    travelled: str = ""
    border: str = ""
    key: UUID | None = None


class SeenIn(Schema):
    tag: str = ""
    age: str = ""
    sex: str = ""
    languages: list[str] = []
    family_group: str = ""
    alone: bool = False
    urgent: bool = False


class PersonsIn(Schema):
    """`key` is made by the sender: the same key sent again adds nobody."""

    key: UUID
    persons: list[SeenIn]


class AidIn(Schema):
    given: list[str]
    expected_version: int


class AnswersIn(Schema):
    answers: dict[str, str]
    expected_version: int


class MoveIn(Schema):
    event: str
    expected_version: int
    reason: str = ""
    inputs: dict[str, bool | str] = {}


class AssessmentIn(Schema):
    kind: Text
    levels: list[Text] = []
    found: list[Text] = []


class AgainIn(Schema):
    why: Text
    expected_version: int


class LinkIn(Schema):
    other: int
    relation: Text


class RelinkIn(Schema):
    relation: Text = ""
    apart: bool = False


class TogetherIn(Schema):
    """`persons`: id -> the version that was seen."""

    step: Text
    persons: dict[UUID, int]
    given: list[Text] = []
    answers: dict[Text, Text] = {}
    reason: Text = ""
    apart: Text = ""
    inputs: dict[Text, bool | Text] = {}


def _event(row: Event) -> dict[str, Any]:
    return {
        "id": row.pk,
        "code": row.code,
        "kind": row.kind,
        "place": row.place,
        "happened_at": row.happened_at,
        "expected": row.expected,
        "dead": row.dead,
        "missing": row.missing,
        "travelled": row.travelled,
        "border": row.border,
        "version": row.version,
    }


def _person(row: Migrant) -> dict[str, Any]:
    return {
        "id": row.pk,
        "number": row.number,
        "tag": row.tag,
        "age": row.age,
        "sex": row.sex,
        "languages": row.languages,
        "family_group": row.family_group,
        "alone": row.alone,
        "urgent": row.urgent,
        "child": row.child,
        "state": row.state,
        "no_consulate": row.no_consulate,
        "again": row.again,
        "version": row.version,
    }


@router.get("/events")
def list_events(request: HttpRequest) -> list[dict[str, Any]]:
    """The viewer's events, newest first."""
    return [_event(row) | {"persons": row.persons} for row in queries.events(request.viewer)]  # type: ignore[attr-defined]


@router.post("/events")
def open_event(request: HttpRequest, data: EventIn) -> dict[str, Any]:
    """Open an event; the same `key` sent again gives the same event."""
    given = data.dict()
    key = given.pop("key")
    return _event(actions.open_event(actor=request.viewer, event_id=key, **given))


@router.get("/events/{event_id}")
def read_event(request: HttpRequest, event_id: UUID) -> dict[str, Any]:
    """An event with everybody in the order of triage."""
    event = queries.event(request.viewer, event_id)
    lines = lines_of(queries.persons(request.viewer, event))
    return _event(event) | {"persons": [_person(line.it) | {"rank": line.rank} for line in lines]}


@router.post("/events/{event_id}/persons")
def add_persons(request: HttpRequest, event_id: UUID, data: PersonsIn) -> dict[str, Any]:
    """Add up to 500 persons in one go; everything that is wrong is told at once."""
    event = queries.event(request.viewer, event_id)
    read = [actions.seen_from(person.dict()) for person in data.persons]
    problems = [
        FieldProblem(f"persons.{n}", fault, "person")
        for n, (_seen, faults) in enumerate(read)
        for fault in faults
    ]
    if problems:
        raise Invalid(problems[0].message, problems=problems)
    added = actions.add_persons(
        actor=request.viewer, event=event, persons=[seen for seen, _faults in read], key=data.key
    )
    return {"added": added}


@router.get("/persons/{migrant_id}")
def read_migrant(request: HttpRequest, migrant_id: UUID) -> dict[str, Any]:
    """One person, and what can happen now."""
    row = queries.migrant(request.viewer, migrant_id)
    return _person(row) | {
        "aid": row.aid,
        "answers": {name: getattr(row, name) for name in actions.QUESTIONS},
        "moves": [
            {"event": m.event, "to": m.to, "why_not": m.why_not}
            for m in queries.moves_of(request.viewer, row)
        ],
    }


@router.post("/persons/{migrant_id}/aid")
def give_aid(request: HttpRequest, migrant_id: UUID, data: AidIn) -> dict[str, Any]:
    """Write down the first help."""
    row = queries.migrant(request.viewer, migrant_id)
    return _person(actions.give_aid(actor=request.viewer, migrant=row, **data.dict()))


@router.post("/persons/{migrant_id}/answers")
def answer_migrant(request: HttpRequest, migrant_id: UUID, data: AnswersIn) -> dict[str, Any]:
    """Write down the five answers."""
    row = queries.migrant(request.viewer, migrant_id)
    return _person(actions.answer(actor=request.viewer, migrant=row, **data.dict()))


@router.post("/persons/{migrant_id}/assessments")
def assess_migrant(request: HttpRequest, migrant_id: UUID, data: AssessmentIn) -> dict[str, Any]:
    """A look at vulnerability (levels, found) or at the risks of a return (found: what somebody has made sure of)."""
    row = queries.migrant(request.viewer, migrant_id)
    actions.assess(actor=request.viewer, migrant=row, **data.dict())
    return _person(row)


@router.post("/persons/{migrant_id}/again")
def note_again(request: HttpRequest, migrant_id: UUID, data: AgainIn) -> dict[str, Any]:
    """Something happened after which the person must be screened again."""
    row = queries.migrant(request.viewer, migrant_id)
    return _person(actions.note_again(actor=request.viewer, migrant=row, **data.dict()))


@router.post("/persons/{migrant_id}/links")
def link_persons(request: HttpRequest, migrant_id: UUID, data: LinkIn) -> dict[str, Any]:
    """This person is `relation` of the person with the number `other` of the same event."""
    row = queries.migrant(request.viewer, migrant_id)
    made = actions.link_family(
        actor=request.viewer, event=row.event, one=row.number, other=data.other, relation=data.relation
    )
    return {"id": made.pk, "relation": made.relation, "other": data.other}


@router.post("/persons/{migrant_id}/links/{link_id}")
def correct_link(request: HttpRequest, migrant_id: UUID, link_id: UUID, data: RelinkIn) -> dict[str, Any]:
    """Correct a link, or take it away with an empty relation."""
    row = queries.migrant(request.viewer, migrant_id)
    link = queries.link(request.viewer, row, link_id)
    given: dict[str, Any] = {"actor": request.viewer, "event": row.event, "link_id": link.pk}
    if not data.relation:
        actions.unlink_family(**given, apart=data.apart)
        return {"removed": link.pk}
    made = actions.correct_link(**given, relation=data.relation)
    return {"id": made.pk, "relation": made.relation}


@router.post("/events/{event_id}/together")
def move_together(request: HttpRequest, event_id: UUID, data: TogetherIn) -> dict[str, Any]:
    """The same help (`aid`), the same answers (`answers`) or the same step for many; who is refused is named."""
    viewer, event = request.viewer, queries.event(request.viewer, event_id)
    if data.step == "aid":
        done = actions.aid_many(actor=viewer, event=event, chosen=data.persons, given=data.given)
    elif data.step == "answers":
        done = actions.answer_many(actor=viewer, event=event, chosen=data.persons, answers=data.answers)
    else:
        done = actions.move_many(
            actor=viewer,
            event=event,
            step=data.step,
            chosen=data.persons,
            reason=data.reason,
            inputs=data.inputs,
            apart=data.apart,
        )
    return {"done": done.done, "refused": [{"number": n, "why": why} for n, why in done.refused]}


@router.post("/persons/{migrant_id}/moves")
def move_migrant(request: HttpRequest, migrant_id: UUID, data: MoveIn) -> dict[str, Any]:
    """One step of the machine."""
    row = queries.migrant(request.viewer, migrant_id)
    return _person(actions.move(actor=request.viewer, migrant=row, **data.dict()))
