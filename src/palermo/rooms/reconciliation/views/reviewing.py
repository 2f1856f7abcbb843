"""Clerical review: pairs side by side, one at a time. Works without a script; with one, by keys (j, k, 1, 2, 3)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from palermo.kernel.access.policy import require
from palermo.kernel.errors import Conflict
from palermo.linkage.people import PersonRecord
from palermo.rooms.reconciliation import actions, queries
from palermo.rooms.reconciliation.models import Pair, Project, Source
from palermo.rooms.reconciliation.queries.words import FIELDS, STANDINGS

SHOWN = (
    "given_name", "family_name", "other_names", "sex", "birth_date", "birth_precision", "nationality", "place",
    "phone", "document_no", "recorded_on",
)  # fmt: skip


@never_cache
@require_GET
def review(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """On to the next pair that waits for this person's word, or the page that says that none does."""
    found = queries.project(request.viewer, project_id)
    require(request.viewer, "reconciliation.pair.review")
    newest = queries.latest(found)
    rows = list(queries.queue(request.viewer, newest)[:1]) if newest is not None else []
    if rows:
        return redirect("reconciliation:pair", found.pk, rows[0].pk)
    progress = queries.review_progress(newest) if newest is not None else None
    context = {"project": found, "newest": newest, "review": progress}
    return render(request, "reconciliation/reviewed.html", context)


@never_cache
@require_GET
def review_blind(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """On to the next pair of the blind sample."""
    found = queries.project(request.viewer, project_id)
    require(request.viewer, "reconciliation.pair.review")
    newest = queries.latest(found)
    rows = list(queries.sample_queue(request.viewer, newest)[:1]) if newest is not None else []
    if rows:
        return redirect(f"{_address(found, rows[0])}?blind=1")
    return render(
        request, "reconciliation/reviewed.html", {"project": found, "newest": newest, "blind": True}
    )


def _address(found: Project, pair: Pair) -> str:
    return reverse("reconciliation:pair", args=[found.pk, pair.pk])


@require_POST
def begin(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Show the records of one's own lists for an hour."""
    found = queries.project(request.viewer, project_id)
    actions.begin_review(actor=request.viewer)
    messages.success(request, _("For an hour you see the records of your own lists. Each is on record."))
    return redirect("reconciliation:review", found.pk)


@never_cache
@require_http_methods(["GET", "POST"])
def pair(request: HttpRequest, project_id: UUID, pair_id: UUID) -> HttpResponse:
    """Two records beside each other; the answer leads to the next pair."""
    found = queries.project(request.viewer, project_id)
    one = queries.pair(request.viewer, found, pair_id)
    blind = request.GET.get("blind") == "1" and one.sampled
    if request.method == "POST":
        actions.decide(actor=request.viewer, pair=one, verdict=request.POST.get("verdict", ""), blind=blind)
        messages.success(
            request, _("Kept: %(left)s and %(right)s.") % {"left": one.left_code, "right": one.right_code}
        )
        return redirect("reconciliation:review-blind" if blind else "reconciliation:review", found.pk)
    response = render(request, "reconciliation/pair.html", _page(request, found, one, blind))
    response["Cache-Control"] = "no-store, max-age=0"
    return response


def _page(request: HttpRequest, found: Project, one: Pair, blind: bool) -> dict[str, Any]:
    viewer = request.viewer
    shown = actions.shown_records(actor=viewer, pair=one)
    said = queries.decisions(one)
    mine = next((row for row in said if row.by_id == viewer.user_id), None)
    sides = _sides(one, shown, viewer.organisation_ids)
    waiting = queries.sample_queue(viewer, one.run) if blind else queries.queue(viewer, one.run)
    now = queries.standing_of(one)
    return {
        "project": found, "pair": one, "blind": blind, "sides": sides, "rows": _rows(sides),
        "reasons": queries.reason_words(one.reasons), "warnings": queries.warning_words(one.warnings), "mine": mine,
        "others": [] if blind else [row for row in said if row.by_id != viewer.user_id],
        "standing": now, "standing_words": STANDINGS[now.word], "waiting": waiting.count(),
        "next": waiting.exclude(pk=one.pk).values_list("pk", flat=True).first(),
        "progress": queries.review_progress(one.run), "reviewing": actions.reviewing(viewer),
        "percent": round(100 * one.probability),
    }  # fmt: skip


def _sides(one: Pair, shown: Mapping[UUID, PersonRecord], houses: tuple[UUID, ...]) -> list[dict[str, Any]]:
    names = {
        row.pk: row
        for row in Source.objects.filter(pk__in=(one.left_source, one.right_source)).select_related(
            "organisation"
        )
    }
    return [
        {
            "code": code, "source": names.get(source), "record": shown.get(key), "ours": house in houses,
        }
        for key, code, source, house in (
            (one.left_id, one.left_code, one.left_source, one.left_house),
            (one.right_id, one.right_code, one.right_source, one.right_house),
        )
    ]  # fmt: skip


def _rows(sides: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Field by field, what each side says where the viewer may see it, and whether the two differ."""
    records = [side["record"] for side in sides]
    if not any(records):
        return []
    rows = []
    for name in SHOWN:
        values = [None if record is None else getattr(record, name) for record in records]
        if any(values):
            # What one of them does not hold, and when each was written down, says nothing for or against.
            differs = all(values) and values[0] != values[1] and name != "recorded_on"
            rows.append({"label": FIELDS[name], "values": values, "differs": differs})
    return rows


@require_POST
def take_back(request: HttpRequest, project_id: UUID, pair_id: UUID) -> HttpResponse:
    """End one's own answer."""
    found = queries.project(request.viewer, project_id)
    one = queries.pair(request.viewer, found, pair_id)
    try:
        actions.take_back(actor=request.viewer, pair=one)
    except Conflict as error:
        messages.info(request, str(error))
    return redirect("reconciliation:pair", found.pk, one.pk)
