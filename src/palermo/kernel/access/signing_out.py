"""Ending sessions: one (sign-out, or from the list of one's sessions), or all of a person's."""

from uuid import UUID

from django.contrib.auth import logout as django_logout
from django.db import connection
from django.http import HttpRequest

from palermo.kernel.access.context import close_all, session_token
from palermo.kernel.access.sessions import end_sessions_of, stored


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
    ended = end_sessions_of(user_id, but=stored(but) if but else None)
    close_all(user_id)
    return ended
