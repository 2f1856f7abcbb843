"""The list for whoever answers for children, and the figures for the coordinator."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from palermo.disclosure import TOTAL
from palermo.rooms.children import queries
from palermo.rooms.children.forms import FilterForm, PeriodForm
from palermo.web.tables import Column, Table


@never_cache
@require_GET
def child_list(request: HttpRequest) -> HttpResponse:
    """The viewer's children, those first whose time runs out first."""
    form = FilterForm(request.GET or None)
    only = form.cleaned_data["only"] if form.is_bound and form.is_valid() else ""
    rows = queries.children(request.viewer, only=only)
    return render(request, "children/list.html", {"rows": rows, "filter": form, "only": only})


@never_cache
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """How limits were kept for children, with small counts withheld."""
    today = timezone.localdate()
    period = {"since": today - timedelta(days=365), "until": today}
    form = PeriodForm(request.GET if "since" in request.GET else None, initial=period)
    if form.is_bound and form.is_valid():
        period = form.cleaned_data
    found = queries.figures(request.viewer, **period)
    names = {
        TOTAL: _("Children"),
        "in_time": _("In time"),
        "late": _("Late"),
        "overdue": _("Overdue now"),
        "running": _("Running"),
        "called_off": _("Called off"),
    }
    outcomes = (*queries.OUTCOMES, TOTAL)
    table = Table(
        caption=_("How limits were kept, counted in children"),
        columns=(Column(_("Limit")), *(Column(names[how], numeric=True) for how in outcomes)),
        rows=tuple((name, *(found.cells[rule, how] for how in outcomes)) for rule, name in found.rules()),
    )
    return render(request, "children/figures.html", {"form": form, "table": table, "figures": found})
