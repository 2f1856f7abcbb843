"""Runs of the linkage, their sample, and the hand-over to estimation."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from palermo.estimation import CaptureTable
from palermo.kernel.access.policy import can
from palermo.rooms.reconciliation import actions, queries
from palermo.rooms.reconciliation.forms import HandOverForm
from palermo.rooms.reconciliation.queries.words import STRATA

NOTES = {
    "records_without_name": gettext_lazy("Records without any name: %(n)s. They can hardly be linked."),
    "not_calibrated": gettext_lazy(
        "The lists overlap too little to learn from them how sure links are. Believe the blind sample, not the model."
    ),
    "contradicting_decisions": gettext_lazy(
        "Pairs that were decided both ways: %(n)s. They count as different."
    ),
}


@require_POST
def link(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Link the lists in the background."""
    found = queries.project(request.viewer, project_id)
    made = actions.start_run(actor=request.viewer, project=found)
    return redirect("reconciliation:run", found.pk, made.pk)


@never_cache
@require_GET
def run(request: HttpRequest, project_id: UUID, run_id: UUID) -> HttpResponse:
    """A run: how far it is, or what came out of it in counts."""
    found = queries.project(request.viewer, project_id)
    one, progress = queries.run(request.viewer, found, run_id)
    viewer = request.viewer
    context: dict[str, Any] = {
        "project": found, "run": one, "progress": progress,
        "doing": _doing(progress.doing) if progress and progress.doing else _("Waiting for the worker"),
        "may_run": can(viewer, "reconciliation.run.make"), "may_sample": can(viewer, "reconciliation.sample.draw"),
        "may_hand_over": can(viewer, "reconciliation.histories.make") and bool(one.histories),
        "form": HandOverForm(),
    }  # fmt: skip
    context["notes"] = [NOTES[code] % {"n": n} for code, n in one.summary.get("notes", []) if code in NOTES]
    context["shares"] = {name: _percent(one.summary.get(name)) for name in ("precision", "recall")}
    if one.state == "done" and can(viewer, "reconciliation.person.list"):
        context |= {
            "review": queries.review_progress(one), "sampled": queries.sampled(one),
            "agreements": queries.agreements(found.pk), "pooled": queries.pooled(queries.agreements(found.pk)),
        }  # fmt: skip
        told = context["sampled"]
        context["shares"] |= {
            "sampled_precision": _percent(told.precision), "sampled_recall": _percent(told.recall),
        }  # fmt: skip
    return render(request, "reconciliation/run.html", context)


def _percent(share: Sequence[float] | None) -> list[int] | None:
    """A share with its interval in whole percent."""
    return None if share is None else [round(100 * part) for part in share]


def _doing(code: str) -> str:
    words = {
        "open": _("Opening the lists in memory"), "reading the names": _("Reading the names"),
        "looking for candidates": _("Looking for candidates"), "comparing": _("Comparing records"),
        "putting persons together": _("Putting people together"),
        "weighing what may be wrong": _("Weighing what may be wrong"), "keep": _("Keeping what was found"),
        "pairs": _("Keeping the pairs"), "histories": _("Counting who was on which lists"),
    }  # fmt: skip
    return words.get(code, _("Comparing records"))


@require_POST
def stop(request: HttpRequest, project_id: UUID, run_id: UUID) -> HttpResponse:
    """End a run."""
    found = queries.project(request.viewer, project_id)
    one, _progress = queries.run(request.viewer, found, run_id)
    actions.stop_run(actor=request.viewer, run=one)
    messages.success(request, _("The run ends within a few seconds. Nothing of it is kept."))
    return redirect("reconciliation:run", found.pk, one.pk)


@require_POST
def sample(request: HttpRequest, project_id: UUID, run_id: UUID) -> HttpResponse:
    """Draw the blind sample of a run."""
    found = queries.project(request.viewer, project_id)
    one, _progress = queries.run(request.viewer, found, run_id)
    n = actions.draw_sample(actor=request.viewer, run=one)
    words = ngettext(
        "%(n)s pair waits for two blind answers.", "%(n)s pairs wait for two blind answers each.", n
    )
    messages.success(request, words % {"n": n})
    return redirect("reconciliation:run", found.pk, one.pk)


@require_POST
def hand_over(request: HttpRequest, project_id: UUID, run_id: UUID) -> HttpResponse:
    """Give the capture histories to estimation."""
    found = queries.project(request.viewer, project_id)
    one, _progress = queries.run(request.viewer, found, run_id)
    form = HandOverForm(request.POST)
    kind = form.cleaned_data["by_stratum"] if form.is_valid() else ""
    made = actions.hand_over(actor=request.viewer, run=one, by_stratum=kind)
    return redirect("reconciliation:histories", made.pk)


@never_cache
@require_GET
def histories(request: HttpRequest, handover_id: UUID) -> HttpResponse:
    """Capture histories as they were handed over, on the way to a study."""
    found = queries.handover(request.viewer, handover_id)
    parts = []
    for stratum, table in found.tables.items():
        read = CaptureTable.from_json(table)
        parts.append((stratum, read.n, read))
    context = {
        "handover": found, "project": found.project, "parts": parts, "strata": STRATA.get(found.by_stratum, ""),
        "may_study": can(request.viewer, "estimates.study.make"), "draws": len(found.draws),
    }  # fmt: skip
    return render(request, "reconciliation/histories.html", context)
