"""Is it the same person? The page of a case's person, and that of one pair."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from palermo.kernel.access.policy import can, require
from palermo.kernel.errors import Invalid
from palermo.rooms.cases import actions, queries
from palermo.rooms.cases.forms.same import GROUNDS, AnswerForm, ProposeForm
from palermo.rooms.cases.models import Case
from palermo.rooms.cases.queries import same
from palermo.rooms.cases.views.plan import add_problems


@never_cache
@require_http_methods(["GET", "POST"])
def case_person(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What is known about the person being another one too; look for doubles, propose, tell apart."""
    case = actions.look_at(actor=request.viewer, case_id=case_id)
    person = same.person_of(request.viewer, case)
    context: dict[str, Any] = {"case": case, "about": queries.about(case), "person": person, "doubles": None}
    form = ProposeForm()
    if request.method == "POST":
        require(request.viewer, "vault.same.propose", case.person_id)
        if request.POST.get("go") == "look":
            context["doubles"] = actions.look_for_doubles_of(actor=request.viewer, case=case)
        else:
            form = ProposeForm(request.POST)
            made = _said(request, case, form)
            if made is not None:
                return redirect("cases:same", made)
    if person is not None and can(request.viewer, "vault.same.view", person.pk):
        context |= {
            "form": form,
            "grounds": GROUNDS[1:],
            "pairs": same.pairs_of(request.viewer, person),
            "may_look": can(request.viewer, "vault.same.look", person.pk),
            "searches": same.searches_elsewhere(request.viewer, person),
        }
    return render(request, "cases/person.html", context, status=422 if form.errors else 200)


def _said(request: HttpRequest, case: Case, form: ProposeForm) -> UUID | None:
    """The pair that was made, or None with the mistakes in the form."""
    if not form.is_valid():
        return None
    apart = request.POST.get("go") == "apart"
    try:
        made = actions.say_about(actor=request.viewer, case=case, apart=apart, **form.cleaned_data)
    except Invalid as error:
        add_problems(form, error)
        return None
    said = (
        _("They will not be suggested again.") if apart else _("Proposed. A second person has to confirm it.")
    )
    messages.success(request, said)
    return made


@never_cache
@require_http_methods(["GET", "POST"])
def same_pair(request: HttpRequest, pairing_id: UUID) -> HttpResponse:
    """One pair: where it stands, its history, and what the viewer can do with it."""
    pair, mine, others = same.pair_of(request.viewer, pairing_id)
    require(request.viewer, "vault.same.answer")
    form = AnswerForm(pair.may, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_same(
                actor=request.viewer,
                pairing_id=pairing_id,
                event=request.POST.get("event", ""),
                ground=form.cleaned_data["ground"],
            )
        except Invalid as error:
            add_problems(form, error)
        else:
            messages.success(request, _("Written down."))
            return redirect("cases:same", pairing_id)
    context = {"pair": pair, "sides": [(pair.mine, mine), (pair.other, others)], "form": form}
    return render(request, "cases/same.html", context, status=422 if form.errors else 200)
