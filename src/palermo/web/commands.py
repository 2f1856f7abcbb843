"""`Idempotency-Key`: a change that is sent again because the link lost the answer is carried out once.

Any request of a signed-in person that changes something may carry one, at the JSON twin or as a form. A form that is
sent by the page's own script (`X-Sent-By: script`) is told where to go on in `X-Location` instead of by a redirect,
which a script may not read.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from palermo.kernel.access.policy import passed
from palermo.kernel.commands.actions import Answer, Claim, claim, keep
from palermo.kernel.errors import DomainError
from palermo.web.errors import domain_answer, error_answer

SAFE = {"GET", "HEAD", "OPTIONS"}
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
UNSAID = {"csrfmiddlewaretoken"}  # another one with every page; says nothing about what is asked


def keep_nothing(request: HttpRequest) -> None:
    """For a view whose answer is told once: it is not kept under the key. Sent again, it is carried out again."""
    request.palermo_claim = None  # type: ignore[attr-defined]


class CommandMiddleware:
    """Stands inside the transaction of the request and outside of what turns errors into answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with passed() as under:
            response = self.get_response(request)
        claimed: Claim | None = getattr(request, "palermo_claim", None)
        if claimed is not None and _is_done(response):
            answer = _answer(response, tuple(sorted(under)))
            keep(actor=request.viewer, claimed=claimed, answer=answer)  # type: ignore[attr-defined]
        return _for_script(request, response)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """Answer what was answered before; otherwise claim the command. After the token of the form was looked at."""
        given = request.headers.get("Idempotency-Key")
        viewer = getattr(request, "viewer", None)
        if given is None or request.method in SAFE or viewer is None or not viewer.is_person:
            return None
        try:
            key = UUID(given)
        except ValueError:
            return error_answer(request, 400, rule="commands.key")
        try:
            found = claim(actor=viewer, key=key, asked=_asked(request))
        except DomainError as error:
            answer = domain_answer(request, error)
            answer.roll_back = True  # type: ignore[attr-defined]
            return answer
        if isinstance(found, Claim):
            request.palermo_claim = found  # type: ignore[attr-defined]
            return None
        return _again(found)


def _asked(request: HttpRequest) -> bytes:
    """Method, address and content in one form, without what differs from page to page."""
    head = f"{request.method} {request.get_full_path()}\n".encode()
    if request.content_type not in FORMS:
        return head + request.body
    said = sorted((name, values) for name, values in request.POST.lists() if name not in UNSAID)
    files = sorted(
        (name, f"{file.name} {file.size}") for name, kept in request.FILES.lists() for file in kept
    )
    return head + urlencode([*said, *files], doseq=True).encode()


def _is_done(response: HttpResponse) -> bool:
    """Something changed and stays: a redirect of a form, or an answer of the JSON twin. A file is no such answer: it
    leaves the house once, with a trace, and asking again asks again."""
    if "attachment" in response.headers.get("Content-Disposition", ""):
        return False
    if response.streaming or getattr(response, "roll_back", False) or response.status_code >= 400:
        return False
    return response.status_code >= 300 or "json" in response.headers.get("Content-Type", "")


def _answer(response: HttpResponse, under: tuple[tuple[str, str], ...]) -> Answer:
    return Answer(
        status=response.status_code,
        location=response.headers.get("Location", ""),
        text="" if response.status_code >= 300 else response.content.decode(),
        content_type=response.headers.get("Content-Type", ""),
        under=under,
    )


def _again(answer: Answer) -> HttpResponse:
    response = HttpResponse(answer.text, status=answer.status, content_type=answer.content_type or None)
    if answer.location:
        response.headers["Location"] = answer.location
    response.headers["Idempotent-Replay"] = "true"
    return response


def _for_script(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if request.headers.get("X-Sent-By") != "script" or not 300 <= response.status_code < 400:
        return response
    told = HttpResponse(status=200)
    told.cookies = response.cookies
    for name, value in response.headers.items():
        if name not in ("Location", "Content-Length", "Content-Type"):
            told.headers[name] = value
    told.headers["X-Location"] = response.headers.get("Location", "")
    return told
