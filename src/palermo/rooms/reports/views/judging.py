"""Judging: review, approval, sending back, withdrawing, giving up. Each with a reason that stays."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from palermo.kernel.access.policy import require
from palermo.kernel.errors import Invalid
from palermo.rooms.reports import actions, queries
from palermo.rooms.reports.forms import VerdictForm, WhyForm
from palermo.rooms.reports.models import Report
from palermo.rooms.reports.views.writing import put


def _ask(
    request: HttpRequest, found: Report, form: Any, do: Callable[..., Any], words: dict[str, Any]
) -> HttpResponse:
    """A form with a reason; on success back to the report."""
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            do(actor=request.viewer, report=found, expected_version=given.pop("version"), **given)
        except Invalid as error:
            put(form, error)
        else:
            messages.success(request, words["done"])
            return redirect("reports:report", found.pk)
    return render(request, "reports/judge.html", {"report": found, "form": form, **words})


@never_cache
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """The first person."""
    found = queries.one(request.viewer, report_id)
    require(request.viewer, "reports.report.review")
    form = VerdictForm(request.POST or None, initial={"version": found.version})
    words = {
        "title": _("Review the report"), "verb": _("It is right, and exposes nobody"),
        "done": _("Reviewed. A second person has to approve it."), "strange": queries.strange_numbers(found),
        "text": _("Read it in every language that you know, and the files: what was submitted is what is published."),
    }  # fmt: skip
    return _ask(request, found, form, actions.review, words)


@never_cache
@require_http_methods(["GET", "POST"])
def approve(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """The second person lets it out."""
    found = queries.one(request.viewer, report_id)
    require(request.viewer, "reports.report.approve")
    form = VerdictForm(request.POST or None, initial={"version": found.version})
    words = {
        "title": _("Approve and publish"), "verb": _("Approve and publish"), "done": _("Published."),
        "strange": queries.strange_numbers(found),
        "text": _("It gets its permanent address and never changes again. Earlier editions stay readable."),
    }  # fmt: skip
    return _ask(request, found, form, actions.approve, words)


@never_cache
@require_http_methods(["GET", "POST"])
def reject(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Send it back."""
    found = queries.one(request.viewer, report_id)
    require(request.viewer, "reports.report.review")
    form = VerdictForm(request.POST or None, initial={"version": found.version})
    words = {
        "title": _("Send it back"), "verb": _("Send it back"), "done": _("Sent back, with your reason."),
        "danger": True, "text": _("It becomes a draft again and has to be submitted anew."),
    }  # fmt: skip
    return _ask(request, found, form, actions.reject, words)


@never_cache
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Take a published report back."""
    found = queries.one(request.viewer, report_id)
    require(request.viewer, "reports.report.withdraw")
    form = WhyForm(request.POST or None, initial={"version": found.version})
    words = {
        "title": _("Withdraw the report"), "verb": _("Withdraw"), "done": _("Withdrawn. The trace stays."),
        "danger": True, "text": _("Its files are taken away; a page with your reason stays at its address."),
    }  # fmt: skip
    return _ask(request, found, form, actions.withdraw, words)


@never_cache
@require_http_methods(["GET", "POST"])
def discard(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Give a draft up."""
    found = queries.one(request.viewer, report_id)
    require(request.viewer, "reports.report.write")
    form = WhyForm(request.POST or None, initial={"version": found.version})
    words = {
        "title": _("Discard the draft"), "verb": _("Discard"), "done": _("Discarded. It stays on record."),
        "danger": True, "text": _("It cannot be taken up again."),
    }  # fmt: skip
    return _ask(request, found, form, actions.discard, words)
