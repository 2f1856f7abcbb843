"""Tokens with which programs read coded answers: of one study, with the rights of their maker, revoked in a moment."""

import base64
import binascii
import hashlib
import hmac
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.context import acting, proof
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer, viewer_for
from palermo.kernel.audit.actions import Scalar, record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, Refused
from palermo.rooms.observatory.models import ReadToken, Study

MOST_DAYS = 400
SECRET_BYTES = 48
SESSION_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class NewToken:
    """A new token with its secret: in memory for one answer only."""

    token: ReadToken
    secret: str = field(repr=False)


class Unknown(Exception):
    """Nobody we know, or a token whose time is over."""


@transaction.atomic
def make_read_token(*, actor: Viewer, study: Study, label: str, days: int) -> NewToken:
    """A user name and a password for a program. It reads what `actor` may see by then. Raises Invalid."""
    require(actor, "observatory.token.make", study.pk)
    label = " ".join(label.split())
    problems = []
    if not 2 <= len(label) <= 60:
        problems.append(FieldProblem("label", _("From 2 to 60 characters."), "length"))
    if not 1 <= days <= MOST_DAYS:
        problems.append(FieldProblem("days", _("From 1 to 400."), "range"))
    if problems:
        raise Invalid(_("No token was made."), problems=problems, rule="observatory.token")
    if actor.user_id is None:
        raise Refused(_("A token is made by a person."), rule="observatory.token")
    secret = secrets.token_urlsafe(SECRET_BYTES)
    made = ReadToken.objects.create(
        study=study, label=label, username=f"read-{secrets.token_hex(4)}", made_by_id=actor.user_id,
        secret_sha256=_hash(secret), expires_at=timezone.now() + timedelta(days=days),
    )  # fmt: skip
    detail: dict[str, Scalar] = {"token": str(made.pk), "days": days}
    record(
        actor=actor,
        action="observatory.token.make",
        object_kind="study",
        object_id=study.pk,
        detail=detail,
    )
    return NewToken(made, secret)


@transaction.atomic
def revoke_read_token(*, actor: Viewer, token: ReadToken) -> None:
    """The token opens nothing from the next request on, nor do the sessions that were begun with it."""
    require(actor, "observatory.token.revoke", token.study_id)
    if token.revoked_at is not None:
        raise Conflict(_("This token was revoked already."), rule="observatory.token", state="revoked")
    token.change({"revoked_at": timezone.now()}, expected_version=token.version)
    record(
        actor=actor, action="observatory.token.revoke", object_kind="study", object_id=token.study_id,
        detail={"token": str(token.pk)},
    )  # fmt: skip


@contextmanager
def reading(*, header: str) -> Iterator[tuple[Viewer, ReadToken]]:
    """The eyes of the token's maker, as they are now, for whoever shows the token. Raises Unknown."""
    with acting(Viewer.operator()):
        token = _of_header(header)
        maker = token.made_by
        if not maker.is_active:
            raise Unknown
        viewer = viewer_for(maker, session_ref="read-token")
    with acting(viewer):
        yield viewer, token


def begin_session(*, username: str, password: str) -> tuple[str, float]:
    """A bearer token for a day, and when it ends. Nothing is kept: it says itself whose it is. Raises Unknown."""
    with reading(header=f"Basic {base64.b64encode(f'{username}:{password}'.encode()).decode()}") as (
        viewer,
        token,
    ):
        ends = int(min(time.time() + SESSION_SECONDS, token.expires_at.timestamp()))
        record(
            actor=viewer, action="observatory.token.session", object_kind="study", object_id=token.study_id,
            detail={"token": str(token.pk)},
        )  # fmt: skip
    return f"{token.pk.hex}.{ends}.{_mark(token.pk, ends)}", ends


def note_reading(*, actor: Viewer, token: ReadToken, form_id: UUID, table: str) -> None:
    """That a feed was asked for, before its first row leaves."""
    detail: dict[str, Scalar] = {"token": str(token.pk), "form": str(form_id), "table": table[:60]}
    record(
        actor=actor, action="observatory.token.read", object_kind="study", object_id=token.study_id, detail=detail
    )  # fmt: skip


def _of_header(header: str) -> ReadToken:
    scheme, _space, given = header.partition(" ")
    if scheme.lower() == "basic":
        return _basic(given)
    if scheme.lower() == "bearer":
        return _bearer(given)
    raise Unknown


def _basic(given: str) -> ReadToken:
    try:
        username, _colon, secret = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise Unknown from None
    token = _by_secret(secret)
    if not hmac.compare_digest(token.username.encode(), username.encode()):
        raise Unknown
    return token


def _bearer(given: str) -> ReadToken:
    """Either a session that began with the token, or the secret itself."""
    name, _dot, rest = given.partition(".")
    ends, _dot, mark = rest.partition(".")
    if not rest:
        return _by_secret(given)
    try:
        token_id = UUID(hex=name)
    except ValueError:
        raise Unknown from None
    if not ends.isdecimal() or not ends.isascii() or len(ends) > 12 or not mark.isascii():
        raise Unknown
    if not hmac.compare_digest(_mark(token_id, int(ends)), mark) or int(ends) < time.time():
        raise Unknown
    return _live(ReadToken.objects.select_related("made_by", "study").filter(pk=token_id).first())


def _by_secret(secret: str) -> ReadToken:
    if not 40 <= len(secret) <= 100 or not secret.isascii():
        raise Unknown
    rows = ReadToken.objects.select_related("made_by", "study")
    return _live(rows.filter(secret_sha256=_hash(secret)).first())


def _live(token: ReadToken | None) -> ReadToken:
    if token is None or not token.live:
        raise Unknown
    now = timezone.now()
    if token.seen_at is None or now - token.seen_at > timedelta(hours=1):
        # Not `change`: that somebody was here is no edit.
        ReadToken.objects.filter(pk=token.pk).update(seen_at=now)
    return token


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _mark(token_id: UUID, ends: int) -> str:
    return proof(f"observatory read session|{token_id.hex}|{ends}").hex()
