"""Sessions whose key is stored only as a hash, with sealed content: a stolen database holds no credential that
works, and nothing of what a session remembers (a half-enrolled authenticator's seed, for example)."""

import hashlib
import time
from datetime import UTC, datetime
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from palermo.kernel.access.sealing import open_session, seal_session


def stored(session_key: str) -> str:
    """The form of a session key that may touch the disk: 40 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:40]


class SessionStore(DatabaseStore):
    """Django's database sessions over `access.Session`, with the key hashed on its way in."""

    @classmethod
    def get_model_class(cls) -> Any:
        from palermo.kernel.access.models import Session

        return Session

    def _get_session_from_db(self) -> Any:
        from django.utils import timezone

        row = self.model.objects.filter(
            session_key=stored(self.session_key or ""), expire_date__gt=timezone.now()
        ).first()
        if row is None:
            self._session_key = None
        return row

    def exists(self, session_key: str) -> bool:
        return bool(self.model.objects.filter(session_key=stored(session_key)).exists())

    def create_model_instance(self, data: Any) -> Any:
        row: Any = self.model
        return row(
            session_key=stored(self._key()),
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            user_id=data.get("_auth_user_id"),
            # A session is saved whole each time: its beginning is kept in its own content.
            started_at=datetime.fromtimestamp(float(data.get("started", time.time())), UTC),
            device=str(data.get("device", ""))[:120],
        )

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
            self.model.objects.filter(session_key=stored(key)).delete()
