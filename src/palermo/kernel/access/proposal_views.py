"""Pages of what needs two people: what waits, one request with its decision, and asking for a recovery."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from palermo.kernel.access import account_views, proposal_words, recovery
from palermo.kernel.access.forms import RecoveryForm, RefusalForm
from palermo.kernel.access.models import User
from palermo.kernel.access.policy import can, require
from palermo.kernel.errors import Conflict, Invalid, Refused
from palermo.kernel.organisations import proposals, queries
from palermo.kernel.organisations.models import Proposal

PAGE_SIZE = 50


def rows_of(found: Any) -> list[dict[str, Any]]:
    """Proposals with their words, for a list."""
    return [
        {"it": it, "title": proposal_words.title(it), "badge": proposal_words.kind_of_state(it)}
        for it in found
    ]


@login_required
@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    """What waits for a second person, and what was decided."""
    viewer = request.viewer  # type: ignore[attr-defined]
    waiting = list(queries.open_proposals(viewer))
    mine = [it for it in waiting if it.state == "waiting" and queries.may_decide(viewer, it)]
    others = [it for it in waiting if it not in mine]
    past = queries.proposals(viewer).exclude(pk__in=[it.pk for it in waiting])
    page = Paginator(past, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "mine": rows_of(mine),
        "others": rows_of(others),
        "past": rows_of(page),
        "page": page,
        "can_ask_recovery": can(viewer, "access.recovery.ask"),
    }
    return render(request, "account/requests.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def one_request(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """One request: who asked, for whom, what it opens; agree, refuse, withdraw, stop, or take its link."""
    viewer = request.viewer  # type: ignore[attr-defined]
    found = queries.proposal(viewer, proposal_id)
    form = RefusalForm(request.POST if request.POST.get("deed") == "refuse" else None)
    if request.method == "POST":
        try:
            answer = _do(request, found, form)
        except Conflict as error:
            messages.warning(request, error.message)
            return redirect("account_request", proposal_id)
        if answer is not None:
            return answer
    return _page(request, found, form)


def _do(request: HttpRequest, found: Proposal, form: RefusalForm) -> HttpResponse | None:
    """The deed that was chosen; None when its form has to be shown again."""
    viewer, deed = request.viewer, request.POST.get("deed", "")  # type: ignore[attr-defined]
    if deed == "agree":
        made, path = recovery.agree(actor=viewer, proposal_id=found.pk)
        if path and made.subject is not None:
            return _show_link(request, made.subject, path)
        messages.success(request, _("Agreed."))
    elif deed == "refuse":
        if not form.is_valid():
            return None
        proposals.refuse(actor=viewer, proposal_id=found.pk, reason=form.cleaned_data["reason"])
        messages.success(request, _("Refused. Who asked is told."))
    elif deed == "withdraw":
        proposals.withdraw(actor=viewer, proposal_id=found.pk)
        messages.success(request, _("Withdrawn."))
    elif deed == "stop":
        proposals.stop(actor=viewer, proposal_id=found.pk)
        messages.success(request, _("Stopped. The way to sign in stays as it was."))
    elif deed == "take":
        person, path = recovery.take_link(actor=viewer, proposal_id=found.pk)
        return _show_link(request, person, path)
    else:
        raise Refused(_("The form was not complete. Reload the page."), rule="organisations.proposal.deed")
    return redirect("account_request", found.pk)


def _show_link(request: HttpRequest, found: User, path: str) -> HttpResponse:
    context = {"found": found, "link": request.build_absolute_uri(path), "of_request": True}
    return render(request, "account/administration/link.html", context)


def _page(request: HttpRequest, found: Proposal, form: RefusalForm) -> HttpResponse:
    viewer = request.viewer  # type: ignore[attr-defined]
    is_open = found.is_open
    waits = is_open and found.state == "waiting"
    context = {
        "found": found,
        "heading": proposal_words.title(found),
        "opens": proposal_words.opens(found),
        "badge": proposal_words.kind_of_state(found),
        "whose": proposal_words.whose(queries.decided_by_whom(found), found) if waits else "",
        "may_decide": waits and queries.may_decide(viewer, found),
        "may_withdraw": is_open and found.asked_by_id == viewer.user_id,
        "may_stop": queries.may_stop(viewer, found),
        "may_take": is_open and queries.may_take(found),
        "form": form,
    }
    return render(request, "account/request.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def ask_for_recovery(request: HttpRequest) -> HttpResponse:
    """A supervisor asks for a new way to sign in for a colleague of his; somebody else has to confirm it."""
    viewer = request.viewer  # type: ignore[attr-defined]
    require(viewer, "access.recovery.ask")
    form = RecoveryForm(request.POST or None, colleagues=queries.colleagues_of(viewer))
    if request.method == "POST" and form.is_valid():
        try:
            made = proposals.ask_for_recovery(
                actor=viewer, user_id=form.cleaned_data["colleague"].pk, reason=form.cleaned_data["reason"]
            )
        except (Invalid, Conflict) as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Asked. A second person has to confirm it; the colleague is told."))
            return redirect("account_request", made.pk)
    return render(request, "account/recovery.html", {"form": form})


class SecondFactor(account_views.SecondFactor):
    """The second step of signing in; says so when somebody asked to replace this person's way to sign in."""

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        told = queries.recovery_of(self.stage.login.user.pk)
        return {**super().get_context_data(**kwargs), "recovery": told}
