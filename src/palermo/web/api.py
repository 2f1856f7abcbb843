"""The JSON twin of the pages, under /api/: one place that makes it, so that each room only brings its router."""

from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest
from ninja import NinjaAPI, Router
from ninja.security import APIKeyCookie
from pydantic import AfterValidator


def _writable(text: str) -> str:
    """JSON can hold halves of characters (lone surrogates), which no database and no cipher takes."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("This holds half a character.")
    return text


# What a room's schema says for a text: refused with its field, instead of failing where it is stored.
Text = Annotated[str, AfterValidator(_writable)]


class Browser(APIKeyCookie):
    """The viewer that the middleware found, signed in or not; unsafe requests need the CSRF token like forms do."""

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        return request.viewer  # type: ignore[attr-defined]


def make(routers: dict[str, Router]) -> NinjaAPI:
    """The API of the rooms by name. Errors of the domain go to the same middleware as those of the pages.

    There is no documentation page: it would load scripts from elsewhere. The description is /api/openapi.json.
    """
    api = NinjaAPI(
        title="palermo",
        version=settings.PALERMO_VERSION,
        docs_url=None,
        auth=Browser(csrf=True),
        urls_namespace="api",
    )
    for room, router in routers.items():
        api.add_router(f"/{room}/", router)
    return api
