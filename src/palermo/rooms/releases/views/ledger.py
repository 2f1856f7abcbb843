"""The ledger: what each population has spent, what is left, and how a cap is raised."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from palermo.kernel.access.policy import can, require
from palermo.kernel.errors import Invalid, NotFound
from palermo.rooms.releases import actions, queries
from palermo.rooms.releases.forms import CapForm
from palermo.rooms.releases.views.preparing import put


@never_cache
@require_GET
def ledger(request: HttpRequest) -> HttpResponse:
    """Every population with a bar: spent and left."""
    context = {
        "purses": queries.purses(request.viewer), "decisions": queries.decisions(request.viewer),
        "may_ask": can(request.viewer, "releases.cap.ask"),
    }  # fmt: skip
    return render(request, "releases/ledger.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def cap(request: HttpRequest, population_id: UUID) -> HttpResponse:
    """Ask for a higher cap."""
    if not can(request.viewer, "releases.ledger.view"):
        raise NotFound()
    require(request.viewer, "releases.cap.ask")
    purse = next((one for one in queries.purses(request.viewer) if one.population.pk == population_id), None)
    if purse is None:
        raise NotFound()
    form = CapForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_for_cap(actor=request.viewer, population_id=population_id, **form.cleaned_data)
        except Invalid as error:
            put(form, error)
        else:
            messages.success(request, _("Asked for. A second person has to agree before the cap rises."))
            return redirect("releases:ledger")
    return render(request, "releases/cap.html", {"form": form, "purse": purse})


@require_POST
def cap_agree(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    """The second person agrees."""
    actions.agree_to_cap(actor=request.viewer, decision_id=decision_id)
    messages.success(request, _("Agreed. The cap is higher now."))
    return redirect("releases:ledger")
