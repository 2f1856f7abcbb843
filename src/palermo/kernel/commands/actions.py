"""Carry a command out once, however often it is sent.

The order of one request, all in its transaction: `claim` (waits for a twin that is still at work), the change, `keep`.
What fails keeps nothing, so the same key may be tried again; what succeeded is answered again word for word.
"""

import hashlib
import hmac
import json
import os
import time
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from palermo.kernel.access.permissions import registry
from palermo.kernel.access.policy import can
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.commands.models import Command
from palermo.kernel.errors import Conflict, Invalid

PATIENCE = 8.0  # seconds for a twin that is at work; a request never hangs longer than ten
PAUSE = 0.05
LARGEST = 64_000  # bytes of an answer that is kept
MOST_ASKED = 200  # permissions that stand behind an answer; one with more is kept as its status alone
NONCE = 12


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: `location` for a form that leads on, `text` for the JSON twin.

    under: the permissions (code, key of the object or empty) that the command needed. Who lacks one of them when he
    sends again is told that it was done, and nothing else.
    """

    status: int
    location: str = ""
    text: str = ""
    content_type: str = ""
    under: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """A command that nobody has carried out yet; this transaction alone may."""

    key: UUID
    digest: bytes


def claim(*, actor: Viewer, key: UUID, asked: bytes) -> Answer | Claim:
    """The answer that this command had already, or the claim to carry it out in this transaction.

    asked: method, address and content. Raises Invalid when the key was used for something else, and Conflict when
    the same command is still being worked on after `PATIENCE` seconds.
    """
    assert actor.user_id is not None
    digest = hmac.new(_key("digest"), asked, hashlib.sha256).digest()
    _wait_for_twin(actor, key)
    found = Command.objects.filter(user_id=actor.user_id, key=key).first()
    if found is None:
        return Claim(key, digest)
    if not hmac.compare_digest(bytes(found.digest), digest):
        raise Invalid(
            _("An earlier version of this has arrived already. What you changed since was not saved."),
            rule="commands.other_content",
        )
    return _for(actor, _open(found))


def keep(*, actor: Viewer, claimed: Claim, answer: Answer) -> None:
    """Keep the answer with the change. One that is too large is kept as its status alone."""
    assert actor.user_id is not None
    if len(answer.text) > LARGEST or len(answer.under) > MOST_ASKED:
        answer = Answer(answer.status, answer.location)
    nonce = os.urandom(NONCE)
    plain = json.dumps(asdict(answer)).encode()
    sealed = nonce + AESGCM(_key("answer")).encrypt(nonce, plain, _bound(actor.user_id, claimed.key))
    Command.objects.create(
        user_id=actor.user_id, key=claimed.key, digest=claimed.digest, status=answer.status, sealed=sealed
    )


def forget() -> int:
    """Delete what is older than 30 days; the wall shows the worker nothing younger. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM commands_command WHERE at < now() - interval '30 days'")
        return int(cursor.rowcount)


def _open(found: Command) -> Answer:
    raw = bytes(found.sealed)
    plain = AESGCM(_key("answer")).decrypt(raw[:NONCE], raw[NONCE:], _bound(found.user_id, found.key))
    kept = json.loads(plain)
    under = tuple((str(code), str(key)) for code, key in kept.pop("under", ()))
    return Answer(**kept, under=under)


def _for(actor: Viewer, answer: Answer) -> Answer:
    """The answer as it was, while everything holds that it was given under; its text is nobody's afterwards."""
    known = registry()
    held = all(code in known and can(actor, code, UUID(key) if key else None) for code, key in answer.under)
    return answer if held else replace(answer, text="", content_type="")


def _wait_for_twin(actor: Viewer, key: UUID) -> None:
    """Hold the key until this transaction ends, so that a twin that comes meanwhile sees what became of this one."""
    number = int.from_bytes(hashlib.sha256(f"{actor.user_id}|{key}".encode()).digest()[:8], signed=True)
    until = time.monotonic() + PATIENCE
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
            if cursor.fetchone()[0]:
                return
        if time.monotonic() > until:
            raise Conflict(
                _("The same is still being saved. Wait a moment and send again."), rule="commands.busy"
            )
        time.sleep(PAUSE)


def _bound(user_id: UUID, key: UUID) -> bytes:
    return f"palermo/command/1|{user_id}|{key}".encode()


def _key(detail: str) -> bytes:
    return _purpose_key(str(settings.PALERMO_KEYS_DIR), detail)


@lru_cache(maxsize=8)
def _purpose_key(directory: str, detail: str) -> bytes:
    from palermo.kernel.vault.keys import open_keyring

    return open_keyring(Path(directory), create=True).purpose_key("context", f"commands-{detail}")
