"""Pages of cooperation: partner instances, and how two people make sure of one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from palermo.kernel.access.policy import can, require
from palermo.kernel.errors import Conflict, Invalid, NotFound
from palermo.kernel.exchange import actions as exchange
from palermo.rooms.cooperation import actions, queries
from palermo.rooms.cooperation.forms import CardForm, DigitsForm, WhyForm


@never_cache
@require_GET
def partners(request: HttpRequest) -> HttpResponse:
    """Every partner, and this instance's own card."""
    context = {"rows": queries.listed(request.viewer), "own": queries.own(request.viewer)}
    return render(request, "cooperation/list.html", context)


@never_cache
@require_GET
def card(request: HttpRequest) -> HttpResponse:
    """This instance's card as a file: public keys and an address, nothing else."""
    found = queries.own(request.viewer)
    if found is None:
        raise NotFound()
    answer = HttpResponse(found[2], content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="card-{found[0].version}.palermo-card"'
    return answer


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Take in the card of another office."""
    require(request.viewer, "exchange.partner.pin")
    form = CardForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = exchange.propose(actor=request.viewer, data=form.cleaned_data["file"])
        except (Invalid, Conflict) as error:
            form.add_error("file", str(error))
        else:
            return redirect("cooperation:partner", made.pk)
    context = {"form": form, "title": _("New partner"), "verb": _("Take it in")}
    return render(request, "cooperation/form.html", context)


@never_cache
@require_GET
def partner(request: HttpRequest, partner_id: UUID) -> HttpResponse:
    """A partner: whether it is sure who it is, and how letters fare."""
    return _page(request, partner_id, DigitsForm())


def _page(request: HttpRequest, partner_id: UUID, form: Any) -> HttpResponse:
    found = queries.sheet(request.viewer, partner_id)
    context = {
        "sheet": found, "partner": found.partner, "form": form,
        "may_try": can(request.viewer, "cooperation.partner.try"),
    }  # fmt: skip
    return render(request, "cooperation/partner.html", context)


@never_cache
@require_POST
def confirm(request: HttpRequest, partner_id: UUID) -> HttpResponse:
    """The digits that somebody heard."""
    found = queries.partner(request.viewer, partner_id)
    require(request.viewer, "exchange.partner.pin")
    form = DigitsForm(request.POST)
    if form.is_valid():
        try:
            row = exchange.confirm(actor=request.viewer, partner=found, digits=form.cleaned_data["digits"])
        except (Invalid, Conflict) as error:
            form.add_error("digits" if isinstance(error, Invalid) else None, str(error))
        else:
            done = (
                _("This partner is active.")
                if row.state == "active"
                else _("Now a second person compares them.")
            )
            messages.success(request, done)
            return redirect("cooperation:partner", partner_id)
    return _page(request, partner_id, form)


@never_cache
@require_POST
def attempt(request: HttpRequest, partner_id: UUID) -> HttpResponse:
    """Send a letter that says nothing."""
    actions.attempt(actor=request.viewer, partner=queries.partner(request.viewer, partner_id))
    messages.success(
        request, _("A letter that says nothing is on its way. Reload this page to see whether it arrived.")
    )
    return redirect("cooperation:partner", partner_id)


@never_cache
@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, partner_id: UUID) -> HttpResponse:
    """Nothing more to this partner, for good."""
    found = queries.partner(request.viewer, partner_id)
    require(request.viewer, "exchange.partner.revoke")
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        exchange.revoke(actor=request.viewer, partner=found, why=form.cleaned_data["why"])
        messages.success(request, _("Revoked. Tell the other office by telephone."))
        return redirect("cooperation:partner", partner_id)
    return render(request, "cooperation/revoke.html", {"form": form, "partner": found})
