"""One POST of bytes to a pinned address: no redirect, no proxy, a short answer, an end in time."""

import ssl
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

SECONDS = 20.0
MOST_ANSWER = 65_536
TYPE = "application/vnd.palermo.envelope"
HERE = frozenset({"127.0.0.1", "::1", "localhost"})


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        return None


def fine(address: str) -> bool:
    """HTTPS with a host and nothing else in it; plain HTTP only on this very machine, to try things with."""
    parts = urlsplit(address)
    plain = parts.scheme == "http" and parts.hostname in HERE
    return bool(parts.hostname) and not parts.username and (parts.scheme == "https" or plain)


def host(address: str) -> tuple[str, str, int | None]:
    """What people agreed to when they pinned an address: scheme, host, port."""
    parts = urlsplit(address)
    return parts.scheme, parts.hostname or "", parts.port


def post(address: str, data: bytes) -> bytes | None:
    """The answer's bytes; None where there was none, or it was no answer of the exchange."""
    if not fine(address):
        return None
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), _NoRedirect(), urllib.request.HTTPSHandler(context=context)
    )
    request = urllib.request.Request(address, data=data, headers={"Content-Type": TYPE}, method="POST")  # noqa: S310 - `fine`
    try:
        with opener.open(request, timeout=SECONDS) as answer:
            found: bytes = answer.read(MOST_ANSWER + 1)
            kind = answer.headers.get_content_type()
    except (urllib.error.URLError, OSError, HTTPException, ValueError):
        return None
    return found if kind == TYPE and len(found) <= MOST_ANSWER else None
