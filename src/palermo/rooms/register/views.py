"""The pages of the register. For a stranger none of them exists."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from palermo.kernel.access.policy import can, require
from palermo.kernel.errors import NotFound
from palermo.kernel.exports.actions import hand_out
from palermo.kernel.exports.http import file_response
from palermo.kernel.imports import queries as imports
from palermo.rooms.register import actions, queries
from palermo.rooms.register.forms import CorrectForm, FilterForm, GroupForm, WithdrawForm
from palermo.rooms.register.models import UNDO_DAYS
from palermo.standards.records.offender_fields import FIELDS, example, template


@never_cache
@require_GET
def person_list(request: HttpRequest) -> HttpResponse:
    """Persons page by page for those who keep the register; groups for those who count it."""
    if not can(request.viewer, "register.person.list"):
        return _group_list(request)
    form = FilterForm(
        request.GET or None, sources=queries.sources(request.viewer), language=get_language() or "en"
    )
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    asked = [name for name in wanted if wanted[name]]
    exact = request.GET.get("exact") == "1"
    page = queries.persons(request.viewer, wanted, after=request.GET.get("after", ""), exact=exact)
    if exact:
        actions.record_exact_view(actor=request.viewer, attributes=asked)
    actions.record_look(actor=request.viewer, what="list", attributes=asked)
    context = {"page": page, "filter": form, "filtered": bool(asked)}
    return render(request, "register/list.html", context)


def _group_list(request: HttpRequest) -> HttpResponse:
    """Groups of persons, once it is said what for."""
    form = GroupForm(
        request.GET or None, sources=queries.sources(request.viewer), language=get_language() or "en"
    )
    found = None
    if form.is_bound and form.is_valid():
        found = _look_at_groups(request, form.cleaned_data)
    context = {"filter": form, "groups": found, "threshold": settings.PALERMO_THRESHOLD}
    return render(request, "register/groups.html", context)


def _look_at_groups(request: HttpRequest, wanted: dict[str, Any]) -> queries.Groups:
    asked = [name for name in wanted if wanted[name] and name != "purpose"]
    actions.record_look(actor=request.viewer, what="group", attributes=asked, purpose=wanted["purpose"])
    return queries.groups(request.viewer, wanted)


@never_cache
@require_GET
def person_page(request: HttpRequest, code: str) -> HttpResponse:
    """One person: attributes, answers, events, provenance; or that he was taken out."""
    try:
        found = queries.person(request.viewer, code)
    except NotFound:
        context = {"withdrawn": queries.withdrawal(request.viewer, code)}
        return render(request, "register/withdrawn_person.html", context, status=410)
    actions.record_look(actor=request.viewer, what="person", attributes=())
    corrections = queries.corrections(request.viewer, code)
    context = {
        "person": found,
        "corrections": corrections,
        "together": queries.together(request.viewer, found.code),
    }
    return render(request, "register/person.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Take a person out of the register, with a reason."""
    found = queries.person(request.viewer, code)
    require(request.viewer, "register.person.withdraw")
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.withdraw_person(actor=request.viewer, code=found.code, reason=form.cleaned_data["reason"])
        messages.success(request, _("Withdrawn. The person is no longer counted."))
        return redirect("register:withdrawn")
    return render(request, "register/withdraw.html", {"person": found, "form": form, "days": UNDO_DAYS})


@never_cache
@require_GET
def withdrawn(request: HttpRequest) -> HttpResponse:
    """Who was taken out, why, and what can still be undone."""
    after = request.GET.get("after", "")
    rows, more = queries.withdrawals(
        request.viewer, after=int(after) if after.isdecimal() and len(after) < 18 else 0
    )
    return render(request, "register/withdrawn.html", {"rows": rows, "next": more, "days": UNDO_DAYS})


@require_POST
def restore(request: HttpRequest, code: str) -> HttpResponse:
    """Undo a withdrawal."""
    found = queries.withdrawal(request.viewer, code)
    actions.restore_person(actor=request.viewer, code=found.code)
    messages.success(request, _("The person is counted again."))
    return redirect("register:person", code=found.code)


@never_cache
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, code: str) -> HttpResponse:
    """Put codes of a row right."""
    held = queries.correctable(request.viewer, code)
    require(request.viewer, "register.person.withdraw")
    form = CorrectForm(request.POST or None, initial=held, language=get_language() or "en")
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data.pop("reason")
        changes = {
            name: form.cleaned_data[name]
            for name in form.cleaned_data
            if form.cleaned_data[name] != held[name]
        }
        if changes:
            actions.correct_person(actor=request.viewer, code=code, changes=changes, reason=reason)
            messages.success(request, _("Corrected. The counts follow."))
            return redirect("register:person", code=code)
        form.add_error(None, _("Nothing is different from what stands there."))
    return render(request, "register/correct.html", {"code": code, "form": form})


@require_POST
def undo_correction(request: HttpRequest, code: str, correction: int) -> HttpResponse:
    """Give a row its codes from before."""
    queries.correctable(request.viewer, code)
    actions.undo_correction(actor=request.viewer, code=code, correction=correction)
    messages.success(request, _("The correction is undone."))
    return redirect("register:person", code=code)


@require_GET
def sample(request: HttpRequest, what: str) -> HttpResponse:
    """An empty template, or an invented example, of a list of offenders."""
    if not can(request.viewer, "register.import.view"):
        raise NotFound()
    made = {"template": template, "example": example}.get(what)
    if made is None:
        raise NotFound()
    file = hand_out(
        actor=request.viewer, permission="register.import.view", what=f"offenders-{what}", format="csv",
        content=b"\xef\xbb\xbf" + made().encode(),
    )  # fmt: skip
    return file_response(file)


@never_cache
@require_GET
def import_list(request: HttpRequest) -> HttpResponse:
    """Which lists came in, with what result, and how to bring one in."""
    if not can(request.viewer, "register.import.view"):
        raise NotFound()
    runs = list(imports.runs(request.viewer, before=_moment(request.GET.get("before", "")), limit=51))
    older = runs[49].started_at.isoformat() if len(runs) > 50 else ""
    keeps = can(request.viewer, "register.person.view")
    odd = queries.out_of_order(request.viewer) if keeps else []
    context = {"runs": runs[:50], "older": older, "fields": FIELDS, "odd": odd}
    return render(request, "register/imports.html", context)


def _moment(text: str) -> datetime | None:
    """The cursor of the page before; None for anything that is not one."""
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return None
    return found if found.tzinfo else None


@require_GET
def rejected(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The rows of an import that were rejected, as a file."""
    if not can(request.viewer, "register.import.view"):
        raise NotFound()
    path = imports.rejected_path(request.viewer, run_id)
    file = hand_out(
        actor=request.viewer,
        permission="register.import.view",
        what="rejected-rows",
        format="csv",
        content=b"\xef\xbb\xbf" + path.read_bytes(),
    )
    return file_response(file)
