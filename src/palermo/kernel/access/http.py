"""The session of a browser: ends after minutes without use and after hours in any case, and leaves no trace."""

import re
import time
from typing import Any

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.http import HttpRequest, HttpResponse

# Renewing the idle limit writes to the database; once a minute is exact enough.
RENEW_SECONDS = 60
STARTED, SEEN, DEVICE = "started", "seen", "device"
_BROWSERS = ("Firefox", "Edg", "Chrome", "Safari")
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")


def device_note(user_agent: str) -> str:
    """A few words by which a person recognises his device in the list of his sessions; no fingerprint."""
    browser = next((name for name in _BROWSERS if re.search(rf"\b{name}/", user_agent)), "")
    system = next((name for name in _SYSTEMS if name in user_agent), "")
    return ", ".join(part for part in ({"Edg": "Edge"}.get(browser, browser), system) if part)


def _is_over(session: Any, now: float) -> bool:
    """Whether the absolute limit has passed, or the clock says that the session begins in the future."""
    started = float(session.get(STARTED, now))
    return not -RENEW_SECONDS <= now - started <= settings.PALERMO_SESSION_HOURS * 3600


class SessionMiddleware(DjangoSessionMiddleware):
    """Django's sessions with an idle limit, an absolute limit, a device note and a clean end."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return
        session, now = request.session, time.time()
        if "_auth_user_id" not in session:
            return
        if _is_over(session, now):
            session.flush()
        elif now - float(session.get(SEEN, 0)) > RENEW_SECONDS:
            session[SEEN] = now

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        session: Any = getattr(request, "session", None)
        signed_in = session is not None and session.accessed and "_auth_user_id" in session
        if signed_in and STARTED not in session:
            session[STARTED] = session[SEEN] = time.time()
            session[DEVICE] = device_note(request.META.get("HTTP_USER_AGENT", ""))
        if signed_in:
            response["Cache-Control"] = "no-store, private"
        if getattr(request, "palermo_signed_out", False):
            response["Clear-Site-Data"] = '"cache", "storage"'
            response["Cache-Control"] = "no-store, private"
        return super().process_response(request, response)
