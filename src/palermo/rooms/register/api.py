"""The JSON twin of the register's pages: the same queries, the same refusals."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema

from palermo.kernel.access.policy import can
from palermo.kernel.errors import FieldProblem, Invalid, NotFound
from palermo.kernel.imports import queries as imports
from palermo.rooms.register import actions, queries

router = Router(tags=["register"])


class PersonOut(Schema):
    code: str
    year: int | None
    crime: str
    status: str
    sex: str
    age: str
    citizenship: str
    forms: list[str]
    source: str


class PageOut(Schema):
    persons: list[PersonOut]
    next: str
    total: int | None
    exact: bool
    fewer_than: int | None


class FilterIn(Schema):
    code: str = ""
    year: int | None = None
    crime: str = ""
    status: str = ""
    sex: str = ""
    age_group: str = ""
    citizenship: str = ""
    form: str = ""
    source: str = ""
    after: str = ""


class GroupOut(Schema):
    year: int | None
    crime: str
    status: str
    sex: str
    age: str
    at_least: int


class GroupsOut(Schema):
    groups: list[GroupOut]
    total: int | None
    fewer_than: int | None


class GroupsIn(Schema):
    purpose: Literal["quality", "table", "question", "research"]
    year: int | None = None
    crime: str = ""
    status: str = ""
    sex: str = ""
    age_group: str = ""
    form: str = ""
    source: str = ""


class ImportOut(Schema):
    id: UUID
    format: str
    source: str
    state: str
    rows_total: int
    rows_done: int
    added: int
    updated: int
    unchanged: int
    rejected: int
    started_at: datetime
    finished_at: datetime | None


@router.get("/persons", response=PageOut)
def persons(request: HttpRequest, wanted: Query[FilterIn]) -> Any:
    """Persons by filter, fifty at a time. `total` is at least that many, and null under `fewer_than`."""
    asked = wanted.dict(exclude={"after"})
    page = queries.persons(request.viewer, asked, after=wanted.after)
    actions.record_look(actor=request.viewer, what="list", attributes=[n for n in asked if asked[n]])
    total = page.total
    return {
        "persons": page.rows,
        "next": page.next,
        "total": total.count,
        "exact": total.exact,
        "fewer_than": total.fewer_than,
    }


@router.get("/persons/{code}")
def person(request: HttpRequest, code: str) -> dict[str, Any]:
    """One person by code."""
    found = queries.person(request.viewer, code)
    actions.record_look(actor=request.viewer, what="person", attributes=())
    joined = queries.together(request.viewer, found.code)
    return {
        "stands_for": found.stands_for,
        "rows": [
            {
                "code": row.code,
                "source": row.source,
                "legal_basis": row.legal_basis,
                "since": row.since,
                "why": row.why,
            }
            for row in (joined.rows if joined else ())
        ],
        "conflicts": [
            {
                "fact": fact.name,
                "counts": fact.word,
                "reason": fact.reason,
                "told": [{"code": one.code, "source": one.source, "says": one.word} for one in fact.told],
            }
            for fact in (joined.facts if joined else ())
            if fact.conflict
        ],
        "code": found.code,
        "attributes": dict(found.facts),
        "answers": {a.group: {"yes": a.yes, "no": a.no} for a in found.answers},
        "events": [
            {"kind": e.kind, "on": e.on, "precision": e.precision, "area": e.area} for e in found.events
        ],
    }


@router.get("/groups", response=GroupsOut)
def groups(request: HttpRequest, wanted: Query[GroupsIn]) -> Any:
    """Groups of persons of at least the threshold, on record with what they are looked at for."""
    asked = wanted.dict(exclude={"purpose"})
    found = queries.groups(request.viewer, asked)
    actions.record_look(
        actor=request.viewer, what="group", attributes=[n for n in asked if asked[n]], purpose=wanted.purpose
    )
    return {"groups": found.rows, "total": found.total.count, "fewer_than": found.total.fewer_than}


@router.get("/counts")
def counts(request: HttpRequest, by: str) -> list[dict[str, Any]]:
    """Exact counts by comma-separated attributes; not for publication, and put on record."""
    if not can(request.viewer, "register.person.count"):
        raise NotFound()
    names = [name for name in by.split(",") if name]
    if wrong := [name for name in names if name not in queries.BY]:
        problems = [FieldProblem("by", name, "register.count.by") for name in wrong]
        raise Invalid("the register cannot be counted by this", problems=problems)
    return actions.count_exactly(actor=request.viewer, by=names)


@router.get("/imports", response=list[ImportOut])
def import_list(request: HttpRequest) -> Any:
    """The newest imports."""
    if not can(request.viewer, "register.import.view"):
        raise NotFound()
    return list(imports.runs(request.viewer))
