"""What every template may use without asking: version, theme, direction."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language_bidi

from palermo.web.room import search_address
from palermo.web.site.asking import STATIC_SITE

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "theme"


def theme_of(request: HttpRequest) -> str:
    """The theme the person chose, or "auto": as the device has it."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else "auto"


def shell(request: HttpRequest) -> dict[str, Any]:
    return {
        "palermo_version": settings.PALERMO_VERSION,
        "theme": theme_of(request),
        "direction": "rtl" if get_language_bidi() else "ltr",
        "draft_days": settings.PALERMO_DRAFT_DAYS,
        "neutral_page": settings.PALERMO_NEUTRAL_PAGE,
        "search_url": search_address,  # asked for by the templates that show it alone
        "static_site": bool(request.META.get(STATIC_SITE)),
    }
