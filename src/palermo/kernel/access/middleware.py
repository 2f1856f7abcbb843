"""One request, one transaction, one viewer: nothing below this can see the database without saying who asks."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from palermo.kernel.access.context import enter, leave, open_context, session_token
from palermo.kernel.access.demo import refuse_public_demo
from palermo.kernel.access.second_factor import has_factor, strong_records
from palermo.kernel.access.signing_out import end_session
from palermo.kernel.access.step_up import is_fresh
from palermo.kernel.access.viewer import Viewer, viewer_for

STEP_UP_SECONDS = 300
# What somebody may open who has given a password but no second factor yet: enrolling one, and leaving.
ENROLMENT_URLS = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "account_enrol",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "web:language",
        "web:theme",
        "web:about",
        "web:leave",
        "web:healthz",
    }
)


def _viewer(request: HttpRequest) -> Viewer:
    """The viewer of this request, with the session's own token entered into the transaction.

    A session without a second factor has no context at all: to the database it is the public.
    """
    if not request.user.is_authenticated or not request.session.session_key or not strong_records(request):
        return Viewer.anonymous()
    fresh = is_fresh(request, STEP_UP_SECONDS)
    token = session_token(request.session.session_key)
    found = enter(token, stepped_up=fresh)
    if found is None or found.user_id != request.user.pk:
        ref = token.hex()[:16]
        open_context(
            token, viewer_for(request.user, session_ref=ref), seconds=settings.PALERMO_SESSION_HOURS * 3600
        )
        found = enter(token, stepped_up=fresh)
        request.palermo_session_opened = found is not None  # type: ignore[attr-defined]
    return found or Viewer.anonymous()


def _note_sign_in(request: HttpRequest) -> None:
    """Write the beginning of a session into the audit; last, for the chain stays locked until the commit."""
    from palermo.kernel.audit.actions import record

    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    record(actor=viewer, action="access.session.begin", object_kind="user", object_id=viewer.user_id)


def _keep_session(request: HttpRequest) -> None:
    """Save what the session learned (messages, its last use) with the change itself, not after it: otherwise a
    disk that fills up in between would answer "nothing was saved" to a change that was."""
    session = request.session
    known = session.session_key and session.session_key == request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if known and session.modified and not session.is_empty():
        session.save()
        session.modified = (
            False  # a session with a new key or at its end is Django's to write, with its cookie
        )


class ViewerMiddleware:
    """Wraps each request in a transaction that knows its viewer; an error response rolls everything back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        # A server process of a public instance that holds demonstration accounts does not start.
        refuse_public_demo()
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with transaction.atomic():
            request.viewer = _viewer(request)  # type: ignore[attr-defined]
            response = self.get_response(request)
            if getattr(response, "roll_back", response.status_code >= 500):
                transaction.set_rollback(True)
            else:
                _keep_session(request)
                opened = getattr(request, "palermo_session_opened", False)
                if opened and not getattr(request, "palermo_signed_out", False):
                    _note_sign_in(request)
                # Inside an outer transaction (tests) the setting would outlive the request.
                leave()
        return response

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """Lead a person with only a password to enrol a second factor; everything else stays closed."""
        if not request.user.is_authenticated or strong_records(request):
            return None
        if has_factor(request.user):
            # Enrolled elsewhere since: this session has proved a password only, so it starts again.
            end_session(request)
            return HttpResponseRedirect(reverse("account_login"))
        match = request.resolver_match
        if match is not None and match.view_name in ENROLMENT_URLS:
            return None
        return HttpResponseRedirect(reverse("account_enrol"))
