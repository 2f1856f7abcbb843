"""Needs of one's cases and the services that answer them; unmet needs, counted."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from palermo.disclosure import TOTAL
from palermo.kernel.access.policy import asked_once, can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict, Invalid
from palermo.kernel.numbers import whole
from palermo.rooms.cases import actions as cases
from palermo.rooms.cases import queries as cases_read
from palermo.rooms.children import queries as children
from palermo.rooms.services import actions, queries
from palermo.rooms.services.forms import (
    DeliveryForm,
    NeedFilterForm,
    NeedForm,
    PeriodForm,
    PlanForm,
    UnmetForm,
    WantForm,
)
from palermo.rooms.services.queries.guests import NeedRow
from palermo.rooms.services.queries.unmet import area_name, kind_name, reason_name
from palermo.rooms.services.views.keeping import add_problems
from palermo.web.room import subject
from palermo.web.tables import Column, Table

CHILD_AT_MOST = 17


@never_cache
@require_GET
def needs(request: HttpRequest) -> HttpResponse:
    """Open needs in all my cases, the most urgent first; or straight to one case by its code."""
    require(request.viewer, "services.need.list")
    form = NeedFilterForm(request.GET or None)
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    code = (wanted.get("case") or "").strip().upper()
    unknown = False
    if code:
        found = next(
            (row for row in cases_read.cases(request.viewer, text=code).rows if row.code == code), None
        )
        if found is not None:
            return redirect("services:case", found.pk)
        unknown = True
    rows = queries.my_needs(
        request.viewer, urgency=wanted.get("urgency") or "", kind=wanted.get("kind") or ""
    )
    context = {"rows": rows, "filter": form, "filtered": any(wanted.values()), "unknown": unknown}
    return render(request, "services/needs.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def case_needs(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What the person of one case needs, what was planned and done; record a need."""
    viewer = request.viewer
    require(viewer, "services.need.view", case_id)
    case = cases.look_at(actor=viewer, case_id=case_id)
    form, conflict = None, ""
    if can(viewer, "services.need.record", case_id):
        form = NeedForm(request.POST or None, initial={"since": timezone.localdate(), "urgency": "days"})
        if request.method == "POST" and form.is_valid():
            try:
                made = actions.record_need(actor=viewer, case_id=case_id, **form.cleaned_data)
            except Invalid as error:
                add_problems(form, error)
            except Conflict as error:
                conflict = error.message
            else:
                messages.success(request, _("The need is recorded. Now find a service that answers it."))
                return redirect("services:plan", made.pk)
    with asked_once():
        rows = queries.needs_of(viewer, case_id)
        child = children.child_of(viewer, case_id) if can(viewer, "children.child.view", case_id) else None
    context = {
        "case": case,
        "about": cases_read.about(case),
        "rows": rows,
        "form": form,
        "conflict": conflict,
        # A shelter that was found for a child is written down as the safe place from here, without its address.
        "places_child": child is not None and child.state == "interim_protection",
    }
    status = 409 if conflict else 422 if form is not None and form.errors else 200
    return render(request, "services/case.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def need_plan(request: HttpRequest, need_id: UUID) -> HttpResponse:
    """Services that fit, best first, with why and why not; plan one of them."""
    viewer = request.viewer
    need = queries.need(viewer, need_id)
    require(viewer, "services.need.record", need.case_id)
    if request.method == "POST":
        plan = PlanForm(request.POST)
        if plan.is_valid():
            actions.plan_delivery(
                actor=viewer,
                need_id=need.pk,
                service_id=plan.cleaned_data["service"],
                planned_for=plan.cleaned_data["planned_for"],
            )
            messages.success(request, _("Planned. Say here when it starts and how it went."))
            return redirect("services:case", need.case_id)
    form = WantForm({"area": need.area, "age": _age_of(viewer, need.case_id), **request.GET.dict()})
    want = queries.Want(kind=need.kind, urgent=need.urgency == "today", **form.wanted())
    context = {
        "need": need,
        "row": NeedRow(need, ()),
        "form": form,
        "matches": queries.find_services(viewer, want),
        "today": timezone.localdate().isoformat(),
    }
    return render(request, "services/plan.html", context)


def _age_of(viewer: Viewer, case_id: UUID) -> int | None:
    """The age that services are looked for when nobody has said one: a child, or perhaps one, is never ranked as an
    adult. Only the estimated month of birth is known, and in doubt somebody is seventeen.
    """
    about = subject(viewer, "case", case_id)
    if about.child is False:
        return None
    child = children.child_of(viewer, case_id) if can(viewer, "children.child.view", case_id) else None
    if child is None or child.birth_month is None:
        return CHILD_AT_MOST if child is not None or about.child else None
    today = timezone.localdate()
    months = (today.year - child.birth_month.year) * 12 + today.month - child.birth_month.month
    return max(0, min(CHILD_AT_MOST, months // 12))


@never_cache
@require_http_methods(["GET", "POST"])
def need_unmet(request: HttpRequest, need_id: UUID) -> HttpResponse:
    """Say that a need cannot be met now, and why."""
    need = queries.need(request.viewer, need_id)
    require(request.viewer, "services.need.record", need.case_id)
    form = UnmetForm(request.POST or None, initial={"version": need.version})
    if request.method == "POST" and form.is_valid():
        actions.say_unmet(
            actor=request.viewer,
            need_id=need.pk,
            reason=form.cleaned_data["reason"],
            expected_version=form.cleaned_data["version"],
        )
        messages.success(request, _("Recorded. It is counted, so that the gap is seen."))
        return redirect("services:case", need.case_id)
    context = {"need": need, "row": NeedRow(need, ()), "form": form}
    return render(request, "services/need_unmet.html", context, status=422 if form.errors else 200)


@require_POST
def need_again(request: HttpRequest, need_id: UUID) -> HttpResponse:
    """Open a settled need again."""
    need = queries.need(request.viewer, need_id)
    version = request.POST.get("version", "")
    actions.reopen_need(
        actor=request.viewer,
        need_id=need.pk,
        expected_version=whole(version),
    )
    messages.success(request, _("The need is open again."))
    return redirect("services:case", need.case_id)


@never_cache
@require_http_methods(["GET", "POST"])
def delivery(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """Say what happened with a planned service."""
    found = queries.delivery(request.viewer, delivery_id)
    require(request.viewer, "services.need.record", found.case_id)
    form = DeliveryForm(request.POST or None, initial={"version": found.version, "on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.move_delivery(
                actor=request.viewer,
                delivery_id=found.pk,
                state=given["state"],
                outcome=given["outcome"],
                on=given["on"],
                expected_version=given["version"],
            )
        except Invalid as error:
            add_problems(form, error)
        else:
            messages.success(request, _("Recorded."))
            return redirect("services:case", found.case_id)
    context = {"delivery": found, "need": found.need, "row": NeedRow(found.need, ()), "form": form}
    return render(request, "services/delivery.html", context, status=422 if form.errors else 200)


@never_cache
@require_GET
def unmet(request: HttpRequest) -> HttpResponse:
    """Unmet needs of a period, in cases: what, why, where. Small counts are withheld."""
    require(request.viewer, "services.unmet.view")
    today = timezone.localdate()
    first = {"since": date(today.year, 1, 1), "until": today}
    form = PeriodForm(request.GET) if request.GET.get("since") else PeriodForm(initial=first)
    period = form.cleaned_data if form.is_bound and form.is_valid() else first
    found = queries.unmet_counts(request.viewer, since=period["since"], until=period["until"])
    context = {
        "form": form,
        "unmet": found,
        "by_reason": _table(_("By reason"), found.kinds, found.reasons, found.by_reason, reason_name),
        "by_area": _table(
            _("By area"),
            found.kinds,
            found.areas,
            found.by_area,
            lambda code: _("Not recorded") if code == "not_recorded" else area_name(code),
        ),
    }
    return render(request, "services/unmet.html", context)


def _table(caption: str, kinds: Any, others: Any, cells: Any, name: Any) -> Table:
    columns = [Column(_("Need")), *[Column(name(code), numeric=True) for code in others]]
    columns.append(Column(_("Cases"), numeric=True))

    def row(kind: str) -> list[Any]:
        return [cells.get((kind, code), 0) for code in others] + [cells.get((kind, TOTAL), 0)]

    rows = [[kind_name(kind), *row(kind)] for kind in kinds]
    return Table(caption, columns, rows, [_("All needs"), *row(TOTAL)])
