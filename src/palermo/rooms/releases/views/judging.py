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
from palermo.rooms.releases import actions, queries
from palermo.rooms.releases.forms import VerdictForm, WhyForm
from palermo.rooms.releases.models import Release
from palermo.rooms.releases.views.preparing import put


def _ask(
    request: HttpRequest,
    found: Release,
    form: Any,
    do: Callable[[dict[str, Any]], Any],
    words: dict[str, Any],
) -> HttpResponse:
    """A form with a reason; on success back to the release."""
    if request.method == "POST" and form.is_valid():
        try:
            do(form.cleaned_data)
        except Invalid as error:
            put(form, error)
        else:
            messages.success(request, words["done"])
            return redirect("releases:release", found.pk)
    context = {"release": found, "form": form, "checks": queries.checks(found), **words}
    return render(request, "releases/judge.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """The first person answers for the persons in it."""
    found = queries.one(request.viewer, release_id)
    require(request.viewer, "releases.release.review")
    form = VerdictForm(request.POST or None, initial={"version": found.version})
    words = {
        "title": _("Review for data protection"),
        "verb": _("Nobody is exposed"),
        "done": _("Reviewed. A second person has to approve it."),
        "text": _(
            "You answer for the persons in it: read the checks, look at the files, ask what an attacker could join "
            "them with."
        ),
    }  # fmt: skip
    return _ask(
        request, found, form,
        lambda given: actions.review(
            actor=request.viewer, release=found, reason=given["reason"], expected_version=given["version"]
        ),
        words,
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
def approve(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """The second person lets it out."""
    found = queries.one(request.viewer, release_id)
    require(request.viewer, "releases.release.approve")
    form = VerdictForm(request.POST or None, initial={"version": found.version})
    words = {
        "title": _("Approve and publish"),
        "verb": _("Approve and publish"),
        "done": _("Published."),
        "text": _(
            "What is out cannot be taken back from those who copied it. It gets its number and its address, and never "
            "changes again."
        ),
    }  # fmt: skip
    return _ask(
        request, found, form,
        lambda given: actions.approve(
            actor=request.viewer, release=found, reason=given["reason"], expected_version=given["version"]
        ),
        words,
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
def reject(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """Send it back."""
    found = queries.one(request.viewer, release_id)
    require(request.viewer, "releases.release.review")
    form = VerdictForm(request.POST or None, initial={"version": found.version})
    words = {
        "title": _("Send it back"),
        "verb": _("Send it back"),
        "done": _("Sent back, with your reason."),
        "danger": True,
        "text": _("It becomes a draft again and has to be made anew. What its run has spent stays spent."),
    }  # fmt: skip
    return _ask(
        request, found, form,
        lambda given: actions.reject(
            actor=request.viewer, release=found, reason=given["reason"], expected_version=given["version"]
        ),
        words,
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """Take a public release back."""
    found = queries.one(request.viewer, release_id)
    require(request.viewer, "releases.release.withdraw")
    form = WhyForm(request.POST or None, initial={"version": found.version})
    words = {
        "title": _("Withdraw the release"),
        "verb": _("Withdraw"),
        "done": _("Withdrawn. The trace stays."),
        "danger": True,
        "text": _(
            "Its files are taken away; a page with your reason stays at its address. What it has spent stays spent."
        ),
    }  # fmt: skip
    return _ask(
        request, found, form,
        lambda given: actions.withdraw(
            actor=request.viewer, release=found, why=given["why"], expected_version=given["version"]
        ),
        words,
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
def discard(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """Give a draft up."""
    found = queries.one(request.viewer, release_id)
    require(request.viewer, "releases.release.make")
    form = WhyForm(request.POST or None, initial={"version": found.version})
    words = {
        "title": _("Discard the draft"),
        "verb": _("Discard"),
        "done": _("Discarded. It stays on record."),
        "danger": True,
        "text": _("It cannot be taken up again. What its runs have spent stays spent."),
    }  # fmt: skip
    return _ask(
        request, found, form,
        lambda given: actions.discard(
            actor=request.viewer, release=found, why=given["why"], expected_version=given["version"]
        ),
        words,
    )  # fmt: skip
