"""Events: the list, a new one, the board, the paper list, who else works in it, and figures without anybody."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from palermo.disclosure import TOTAL
from palermo.kernel.access.policy import can, require
from palermo.rooms.encounters import actions, queries
from palermo.rooms.encounters.forms import CountsForm, EventForm, ShareForm
from palermo.standards import codelist
from palermo.web.tables import Column, Table

WHO = {
    "child_alone": gettext_lazy("Children alone"),
    "child": gettext_lazy("Other children"),
    "adult": gettext_lazy("Adults"),
    "unknown": gettext_lazy("Age not known"),
}


@never_cache
@require_GET
def event_list(request: HttpRequest) -> HttpResponse:
    """The viewer's events, newest first."""
    return render(request, "encounters/list.html", {"events": queries.events(request.viewer)})


@never_cache
@require_http_methods(["GET", "POST"])
def event_open(request: HttpRequest) -> HttpResponse:
    """Open an event and go straight to the intake."""
    require(request.viewer, "encounters.event.open")
    form = EventForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = actions.open_event(
            actor=request.viewer,
            kind=given["kind"],
            place=given["place"],
            happened_at=given["happened_at"],
            event_id=given["key"],
            **form.counts(),
        )
        return redirect("encounters:intake", made.pk)
    return render(request, "encounters/open.html", {"form": form})


@never_cache
@require_GET
def event_page(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """The board: counts by step, who is next, everybody in triage order with a box to choose them."""
    event = queries.event(request.viewer, event_id)
    state = request.GET.get("state", "")
    board = queries.board(request.viewer, event, state=state)
    context = {
        "event": event,
        "board": board,
        "state": state if state in queries.state_names() else "",
        "steps": queries.steps_of(request.viewer, {line.it.state for line in board.lines}),
        "may_share": can(request.viewer, "encounters.event.share", event.pk),
    }
    return render(request, "encounters/event.html", context)


@never_cache
@require_GET
def event_print(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """The list for the quay: numbers, tags, needs. No name is on it, because none is in this room."""
    event = queries.event(request.viewer, event_id)
    context = {
        "event": event,
        "lines": sorted(queries.board(request.viewer, event).lines, key=lambda line: line.it.number),
        "now": timezone.localtime(),
    }
    return render(request, "encounters/print.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def event_counts(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Correct how many there were, the dead and the missing."""
    event = queries.event(request.viewer, event_id)
    require(request.viewer, "encounters.event.change", event.pk)
    names = ("expected", "dead", "missing", "travelled", "border", "version")
    initial = {name: getattr(event, name) for name in names}
    form = CountsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.change_event(
            actor=request.viewer,
            event=event,
            expected_version=form.cleaned_data["version"] or 0,
            **form.counts(),
        )
        messages.success(request, _("Saved."))
        return redirect("encounters:event", event.pk)
    return render(request, "encounters/counts.html", {"event": event, "form": form})


@never_cache
@require_http_methods(["GET", "POST"])
def share(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Who works in the event, and one more."""
    event = queries.event(request.viewer, event_id)
    require(request.viewer, "encounters.event.share", event.pk)
    form = ShareForm(request.POST or None, whom=queries.whom(request.viewer, event))
    if request.method == "POST" and form.is_valid():
        kind, _colon, key = form.cleaned_data["to"].partition(":")
        actions.share_event(
            actor=request.viewer,
            event=event,
            grantee_kind=kind,
            grantee_id=UUID(key),
            purpose=form.cleaned_data["purpose"],
        )
        messages.success(request, _("Shared, with every person of the event."))
        return redirect("encounters:share", event.pk)
    shares = queries.shares(request.viewer, event)
    return render(request, "encounters/share.html", {"event": event, "form": form, "shares": shares})


@require_POST
def share_end(request: HttpRequest, event_id: UUID, grant_id: UUID) -> HttpResponse:
    """End a share now."""
    event = queries.event(request.viewer, event_id)
    actions.end_share(actor=request.viewer, event=event, grant_id=grant_id)
    messages.success(request, _("Ended."))
    return redirect("encounters:share", event.pk)


@never_cache
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """Counts of all events for the coordinator: no event, no person, small counts withheld."""
    found = queries.figures(request.viewer)
    language = get_language() or "en"
    names = codelist("palermo/encounter_kind")
    table = Table(
        caption=_("Persons met, by kind of event"),
        columns=[Column(_("Event")), *(Column(str(label), numeric=True) for label in WHO.values()),
                 Column(_("All"), numeric=True)],
        rows=[
            [names.label(kind, language), *(found.cells[kind, who] for who in WHO), found.cells[kind, TOTAL]]
            for kind in found.kinds
        ],
        totals=[_("All"), *(found.cells[TOTAL, who] for who in WHO), found.total],
    )  # fmt: skip
    return render(request, "encounters/figures.html", {"table": table})
