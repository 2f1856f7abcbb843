"""Writing the plan: goals and actions of the draft, the person's agreement, approval, and what became of actions."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from palermo.kernel.access.policy import can, require
from palermo.kernel.errors import Invalid, NotFound
from palermo.kernel.numbers import whole
from palermo.rooms.cases import actions, queries
from palermo.rooms.cases.forms.plan import (
    ActionForm,
    AgreeForm,
    ConferenceForm,
    FindScreeningForm,
    GoalForm,
    ResultForm,
    TakeForm,
)
from palermo.rooms.cases.models import Case, Facts, Plan
from palermo.rooms.cases.queries.plans import Version
from palermo.rooms.cases.views.plan import add_problems
from palermo.rooms.identification import queries as screening_queries


def _draft(request: HttpRequest, case: Case) -> Version:
    """The draft; NotFound where nobody has begun one."""
    found = queries.draft_of(request.viewer, case)
    if found is None:
        raise NotFound()
    return found


def _number(text: str) -> int:
    return whole(text)


def _open(request: HttpRequest, case_id: UUID) -> Case:
    require(request.viewer, "cases.plan.change", case_id)
    return actions.look_at(actor=request.viewer, case_id=case_id)


@require_POST
def plan_begin(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Begin a version of the plan, or go on with the one that was begun."""
    case = _open(request, case_id)
    actions.draft_plan(actor=request.viewer, case=case)
    return redirect("cases:plan-draft", case.pk)


@never_cache
@require_GET
def plan_draft(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The draft: goals, actions, agreement, approval."""
    case = _open(request, case_id)
    draft = queries.draft_of(request.viewer, case)
    if draft is None:
        return redirect("cases:plan", case.pk)
    files = [
        (row.id, row.description) for row in queries.case_files(request.viewer, case) if not row.removed_at
    ]
    context = {
        "case": case,
        "draft": draft,
        "agree": AgreeForm(files=files, initial={"version": draft.plan.version}),
        "may_approve": can(request.viewer, "cases.plan.approve"),
        "wrote": request.viewer.user_id in draft.plan.authors,
        "by_move": case.state == "planning",
        "early": case.state in ("intake", "assessment", "transferred"),
    }
    return render(request, "cases/plan_draft.html", context)


@never_cache
@require_GET
def plan_version(request: HttpRequest, case_id: UUID, plan_id: UUID) -> HttpResponse:
    """One version of the plan as it was approved, and the way to the others."""
    require(request.viewer, "cases.plan.view", case_id)
    case = actions.look_at(actor=request.viewer, case_id=case_id)
    every = queries.plans(request.viewer, case)
    of = queries.plan(request.viewer, case, plan_id)
    context = {"case": case, "plans": every, "shown": queries.version(request.viewer, case, of)}
    return render(request, "cases/plan_version.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def plan_goal(request: HttpRequest, case_id: UUID, key: UUID | None = None) -> HttpResponse:
    """A goal of the draft, new or changed."""
    case = _open(request, case_id)
    draft = _draft(request, case)
    old = next((aim for aim in draft.goals if aim.goal.key == key), None) if key else None
    if key and old is None:
        raise NotFound()
    initial = {"version": draft.plan.version} | ({"kind": old.goal.kind, "text": old.text} if old else {})
    form = GoalForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        actions.put_goal(
            actor=request.viewer,
            plan=draft.plan,
            kind=given["kind"],
            text=given["text"],
            key=key,
            expected_version=given["version"],
        )
        messages.success(request, _("The goal is saved."))
        return redirect("cases:plan-draft", case.pk)
    context = {
        "case": case,
        "form": form,
        "title": _("Goal"),
        "button": _("Save the goal"),
        "back": "cases:plan-draft",
    }
    return render(request, "cases/plan_form.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def plan_action(request: HttpRequest, case_id: UUID, key: UUID | None = None) -> HttpResponse:
    """An action of the draft, new or changed."""
    case = _open(request, case_id)
    draft = _draft(request, case)
    old = next((line for line in draft.actions if line.action.key == key), None) if key else None
    if key and old is None:
        raise NotFound()
    form = _action_form(request, case, draft, old)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.put_action(
                actor=request.viewer,
                plan=draft.plan,
                kind=given["kind"],
                doer=given["doer"],
                due_on=given["due_on"],
                text=given["text"],
                goal_key=UUID(given["goal"]) if given.get("goal") else None,
                conference_id=UUID(given["conference"]) if given.get("conference") else None,
                key=key,
                expected_version=given["version"],
            )
        except Invalid as error:
            add_problems(form, error)
        else:
            messages.success(request, _("The action is saved."))
            return redirect("cases:plan-draft", case.pk)
    context = {
        "case": case, "form": form, "title": _("Action"), "button": _("Save the action"), "back": "cases:plan-draft",
    }  # fmt: skip
    return render(request, "cases/plan_form.html", context, status=422 if form.errors else 200)


def _action_form(request: HttpRequest, case: Case, draft: Version, old: Any) -> ActionForm:
    initial: dict[str, Any] = {"version": draft.plan.version, "conference": request.GET.get("conference", "")}
    if old:
        row = old.action
        initial |= {"kind": row.kind, "doer": row.doer, "due_on": row.due_on, "text": old.text}
        initial |= {"goal": str(row.goal_key or ""), "conference": str(row.conference_id or "")}
    met = [
        (row.pk, _("Conference of %(day)s") % {"day": date_format(row.held_on, "SHORT_DATE_FORMAT")})
        for row in queries.conferences(request.viewer, case)
    ]
    goals = [(aim.goal.key, f"{aim.kind}: {aim.text[:60]}") for aim in draft.goals]
    return ActionForm(request.POST or None, goals=goals, conferences=met, initial=initial)


@require_POST
def plan_take_out(request: HttpRequest, case_id: UUID, key: UUID) -> HttpResponse:
    """Take a goal or an action out of the draft."""
    case = _open(request, case_id)
    version = _number(request.POST.get("version", ""))
    actions.take_out(actor=request.viewer, plan=_draft(request, case).plan, key=key, expected_version=version)
    messages.success(request, _("Taken out of the draft."))
    return redirect("cases:plan-draft", case.pk)


@require_POST
def plan_agree(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The person agrees to the draft as it is."""
    case = _open(request, case_id)
    plan = _draft(request, case).plan
    evidence = request.POST.get("evidence", "")
    actions.agree_plan(
        actor=request.viewer,
        plan=plan,
        language=request.POST.get("language", ""),
        evidence_id=_uuid(evidence) if evidence else None,
        expected_version=_number(request.POST.get("version", "")),
    )
    messages.success(
        request, _("The agreement is recorded. A supervisor who wrote nothing in it approves it.")
    )
    return redirect("cases:plan-draft", case.pk)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound() from None


@require_POST
def plan_approve(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Approve a later version of the plan."""
    case = _open(request, case_id)
    plan: Plan = _draft(request, case).plan
    actions.approve_plan(
        actor=request.viewer, plan=plan, expected_version=_number(request.POST.get("version", ""))
    )
    messages.success(request, _("The plan is approved. It does not change any more."))
    return redirect("cases:plan", case.pk)


@never_cache
@require_http_methods(["GET", "POST"])
def plan_result(request: HttpRequest, case_id: UUID, key: UUID) -> HttpResponse:
    """What became of an action."""
    case = _open(request, case_id)
    line = queries.action(request.viewer, case, key)
    form = ResultForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.settle_action(actor=request.viewer, case=case, key=key, **form.cleaned_data)
        messages.success(request, _("Recorded."))
        return redirect("cases:plan", case.pk)
    context = {
        "case": case,
        "form": form,
        "title": _("What became of it?"),
        "line": line,
        "button": _("Record it"),
    }
    return render(request, "cases/plan_form.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def plan_conference(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Write down a case conference; its actions go into the plan."""
    case = _open(request, case_id)
    form = ConferenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.minute_conference(
                actor=request.viewer,
                case=case,
                held_on=given["held_on"],
                participants=form.people(),
                minutes=given["minutes"],
                decisions=given["decisions"],
            )
        except Invalid as error:
            add_problems(form, error)
        else:
            messages.success(
                request, _("The conference is written down. Put what was decided into the plan.")
            )
            return redirect("cases:plan", case.pk)
    context = {"case": case, "form": form}
    return render(request, "cases/plan_conference.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def plan_screenings(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The screenings of the case, and the way to take a later one over."""
    case = _open(request, case_id)
    form = FindScreeningForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"].strip().upper()
        rows = screening_queries.screenings(request.viewer, text=code).rows
        found = next((row for row in rows if row.code == code), None)
        if found is not None:
            return redirect("cases:plan-screening", case.pk, found.pk)
        form.add_error(
            "code", _("You hold no screening with this code. Check it, or ask who made it to share it.")
        )
    linked = queries.screenings_of(request.viewer, case)
    context = {"case": case, "form": form, "screenings": linked}
    return render(request, "cases/plan_screenings.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def plan_screening(request: HttpRequest, case_id: UUID, screening_id: UUID) -> HttpResponse:
    """A later screening beside the case; a person decides fact by fact."""
    case = _open(request, case_id)
    found = screening_queries.decided(request.viewer, screening_id)
    facts = Facts.objects.get(case_id=case.pk)
    rows = queries.compare(case, facts, found) if found else []
    names = [row.name for row in rows if row.differs]
    initial = {"version": case.version, "facts_version": facts.version}
    form = TakeForm(request.POST or None, fields=names, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.take_over(
            actor=request.viewer,
            case=case,
            screening_id=screening_id,
            fields=form.taken(),
            expected_version=form.cleaned_data["version"],
            expected_facts=form.cleaned_data["facts_version"],
        )
        messages.success(request, _("The screening is linked with the case."))
        return redirect("cases:plan-screenings", case.pk)
    context = {
        "case": case,
        "form": form,
        "found": found,
        "rows": [(row, form[row.name] if row.differs else None) for row in rows],
    }
    return render(request, "cases/plan_screening.html", context, status=422 if form.errors else 200)
