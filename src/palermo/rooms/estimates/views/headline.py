"""Which number is shown: proposed by one person, agreed by another."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from palermo.kernel.access.policy import require
from palermo.kernel.errors import Conflict, Invalid, NotFound
from palermo.rooms.estimates import actions, queries
from palermo.rooms.estimates.forms import ProposeForm, VersionForm
from palermo.rooms.estimates.views.studying import put


@never_cache
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, study_id: UUID, run_id: UUID, place: int) -> HttpResponse:
    """Propose one result as the answer, with the reason."""
    found = queries.one(request.viewer, study_id)
    require(request.viewer, "estimates.headline.propose")
    one, _progress = queries.run(request.viewer, found, run_id)
    lines = queries.lines_of(one)
    if place >= len(lines):
        raise NotFound()
    form = ProposeForm(request.POST or None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        try:
            actions.propose(
                actor=request.viewer, study=found, run_id=one.pk, place=place, why=form.cleaned_data["why"],
                expected_version=form.cleaned_data["version"],
            )  # fmt: skip
        except Invalid as error:
            put(form, error)
        except Conflict as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Proposed. A second person has to agree before it stands."))
            return redirect("estimates:study", found.pk)
    return render(
        request, "estimates/propose.html", {"study": found, "run": one, "line": lines[place], "form": form}
    )


@never_cache
@require_http_methods(["GET", "POST"])
def agree(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """A second person lets the proposed result stand."""
    found = queries.one(request.viewer, study_id)
    require(request.viewer, "estimates.headline.agree")
    form = VersionForm(request.POST or None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        actions.agree(actor=request.viewer, study=found, expected_version=form.cleaned_data["version"])
        messages.success(request, _("Agreed. This result stands as the answer of the study."))
        return redirect("estimates:study", found.pk)
    if found.headline_run is None or found.headline_place is None:
        raise NotFound()
    line = queries.lines_of(found.headline_run)[found.headline_place]
    return render(request, "estimates/agree.html", {"study": found, "line": line, "form": form})


@never_cache
@require_http_methods(["GET", "POST"])
def take_back(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """Take a proposed or agreed result back."""
    found = queries.one(request.viewer, study_id)
    require(request.viewer, "estimates.headline.propose")
    form = VersionForm(request.POST or None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        actions.take_back(actor=request.viewer, study=found, expected_version=form.cleaned_data["version"])
        messages.success(request, _("No result stands as the answer any more."))
        return redirect("estimates:study", found.pk)
    return render(request, "estimates/take_back.html", {"study": found, "form": form})
