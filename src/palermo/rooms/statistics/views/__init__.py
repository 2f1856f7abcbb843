"""The pages of the statistics: national tables for those who may see them, public ones for everybody."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from palermo.kernel.access.policy import can
from palermo.kernel.errors import NotFound
from palermo.kernel.exports.http import file_response
from palermo.rooms.statistics import actions, queries
from palermo.rooms.statistics.forms import FilterForm, WithdrawForm
from palermo.rooms.statistics.queries import TableView
from palermo.rooms.statistics.views.drawing import sections

FORMATS = ("csv", "xlsx", "json", "sdmx")


def _year(request: HttpRequest) -> int | None:
    """The year asked for; nonsense is a page that there is not."""
    text = request.GET.get("year", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise NotFound()
    return int(text)


def _context(view: TableView, request: HttpRequest, **more: Any) -> dict[str, Any]:
    query = request.GET.copy()
    query.pop("exact", None)
    return {
        "table": queries.declared(view.name), "view": view, "sections": sections(view), "formats": FORMATS,
        "explained": queries.explained(view), "query": query.urlencode(),
        "filter": FilterForm(request.GET or None, view=view), **more,
    }  # fmt: skip


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Every table with its state; who may not see national tables is shown what is public."""
    if not can(request.viewer, "statistics.table.view"):
        return redirect("statistics:public")
    latest = queries.latest(request.viewer)
    rows = [(declaration, latest.get(name)) for name, declaration in queries.TABLES.items()]
    return render(request, "statistics/index.html", {"rows": rows, "drafts": queries.drafts(request.viewer)})


@require_GET
def table(request: HttpRequest, name: str) -> HttpResponse:
    """One national table. Small counts are withheld here too, unless asked for by one of the few."""
    exact = request.GET.get("exact") == "1" and name != "global-report"
    region = request.GET.get("region", "")
    view = queries.table(request.viewer, name, year=_year(request), region=region, exact=exact)
    if view.exact:
        actions.record_exact_view(actor=request.viewer, table=name)
    return render(request, "statistics/table.html", _context(view, request))


@require_GET
def file(request: HttpRequest, name: str, format: str) -> HttpResponse:
    """The national table as a file."""
    region = request.GET.get("region", "")
    return file_response(
        actions.export(actor=request.viewer, table=name, year=_year(request), format=format, region=region)
    )


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, name: str) -> HttpResponse:
    """Freeze a table for a second person to approve."""
    declaration = queries.declared(name)
    if not can(request.viewer, "statistics.publication.make"):
        raise NotFound()
    if request.method == "POST":
        region = request.GET.get("region", "")
        made = actions.make_publication(actor=request.viewer, table=name, year=_year(request), region=region)
        messages.success(request, _("Frozen. A second person has to approve it before anybody sees it."))
        return redirect("statistics:publication", publication_id=made.pk)
    return render(request, "statistics/publish.html", {"table": declaration})


@require_GET
def publication(request: HttpRequest, publication_id: UUID) -> HttpResponse:
    """A frozen table, as the public will see it, with what can be done about it."""
    found = queries.one(request.viewer, publication_id)
    second = found.publication.made_by_id != request.viewer.user_id
    more = {"publication": found.publication, "second": second}
    return render(request, "statistics/publication.html", _context(found.view, request, **more))


@require_POST
def approve(request: HttpRequest, publication_id: UUID) -> HttpResponse:
    """Let it out."""
    actions.approve(actor=request.viewer, publication_id=publication_id)
    messages.success(request, _("Published."))
    return redirect("statistics:publication", publication_id=publication_id)


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, publication_id: UUID) -> HttpResponse:
    """Take it back, with a reason."""
    found = queries.one(request.viewer, publication_id)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["why"]
        actions.withdraw(actor=request.viewer, publication_id=publication_id, why=why)
        messages.success(request, _("Withdrawn. The trace stays."))
        return redirect("statistics:publication", publication_id=publication_id)
    context = {"publication": found.publication, "form": form}
    return render(request, "statistics/withdraw.html", context)


@require_GET
def public_index(request: HttpRequest) -> HttpResponse:
    """What is published."""
    latest = queries.latest(request.viewer)
    rows = [(queries.TABLES[name], found) for name, found in latest.items() if name in queries.TABLES]
    return render(request, "statistics/public_index.html", {"rows": rows})


@require_GET
def public_table(request: HttpRequest, name: str) -> HttpResponse:
    """The latest published edition of a table."""
    found = queries.edition(request.viewer, name, _year(request))
    more = {"publication": found.publication}
    return render(request, "statistics/public_table.html", _context(found.view, request, **more))


@require_GET
def public_file(request: HttpRequest, name: str, format: str) -> HttpResponse:
    """The latest published edition as a file."""
    return file_response(
        actions.export_published(actor=request.viewer, table=name, year=_year(request), format=format)
    )
