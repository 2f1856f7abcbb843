"""The OData service of a form: its documents, and feeds that stream in constant memory."""

import base64
import binascii
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote, urlencode
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.rooms.observatory import actions, queries
from palermo.rooms.observatory.models import Form, ReadToken, Submission
from palermo.rooms.observatory.queries.feeds import AT_ONCE, after, answers, edits_of, page, records, turns
from palermo.rooms.observatory.queries.shapes import tables
from palermo.rooms.observatory.queries.sifting import Unsupported, condition, review_of
from palermo.rooms.observatory.views.central.listing import stamp, study_of
from palermo.rooms.observatory.views.central.serving import served
from palermo.rooms.observatory.views.central.shaping import (
    Entity,
    document,
    entities,
    filled,
    link_of,
    metadata,
    parent_key,
)

KNOWN = {
    "$top", "$skip", "$count", "$filter", "$expand", "$select", "$orderby", "$skiptoken", "$wkt", "$format",
}  # fmt: skip
_KEYS = re.compile(r"\('([^']*)'\)")
ONE = re.compile(r"Submissions\('((?:[^']|'')*)'\)(?:/(.+))?")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a feed was asked for. last: the row after which to go on (record, turn); within: the turn whose own."""

    top: int | None
    skip: int
    count: bool
    expand: bool
    ascending: bool
    select: tuple[str, ...]
    sifted: Q
    last: tuple[str, tuple[int, ...]] | None
    within: str = ""


@served("GET")
def service(
    request: HttpRequest, viewer: Viewer, token: ReadToken, number: int, form_id: str
) -> HttpResponseBase:
    """Which feeds there are."""
    one = queries.form_by_id(viewer, study_of(viewer, token, number), form_id)
    return JsonResponse(document(_root(request, number, form_id), shape(one)))


@served("GET")
def schema(
    request: HttpRequest, viewer: Viewer, token: ReadToken, number: int, form_id: str
) -> HttpResponseBase:
    """The types of the feeds."""
    one = queries.form_by_id(viewer, study_of(viewer, token, number), form_id)
    return HttpResponse(metadata(one.form_id, shape(one)), content_type="application/xml; charset=utf-8")


@served("GET")
def feed(
    request: HttpRequest, viewer: Viewer, token: ReadToken, number: int, form_id: str, table: str
) -> HttpResponseBase:
    """Rows of the records or of one of their repeats; an entry in the audit before the first leaves."""
    one = queries.form_by_id(viewer, study_of(viewer, token, number), form_id)
    found, wanted = shape(one), _wanted(request)
    root = _root(request, number, form_id)
    single = ONE.fullmatch(table)
    if single:
        record = single[1].replace("''", "'")
        wanted = replace(wanted, sifted=wanted.sifted & Q(root_id=record))
        inside = _KEYS.findall(single[2] or "")
        wanted = replace(wanted, within=inside[-1] if inside else "")
        name = ".".join(["Submissions", *_KEYS.sub("", single[2] or "").split("/")]).rstrip(".")
    else:
        name = table
    if name not in found:
        raise NotFound()
    rows = records(viewer, one, wanted.sifted, ascending=wanted.ascending)
    if single and not rows.exists():
        raise NotFound()
    actions.note_reading(actor=viewer, token=token, form_id=one.pk, table=name)
    total = None
    if wanted.count:
        total = rows.count() if name == "Submissions" else turns(rows, found[name].table.path)
    if wanted.last:
        after(
            rows, one, wanted.last[0], ascending=wanted.ascending, itself=False
        )  # refused here, not half way
    pieces = _streamed(request, viewer, one, found, found[name], wanted, root, total)
    return StreamingHttpResponse(pieces, content_type="application/json; charset=utf-8")


def shape(one: Form) -> dict[str, Entity]:
    return entities(tables(queries.schemas(one), one.form_id))


def _root(request: HttpRequest, number: int, form_id: str) -> str:
    return request.build_absolute_uri(f"/v1/projects/{number}/forms/{form_id}.svc")


def _wanted(request: HttpRequest) -> Wanted:
    given = request.GET
    unknown = sorted(name for name in given if name.startswith("$") and name not in KNOWN)
    if (
        unknown
        or given.get("$expand", "*") != "*"
        or given.get("$format", "json") not in ("json", "application/json")
    ):
        raise Unsupported(f"This is not offered: {', '.join(unknown) or '$expand or $format'}.", rule="odata")
    order = given.get("$orderby", "__system/submissionDate desc").split()
    if order[0] != "__system/submissionDate" or order[1:] not in ([], ["asc"], ["desc"]):
        raise Unsupported("Rows are ordered by __system/submissionDate alone.", rule="odata.orderby")
    return Wanted(
        top=_number(given["$top"]) if "$top" in given else None, skip=_number(given.get("$skip", "0")),
        count=given.get("$count", "").lower() == "true", expand=given.get("$expand") == "*",
        ascending=order[1:] != ["desc"],
        select=tuple(name.strip() for name in given.get("$select", "").split(",") if name.strip() not in ("", "*")),
        sifted=condition(given["$filter"]) if given.get("$filter") else Q(),
        last=_last(given["$skiptoken"]) if "$skiptoken" in given else None,
    )  # fmt: skip


def _number(given: str) -> int:
    if not (given.isascii() and given.isdigit() and len(given) < 12):
        raise Unsupported("A number of rows is a whole number.", rule="odata.number")
    return int(given)


def _last(given: str) -> tuple[str, tuple[int, ...]]:
    try:
        said = json.loads(base64.urlsafe_b64decode(given.encode() + b"=="))
        return str(said["instanceId"]), tuple(int(n) for n in said.get("turn", ()))
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        raise Unsupported("This $skiptoken is none of ours.", rule="odata.skiptoken") from None


def _token(root_id: str, turn: tuple[int, ...]) -> str:
    said = json.dumps({"instanceId": root_id, "turn": turn}, separators=(",", ":"))
    return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")


def _streamed(
    request: HttpRequest, viewer: Viewer, one: Form, found: dict[str, Entity], entity: Entity, wanted: Wanted,
    root: str, total: int | None,
) -> Iterator[str]:  # fmt: skip
    head: dict[str, Any] = {"@odata.context": f"{root}/$metadata#{entity.name}"}
    if total is not None:
        head["@odata.count"] = total
    yield json.dumps(head)[:-1] + ', "value": ['
    left, place, last = wanted.top, 0, None
    for key, row in _rows(viewer, one, found, entity, wanted):
        if left is not None and place >= left:
            break
        yield (",\n" if place else "\n") + json.dumps(_selected(row, wanted.select), ensure_ascii=False)
        place, last = place + 1, key
    else:
        yield "\n]}"
        return
    link = ""
    if last is not None:
        kept = {name: value for name, value in request.GET.items() if name not in ("$skip", "$skiptoken")}
        address = f"{root}/{entity.name}?{urlencode({**kept, '$skiptoken': _token(*last)})}"
        link = f', "@odata.nextLink": {json.dumps(address)}'
    yield f"\n]{link}}}"


def _rows(
    viewer: Viewer, one: Form, found: dict[str, Entity], entity: Entity, wanted: Wanted
) -> Iterator[tuple[tuple[str, tuple[int, ...]], dict[str, Any]]]:
    """Row after row, some records at a time, each time in a transaction of its own that knows the viewer."""
    last, skip = wanted.last, wanted.skip
    inner = entity.table.path != ""
    itself = inner and last is not None
    behind: tuple[int, ...] = last[1] if last else ()
    while True:
        with acting(viewer):
            rows = records(viewer, one, wanted.sifted, ascending=wanted.ascending)
            if last is not None:
                rows = after(rows, one, last[0], ascending=wanted.ascending, itself=itself)
            if skip and not inner:
                some, skip = page(rows, skip), 0
            else:
                some = page(rows)
            made = list(_made(some, found, entity, wanted))
        for key, row in made:
            if behind and key[0] == (last or ("",))[0] and key[1] <= behind:
                continue
            if inner and skip:
                skip -= 1
                continue
            yield key, row
        if len(some) < AT_ONCE:
            return
        last, itself, behind = (some[-1].root_id, ()), False, ()


def _made(
    some: list[Submission], found: dict[str, Entity], entity: Entity, wanted: Wanted
) -> Iterator[tuple[tuple[str, tuple[int, ...]], dict[str, Any]]]:
    keys: list[UUID] = [one.pk for one in some]
    paths = [one.table.path for one in found.values()] if wanted.expand else [entity.table.path]
    said = answers(keys, paths)
    known = edits_of(keys) if not entity.table.path else {}
    for one in some:
        mine = said[one.pk]
        if not entity.table.path:
            values = next((values for path, _turn, values in mine if not path), {})
            below = _below(one.root_id, (), entity, found, mine) if wanted.expand else None
            row = filled(entity.group, values, link_of(one.root_id), below)
            yield (one.root_id, ()), {"__id": one.root_id, "__system": _system(one, known[one.pk]), **row}
            continue
        for path, turn, values in mine:
            if path == entity.table.path:
                row = _turn(one.root_id, tuple(turn), values, entity, found, mine if wanted.expand else None)
                if wanted.within in ("", row[parent_key(entity, found)]):
                    yield (one.root_id, tuple(turn)), row


def _turn(
    root: str,
    turn: tuple[int, ...],
    values: dict[str, Any],
    entity: Entity,
    found: dict[str, Entity],
    mine: Any,
) -> dict[str, Any]:
    key, parent = queries.keys_of_turn(root, entity.table, turn)
    link = f"{link_of(root)}/{entity.name.partition('.')[2].replace('.', '/')}('{key}')"
    below = _below(root, turn, entity, found, mine) if mine is not None else None
    return {"__id": key, parent_key(entity, found): parent, **filled(entity.group, values, link, below)}


def _below(
    root: str, turn: tuple[int, ...], entity: Entity, found: dict[str, Entity], mine: Any
) -> dict[str, Any]:
    """The turns inside this one, by the path of their repeat."""
    inside: dict[str, Any] = {}
    for child in found.values():
        if child.table.path and child.table.parent == entity.table.path:
            inside[child.table.path] = [
                _turn(root, tuple(at), values, child, found, mine)
                for path, at, values in mine
                if path == child.table.path and tuple(at[: len(turn)]) == turn
            ]
    return inside


def _system(one: Submission, known: tuple[int, int, int]) -> dict[str, Any]:
    edits, expected, there = known
    code = one.device.label if one.device else None
    return {
        "submissionDate": stamp(one.received_at), "updatedAt": stamp(one.updated_at), "deletedAt": None,
        "submitterId": code, "submitterName": code, "attachmentsPresent": there, "attachmentsExpected": expected,
        "status": None, "reviewState": review_of(one.state), "deviceId": code, "edits": edits,
        "formVersion": one.form_version.label, "site": one.site.name if one.site else None,
    }  # fmt: skip


def _selected(row: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """The properties that were asked for, with what they stand in."""
    if not names:
        return row
    found: dict[str, Any] = {}
    for name in names:
        source, target = row, found
        *outer, last = unquote(name).split("/")
        for step in outer:
            source, target = source.get(step) or {}, target.setdefault(step, {})
        if last in source:
            target[last] = source[last]
    return found
