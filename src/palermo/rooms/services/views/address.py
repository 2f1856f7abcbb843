"""The confidential address: shown once for a purpose, shared with another organisation until a day."""

import secrets
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from palermo.kernel.access.policy import can, require
from palermo.kernel.errors import Invalid
from palermo.rooms.services import actions, queries
from palermo.rooms.services.forms import RevealForm, ShareForm
from palermo.rooms.services.views.keeping import add_problems

ONCE = "address-once"


@never_cache
@require_http_methods(["GET", "POST"])
def address(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """Show the address once. Loading the page again hides it and asks anew."""
    viewer = request.viewer
    service = queries.service(viewer, service_id)
    require(viewer, "services.address.reveal", service.pk)
    form, shown, done = RevealForm(request.POST or None), None, False
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["once"] != request.session.pop(ONCE, None):
            messages.info(request, _("The address is hidden again. To see it once more, say again what for."))
            return redirect("services:address", service.pk)
        shown, done = (
            actions.reveal_address(
                actor=viewer,
                service=service,
                purpose=form.cleaned_data["purpose"],
                explanation=form.cleaned_data["explanation"],
            ),
            True,
        )
    if not done:
        request.session[ONCE] = once = secrets.token_urlsafe(12)
        given: Any = form.data.dict() if form.is_bound else {}
        errors = form.errors if form.is_bound else {}
        form = RevealForm({**given, "once": once}) if errors else RevealForm(initial={"once": once})
    context = {"service": service, "form": form, "shown": shown, "done": done} | _sharing(request, service)
    response = render(
        request, "services/address.html", context, status=422 if form.errors and not done else 200
    )
    response["Cache-Control"] = "no-store, max-age=0"
    return response


def _sharing(request: HttpRequest, service: Any, form: ShareForm | None = None) -> dict[str, Any]:
    viewer = request.viewer
    context: dict[str, Any] = {"reveals": queries.address_reveals(viewer, service)}
    if can(viewer, "services.address.share", service.pk):
        context["shares"] = queries.address_shares(viewer, service)
        context["share_form"] = form or ShareForm(organisations=_recipients(request, service))
    return context


def _recipients(request: HttpRequest, service: Any) -> list[tuple[str, str]]:
    return [(str(row.pk), row.name) for row in queries.possible_recipients(request.viewer, service)]


@require_POST
def address_share(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """Share the address with another organisation."""
    service = queries.service(request.viewer, service_id)
    require(request.viewer, "services.address.share", service.pk)
    form = ShareForm(request.POST, organisations=_recipients(request, service))
    if form.is_valid():
        try:
            actions.share_address(
                actor=request.viewer,
                service=service,
                organisation_id=UUID(form.cleaned_data["organisation"]),
                until=form.end(),
                purpose=form.cleaned_data["purpose"],
            )
        except Invalid as error:
            add_problems(form, error)
        else:
            messages.success(request, _("Shared."))
            return redirect("services:address", service.pk)
    request.session[ONCE] = once = secrets.token_urlsafe(12)
    context = {"service": service, "form": RevealForm(initial={"once": once}), "shown": None, "done": False}
    return render(request, "services/address.html", context | _sharing(request, service, form), status=422)


@require_POST
def address_end(request: HttpRequest, service_id: UUID, grant_id: UUID) -> HttpResponse:
    """End a share at once."""
    service = queries.service(request.viewer, service_id)
    actions.end_address_share(actor=request.viewer, service=service, grant_id=grant_id)
    messages.success(request, _("The access is ended."))
    return redirect("services:address", service.pk)
