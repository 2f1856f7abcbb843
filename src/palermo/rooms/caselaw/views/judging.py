"""The second person: remarks, sending back, withdrawing, merging, taking names out. Each with a reason that stays."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from palermo.kernel.access.policy import require
from palermo.kernel.errors import Invalid
from palermo.rooms.caselaw import actions, queries
from palermo.rooms.caselaw.forms import NameForm, RemarkForm, WhyForm
from palermo.rooms.caselaw.models import Case
from palermo.rooms.caselaw.views.writing import put


def _ask(
    request: HttpRequest, case: Case, do: Callable[..., Any], words: dict[str, Any], **more: Any
) -> HttpResponse:
    """A reason; on success back to the case."""
    form = WhyForm(request.POST or None, initial={"version": case.version})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            do(actor=request.viewer, case=case, why=given["why"], expected_version=given["version"], **more)
        except Invalid as error:
            put(form, error)
        else:
            messages.success(request, words["done"])
            return redirect("caselaw:draft", case.pk)
    return render(request, "caselaw/judge.html", {"case": case, "form": form, **words})


@never_cache
@require_http_methods(["GET", "POST"])
def send_back(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Back to who wrote it, with the reason."""
    case = queries.one(request.viewer, case_id)
    require(request.viewer, "caselaw.case.write")
    words = {"title": _("Send back"), "verb": _("Send back"), "done": _("Sent back."),
             "text": _("It becomes a draft again. The public does not read the reason.")}  # fmt: skip
    return _ask(request, case, actions.return_to_draft, words)


@never_cache
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """No longer public; the address says why."""
    case = queries.one(request.viewer, case_id)
    require(request.viewer, "caselaw.case.withdraw")
    words = {"title": _("Withdraw"), "verb": _("Withdraw"), "done": _("Withdrawn."), "danger": True,
             "text": _("The public reads this reason at the address of the case, for ever. Name nobody.")}  # fmt: skip
    return _ask(request, case, actions.withdraw, words)


@never_cache
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Search the other record of the same case, see both side by side, and lead this address to it."""
    case = queries.one(request.viewer, case_id)
    require(request.viewer, "caselaw.case.withdraw")
    chosen = request.GET.get("into", "")
    if not chosen:
        q = request.GET.get("q", case.title)
        hits = [hit.case for hit in queries.search(request.viewer, q).hits if hit.case.pk != case.pk]
        return render(request, "caselaw/merge.html", {"case": case, "q": q, "hits": hits})
    other = queries.public_case(request.viewer, chosen)
    words = {"title": _("Merge"), "verb": _("Merge"), "done": _("Merged."), "danger": True,
             "text": _("The first address leads to the second for ever. Nothing is copied."),
             "both": (case, other)}  # fmt: skip
    return _ask(request, case, actions.merge, words, into=other)


@sensitive_post_parameters("names")
@never_cache
@require_http_methods(["GET", "POST"])
def redact(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Names go out of the record and its index; the answer says in how many places they stood and stand."""
    case = queries.one(request.viewer, case_id)
    require(request.viewer, "caselaw.case.write")
    form = NameForm(request.POST or None, initial={"version": case.version})
    if request.method == "POST" and form.is_valid():
        names, version = form.given(), form.cleaned_data["version"]
        try:
            done = actions.redact(actor=request.viewer, case=case, names=names, expected_version=version)
        except Invalid as error:
            put(form, error)
        else:
            told = _("Places in which it was found before: %(before)s, now: %(after)s.")
            messages.success(request, told % {"before": done.before, "after": done.after})
            return redirect("caselaw:draft", case.pk)
    words = {"title": _("Take out a name"), "verb": _("Take out"), "danger": True,
             "text": _("The name is kept nowhere. Only the spellings that you give are found.")}  # fmt: skip
    return render(request, "caselaw/judge.html", {"case": case, "form": form, **words})


@require_POST
def remark(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Something for those who write it."""
    case = queries.one(request.viewer, case_id)
    require(request.viewer, "caselaw.case.write")
    form = RemarkForm(request.POST)
    if form.is_valid():
        actions.remark(actor=request.viewer, case=case, text=form.cleaned_data["text"])
    return redirect("caselaw:draft", case_id)
