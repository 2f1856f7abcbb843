"""Pages for who leads a network: people, invitations, training, and the network itself."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from palermo.kernel.access.policy import require
from palermo.kernel.errors import Invalid, NotFound
from palermo.kernel.workflow.moves import moves
from palermo.rooms.networks import actions, queries
from palermo.rooms.networks.forms import (
    InviteForm,
    LeaveForm,
    NetworkForm,
    OpenForm,
    TrainingForm,
    VersionForm,
)
from palermo.rooms.networks.models import Part
from palermo.rooms.networks.queries.words import state_name
from palermo.rooms.referral.queries import targets


def put(form: forms.Form, error: Invalid) -> None:
    """The problems of an action beside the fields that they are about."""
    for problem in error.problems or []:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem.message))


@never_cache
@require_http_methods(["GET", "POST"])
def open_network(request: HttpRequest) -> HttpResponse:
    """Open a network; then invite its focal point."""
    viewer = request.viewer
    require(viewer, "networks.network.open")
    form = OpenForm(request.POST or None, houses=queries.houses(viewer))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.open_network(actor=viewer, **form.values())
        except Invalid as error:
            put(form, error)
        else:
            messages.success(
                request, _("The network is open. Invite a focal point: somebody has to lead it.")
            )
            return redirect("networks:people", made.pk)
    return render(request, "networks/open.html", {"form": form})


@never_cache
@require_http_methods(["GET", "POST"])
def edit_network(request: HttpRequest, network_id: UUID) -> HttpResponse:
    """Name, purpose, area, and where notifications usually go."""
    viewer = request.viewer
    found = queries.led(viewer, network_id)
    form = NetworkForm(request.POST or None, targets=_targets(viewer), initial=NetworkForm.of(found))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_network(
                actor=viewer,
                network=found,
                expected_version=form.cleaned_data["version"],
                values=form.values(),
            )
        except Invalid as error:
            put(form, error)
        else:
            messages.success(request, _("Changed."))
            return redirect("networks:network", found.pk)
    return render(request, "networks/edit.html", {"network": found, "form": form})


def _targets(viewer: Any) -> list[Any]:
    """Addresses of referrals, where the viewer may read the directory of services."""
    return (
        targets(viewer)
        if viewer.has("first_responder", "case_manager", "supervisor", "child_protection")
        else []
    )


@never_cache
@require_http_methods(["GET", "POST"])
def close_network(request: HttpRequest, network_id: UUID) -> HttpResponse:
    """Close a network, after a look at what that means."""
    found = queries.led(request.viewer, network_id)
    form = VersionForm(request.POST or None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        actions.close_network(actor=request.viewer, network=found, expected_version=version)
        messages.success(request, _("The network is closed. What was sent goes on."))
        return redirect("networks:list")
    return render(request, "networks/close.html", {"network": found, "form": form})


@never_cache
@require_GET
def people(request: HttpRequest, network_id: UUID) -> HttpResponse:
    """Everybody in the network: who waits for an answer, whose training is due; and whom to invite."""
    viewer = request.viewer
    found = queries.led(viewer, network_id)
    context = {
        "network": found,
        "people": queries.people(viewer, network_id),
        "member_form": InviteForm(
            people=queries.candidates(viewer, found, Part.MEMBER), initial={"part": Part.MEMBER}, prefix="m"
        ),
        "focal_form": InviteForm(
            people=queries.candidates(viewer, found, Part.FOCAL_POINT),
            initial={"part": Part.FOCAL_POINT},
            prefix="f",
        ),
    }
    return render(request, "networks/people.html", context)


@never_cache
@require_http_methods(["POST"])
def invite(request: HttpRequest, network_id: UUID) -> HttpResponse:
    """Invite a member or a focal point."""
    viewer = request.viewer
    found = queries.led(viewer, network_id)
    prefix = "f" if "f-who" in request.POST else "m"
    part = Part.FOCAL_POINT if prefix == "f" else Part.MEMBER
    form = InviteForm(request.POST, people=queries.candidates(viewer, found, part), prefix=prefix)
    if not form.is_valid():
        messages.error(request, _("Choose whom to invite."))
        return redirect("networks:people", found.pk)
    actions.invite(actor=viewer, network=found, **{**form.values(), "part": part})
    messages.success(request, _("Invited. It counts once that person agrees."))
    return redirect("networks:people", found.pk)


@never_cache
@require_GET
def member(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """One membership, for the person and for who leads the network: training, and what can be done now."""
    viewer = request.viewer
    row = queries.member(viewer, member_id)
    leads = queries.leads(viewer, row.network_id)
    context = {
        "row": row,
        "own": row.user_id == viewer.user_id,
        "state": state_name(row),
        "training": queries.training_state(row),
        "courses": queries.trainings(viewer, row),
        "moves": [m for m in moves(viewer, row) if m.possible and m.event != "train"],
        "may_train": leads and row.state == "member" and row.user_id != viewer.user_id,
    }
    return render(request, "networks/member.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def move_member(request: HttpRequest, member_id: UUID, event: str) -> HttpResponse:
    """Agree, refuse or leave: what it does, and the button."""
    viewer = request.viewer
    row = queries.member(viewer, member_id)
    found = next(
        (m for m in moves(viewer, row) if m.event == event and m.possible and event != "train"), None
    )
    if found is None:
        raise NotFound()
    form = (LeaveForm if event == "leave" else VersionForm)(
        request.POST or None, initial={"version": row.version}
    )
    if request.method == "POST" and form.is_valid():
        got = form.cleaned_data
        actions.move_member(
            actor=viewer, row=row, event=event, expected_version=got["version"], reason=got.get("reason", "")
        )
        messages.success(request, _("Done: %(move)s.") % {"move": found.label})
        return redirect("networks:network", row.network_id)
    return render(request, "networks/move.html", {"row": row, "move": found, "form": form})


@never_cache
@require_http_methods(["GET", "POST"])
def training(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Write down that a member took a course."""
    viewer = request.viewer
    row = queries.member(viewer, member_id)
    queries.led(viewer, row.network_id)
    if row.state != "member" or row.user_id == viewer.user_id:
        raise NotFound()
    form = TrainingForm(request.POST or None, initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        got = dict(form.cleaned_data)
        try:
            actions.write_training(actor=viewer, row=row, expected_version=got.pop("version"), **got)
        except Invalid as error:
            put(form, error)
        else:
            messages.success(request, _("Written down."))
            return redirect("networks:people", row.network_id)
    return render(request, "networks/training.html", {"row": row, "form": form})
