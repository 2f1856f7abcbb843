"""The list, a new one, one of them, and what was recommended across all."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from palermo.kernel.access.policy import can, require
from palermo.kernel.errors import Invalid
from palermo.rooms.assessments import actions, queries
from palermo.rooms.assessments.forms import AssessmentForm
from palermo.rooms.assessments.models import Assessment, Recommendation
from palermo.standards.toolkits import Part, toolkits


def put(form: forms.Form, error: Invalid) -> None:
    """The problems of an action beside the fields that they are about."""
    for problem in error.problems or []:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem.message))


def say(request: HttpRequest, error: Invalid) -> None:
    """The problems of an action that has no form of its own, above the page one comes from."""
    for problem in error.problems:
        messages.error(request, problem.message)


def seen_version(request: HttpRequest) -> int:
    """The version that the person saw."""
    given = request.POST.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 10 else 0


def language() -> str:
    return get_language() or "en"


def state_name(code: str) -> str:
    return queries.state_name(code, language())


def toolkit_name(one: Assessment) -> str:
    """The toolkit's title, also where its file is no longer there."""
    known = toolkits().get((one.toolkit, one.toolkit_version))
    return known.titled(language()) if known else one.toolkit


@never_cache
@require_GET
def assessments(request: HttpRequest) -> HttpResponse:
    """Every assessment that the viewer takes part in."""
    rows = [
        (one, toolkit_name(one), state_name(one.country)) for one in queries.assessments(request.viewer)[:200]
    ]
    may_open = can(request.viewer, "assessments.assessment.open")
    return render(request, "assessments/list.html", {"rows": rows, "may_open": may_open})


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin an assessment."""
    require(request.viewer, "assessments.assessment.open")
    year = timezone.localdate().year - 1
    initial = {"starts": date(year, 1, 1), "ends": date(year, 12, 31)}
    form = AssessmentForm(request.POST or None, people=queries.people(request.viewer), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.open_assessment(actor=request.viewer, values=form.cleaned_data)
        except Invalid as error:
            put(form, error)
        else:
            messages.success(request, _("Begun. The assessors find it in their list."))
            return redirect("assessments:assessment", made.pk)
    return render(request, "assessments/new.html", {"form": form})


@never_cache
@require_GET
def assessment(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """One assessment: what is asked, how far everybody is, what can be done now."""
    viewer = request.viewer
    found = queries.assessment(viewer, assessment_id)
    toolkit, me = queries.toolkit_of(found), queries.member(viewer, found)
    answers = queries.own(viewer, found) if me and me.number else {}
    rows = queries.beside(found)
    context = {
        "assessment": found, "toolkit": toolkit, "about": toolkit.about.get(language()[:2]) or toolkit.about["en"],
        "name": toolkit.titled(language()), "state": state_name(found.country), "me": me,
        "parts": [_part(one, answers) for one in toolkit.parts], "answers_now": queries.answers_now(found, me),
        "standings": queries.standings(viewer, found), "leads": queries.leads(viewer, found),
        "open_differences": len(queries.differing(rows)), "answered": sum(bool(one.value) for one in answers.values()),
        "total": len(toolkit.cells), "advice": dated(queries.recommendations(viewer, found)),
    }  # fmt: skip
    return render(request, "assessments/assessment.html", context)


def _part(part: Part, answers: dict[Any, Any]) -> dict[str, Any]:
    cells = [(one.code, dimension) for one in part.measures for dimension in one.dimensions]
    done = sum(bool(answers[cell].value) for cell in cells if cell in answers)
    title = part.title.get(language()[:2]) or part.title["en"]
    return {"code": part.code, "title": title, "total": len(cells), "done": done, "measures": part.measures}


def dated(rows: list[Recommendation]) -> list[tuple[Recommendation, bool]]:
    """Each with whether it is overdue."""
    today = timezone.localdate()
    return [(one, queries.overdue(one, today)) for one in rows]


@never_cache
@require_GET
def all_recommendations(request: HttpRequest) -> HttpResponse:
    """Everything that was recommended in the viewer's assessments, by its date."""
    rows = dated(queries.recommendations(request.viewer))
    return render(request, "assessments/recommendations.html", {"rows": rows})
