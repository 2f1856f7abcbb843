"""What was sent, and the answer to who sent it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from palermo.kernel.access.policy import can
from palermo.kernel.errors import NotFound
from palermo.rooms.networks import actions, queries
from palermo.rooms.networks.forms import AnswerForm
from palermo.rooms.networks.queries.words import sector_name, state_name


@never_cache
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """What first responders sent to one's organisation, and who still waits for an answer."""
    everything = request.GET.get("only") == "all"
    lines = queries.received(request.viewer, waiting=not everything)
    return render(request, "networks/inbox.html", {"lines": lines, "everything": everything})


@never_cache
@require_GET
def notification(request: HttpRequest, notification_id: UUID) -> HttpResponse:
    """One notification: its code, where it went, and what became of it, as far as this side may know."""
    viewer = request.viewer
    row = queries.notification(viewer, notification_id)
    behind = queries.behind(viewer, row)
    context = {
        "row": row,
        "state": state_name(row),
        "sector": sector_name(row.sector),
        "told": queries.told(viewer, row),
        "own": queries.is_sender(viewer, row),
        "focal": queries.is_focal(viewer, row.network_id),
        "may_answer": queries.may_answer(viewer, row),
        "behind": behind,
        "case": behind.case_id if behind and can(viewer, "cases.case.view", behind.case_id) else None,
        "referral": behind.referral_id
        if behind and behind.referral_id and can(viewer, "referral.referral.view", behind.referral_id)
        else None,
        "new": request.GET.get("new") == "1" and queries.is_sender(viewer, row),
    }
    return render(request, "networks/notification.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, notification_id: UUID) -> HttpResponse:
    """Tell the referrer what became of it: one of a list, nothing of the case."""
    viewer = request.viewer
    row = queries.notification(viewer, notification_id)
    if not queries.may_answer(viewer, row):
        raise NotFound()
    form = AnswerForm(request.POST or None, initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        got = form.cleaned_data
        actions.answer(actor=viewer, row=row, code=got["answer"], expected_version=got["version"])
        messages.success(request, _("The first responder is told."))
        return redirect("networks:inbox")
    context = {"row": row, "form": form, "told": queries.told(viewer, row), "sector": sector_name(row.sector)}
    return render(request, "networks/answer.html", context)
