"""The directory: finding a service, reading its page, on paper and as a file."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from palermo.kernel.access.policy import asked_once, can
from palermo.kernel.exports.http import file_response
from palermo.kernel.numbers import whole
from palermo.rooms.services import actions, queries
from palermo.rooms.services.forms import FilterForm, StateForm
from palermo.rooms.services.models import Service
from palermo.rooms.services.queries.labels import ages, label, labels, week, where

# More would push the list off a telephone; every kind stands in the form.
CHIPS = 5


def _page_number(request: HttpRequest) -> int:
    return min(max(whole(request.GET.get("page", "")), 1), 10_000)


@never_cache
@require_GET
def service_list(request: HttpRequest) -> HttpResponse:
    """Find a service by kind, area, language, for whom, open now, with free places."""
    form = FilterForm(request.GET or None)
    wanted = form.wanted()
    number = _page_number(request)
    page = queries.services(request.viewer, **wanted, page=number)
    kinds = [
        (code, label("palermo/service_kind", code), count)
        for code, count in sorted(page.kinds.items(), key=lambda row: (row[0] != wanted.get("kind"), -row[1]))
    ][:CHIPS]
    context = {
        "page": page,
        "rows": [_in_words(row) for row in page.rows],
        "filter": form,
        "filtered": bool(wanted),
        "kinds": kinds if len(kinds) > 1 or wanted.get("kind") else [],
        "kind": wanted.get("kind", ""),
        "before": number - 1,
        "after": number + 1 if page.more else 0,
    }
    return render(request, "services/list.html", context)


def _in_words(row: Any) -> dict[str, Any]:
    return {
        "row": row,
        "it": row.service,
        "kind": label("palermo/service_kind", row.service.kind),
        "languages": labels("palermo/language", row.service.languages),
    }


@never_cache
@require_GET
def service_print(request: HttpRequest) -> HttpResponse:
    """What the search found, on paper: for the wall and for the car."""
    form = FilterForm(request.GET or None)
    page = queries.services(request.viewer, **form.wanted(), all_at_once=True)
    rows = [_in_words(row) | {"week": week(row.service.hours)} for row in page.rows]
    return render(request, "services/print.html", {"rows": rows, "now": timezone.now()})


@require_POST
def service_export(request: HttpRequest) -> HttpResponse:
    """What the search found, as a file."""
    form = FilterForm(request.POST)
    file = actions.export_services(
        actor=request.viewer, format=request.POST.get("format", "csv"), **form.wanted()
    )
    return file_response(file)


def facts_of(service: Service) -> list[tuple[Any, Any]]:
    """(name, value) of what is recorded, for the page."""
    from django.utils.translation import gettext as _

    shown = [
        (_("What is offered"), service.about),
        (_("Where"), where(service)),
        (_("Open to"), label("palermo/service_crime", service.crime)),
        (_("Sexes"), labels("palermo/sex", service.sexes) or _("Everybody")),
        (_("Ages"), ages(service) or _("Any age")),
        (_("Families together"), service.families),
        (_("Without steps"), service.step_free if service.step_free is not None else _("Not recorded")),
        (_("Languages"), labels("palermo/language", service.languages) or _("Not recorded")),
        (_("Cost"), label("palermo/service_cost", service.cost)),
        (_("How to refer"), service.conditions),
    ]
    return [(name, value) for name, value in shown if value != ""]


@never_cache
@require_GET
def service_page(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """One service: whom it helps, when, free places today, and what can be done with the entry."""
    viewer = request.viewer
    with asked_once():
        service = queries.service(viewer, service_id)
        may_keep = queries.may_keep(viewer, service)
        context = {
            "service": service,
            "row": queries.row_of(service, timezone.now()),
            "kind": label("palermo/service_kind", service.kind),
            "facts": facts_of(service),
            "week": week(service.hours),
            "may_keep": may_keep,
            "may_tell": queries.may_tell(viewer, service),
            "may_see_guests": queries.may_see_guests(viewer, service),
            "may_publish": can(viewer, "services.service.publish"),
            "sees_reviews": service.review_due is not None and queries.may_read_reviews(viewer, service),
            "has_address": queries.has_sealed_address(viewer, service),
            "may_reveal": can(viewer, "services.address.reveal"),
            "state_form": StateForm(
                initial={"state": service.state, "reason": service.state_reason, "version": service.version}
            )
            if may_keep
            else None,
        }
        return render(request, "services/service.html", context)
