"""The one URL map: the shell, sign-in, each room under its own name, and the JSON twin under /api/."""

from importlib.util import find_spec

from django.urls import include, path

ROOMS = ("identification", "cases", "register", "statistics")


def _there(module: str) -> bool:
    return find_spec(module) is not None


urlpatterns = [
    *([path("", include("palermo.web.urls"))] if _there("palermo.web.urls") else []),
    *([path("account/", include("palermo.kernel.access.urls"))] if _there("palermo.kernel.access.urls") else []),
    *[
        path(f"{room}/", include(f"palermo.rooms.{room}.urls"))
        for room in ROOMS
        if _there(f"palermo.rooms.{room}") and _there(f"palermo.rooms.{room}.urls")
    ],
]
handler400 = "palermo.web.errors.bad_request"
handler403 = "palermo.web.errors.forbidden"
handler404 = "palermo.web.errors.not_found"
handler500 = "palermo.web.errors.server_error"
