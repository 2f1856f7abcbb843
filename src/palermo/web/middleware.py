"""What holds for every page and API answer: input that can be stored at all, and headers that keep what was read
from staying behind, in caches or in the logs of other sites.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.gzip import GZipMiddleware

from palermo.web.errors import error_answer

PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"


class PrivacyHeadersMiddleware:
    """Nothing that Django renders is kept by a browser or a proxy, unless the view said otherwise.

    Static files are served before this and keep their own headers.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("X-Robots-Tag", "noarchive")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class CompressionMiddleware(GZipMiddleware):
    """Pages and JSON go compressed over the line: a fifth of the bytes, which a slow link feels first.

    The length of a compressed page can betray a secret in it to who may make a browser ask for it with guesses of
    his own (BREACH). Here cookies are SameSite=Strict, so no other site can ask in somebody's name; every token is
    masked anew; and Django adds random bytes to each answer. Files and streams go as they are.
    """

    KINDS = ("text/html", "application/json", "text/javascript")

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if response.streaming or kind not in self.KINDS:
            return response
        return super().process_response(request, response)


NUL = "\0"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
# The way JSON writes it; after an even number of backslashes, for "\\\\u0000" is that text and no NUL.
JSON_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class ReadableInputMiddleware:
    """Refuses the character NUL with 400: no browser sends it, PostgreSQL cannot store it or compare with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """Runs when the address is known and before the view. A view that `reads_own_body` takes it as bytes, within
        limits of its own: reading it here would put its files on the disk in clear."""
        if getattr(view, "reads_own_body", False):
            return error_answer(request, 400, rule="web.text.nul") if _address_holds_nul(request) else None
        return error_answer(request, 400, rule="web.text.nul") if _holds_nul(request) else None


def _address_holds_nul(request: HttpRequest) -> bool:
    return NUL in request.path or any(NUL in text for text in _texts(request.GET))


def _holds_nul(request: HttpRequest) -> bool:
    if _address_holds_nul(request):
        return True
    if request.content_type in FORMS:
        return any(NUL in text for text in _texts(request.POST))
    # The API reads any other body as JSON, be it in UTF-16: without its zero bytes that reads like UTF-8.
    return JSON_NUL.search(request.body.replace(b"\0", b"")) is not None


def _texts(form: QueryDict) -> Iterator[str]:
    """Every name and every value of a form."""
    for name, values in form.lists():
        yield name
        yield from (value for value in values if isinstance(value, str))
