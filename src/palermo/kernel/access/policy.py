"""The one function that says who may do what: `can`. Default deny; the database says it a second time."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from palermo.kernel.access.permissions import Permission, registry
from palermo.kernel.access.viewer import OPERATOR, Viewer
from palermo.kernel.errors import NotFound, Refused, StepUpNeeded

SCOPES = ("case", "notes", "identity")
_heard: ContextVar[dict[tuple[UUID, str], Any] | None] = ContextVar("heard", default=None)
_passed: ContextVar[set[tuple[str, str]] | None] = ContextVar("passed", default=None)


@contextmanager
def asked_once() -> Iterator[None]:
    """Inside, each grant is looked up once. For drawing a page: by one viewer, who changes no grant meanwhile."""
    known = _heard.get()
    before = _heard.set({} if known is None else known)
    try:
        yield
    finally:
        _heard.reset(before)


@contextmanager
def passed() -> Iterator[set[tuple[str, str]]]:
    """What was required of the viewer inside, and held: (permission, key of its object or empty)."""
    found: set[tuple[str, str]] = set()
    before = _passed.set(found)
    try:
        yield found
    finally:
        _passed.reset(before)


def heard() -> dict[tuple[UUID, str], Any] | None:
    """What was looked up since `asked_once` began; None outside. Gone when the page is drawn."""
    return _heard.get()


def ask_ahead(object_ids: Iterable[UUID]) -> None:
    """Inside `asked_once`: look up every scope of several objects in one question, so that a list asks once."""
    known = _heard.get()
    wanted = [key for key in set(object_ids) if known is not None and (key, SCOPES[0]) not in known]
    if known is None or not wanted:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, scope, access_granted(id, scope) FROM unnest(%s::uuid[]) AS id, unnest(%s::text[]) AS scope",
            [wanted, list(SCOPES)],
        )
        known |= {(key, scope): bool(answer) for key, scope, answer in cursor.fetchall()}


def granted(object_id: UUID, scope: str) -> bool:
    """Whether the viewer of this transaction holds a live grant of `scope` on the object."""
    if scope in SCOPES:
        ask_ahead([object_id])
    known = _heard.get()
    if known is not None and (object_id, scope) in known:
        return bool(known[object_id, scope])
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_granted(%s, %s)", [object_id, scope])
        return bool(cursor.fetchone()[0])


def _by_kind(viewer: Viewer, permission: Permission) -> bool:
    """Whether the viewer's kind and roles allow the permission, leaving any object aside."""
    if permission.public:
        return True
    if viewer.kind == OPERATOR:
        return permission.operator
    if not viewer.is_person:
        return False
    if permission.roles:
        return viewer.has(*permission.roles)
    return permission.signed_in or bool(permission.grant)


def can(viewer: Viewer, action: str, obj: Any = None) -> bool:
    """Whether `viewer` may do `action` (on `obj`, where the action is about one).

    An action nobody declared raises KeyError: a typing mistake must not become an open door.
    A permission with a grant asked without an object answers for the kind and role alone (menus).
    """
    permission = registry()[action]
    if not _by_kind(viewer, permission):
        return False
    if permission.grant and obj is not None and viewer.kind != OPERATOR:
        return granted(obj if isinstance(obj, UUID) else obj.pk, permission.grant)
    return True


def require(viewer: Viewer, action: str, obj: Any = None) -> None:
    """Raise unless `viewer` may do `action`: NotFound about an object, Refused otherwise, StepUpNeeded last."""
    if not can(viewer, action, obj):
        if obj is not None:
            raise NotFound()
        raise Refused(_("Your role does not include this."), rule=action)
    if registry()[action].step_up and viewer.is_person and not viewer.stepped_up:
        raise StepUpNeeded(_("Please confirm that it is you."), rule=action)
    if (held := _passed.get()) is not None:
        about = registry()[action].grant and obj is not None
        held.add((action, str(obj if isinstance(obj, UUID) else obj.pk) if about else ""))
