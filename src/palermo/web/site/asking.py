"""Asks the application for a public page as an anonymous visitor would, without a server in between."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpResponseBase

STATIC_SITE = "palermo.static_site"  # in the environment of a request: the page is to stand without a server
FILENAME = re.compile(r'filename="([^"/\\]+)"')
MOST_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered. `name`: what a browser would save it as, where it is a file to keep; "" for a page."""

    status: int
    kind: str
    body: bytes
    name: str = ""

    @property
    def is_page(self) -> bool:
        return self.kind == "text/html" and not self.name


class Visitor:
    """Somebody without an account, who reads in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._application = WSGIHandler()  # all that stands before the pages, the walls too

    def ask(self, address: str) -> Answer:
        """The page at an address ("/statistics/public/?year=2024"); redirections inside the site are followed."""
        for _turn in range(MOST_REDIRECTS):
            # Not through the signals of a server's request: they would close the database after every page.
            response = self._application.get_response(WSGIRequest(self._environment(address)))
            if response.status_code not in (301, 302, 307, 308):
                return _answer(response)
            address = urlsplit(response.headers["Location"])._replace(scheme="", netloc="").geturl()
        return Answer(508, "text/plain", b"")

    def _environment(self, address: str) -> dict[str, object]:
        parts = urlsplit(address)
        return {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "SERVER_NAME": host(),
            "SERVER_PORT": "443" if settings.HTTPS else "80",
            "HTTP_HOST": host(),
            "HTTP_X_FORWARDED_PROTO": "https",
            "HTTP_COOKIE": f"{settings.LANGUAGE_COOKIE_NAME}={self.language}",
            "wsgi.url_scheme": "https" if settings.HTTPS else "http",
            "wsgi.input": io.BytesIO(),
            STATIC_SITE: True,
        }


def host() -> str:
    """The name under which this installation answers."""
    if settings.PALERMO_ORIGIN:
        return urlsplit(settings.PALERMO_ORIGIN).netloc
    named = (name for name in settings.ALLOWED_HOSTS if name[:1] not in (".", "*"))
    return next(named, "localhost")


def origin() -> str:
    """What absolute addresses on its pages begin with."""
    return f"{'https' if settings.HTTPS else 'http'}://{host()}"


def _answer(response: HttpResponseBase) -> Answer:
    body = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined, call-overload]
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip()
    named = FILENAME.search(response.headers.get("Content-Disposition", ""))
    return Answer(response.status_code, kind, body, named.group(1) if named else "")
