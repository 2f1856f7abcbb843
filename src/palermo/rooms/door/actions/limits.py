"""Limits that know nobody: buckets of tokens in the memory of the process, under a salt that is thrown away each day.

The address of a network is never stored: it is hashed with the day's random salt, which no disk and no database ever
sees, and the table of hashes dies with the day, with the process, or when it grows too large.
"""

import hashlib
import secrets
import threading
import time
from datetime import date

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.errors import DomainError

# Tokens at most, and seconds for one to come back. Many people share one line: a shelter, a mobile network.
BUCKETS = {"ask": (6, 600.0), "code": (10, 60.0), "write": (30, 30.0)}
# The whole house, whatever the line: what no helpline could read any more.
EVERYBODY = {"ask": (120, 5.0), "code": (600, 0.5), "write": (600, 1.0)}
MOST = 20_000
EVEN_SECONDS = 0.35


class TooMany(DomainError):
    """Too many tries on this line, or in the whole house."""

    status = 429

    def __init__(self) -> None:
        super().__init__(
            _(
                "Many people are asking at this moment. Wait a few minutes and try again. In danger? Call now."
            ),
            rule="door.limit",
        )


_lock = threading.Lock()
_day: date | None = None
_salt = b""
_left: dict[tuple[str, bytes], tuple[float, float]] = {}


def _line(request: HttpRequest) -> str:
    """The address of the line: what the nearest proxy of ours saw, or the peer itself."""
    proxies = getattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 0)
    seen = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if proxies and len(seen) >= proxies:
        return str(seen[-proxies])
    return str(request.META.get("REMOTE_ADDR", ""))


def _name(request: HttpRequest) -> bytes:
    global _day, _salt
    today = timezone.localdate()
    if today != _day or len(_left) > MOST:
        _day, _salt = today, secrets.token_bytes(32)
        _left.clear()
    return hashlib.blake2b(_line(request).encode(), key=_salt, digest_size=16).digest()


def _in(key: tuple[str, bytes], most: int, seconds: float, now: float) -> float:
    tokens, at = _left.get(key, (float(most), now))
    return min(float(most), tokens + (now - at) / seconds)


def _buckets(request: HttpRequest, kind: str) -> list[tuple[tuple[str, bytes], int, float]]:
    return [((kind, _name(request)), *BUCKETS[kind]), ((kind, b""), *EVERYBODY[kind])]


def may_try(request: HttpRequest, kind: str) -> bool:
    """Whether there is a token left. Takes none."""
    now = time.monotonic()
    with _lock:
        return all(_in(key, most, seconds, now) >= 1 for key, most, seconds in _buckets(request, kind))


def spend(request: HttpRequest, kind: str) -> None:
    """Take one token from the line and one from the house."""
    now = time.monotonic()
    with _lock:
        for key, most, seconds in _buckets(request, kind):
            _left[key] = (max(0.0, _in(key, most, seconds, now) - 1), now)


def even(started: float) -> None:
    """Let a code's answer take the same time, right or wrong."""
    time.sleep(max(0.0, EVEN_SECONDS - (time.monotonic() - started)))
