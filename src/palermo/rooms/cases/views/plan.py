"""The tab “Plan”: what is due first, the safety plan, actions, goals, assessments; and risk, four levels, safety."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from palermo.kernel.access.policy import asked_once, can, require
from palermo.kernel.errors import Invalid, Stale
from palermo.rooms.cases import actions, queries
from palermo.rooms.cases.forms.plan import LINES, AssessmentForm, HappeningForm, RiskForm, SafetyForm
from palermo.rooms.cases.models import Case, RiskAssessment
from palermo.rooms.cases.queries.risks import overdue_words, say
from palermo.web.charts import Chart, Series

HEIGHT = {"low": 1, "medium": 2, "high": 3}


def add_problems(form: Any, error: Invalid) -> None:
    """What an action refused, beside the field that it is about."""
    for problem in error.problems:
        form.add_error(problem.field if problem.field in form.fields else None, problem.message)


def risk_chart(rows: list[RiskAssessment]) -> Chart | None:
    """The level over time; None while there is only one."""
    if len(rows) < 2:
        return None
    oldest_first = rows[::-1][-12:]
    return Chart(
        kind="line",
        title=_("Risk over time"),
        x_labels=[date_format(timezone.localtime(row.made_at), "SHORT_DATE_FORMAT") for row in oldest_first],
        series=(Series(_("Level"), [HEIGHT[row.level] for row in oldest_first]),),
        unit=_("1 low, 2 medium, 3 high"),
    )


def what_comes_first(risk: bool, safety: Any, now: Any, draft: Any) -> str:
    """The part of the page whose button stands out: one only, the most urgent."""
    if risk:
        return "risk"
    if safety is None:
        return "safety"
    if draft is not None or now is None:
        return "plan"
    return "" if safety.today else "reviewed"


def plan_context(request: HttpRequest, case: Case) -> dict[str, Any]:
    """Everything that the tab shows."""
    viewer = request.viewer
    risks = queries.risks(viewer, case)
    for row in risks:
        row.cause_name = say("palermo/risk_cause", row.cause)
        row.factor_names = [say("palermo/risk_factor", code) for code in row.factors]
    happened = queries.happenings(viewer, case)
    for what in happened:
        what.kind_name = say("palermo/risk_cause", what.kind)
    risk_due = queries.risk_due(risks[0] if risks else None)
    assessed = queries.assessments(viewer, case)
    safety = queries.safety(viewer, case)
    now, draft = queries.current(viewer, case)
    risk_late = overdue_words(risk_due)
    return {
        "case": case,
        "about": queries.about(case),
        "risks": risks,
        "chart": risk_chart(risks),
        "happened": happened,
        "risk_due": risk_due,
        "risk_late": risk_late,
        "safety": safety,
        "first": what_comes_first(not risks or bool(risk_late or happened), safety, now, draft),
        "now": now,
        "draft": draft,
        "assessed": assessed[0] if assessed else None,
        "levels": queries.levels_of(assessed[0]) if assessed else [],
        "earlier": assessed[1:],
        "conferences": queries.conferences(viewer, case),
        "screenings": queries.screenings_of(viewer, case),
        "may_change": can(viewer, "cases.plan.change", case.pk),
        "today": timezone.localdate(),
    }


@never_cache
@require_GET
def case_plan(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What is due first, then the safety plan, the actions, the goals, the assessments."""
    with asked_once():
        require(request.viewer, "cases.plan.view", case_id)
        case = actions.look_at(actor=request.viewer, case_id=case_id)
        return render(request, "cases/plan.html", plan_context(request, case))


@never_cache
@require_http_methods(["GET", "POST"])
def plan_risk(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Assess the risk: level, what it comes from, why now."""
    require(request.viewer, "cases.plan.change", case_id)
    case = actions.look_at(actor=request.viewer, case_id=case_id)
    form = RiskForm(request.POST or None, initial={"version": case.version})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.assess_risk(
                actor=request.viewer,
                case=case,
                risk=given["risk"],
                reason=given["reason"],
                factors=given["factors"],
                cause=given["cause"],
                expected_version=given["version"],
            )
        except Invalid as error:
            add_problems(form, error)
        else:
            messages.success(request, _("The risk is recorded. The clocks of the case follow it."))
            return redirect("cases:plan", case.pk)
    context = {"case": case, "form": form, "title": _("Assess the risk"), "button": _("Record the risk")}
    return render(request, "cases/plan_form.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def plan_happening(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Something happened: the risk must be looked at again."""
    require(request.viewer, "cases.plan.change", case_id)
    case = actions.look_at(actor=request.viewer, case_id=case_id)
    form = HappeningForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.note_happening(actor=request.viewer, case=case, **form.cleaned_data)
        except Invalid as error:
            add_problems(form, error)
        else:
            messages.success(request, _("Written down. Now assess the risk anew."))
            return redirect("cases:plan-risk", case.pk)
    context = {"case": case, "form": form, "title": _("Something happened"), "button": _("Write it down")}
    return render(request, "cases/plan_form.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def plan_assessment(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The four levels; the last assessment is filled in, so that only what changed is touched."""
    require(request.viewer, "cases.plan.change", case_id)
    case = actions.look_at(actor=request.viewer, case_id=case_id)
    last = next(iter(queries.assessments(request.viewer, case)), None)
    form = AssessmentForm(request.POST or None, initial=_initial(last))
    if request.method == "POST" and form.is_valid():
        try:
            actions.assess(actor=request.viewer, case=case, **form.given())
        except Invalid as error:
            add_problems(form, error)
        else:
            messages.success(request, _("The assessment is saved. The earlier one stays readable."))
            return redirect("cases:plan", case.pk)
    context = {"case": case, "form": form}
    return render(request, "cases/plan_assessment.html", context, status=422 if form.errors else 200)


def _initial(last: Any) -> dict[str, Any]:
    if last is None:
        return {}
    initial: dict[str, Any] = {"needs_recorded": last.needs_recorded}
    said = queries.parts_of(last.text)
    for head in actions.levels():
        initial |= {f"risks-{head}": last.risks, f"protective-{head}": last.protective}
        initial[f"text-{head}"] = said.get(head, "")
    return initial


@never_cache
@require_http_methods(["GET", "POST"])
def plan_safety(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """A new version of the safety plan, beginning with what the last one says. What was typed survives a clash."""
    require(request.viewer, "cases.plan.change", case_id)
    case = actions.look_at(actor=request.viewer, case_id=case_id)
    now = queries.safety(request.viewer, case)
    form, status = SafetyForm(request.POST or None, initial=_lines(now)), 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.revise_safety(
                actor=request.viewer,
                case=case,
                items=[actions.SafetyItem(**row) for row in form.rows()],
                expected_number=form.cleaned_data["number"],
            )
        except Invalid as error:
            add_problems(form, error)
        except Stale as error:
            form, status = SafetyForm({**request.POST.dict(), "number": now.plan.number if now else 0}), 412
            form.is_valid()
            form.add_error(None, error.message)
            form.theirs = now  # type: ignore[attr-defined]
        else:
            messages.success(
                request, _("The safety plan is saved. Give it to the person in a form that is safe.")
            )
            return redirect("cases:plan", case.pk)
    status = status if status != 200 else 422 if form.errors else 200
    return render(request, "cases/plan_safety.html", {"case": case, "form": form}, status=status)


def _lines(now: Any) -> dict[str, Any]:
    initial: dict[str, Any] = {"number": now.plan.number if now else 0}
    for place, line in enumerate(now.lines[:LINES] if now else ()):
        initial |= {f"{part}{place}": code for part, code in line.codes.items()}
        initial[f"text{place}"] = line.text
    return initial


@require_POST
def plan_safety_reviewed(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Gone through today, nothing changed."""
    require(request.viewer, "cases.plan.change", case_id)
    case = queries.case(request.viewer, case_id)
    actions.review_safety(actor=request.viewer, case=case)
    messages.success(request, _("Noted: the safety plan was gone through today."))
    return redirect("cases:plan", case.pk)


@never_cache
@require_GET
def plan_safety_version(request: HttpRequest, case_id: UUID, number: int) -> HttpResponse:
    """An older safety plan as it was, and the way to the others."""
    require(request.viewer, "cases.plan.view", case_id)
    with asked_once():
        case = actions.look_at(actor=request.viewer, case_id=case_id)
        context = {
            "case": case,
            "about": queries.about(case),
            "safety": queries.safety_version(request.viewer, case, number),
            "versions": queries.safety_versions(request.viewer, case),
        }
        return render(request, "cases/plan_safety_version.html", context)
