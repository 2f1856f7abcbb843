"""Opening a case in two steps. What is typed travels in the body of forms only, never in an address."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from palermo.kernel.access.policy import require
from palermo.kernel.errors import Invalid, Refused
from palermo.kernel.vault.limits import RULE as TOO_MANY
from palermo.kernel.vault.queries import search
from palermo.kernel.vault.scoring import Match
from palermo.rooms.cases import actions, queries
from palermo.rooms.cases.forms import OpenForm, SearchForm, searched
from palermo.rooms.identification.queries import Decided, decided

CARRIED = ("family_name", "given_names", "aliases", "birth_date", "nationality", "document_number", "phone")


def _screening(request: HttpRequest, text: str) -> Decided | None:
    """The decided screening that the case is opened from, if any."""
    if not text:
        return None
    try:
        return decided(request.viewer, UUID(text))
    except ValueError:
        return None


@never_cache
@require_http_methods(["GET", "POST"])
def open_search(request: HttpRequest) -> HttpResponse:
    """Step 1: is the person known to us already? Nobody opens a second case by mistake."""
    require(request.viewer, "cases.case.open")
    asked = (request.POST if request.method == "POST" else request.GET).get("screening", "")
    screening = _screening(request, asked)
    if screening is not None:
        existing = queries.case_of_screening(request.viewer, screening.screening_id)
        if existing is not None:
            return redirect("cases:case", existing.pk)
    form = SearchForm.fresh(screening.screening_id if screening else None)
    context: dict[str, Any] = {"form": form, "screening": screening, "matches": None}
    if request.method == "POST":
        form = SearchForm(request.POST)
        context["form"] = form
        if form.is_valid():
            context |= _results(request, form)
    return render(request, "cases/open_search.html", context)


def _results(request: HttpRequest, form: SearchForm) -> dict[str, Any]:
    """Matches that the viewer may see, their cases, and the way on."""
    got = form.cleaned_data
    found, refused = _found(request, form)
    cases = queries.cases_of_person(request.viewer, [match.person_id for match in found])
    carried = {name: got[name] for name in CARRIED} | {
        "screening": got["screening"] or "",
        **searched(),
    }
    return {
        "matches": [(match, cases.get(match.person_id, [])) for match in found],
        "carried": carried,
        "asked": form.asks_something,
        "refused": refused,
    }


def _found(request: HttpRequest, form: SearchForm) -> tuple[list[Match], str]:
    """The matches; or why nothing was searched, for one who asked too often may still open a case."""
    if not form.asks_something:
        return [], ""
    try:
        return search(request.viewer, form.probe()), ""
    except Refused as error:
        if error.rule != TOO_MANY:
            raise
        return [], str(error.message)


@never_cache
@require_POST
def open_person(request: HttpRequest) -> HttpResponse:
    """Step 2: who the person is, and why. `step=show` fills the form, anything else opens the case."""
    require(request.viewer, "cases.case.open")
    screening = _screening(request, request.POST.get("screening", ""))
    if request.POST.get("step") == "show":
        form = OpenForm(initial=request.POST.dict())
        return render(request, "cases/open_person.html", {"form": form, "screening": screening})
    form = OpenForm(request.POST)
    if form.is_valid():
        got = form.cleaned_data
        try:
            made = actions.open_case(
                actor=request.viewer,
                reason=got["reason"],
                identity=form.identity(),
                person_id=got["person_id"],
                screening_id=screening.screening_id if screening else None,
                crime=got.get("crime", ""),
                child=form.child_answer(),
                case_id=got["case_id"],
            )
        except Invalid as error:
            _show(form, error)
        else:
            messages.success(
                request, _("The case is open. From here on it is a code; the name stays in the vault.")
            )
            return redirect("cases:case", made.pk)
    return render(request, "cases/open_person.html", {"form": form, "screening": screening}, status=422)


def _show(form: forms.Form, error: Invalid) -> None:
    """Put the problems of an action beside the fields they are about."""
    for problem in error.problems:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem.message))
