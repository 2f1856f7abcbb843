"""Sessions whose key is stored only as a hash, with sealed content: a stolen database holds no credential that
works, and nothing of what a session remembers (a half-enrolled authenticator's seed, for example).

The application's role reads its viewer's own sessions in the table and nobody else's; everything else goes through
functions of the database (sql_credentials.py), writing with a proof that only the application can make.
"""

import hashlib
import time
from typing import Any
from uuid import UUID

from django.contrib.sessions.backends.base import CreateError, UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import connection

from palermo.kernel.access.context import proof
from palermo.kernel.access.credentials import digest
from palermo.kernel.access.sealing import open_session, seal_session


def stored(session_key: str) -> str:
    """The form of a session key that may touch the disk: 40 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:40]


def _one(statement: str, arguments: list[Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return cursor.fetchone()[0]


def read_stored(hashed_key: str) -> str | None:
    """The sealed content of a live session."""
    found: str | None = _one("SELECT access_session_read(%s)", [hashed_key])
    return found


def end_stored(hashed_key: str) -> None:
    """Delete the session of this hashed key, if there is one."""
    _one("SELECT access_session_end(%s)", [hashed_key])


def end_sessions_of(user_id: UUID, *, but: str | None = None) -> int:
    """Delete every session of a user but the one of the hashed key `but`. Returns how many."""
    mac = proof(f"end|{digest(user_id, but)}")
    return int(_one("SELECT access_session_end_all(%s, %s, %s)", [user_id, but, mac]))


class SessionStore(DatabaseStore):
    """Django's database sessions over `access.Session`, with the key hashed on its way in."""

    @classmethod
    def get_model_class(cls) -> Any:
        from palermo.kernel.access.models import Session

        return Session

    def load(self) -> dict[str, Any]:
        found = read_stored(stored(self.session_key or ""))
        if found is None:
            self._session_key = None
            return {}
        return self.decode(found)

    def exists(self, session_key: str) -> bool:
        return read_stored(stored(session_key)) is not None

    def save(self, must_create: bool = False) -> None:
        """Write the session whole. Raises CreateError, or UpdateError when it has ended meanwhile."""
        if self.session_key is None:
            self.create()
            return
        data: dict[str, Any] = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        now = time.time()
        parts: list[Any] = [
            must_create,
            stored(self._key()),
            self.encode(data),
            int(self.get_expiry_date().timestamp() * 1000),
            data.get("_auth_user_id"),
            # A session is saved whole each time: its beginning is kept in its own content.
            int(float(data.get("started", now)) * 1000),
            str(data.get("device", ""))[:120],
            int(now),
        ]
        places = ", ".join(["%s"] * (len(parts) + 1))
        mac = proof(f"browser|{digest(*parts)}")
        if not _one(f"SELECT access_session_write({places})", [*parts, mac]):
            raise CreateError if must_create else UpdateError

    def _key(self) -> str:
        found: str = self._get_or_create_session_key()  # type: ignore[attr-defined]
        return found

    def encode(self, session_dict: Any) -> str:
        text = self.serializer().dumps(dict(session_dict)).decode("latin-1")
        return seal_session(text, self._key())

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """What was sealed for this cookie; nothing at all for any other."""
        try:
            text = open_session(str(session_data), self.session_key or "")
            found: dict[str, Any] = self.serializer().loads(text.encode("latin-1"))
        except ValueError:
            return {}
        return found

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            end_stored(stored(key))
