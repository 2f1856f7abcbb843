"""Networks in figures: a chart with its table, and the same as a file."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from palermo.disclosure import TOTAL
from palermo.kernel.access.policy import require
from palermo.kernel.errors import NotFound
from palermo.kernel.exports.http import file_response
from palermo.rooms.networks import actions, queries
from palermo.rooms.networks.forms import PeriodForm
from palermo.web.charts import Chart, Series
from palermo.web.tables import Column, Link, Table

MOST_BARS = 12


@never_cache
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """All networks, for coordinators and analysts."""
    require(request.viewer, "networks.figures.view")
    if not request.viewer.has(*queries.COUNTERS):
        raise NotFound()
    return _page(request, None)


@never_cache
@require_GET
def network_figures(request: HttpRequest, network_id: UUID) -> HttpResponse:
    """One network by member organisation, for its focal points too."""
    return _page(request, queries.network(request.viewer, network_id))


def _page(request: HttpRequest, network: Any) -> HttpResponse:
    viewer, today = request.viewer, timezone.localdate()
    given = {
        "since": request.GET.get("since") or today - timedelta(days=365),
        "until": request.GET.get("until") or today,
    }
    form, found = PeriodForm(given), None
    if form.is_valid():
        asked = {**form.cleaned_data, "network_id": network.pk if network else None}
        if request.GET.get("format") == "csv":
            return file_response(actions.export_figures(actor=viewer, **asked))
        found = queries.figures(viewer, **asked)
    elif not viewer.has(*queries.COUNTERS) and not (network and queries.is_focal(viewer, network.pk)):
        raise NotFound()
    context = {"network": network, "form": form, "found": found}
    if found:
        context |= {
            "table": _table(found, network),
            "chart": _chart(found),
            "trained": _trained(found, network),
            "anonymous": _anonymous(found, network),
            "file": f"?since={found.since.isoformat()}&until={found.until.isoformat()}&format=csv",
        }
    return render(request, "networks/figures.html", context)


def _table(found: queries.Figures, network: Any) -> Table | None:
    if not found.rows:
        return None
    head = [Column(_("Organisation") if network else _("Network"))]
    head += [] if network else [Column(_("Kind of work"))]
    rows = []
    for row in found.rows:
        first: Any = found.names[row]
        if not network:
            first = Link(first, reverse("networks:network-figures", args=[row]))
        sector = [] if network else [found.sectors[row]]
        rows.append([first, *sector, *(found.cells.get((row, stage)) for stage in queries.STAGES)])
    totals = [_("All"), *([] if network else [""]), *(found.cells.get((TOTAL, s)) for s in queries.STAGES)]
    columns = [*head, *(Column(words, numeric=True) for words in queries.STAGES.values())]
    return Table(_("Notifications and how they were answered"), columns, rows, totals)


def _chart(found: queries.Figures) -> Chart | None:
    rows = found.rows[:MOST_BARS]
    if not rows:
        return None
    series = [
        Series(str(queries.STAGES[stage]), [found.cells.get((row, stage)) for row in rows])
        for stage in ("sent", "answered", "late")
    ]
    names = [found.names[row] for row in rows]
    title = _("Notifications sent, answered in time, and not answered in time")
    return Chart("grouped", title, names, series, _("notifications"))


def _trained(found: queries.Figures, network: Any) -> Table | None:
    wanted = [str(network.pk)] if network else [row for row in found.rows if row in found.trained]
    rows = []
    for row in wanted:
        t = found.trained.get(row)
        if t is None:
            continue
        share = "–" if t.share is None else f"{t.share} %"
        name = network.name if network else found.names[row]
        rows.append([name, t.members, t.trained, share, t.soon, t.lapsed, t.never])
    if not rows:
        return None
    labels = (
        _("Members"),
        _("Trained"),
        _("Share"),
        _("Ends within two months"),
        _("Lapsed"),
        _("Never trained"),
    )
    columns = [Column(_("Network")), *(Column(words, numeric=True) for words in labels)]
    return Table(_("Training of members"), columns, rows)


def _anonymous(found: queries.Figures, network: Any) -> list[tuple[str, int | None]]:
    """(network, anonymous notifications); None is withheld."""
    names = {str(network.pk): network.name} if network else found.names
    return [(names[key], number) for key, number in found.anonymous.items() if key in names]
