"""Sessions, the one project of a token, and its forms."""

import json
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import DomainError, NotFound
from palermo.rooms.observatory import actions, queries
from palermo.rooms.observatory.models import Form, ReadToken, Study
from palermo.rooms.observatory.queries.shapes import Column, tables
from palermo.rooms.observatory.views.central.serving import served, spoken

STATES = {"published": "open", "closing": "closing", "closed": "closed"}


@csrf_exempt
@never_cache
def sessions(request: HttpRequest) -> HttpResponseBase:
    """User name and password for a bearer token of a day."""
    return spoken(request, ("POST",), lambda: _session(request))


def _session(request: HttpRequest) -> HttpResponseBase:
    try:
        given = json.loads(request.body)
        username, password = str(given["email"]), str(given["password"])
    except (ValueError, KeyError, TypeError):
        raise DomainError("Give an object with email and password.", rule="odata.session") from None
    token, ends = actions.begin_session(username=username, password=password)
    told = {"createdAt": stamp(timezone.now()), "expiresAt": stamp(datetime.fromtimestamp(ends, UTC))}
    return JsonResponse({"token": token, "csrf": "", **told})


@served("GET")
def current_user(request: HttpRequest, viewer: Viewer, token: ReadToken) -> HttpResponseBase:
    """Whose token it is: that of a program."""
    made = stamp(token.created_at)
    told = {"id": queries.number_of(token.study), "type": "user", "email": token.username}
    return JsonResponse({**told, "displayName": token.label, "createdAt": made})


@served("GET")
def projects(request: HttpRequest, viewer: Viewer, token: ReadToken) -> HttpResponseBase:
    """The study of the token."""
    return JsonResponse([told_project(study_of(viewer, token, None))], safe=False)


@served("GET")
def project(request: HttpRequest, viewer: Viewer, token: ReadToken, number: int) -> HttpResponseBase:
    return JsonResponse(told_project(study_of(viewer, token, number)))


@served("GET")
def forms(request: HttpRequest, viewer: Viewer, token: ReadToken, number: int) -> HttpResponseBase:
    """Every form that was published at some time."""
    study = study_of(viewer, token, number)
    return JsonResponse([told_form(one, number) for one in queries.offered_forms(viewer, study)], safe=False)


@served("GET")
def form(
    request: HttpRequest, viewer: Viewer, token: ReadToken, number: int, form_id: str
) -> HttpResponseBase:
    one = queries.form_by_id(viewer, study_of(viewer, token, number), form_id)
    return JsonResponse(told_form(one, number))


@served("GET")
def fields(
    request: HttpRequest, viewer: Viewer, token: ReadToken, number: int, form_id: str
) -> HttpResponseBase:
    """What the form asks, as far as the answers are coded: ruODK reads columns by it."""
    one = queries.form_by_id(viewer, study_of(viewer, token, number), form_id)
    found = []
    for table in tables(queries.schemas(one), one.form_id):
        if table.path:
            found.append(_field(table.path, "repeat", None))
        found += [_field(column.path, *_kind(column)) for column in table.columns]
    return JsonResponse([{**field, "order": place} for place, field in enumerate(found)], safe=False)


def _field(path: str, kind: str, many: bool | None) -> dict[str, Any]:
    return {
        "path": path,
        "name": path.rpartition("/")[2],
        "type": kind,
        "binary": None,
        "selectMultiple": many,
    }


def _kind(column: Column) -> tuple[str, bool | None]:
    kind = column.kind if column.kind in ("int", "decimal", "date") else "string"
    return kind, True if column.kind == "many" else None


def study_of(viewer: Viewer, token: ReadToken, number: int | None) -> Study:
    """The study of the token, if the address names it."""
    found = queries.study(viewer, token.study_id)
    if number is not None and number != queries.number_of(found):
        raise NotFound()
    return found


def told_project(one: Study) -> dict[str, Any]:
    return {
        "id": queries.number_of(one), "name": one.title, "description": None, "archived": False, "keyId": None,
        "createdAt": stamp(one.created_at), "updatedAt": None, "deletedAt": None,
    }  # fmt: skip


def told_form(one: Form, number: int) -> dict[str, Any]:
    published = [version for version in one.versions.all() if version.state != "draft"]
    newest = max(published, key=lambda version: version.published_at or version.created_at)
    return {
        "projectId": number, "xmlFormId": one.form_id, "name": one.title, "version": newest.label, "hash": newest.md5,
        "state": STATES[newest.state], "enketoId": None, "keyId": None, "createdAt": stamp(one.created_at),
        "updatedAt": None, "publishedAt": stamp(newest.published_at or newest.created_at),
    }  # fmt: skip


def stamp(when: datetime) -> str:
    """A moment as Central writes it."""
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
