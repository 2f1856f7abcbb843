"""Counters of failed sign-ins and used codes, kept in the database so that every worker counts the same.

A Django cache backend over `access.Counter`, with JSON values (a pickled value from a table would be code).
Writing a key locks its row until the request ends, so that two guesses at once are counted as two.
"""

import json
import time
from datetime import UTC, datetime
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection

# allauth forgets a used code after one period of 30 s, but with a tolerance it is valid for three.
USED_CODE_PREFIX = "allauth.mfa.totp.used"
USED_CODE_SECONDS = 120
# Counts that are reported when their period is over, and only then forgotten.
TOLD_PREFIX = "told|"


class DatabaseCounters(BaseCache):
    """Few, small, short-lived values. Not meant for caching pages."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def _until(self, key: str, timeout: Any) -> datetime | None:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        if key.startswith(USED_CODE_PREFIX):
            seconds = max(seconds or 0, USED_CODE_SECONDS)
        return None if seconds is None else datetime.fromtimestamp(time.time() + seconds, UTC)

    def _name(self, key: str, version: int | None) -> str:
        return str(self.make_and_validate_key(key, version=version))[-250:]

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Set the value unless a live one is there; says whether it did. Waits for others on the same key."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO access_counter (key, value, expires_at) VALUES (%s, %s, %s) "
                "ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at "
                "WHERE access_counter.expires_at <= clock_timestamp()",
                [self._name(key, version), json.dumps(value), self._until(key, timeout)],
            )
            return bool(cursor.rowcount == 1)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT value FROM access_counter WHERE key = %s "
                "AND (expires_at IS NULL OR expires_at > clock_timestamp())",
                [self._name(key, version)],
            )
            row = cursor.fetchone()
        return default if row is None else json.loads(row[0])

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO access_counter (key, value, expires_at) VALUES (%s, %s, %s) "
                "ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at",
                [self._name(key, version), json.dumps(value), self._until(key, timeout)],
            )

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE access_counter SET expires_at = %s WHERE key = %s "
                "AND (expires_at IS NULL OR expires_at > clock_timestamp())",
                [self._until(key, timeout), self._name(key, version)],
            )
            return bool(cursor.rowcount)

    def delete(self, key: str, version: int | None = None) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM access_counter WHERE key = %s", [self._name(key, version)])
            return bool(cursor.rowcount)

    def clear(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM access_counter")


def forget_expired() -> int:
    """Delete counters whose time is over, but those still to be reported (`failures.py`). Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM access_counter WHERE expires_at <= clock_timestamp() AND NOT starts_with(key, %s)",
            [TOLD_PREFIX],
        )
        return int(cursor.rowcount)


def count_to_tell(subject: str, seconds: int) -> None:
    """Count something about `subject` that will be told once its period of `seconds` is over."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO access_counter (key, value, expires_at) "
            "VALUES (%s, '1', to_timestamp((floor(extract(epoch FROM clock_timestamp()) / %s) + 1) * %s)) "
            "ON CONFLICT (key) DO UPDATE SET value = (access_counter.value::int + 1)::text",
            [TOLD_PREFIX + subject, seconds, seconds],
        )


def take_told() -> list[tuple[str, int]]:
    """What was counted in periods that are over, by subject; taken away, so that it is told once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM access_counter WHERE starts_with(key, %s) AND expires_at <= clock_timestamp() "
            "RETURNING substr(key, %s), value",
            [TOLD_PREFIX, len(TOLD_PREFIX) + 1],
        )
        return [(subject, int(value)) for subject, value in cursor.fetchall()]
