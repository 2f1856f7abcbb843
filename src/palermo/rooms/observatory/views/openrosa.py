"""The OpenRosa endpoints: what ODK Collect, KoboCollect and their like speak. No page, no session, no cookie."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID
from xml.sax.saxutils import escape

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import DomainError, NotFound
from palermo.rooms.observatory import actions, queries
from palermo.rooms.observatory.models import DeviceAccount, FormVersion
from palermo.rooms.observatory.views.multipart import MOST_BODY, Unfit, read_parts
from palermo.web.errors import status_of

logger = logging.getLogger(__name__)

XML = "text/xml; charset=utf-8"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
LIST, MANIFEST = "http://openrosa.org/xforms/xformsList", "http://openrosa.org/xforms/xformsManifest"
ANSWER = "http://openrosa.org/http/response"

View = Callable[..., HttpResponse]


def spoken(*methods: str) -> Callable[[View], View]:
    """A view of the protocol: the device proves itself first; every answer has the protocol's header.

    It gets (request, system, device, address of the study). The token form of the address is never written to a log.
    """

    def around(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, project: str, token: str = "", **more: Any) -> HttpResponse:
            if request.method not in methods:
                response = said(405, "This address does not know this method.")
                response["Allow"] = ", ".join(methods)
                return finished(request, response)
            try:
                with actions.proved(project=project, token=token, asked=_asked(request)) as (system, device):
                    response = view(request, system, device, _root(request, project, token), **more)
            except actions.Unproved as error:
                response = _unproved(request, token, stale=error.stale)
            except NotFound:
                response = said(404, "There is no such thing here.")
            except DomainError as error:
                response = said(error.status, error.message)
                response.roll_back = error.status >= 500  # type: ignore[attr-defined]
            except (
                Exception
            ) as error:  # the client tries again later; Django would log the address with the key in it
                logger.exception("A device was not answered.")
                response = said(status_of(error), "Nothing was kept. Try again later.")
                response.roll_back = True  # type: ignore[attr-defined]
            return finished(request, response)

        wrapped = csrf_exempt(never_cache(answer))
        # The body is read by the view itself, with its own limits; nothing of it touches the disk in clear.
        wrapped.reads_own_body = True  # type: ignore[attr-defined]
        return wrapped

    return around


def _asked(request: HttpRequest) -> actions.Asked:
    return actions.Asked(
        request.method or "", request.get_full_path(), request.headers.get("Authorization", ""),
        request.is_secure(),
    )  # fmt: skip


def _unproved(request: HttpRequest, token: str, *, stale: bool) -> HttpResponse:
    if token:
        return said(403, "This key opens nothing.")
    response = said(401, "Sign in with the account of the device.")
    given = request.headers.get("Authorization", "")
    if given and not stale and actions.one_too_many(given, request.META.get("REMOTE_ADDR", "")):
        return response  # no new challenge for who tries without end; a client that asks anew gets one
    response["WWW-Authenticate"] = actions.challenge(stale=stale, secure=request.is_secure())
    return response


def said(status: int, words: str) -> HttpResponse:
    """What a client shows to its user."""
    nature = "submit_success" if status < 300 else "submit_error"
    text = f'<OpenRosaResponse xmlns="{ANSWER}"><message nature="{nature}">'
    return HttpResponse(
        f"{text}{escape(words)}</message></OpenRosaResponse>", status=status, content_type=XML
    )


def finished(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The header without which a client takes this for another server. Date is the web server's."""
    response["X-OpenRosa-Version"] = "1.0"
    response["X-OpenRosa-Accept-Content-Length"] = str(MOST_BODY)
    if request.method == "HEAD":
        response.content = b""
    # Django would write the address of a refused request to the log, and the address may hold the device's key.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _root(request: HttpRequest, project: str, token: str) -> Callable[..., str]:
    """Absolute addresses under which this very device goes on."""
    names = {"project": project, **({"token": token} if token else {})}

    def to(page: str, /, **more: Any) -> str:
        return request.build_absolute_uri(
            reverse(f"openrosa:{'key-' if token else ''}{page}", kwargs={**names, **more})
        )

    return to


def _attribute(text: str) -> str:
    return escape(text, {'"': "&quot;"})


@spoken("GET", "HEAD")
def form_list(
    request: HttpRequest, system: Viewer, device: DeviceAccount, to: Callable[..., str]
) -> HttpResponse:
    """The forms that are offered. Any other parameter (`deviceID`, ...) is welcome and ignored."""
    every = request.GET.get("listAllVersions", "").lower() in ("1", "true", "yes")
    verbose = request.GET.get("verbose", "").lower() in ("1", "true", "yes")
    rows = queries.offered(system, device, form_id=request.GET.get("formID", ""), all_versions=every)
    forms = "".join(_listed(one, to, verbose) for one in rows)
    text = f'{HEAD}<xforms xmlns="{LIST}">{forms}</xforms>'
    return HttpResponse(text, content_type=XML)


def _listed(one: FormVersion, to: Callable[..., str], verbose: bool) -> str:
    parts = [
        ("formID", one.form.form_id), ("name", one.form.title), ("version", one.label), ("hash", f"md5:{one.md5}"),
        *([("descriptionText", one.form.title)] if verbose else []),
        ("downloadUrl", to("form", version_id=one.pk)),
        *([("manifestUrl", to("manifest", version_id=one.pk))] if one.media.all() else []),
    ]  # fmt: skip
    return f"<xform>{''.join(f'<{name}>{escape(text)}</{name}>' for name, text in parts)}</xform>"


@spoken("GET", "HEAD")
def form_xml(
    request: HttpRequest, system: Viewer, device: DeviceAccount, to: Callable[..., str], version_id: UUID
) -> HttpResponse:
    """The blank form, byte for byte what its hash was made of."""
    return HttpResponse(bytes(queries.blank_form(system, device, version_id).xml), content_type=XML)


@spoken("GET", "HEAD")
def manifest(
    request: HttpRequest, system: Viewer, device: DeviceAccount, to: Callable[..., str], version_id: UUID
) -> HttpResponse:
    """The files that go along with a form."""
    found = queries.blank_form(system, device, version_id)
    files = "".join(
        f"<mediaFile><filename>{escape(one.name)}</filename><hash>md5:{one.md5}</hash>"
        f"<downloadUrl>{escape(to('media', version_id=found.pk, name=one.name))}</downloadUrl></mediaFile>"
        for one in found.media.defer("content")
    )
    text = f'{HEAD}<manifest xmlns="{MANIFEST}">{files}</manifest>'
    return HttpResponse(text, content_type=XML)


@spoken("GET", "HEAD")
def media(
    request: HttpRequest,
    system: Viewer,
    device: DeviceAccount,
    to: Callable[..., str],
    version_id: UUID,
    name: str,
) -> HttpResponse:
    """One of these files."""
    found = queries.media_file(system, device, version_id, name)
    kind = "text/csv; charset=utf-8" if found.name.endswith(".csv") else "application/octet-stream"
    response = HttpResponse(bytes(found.content), content_type=kind)
    response["Content-Disposition"] = "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@spoken("HEAD", "POST")
def submission(
    request: HttpRequest, system: Viewer, device: DeviceAccount, to: Callable[..., str]
) -> HttpResponse:
    """HEAD: may this device send, and how much at once. POST: a record, or the rest of its files."""
    where = to("submission")
    if request.method == "HEAD":
        response = HttpResponse(status=204)
        response["Location"] = where
        return response
    try:
        xml, files = read_parts(request)
    except Unfit as error:
        return said(error.status, str(error))
    taken = actions.receive(actor=system, device=device, xml=xml, files=files)
    words = "Received." if taken.fresh else "Received before; nothing was doubled."
    response = said(201 if taken.fresh else 202, words)
    response["Location"] = where
    return response
