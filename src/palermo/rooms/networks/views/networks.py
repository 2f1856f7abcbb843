"""Networks as everybody at work meets them: the list, one's own network, its guide, and joining."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from palermo.kernel.access.policy import can, require
from palermo.kernel.errors import NotFound
from palermo.rooms.networks import actions, queries
from palermo.rooms.networks.forms import JoinForm
from palermo.rooms.networks.queries.words import language, sector_name, state_name
from palermo.standards.instruments.guides import guides, urgent


@never_cache
@require_GET
def network_list(request: HttpRequest) -> HttpResponse:
    """Every network: one's own first."""
    context = {
        "rows": queries.networks(request.viewer),
        "may_open": can(request.viewer, "networks.network.open"),
        "may_count": request.viewer.has(*queries.COUNTERS),
        "may_join": can(request.viewer, "networks.member.propose"),
    }
    return render(request, "networks/list.html", context)


@never_cache
@require_GET
def network(request: HttpRequest, network_id: UUID) -> HttpResponse:
    """One network: for a member what was sent, what became of it, and the training; for others how to join."""
    viewer = request.viewer
    found = queries.network(viewer, network_id)
    mine = list(queries.own_memberships(viewer).filter(network_id=network_id))
    joined = next((row for row in mine if row.state == "member"), None)
    leads = queries.leads(viewer, network_id)
    context: dict[str, Any] = {
        "network": found,
        "sector": sector_name(found.sector),
        "points": queries.focal_points(found),
        "mine": mine,
        "joined": joined,
        "waiting": [(row, state_name(row)) for row in mine if row.state == "proposed"],
        "training": queries.training_state(joined) if joined else "",
        "courses": queries.trainings(viewer, joined) if joined else [],
        "lines": [line for line in queries.sent(viewer) if line.row.network_id == network_id]
        if joined
        else [],
        "leads": leads,
        "focal": queries.is_focal(viewer, network_id),
        "may_send": bool(joined) and can(viewer, "networks.notification.send"),
        "may_join": can(viewer, "networks.member.propose"),
    }
    if leads:
        context["people"] = queries.people(viewer, network_id)
    return render(request, "networks/network.html", context)


@never_cache
@require_GET
def guide(request: HttpRequest, network_id: UUID) -> HttpResponse:
    """What one may see and hear in this kind of work, and what cannot wait; for the pocket or the wall."""
    found = queries.network(request.viewer, network_id)
    text, spoken = guides()[found.sector], language()
    context = {
        "network": found,
        "sector": sector_name(found.sector),
        "look": text.look[spoken],
        "lines": [(line.say[spoken], line.source) for line in text.lines],
        "urgent": [(line.say[spoken], line.question.do[spoken]) for line in urgent() if line.question.do],
        "source": text.source,
        "version": text.version,
    }
    return render(request, "networks/guide.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, network_id: UUID) -> HttpResponse:
    """Ask to belong to a network; a focal point agrees."""
    viewer = request.viewer
    require(viewer, "networks.member.propose")
    found = queries.network(viewer, network_id)
    houses = queries.own_houses(viewer)
    form = JoinForm(request.POST or None, houses=houses)
    if request.method == "POST" and form.is_valid():
        house = UUID(form.cleaned_data["organisation"])
        actions.ask_to_join(actor=viewer, network=found, organisation_id=house)
        messages.success(request, _("You asked to join. A focal point answers."))
        return redirect("networks:network", found.pk)
    return render(request, "networks/join.html", {"network": found, "form": form, "houses": houses})


@never_cache
@require_GET
def sent(request: HttpRequest, network_id: UUID) -> HttpResponse:
    """What the members of a network sent, for its focal points."""
    viewer = request.viewer
    found = queries.led(viewer, network_id)
    if not queries.is_focal(viewer, network_id):
        raise NotFound()
    late = request.GET.get("only") == "late"
    lines = queries.of_network(viewer, network_id, late=late)
    return render(request, "networks/sent.html", {"network": found, "lines": lines, "late": late})
