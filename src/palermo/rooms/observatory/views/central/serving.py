"""What every address of the read API has in common: the proof, words in Central's shape, nothing kept by caches."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from palermo.kernel.errors import DomainError, NotFound
from palermo.rooms.observatory import actions
from palermo.web.errors import status_of

logger = logging.getLogger(__name__)
View = Callable[..., HttpResponseBase]
LOCAL = ("localhost", "127.0.0.1")


def served(*methods: str) -> Callable[[View], View]:
    """A view for a program: it gets (request, viewer, token) where a token is shown, over TLS or on this machine."""

    def around(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, **more: Any) -> HttpResponseBase:
            return spoken(request, methods, lambda: _proved(view, request, more))

        return csrf_exempt(never_cache(answer))

    return around


def _proved(view: View, request: HttpRequest, more: dict[str, Any]) -> HttpResponseBase:
    with actions.reading(header=request.headers.get("Authorization", "")) as (viewer, token):
        return view(request, viewer, token, **more)


def spoken(
    request: HttpRequest, methods: tuple[str, ...], ask: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """The answer, or what went wrong in Central's shape."""
    if request.method not in methods:
        response = said(405, "This address does not know this method.")
        response["Allow"] = ", ".join(methods)
        return finished(response)
    if not _is_private(request):
        return finished(said(403, "Passwords are taken over TLS alone."))
    try:
        response = ask()
    except actions.Unknown:
        response = said(401, "Could not authenticate with the provided credentials.")
        response["WWW-Authenticate"] = 'Basic realm="palermo", charset="UTF-8"'
    except NotFound:
        response = said(404, "Could not find the resource you were looking for.")
    except DomainError as error:
        response = said(error.status, error.message)
    except Exception as error:
        logger.exception("A reader was not answered.")
        response = said(status_of(error), "Something went wrong. Try again later.")
        response.roll_back = True  # type: ignore[attr-defined]
    return finished(response)


def said(status: int, words: str) -> HttpResponse:
    """An error as Central tells it."""
    return JsonResponse({"code": float(f"{status}.1"), "message": words}, status=status)


def finished(response: HttpResponseBase) -> HttpResponseBase:
    """The headers of every answer."""
    response["OData-Version"] = "4.0"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    # Which form a program asks for is nobody's business in a log.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _is_private(request: HttpRequest) -> bool:
    """Over TLS, or from this very machine to itself."""
    local = request.get_host().rpartition(":")[0] in LOCAL or request.get_host() in LOCAL
    return request.is_secure() or (local and request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1", ""))
