"""Ending sessions: one (sign-out, or from the list of one's sessions), or all of a person's."""

from typing import Any
from uuid import UUID

from django.contrib.auth import logout as django_logout
from django.db import connection
from django.http import HttpRequest

from palermo.kernel.access.context import close_all, session_token
from palermo.kernel.access.sessions import stored


def end_session(request: HttpRequest) -> None:
    """Sign this browser out: its context in the database ends, then its session."""
    if request.session.session_key:
        with connection.cursor() as cursor:
            cursor.execute("SELECT access_close(%s)", [session_token(request.session.session_key)])
    django_logout(request)
    request.palermo_signed_out = True  # type: ignore[attr-defined]


def end_all(user_id: UUID, *, but: str | None = None) -> int:
    """End every session of a user (but the one with key `but`), and all his contexts. Returns how many ended.

    The spared session opens a new context with its next request.
    """
    from palermo.kernel.access.models import Session

    rows: Any = Session.objects.filter(user_id=user_id)
    if but:
        rows = rows.exclude(session_key=stored(but))
    ended, _by_model = rows.delete()
    close_all(user_id)
    return int(ended)
