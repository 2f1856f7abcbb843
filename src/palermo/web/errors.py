"""Every error as a page in plain words with a way forward; JSON for those who ask for JSON.

A missing object, a foreign object and a wrong address give the same body, byte for byte: the pages hold no
address, no token and nothing about the request.
"""

import errno
import sys
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from psycopg.errors import DeadlockDetected, DiskFull

from palermo.kernel.errors import Conflict, DomainError, Invalid, NotFound, Stale, StepUpNeeded
from palermo.web.changes import Change, changes_of
from palermo.web.context import theme_of

# Statuses that Django answers with an empty or unstyled body.
BARE_ANSWERS = {405, 413, 429}


class DomainErrorMiddleware:
    """Turns errors of the domain into answers, and bare answers of the framework into pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code in BARE_ANSWERS and not response.streaming and not response.content:
            page = error_answer(request, response.status_code)
            for name, value in response.headers.items():
                page.headers.setdefault(name, value)
            return page
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, StepUpNeeded):
            answer: HttpResponse | None = step_up(request, exception)
        elif isinstance(exception, DomainError):
            answer = domain_answer(request, exception)
        elif in_a_circle(exception):
            answer = domain_answer(request, once_more())
        else:
            return None
        if answer is not None:
            # Whatever the view had changed before the rule stopped it goes back.
            answer.roll_back = True  # type: ignore[attr-defined]
        return answer


def in_a_circle(error: BaseException | None) -> bool:
    """Whether two waited for each other and the database ended this one (40P01), however deep it is wrapped."""
    while error is not None:
        if isinstance(error, DeadlockDetected):
            return True
        error = error.__cause__ or error.__context__
    return False


def once_more() -> Conflict:
    """Nothing of it was kept; the other one is through by now, and a second try meets what it left."""
    words = _("Somebody else was changing the same thing at this very moment. Please do it once more.")
    return Conflict(words, rule="web.busy")


def domain_answer(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The page or JSON of one domain error; a NotFound says nothing beyond what any wrong address says."""
    if isinstance(error, NotFound):
        return error_answer(request, 404)
    return error_answer(
        request,
        error.status,
        message=error.message,
        rule=error.rule,
        state=error.state if isinstance(error, Conflict) else "",
        changes=changes_of(error.base, error.mine, error.theirs) if isinstance(error, Stale) else (),
        problems=error.problems if isinstance(error, Invalid) else (),
    )


def step_up(request: HttpRequest, error: StepUpNeeded) -> HttpResponse:
    """People are asked to confirm who they are and come back; programs get the refusal."""
    if wants_json(request):
        return domain_answer(request, error)
    back = request.get_full_path() if request.method == "GET" else page_before(request)
    return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}")


def page_before(request: HttpRequest) -> str:
    """The page of ours that held the form which was sent; home when the browser does not say."""
    before = urlsplit(request.headers.get("Referer", ""))
    return before.path if before.netloc == request.get_host() else reverse("web:home")


def error_answer(
    request: HttpRequest,
    status: int,
    *,
    message: str = "",
    rule: str = "",
    state: str = "",
    changes: tuple[Change, ...] = (),
    problems: tuple[Any, ...] = (),
) -> HttpResponse:
    """One error in the form the asker reads: HTML, or JSON under /api/ and for Accept: application/json."""
    if wants_json(request):
        body: dict[str, Any] = {"error": HTTPStatus(status).phrase, "rule": rule, "message": message}
        if state:
            body["state"] = state
        if problems:
            body["problems"] = [
                {"field": p.field, "message": str(p.message), "rule": p.rule} for p in problems
            ]
        if changes:
            body["changes"] = [
                {"field": str(c.field), "base": c.base, "mine": c.mine, "theirs": c.theirs} for c in changes
            ]
        return JsonResponse({name: value for name, value in body.items() if value}, status=status)
    heading, advice = words(status)
    context = {
        "status": status,
        "heading": heading,
        "advice": advice,
        "message": message,
        "state": state,
        "changes": changes,
        "problems": problems,
        "theme": theme_of(request),
        "direction": "rtl" if get_language_bidi() else "ltr",
        "LANGUAGE_CODE": get_language() or settings.LANGUAGE_CODE,
        "palermo_version": settings.PALERMO_VERSION,
    }
    # No request in the context: nothing of it may reach the page, and no query runs in a broken transaction.
    return HttpResponse(render_to_string("web/errors/page.html", context), status=status)


def wants_json(request: HttpRequest) -> bool:
    if request.path.startswith("/api/"):
        return True
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def words(status: int) -> tuple[str, str]:
    """Heading and way forward for a status, in plain words."""
    known = {
        400: (
            _("This request could not be read"),
            _("Go back, reload the page and try again. Nothing was saved."),
        ),
        403: (
            _("You cannot do this"),
            _("If your work needs it, ask your supervisor or administrator."),
        ),
        404: (
            _("There is nothing to see here"),
            _("The page does not exist, or it is not open to you. Check the address, or start from home."),
        ),
        405: (_("This page cannot be used this way"), _("Go back and use the buttons on the page.")),
        409: (
            _("This cannot happen now"),
            _("The record has moved on. Go back, reload the page and look at its present state."),
        ),
        412: (
            _("Somebody else saved first"),
            _("Nothing of yours was saved. Compare below, then go back, reload the page and enter it again."),
        ),
        413: (
            _("This is too large"),
            _("Send a smaller file, or split it. The limit is written beside the field. Nothing was saved."),
        ),
        422: (
            _("Some answers need another look"),
            _("Go back and correct what is listed. Nothing was saved."),
        ),
        429: (_("Too many attempts"), _("Wait a few minutes and try again.")),
        500: (
            _("Something went wrong on our side"),
            _("Nothing was saved by this step. Try again; if it fails twice, tell your administrator when."),
        ),
        503: (
            _("The database does not answer just now"),
            _("Nothing was saved by this step; what was saved before is safe. Try again in a minute."),
        ),
        507: (
            _("The disk of the server is full"),
            _(
                "Nothing was saved by this step; what was saved before is safe. Tell your administrator to make room."
            ),
        ),
    }
    return known.get(status, known[400 if status < 500 else 500])


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    too_large = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    return error_answer(request, 413 if too_large else 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_answer(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_answer(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """What nobody foresaw, and faults that can be named: a circle of waiting found at the commit, no room on the disk,
    no database."""
    error = sys.exc_info()[1]
    if in_a_circle(error):
        return domain_answer(request, once_more())
    return error_answer(request, status_of(error))


def status_of(error: BaseException | None) -> int:
    """507 when the disk is full, 503 while the database is away (it is started again by itself), else 500."""
    away = False
    while error is not None:
        if isinstance(error, DiskFull) or (isinstance(error, OSError) and error.errno == errno.ENOSPC):
            return 507
        away = away or isinstance(error, OperationalError | InterfaceError)
        error = error.__cause__ or error.__context__
    return 503 if away else 500


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    message = _(
        "The form was open for too long, or was sent from another place. Reload the page and send it again."
    )
    return error_answer(request, 403, message=message, rule="web.csrf")
