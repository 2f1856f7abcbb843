"""Filling a form in on a page of ours, signed in; and trying a draft there, which sends nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from palermo.kernel.access.policy import require
from palermo.kernel.errors import DomainError
from palermo.rooms.observatory import actions, queries
from palermo.rooms.observatory.models import FormVersion, Site, Study, VersionState
from palermo.rooms.observatory.views.multipart import Unfit, read_parts
from palermo.web.middleware import PERMISSIONS

COLLECT, PUBLISH = "observatory.web.collect", "observatory.form.publish"

# What the renderer needs beyond the house's policy, on the pages that hold it and nowhere else: an engine in
# WebAssembly, styles that it writes itself, its own pictures and fonts inside its code, recordings of a question read
# aloud. `connect-src` and the scripts stay our own host's.
NEEDS = {
    "script-src": "'wasm-unsafe-eval'", "style-src": "'unsafe-inline'", "img-src": "blob:", "font-src": "data:",
    "media-src": ["'self'", "blob:"],
}  # fmt: skip
form_page = csp_update(NEEDS)  # type: ignore[arg-type]
Answer = Callable[..., HttpResponse]


@never_cache
@require_GET
@form_page
def fill(request: HttpRequest, study_id: UUID, version_id: UUID) -> HttpResponse:
    """The form as a page. A draft is tried: it is shown, and nothing can be sent."""
    found, one = _opened(request, study_id, version_id)
    trying = one.state == VersionState.DRAFT
    sites = actions.sites_to_collect_at(request.viewer, queries.sites(request.viewer, found))
    context = {
        "study": found, "version": one, "trying": trying, "why_not": _why_not(request, one, sites), "sites": sites,
        "may_do_without": request.viewer.has("analyst"), "token": get_token(request),
        "files": reverse("observatory:web-file", args=[found.pk, one.pk, "FILE"]),
    }  # fmt: skip
    response = render(request, "observatory/fill.html", context)
    return with_place(response, one)


def with_place(response: HttpResponse, one: FormVersion) -> HttpResponse:
    """A form that asks where it is filled in may ask the browser, which asks the person."""
    if actions.asks_for_the_place(one):
        response["Permissions-Policy"] = PERMISSIONS.replace("geolocation=()", "geolocation=(self)")
    return response


def _opened(request: HttpRequest, study_id: UUID, version_id: UUID) -> tuple[Study, FormVersion]:
    found = queries.study(request.viewer, study_id)
    one = queries.version(request.viewer, found, version_id)
    require(request.viewer, PUBLISH if one.state == VersionState.DRAFT else COLLECT, found.pk)
    return found, one


def _why_not(request: HttpRequest, one: FormVersion, sites: list[Site]) -> str:
    if one.state not in (VersionState.DRAFT, VersionState.PUBLISHED):
        return _("This version of the form is offered no more.")
    if not sites and not request.viewer.has("analyst"):
        return _("No site of this study belongs to your team, so there is nowhere for you to collect.")
    return actions.unfit_for_the_web(one)


@never_cache
@require_GET
def blank(request: HttpRequest, study_id: UUID, version_id: UUID) -> HttpResponse:
    """The form's own XML, for the page."""
    _found, one = _opened(request, study_id, version_id)
    return xml_of(one)


def xml_of(one: FormVersion) -> HttpResponse:
    return HttpResponse(bytes(one.xml), content_type="text/xml; charset=utf-8")


@never_cache
@require_GET
def file(request: HttpRequest, study_id: UUID, version_id: UUID, name: str) -> HttpResponse:
    """A file that goes along with the form, for the page."""
    _found, one = _opened(request, study_id, version_id)
    return file_of(one, name)


def file_of(one: FormVersion, name: str) -> HttpResponse:
    found = queries.file_of_form(one, name)
    kind = "text/csv; charset=utf-8" if found.name.endswith(".csv") else "application/octet-stream"
    response = HttpResponse(bytes(found.content), content_type=kind)
    response["Content-Disposition"] = "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def token_in_header(view: Answer) -> Answer:
    """Django's own look at the token and the origin, from the headers alone: the body has answers in it, and Django
    would write its files to the disk in clear while it looks for the token there."""

    @wraps(view)
    def looked_at(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        request._post, request._files = QueryDict(), MultiValueDict()  # type: ignore[attr-defined]
        refused = CsrfViewMiddleware(lambda _request: HttpResponse()).process_view(request, view, args, named)
        return refused if refused is not None else view(request, *args, **named)

    exempt = csrf_exempt(looked_at)
    exempt.reads_own_body = True  # type: ignore[attr-defined]
    return exempt


@token_in_header
@never_cache
@require_http_methods(["POST"])
def send(request: HttpRequest, study_id: UUID, version_id: UUID) -> HttpResponse:
    """A record from the page of a signed-in person."""
    found = queries.study(request.viewer, study_id)
    require(request.viewer, COLLECT, found.pk)
    one = queries.version(request.viewer, found, version_id)
    site = queries.site(request.viewer, found, request.GET.get("site", ""))

    def take() -> actions.Taken:
        xml, files = read_parts(request)
        return actions.receive_from_seat(actor=request.viewer, version=one, site=site, xml=xml, files=files)

    return answered(take)


def answered(take: Callable[[], actions.Taken]) -> HttpResponse:
    """What became of a record, with the protocol's status and in words of the reader's language."""
    try:
        taken = take()
    except Unfit as error:
        return said(error.status, in_words(error.status))
    except actions.NotTaken as error:
        return said(error.status, in_words(error.status, error.message))
    except DomainError as error:
        return said(error.status, error.message)
    return said(201 if taken.fresh else 202, "")


def said(status: int, words: str) -> HttpResponse:
    response = JsonResponse({"said": words}, status=status)
    # The view has answered for the error; what it had begun goes back with it.
    response.roll_back = status >= 400  # type: ignore[attr-defined]
    return response


def in_words(status: int, known: str = "") -> str:
    """A sentence for people; the protocol's own are for devices, and in English alone."""
    words = {
        400: _("The record could not be read. Nothing was kept."),
        404: _("This version of the form is not taken here any more. Nothing was kept."),
        409: _("This form is closed, or another record came under the same number. Nothing was kept."),
        413: _(
            "The record with its files is too large: at most 40 MB. Take smaller pictures. Nothing was kept."
        ),
    }
    return words.get(status, known or _("The record was not taken."))
