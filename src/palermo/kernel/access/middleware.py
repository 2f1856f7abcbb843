"""One request, one transaction, one viewer: nothing below this can see the database without saying who asks."""

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from palermo.kernel.access.context import enter, leave, open_context, session_token
from palermo.kernel.access.viewer import Viewer, viewer_for

CONTEXT_SECONDS = 10 * 3600
STEP_UP_SECONDS = 300


def _viewer(request: HttpRequest) -> Viewer:
    """The viewer of this request, with the session's own token entered into the transaction."""
    from palermo.kernel.access.step_up import is_fresh

    if not request.user.is_authenticated or not request.session.session_key:
        return Viewer.anonymous()
    fresh = is_fresh(request, STEP_UP_SECONDS)
    token = session_token(request.session.session_key)
    found = enter(token, stepped_up=fresh)
    if found is None or found.user_id != request.user.pk:
        ref = token.hex()[:16]
        open_context(token, viewer_for(request.user, session_ref=ref), seconds=CONTEXT_SECONDS)
        found = enter(token, stepped_up=fresh)
    return found or Viewer.anonymous()


class ViewerMiddleware:
    """Wraps each request in a transaction that knows its viewer; an error response rolls everything back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with transaction.atomic():
            request.viewer = _viewer(request)  # type: ignore[attr-defined]
            response = self.get_response(request)
            if getattr(response, "roll_back", response.status_code >= 500):
                transaction.set_rollback(True)
            else:
                # Inside an outer transaction (tests) the setting would outlive the request.
                leave()
        return response
