"""A link to one form, for somebody without an account: made and shown once by who collects; the page it opens.

The key stands after the # of the address and comes in a header: no log of any server or proxy has it, and a request
without it proves nothing, so these addresses need no token against forgery.
"""

from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict, Invalid, NotFound
from palermo.rooms.observatory import actions, queries
from palermo.rooms.observatory.forms import LinkForm
from palermo.rooms.observatory.models import DeviceAccount
from palermo.rooms.observatory.views.listing import put
from palermo.rooms.observatory.views.multipart import read_parts
from palermo.rooms.observatory.views.on_the_web import Answer, answered, file_of, form_page, said, xml_of
from palermo.web.commands import keep_nothing


@never_cache
@require_http_methods(["GET", "POST"])
def add_link(request: HttpRequest, study_id: UUID, version_id: UUID) -> HttpResponse:
    """Make a link. It is on the answer to this form and nowhere else."""
    found = queries.study(request.viewer, study_id)
    require(request.viewer, "observatory.device.make", found.pk)
    one = queries.version(request.viewer, found, version_id)
    sites = actions.sites_to_collect_at(request.viewer, queries.sites(request.viewer, found))
    form = LinkForm(request.POST or None, sites=[(str(site.pk), site.name) for site in sites])
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            issued = actions.make_link(
                actor=request.viewer, version=one, label=values["label"], days=values["days"],
                records=values["records"], site=queries.site(request.viewer, found, values["site"]),
            )  # fmt: skip
        except Invalid as error:
            put(form, error)
        except Conflict as error:
            form.add_error(None, error.message)
        else:
            keep_nothing(request)
            address = actions.link_address(issued, request.build_absolute_uri("/").rstrip("/"))
            context = {
                "study": found, "version": one, "issued": issued, "address": address,
                "picture": actions.drawn(address),
            }  # fmt: skip
            return render(request, "observatory/link.html", context)
    return render(request, "observatory/add_link.html", {"study": found, "version": one, "form": form})


def keyed(view: Answer) -> Answer:
    """A view(system, device, request, ...) for whoever holds the key; every wrong key gets one and the same answer."""

    @wraps(view)
    def answer(request: HttpRequest, link_id: UUID, **named: Any) -> HttpResponse:
        try:
            with actions.at_desk(link_id=link_id, key=request.headers.get("X-Desk-Key", "")) as (
                system,
                device,
            ):
                response = view(system, device, request, **named)
        except actions.Unproved:
            response = said(403, _closed_words())
        except actions.NotTaken as error:
            response = said(error.status, error.message)
        except NotFound:
            response = said(404, "")
        # Django would write the address of a refused request to the log; whose link it is stands in it.
        response._has_been_logged = True  # type: ignore[attr-defined]
        return response

    wrapped = csrf_exempt(never_cache(answer))
    wrapped.reads_own_body = True  # type: ignore[attr-defined]
    return wrapped


def _closed_words() -> str:
    return _("This link opens nothing: it has expired, was taken back, or is not complete.")


@never_cache
@require_GET
@form_page
def desk(request: HttpRequest, link_id: UUID) -> HttpResponse:
    """The page of a link. It is the same for every link, be it there or not: what it opens comes with the key."""
    require(Viewer.anonymous(), "observatory.protocol.use")
    return render(request, "observatory/desk.html", {"link_id": link_id})


@require_GET
@keyed
def desk_form(system: Viewer, device: DeviceAccount, request: HttpRequest) -> HttpResponse:
    """The form that this link opens."""
    if actions.records_left(device) == 0:
        return said(403, _used_words())
    return xml_of(actions.form_of_link(device))


def _used_words() -> str:
    return _("This link was used as often as it may be. Ask for a new one.")


@require_GET
@keyed
def desk_file(system: Viewer, device: DeviceAccount, request: HttpRequest, name: str) -> HttpResponse:
    """A file that goes along with it."""
    return file_of(actions.form_of_link(device), name)


@require_http_methods(["POST"])
@keyed
def desk_send(system: Viewer, device: DeviceAccount, request: HttpRequest) -> HttpResponse:
    """A record through a link."""

    def take() -> actions.Taken:
        xml, files = read_parts(request)
        return actions.receive_from_link(actor=system, device=device, xml=xml, files=files)

    return answered(take)
