"""Telling the database who is looking: open, enter and leave a context inside the transaction."""

import hashlib
import hmac
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from palermo.kernel.access.viewer import ANONYMOUS, Viewer

EPHEMERAL_SECONDS = 3600


def key() -> bytes:
    """The 32-byte key shared by the application and `access_secret`, from the key directory."""
    return bytes(settings.PALERMO_CONTEXT_KEY)


def padded(secret: bytes) -> tuple[bytes, bytes]:
    """The inner and outer padded keys of HMAC-SHA-256 (RFC 2104), as the database stores them."""
    block = secret.ljust(64, b"\0")
    return bytes(b ^ 0x36 for b in block), bytes(b ^ 0x5C for b in block)


def proof(message: str) -> bytes:
    """The MAC that shows the database that the application itself is asking."""
    return hmac.new(key(), message.encode(), hashlib.sha256).digest()


def session_token(cookie: str) -> bytes:
    """The token of a browser session: a keyed hash of the cookie, so neither is stored anywhere."""
    return hmac.new(key(), b"session|" + cookie.encode(), hashlib.sha256).digest()


def open_context(token: bytes, viewer: Viewer, *, seconds: int) -> None:
    """Register `token` as belonging to `viewer` for `seconds`."""
    expires = int(time.time()) + seconds
    person = str(viewer.user_id) if viewer.user_id else ""
    message = "|".join((token.hex(), viewer.kind, person, viewer.session_ref, str(expires)))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT access_open(%s, %s, %s, %s, %s, %s)",
            [token, viewer.kind, viewer.user_id, viewer.session_ref, expires, proof(message)],
        )


def enter(token: bytes, *, stepped_up: bool = False) -> Viewer | None:
    """Make `token` this transaction's and return whose it is; None when it is nobody's (or no longer)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM access_enter(%s)", [token.hex()])
        kind, user_id, session_ref, roles, organisations, units = cursor.fetchone()
    if kind is None:
        return None
    return Viewer(
        kind=kind,
        user_id=user_id,
        roles=frozenset(roles or ()),
        organisation_ids=tuple(dict.fromkeys(organisations or ())),
        unit_ids=tuple(dict.fromkeys(units or ())),
        session_ref=session_ref,
        stepped_up=stepped_up,
    )


def leave(previous: str = "") -> None:
    """Give the transaction back the token it had before (none: nobody)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('palermo.token', %s, true)", [previous])


def current_token() -> str:
    """The token that is set in this transaction, as hexadecimal; empty when none is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('palermo.token', true), '')")
        return str(cursor.fetchone()[0])


def close_all(user_id: UUID) -> None:
    """End every context of a user at once: on deactivation, role change, sign-out everywhere."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_close_all(%s, %s)", [user_id, proof(f"close|{user_id}")])


@contextmanager
def acting(viewer: Viewer) -> Iterator[Viewer]:
    """A transaction in which the database knows `viewer`. For the command line, jobs and tests; nests.

    Requests do not use this: the middleware enters their session's own token.
    """
    with transaction.atomic():
        previous = current_token()
        if viewer.kind == ANONYMOUS:
            leave()
            yield viewer
            leave(previous)
            return
        token = secrets.token_bytes(32)
        open_context(token, viewer, seconds=EPHEMERAL_SECONDS)
        enter(token)
        yield viewer
        with connection.cursor() as cursor:
            cursor.execute("SELECT access_close(%s)", [token])
        leave(previous)
