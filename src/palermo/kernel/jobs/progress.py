"""How far a long effect is, and the wish that it stops: told past the effect's own transaction, which is still open."""

import re
import threading
import time
from types import TracebackType
from typing import Self
from uuid import UUID

import psycopg
from django.db import connection

from palermo.kernel.jobs.models import Progress

EVERY = 0.5  # seconds between two tellings at least
_CODE = re.compile(r"[^A-Za-z0-9 .,:;()/+-]")


class Stopped(Exception):
    """Somebody asked that the effect ends; whoever tells progress lets it pass through."""


def begin(object_id: UUID) -> None:
    """Before the effect: nothing is done yet. In the transaction that enqueues it."""
    Progress.objects.update_or_create(object_id=object_id, defaults={"share": 0, "doing": "", "stop": False})


def ask_to_stop(object_id: UUID) -> None:
    """The effect ends at its next telling."""
    Progress.objects.filter(object_id=object_id).update(stop=True)


def of(object_id: UUID) -> Progress | None:
    """How far it is; None where nothing was begun."""
    return Progress.objects.filter(object_id=object_id).first()


class Teller:
    """Tells progress on a connection of its own; may be called from any thread. Raises Stopped when asked to."""

    def __init__(self, object_id: UUID) -> None:
        self.object_id = object_id
        self._lock = threading.Lock()
        self._last = 0.0

    def __enter__(self) -> Self:
        asked = {name: value for name, value in connection.get_connection_params().items()
                 if name in ("dbname", "user", "password", "host", "port")}  # fmt: skip
        self._own = psycopg.connect(**asked, autocommit=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._own.close()

    def __call__(self, share: float, doing: str = "") -> None:
        with self._lock:
            now = time.monotonic()
            if now - self._last < EVERY and share < 1:
                return
            self._last = now
            row = self._own.execute(
                "UPDATE jobs_progress SET share = %s, doing = %s, updated_at = clock_timestamp() "
                "WHERE object_id = %s RETURNING stop",
                [max(0, min(100, round(share * 100))), _CODE.sub("", doing)[:60], self.object_id],
            ).fetchone()
        if row is not None and row[0]:
            raise Stopped
