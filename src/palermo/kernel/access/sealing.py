"""Sealing what sign-in must keep: hashes of passwords, second factors, and the content of sessions.

AES-256-GCM under keys derived from the instance secret, which is outside the database and its backups. A credential
is bound to its owner and kind: who writes to the tables, even as the database's superuser, can neither make one nor
paste one person's into the row of another. A session is sealed under a key that also needs its cookie, so a stolen
database and stolen keys together still open no session of yesterday.
"""

import base64
import hashlib
import hmac
import os
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12


class Unsealable(ValueError):
    """The sealed text is not ours, was changed, or belongs to another key."""


@lru_cache(maxsize=8)
def _key(directory: str, purpose: str, detail: str) -> bytes:
    from pathlib import Path

    from palermo.kernel.vault.keys import open_keyring

    return open_keyring(Path(directory), create=True).purpose_key(purpose, detail)


def _seal(key: bytes, text: str, bound_to: bytes) -> str:
    nonce = os.urandom(NONCE_BYTES)
    return base64.urlsafe_b64encode(nonce + AESGCM(key).encrypt(nonce, text.encode(), bound_to)).decode()


def _open(key: bytes, sealed: str, bound_to: bytes) -> str:
    try:
        raw = base64.urlsafe_b64decode(sealed.encode())
        return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], bound_to).decode()
    except (InvalidTag, ValueError) as error:
        raise Unsealable("This sealed value cannot be opened with the keys of this instance.") from error


def _bound(kind: str, user_id: UUID) -> bytes:
    # What a sealed credential belongs to: pasted into the row of somebody else, or of another kind, it does not open.
    return f"palermo/credential/2|{kind}|{user_id}".encode()


def seal_credential(text: str, *, kind: str, user_id: UUID) -> str:
    """Seal a credential (a password's hash, a factor's content) for the row of its owner and no other."""
    return _seal(_key(str(settings.PALERMO_KEYS_DIR), "totp", "credential"), text, _bound(kind, user_id))


def open_credential(sealed: str, *, kind: str, user_id: UUID) -> str:
    """Open what `seal_credential` made for the same owner and kind. Raises Unsealable."""
    return _open(_key(str(settings.PALERMO_KEYS_DIR), "totp", "credential"), sealed, _bound(kind, user_id))


def open_seed_of_release_0(sealed: str) -> str:
    """Open a seed as it was kept before seeds belonged to a user; the migration reads it so. Raises Unsealable."""
    return _open(_key(str(settings.PALERMO_KEYS_DIR), "totp", "seed"), sealed, b"palermo/second-factor/1")


def _session_key(cookie: str) -> bytes:
    base = _key(str(settings.PALERMO_KEYS_DIR), "context", "session-data")
    return hmac.new(base, cookie.encode(), hashlib.sha256).digest()


def seal_session(text: str, cookie: str) -> str:
    """Seal the content of a session so that only the holder of `cookie` brings it back."""
    return _seal(_session_key(cookie), text, b"palermo/session/1")


def open_session(sealed: str, cookie: str) -> str:
    """Open a session's content. Raises Unsealable."""
    return _open(_session_key(cookie), sealed, b"palermo/session/1")
