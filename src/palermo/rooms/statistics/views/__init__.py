"""The pages of the statistics: national tables for those who may see them, public ones for everybody."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from palermo.kernel.access.policy import can
from palermo.kernel.errors import NotFound
from palermo.kernel.exports.http import file_response
from palermo.rooms.statistics import actions, queries
from palermo.rooms.statistics.forms import FilterForm, WithdrawForm
from palermo.rooms.statistics.queries import TableView
from palermo.rooms.statistics.views.building import count, free, free_file
from palermo.rooms.statistics.views.drawing import every_row, sections
from palermo.rooms.statistics.views.exploring import explore_context
from palermo.rooms.statistics.views.figures import key_figures
from palermo.rooms.statistics.views.flowing import has_flows
from palermo.rooms.statistics.views.pictured import public_map, public_profile, public_trend
from palermo.rooms.statistics.views.profile import topics
from palermo.rooms.statistics.views.stones import tombstone
from palermo.rooms.statistics.views.trends import has_trends

FORMATS = ("csv", "xlsx", "json", "sdmx", "hxl")


def _year(request: HttpRequest) -> int | None:
    """The year asked for; nonsense is a page that there is not."""
    text = request.GET.get("year", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise NotFound()
    return int(text)


def _context(
    view: TableView, request: HttpRequest, whole: TableView | None = None, **more: Any
) -> dict[str, Any]:
    """What every page of a table needs; `whole` are all years, from which changes are told."""
    query = request.GET.copy()
    query.pop("exact", None)
    return {
        "table": queries.declared(view.name), "view": view, "sections": sections(view), "formats": FORMATS,
        "figures": key_figures(whole or view, view.year), "explained": queries.explained(view),
        "query": query.urlencode(), "filter": FilterForm(request.GET or None, view=view), **more,
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
    exact = request.GET.get("exact") == "1" and queries.declared(name).fed_by == "register"
    region = request.GET.get("region", "")
    year = _year(request)
    on_whole = name != "global-report"  # of the others, one year is a part of the whole
    whole = queries.table(request.viewer, name, year=None if on_whole else year, region=region, exact=exact)
    if whole.exact:
        actions.record_exact_view(actor=request.viewer, table=name)
    view = whole.for_year(year) if on_whole else whole
    counting = queries.under_way(request.viewer)
    context = _context(view, request, whole, national=True, counting=counting)
    return render(request, "statistics/table.html", context)


@require_GET
def own(request: HttpRequest) -> HttpResponse:
    """The key figures of one organisation, for its supervisor."""
    organisation, year = _organisation(request), _year(request)
    whole = queries.own_mechanism(request.viewer, organisation)
    context = _context(whole.for_year(year), request, whole)
    context["houses"] = queries.own_organisations(request.viewer)
    context["chosen"] = organisation or request.viewer.organisation_id
    return render(request, "statistics/own.html", context)


@require_GET
def own_file(request: HttpRequest, format: str) -> HttpResponse:
    """The key figures of one organisation as a file."""
    return file_response(
        actions.export_own(
            actor=request.viewer, organisation=_organisation(request), year=_year(request), format=format
        )
    )


def _organisation(request: HttpRequest) -> UUID | None:
    """The organisation asked for; nonsense is a page that there is not."""
    try:
        return UUID(request.GET["organisation"]) if request.GET.get("organisation") else None
    except ValueError:
        raise NotFound() from None


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
    more = {
        "publication": found.publication,
        "second": second,
        "changes": queries.small_changes(found.publication),
    }
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
    """What is published, and the pages that tell it in pictures."""
    newest = queries.newest(request.viewer)
    context = {
        "rows": [(queries.TABLES[name], found.publication) for name, found in newest.items()],
        "gone": queries.withdrawn_tables(request.viewer),
        "profile": bool(topics(newest)),
        "trends": [(queries.TABLES[n], e.publication) for n, e in newest.items() if has_trends(e.view)],
        "maps": [(queries.TABLES[n], e.publication) for n, e in newest.items() if has_flows(e.view)],
    }
    return render(request, "statistics/public_index.html", context)


@require_GET
def public_table(request: HttpRequest, name: str) -> HttpResponse:
    """The newest edition of a table; a page that says so where it was withdrawn."""
    return _public(request, name, None)


@require_GET
def public_edition(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """One edition under the address that it keeps."""
    return _public(request, name, number)


def _public(request: HttpRequest, name: str, number: int | None) -> HttpResponse:
    try:
        found = queries.edition(request.viewer, name, _year(request), number)
    except queries.Withdrawn as gone:
        return tombstone(request, gone)
    every = queries.editions(request.viewer, name)
    address = reverse("statistics:public-edition", args=[name, found.publication.number])
    more = {
        "publication": found.publication, "editions": every, "newest": every[0].number,
        "address": request.build_absolute_uri(address), "country": queries.country_name(),
        "trend": has_trends(found.whole), "map": has_flows(found.whole),
    }  # fmt: skip
    return render(request, "statistics/public_table.html", _context(found.view, request, found.whole, **more))


@require_GET
def public_part(request: HttpRequest, name: str, number: int, key: str) -> HttpResponse:
    """One breakdown of an edition, with every row."""
    try:
        found = queries.edition(request.viewer, name, None, number)
    except queries.Withdrawn as gone:
        return tombstone(request, gone)
    back = reverse("statistics:public-edition", args=[name, number])
    return render(request, "statistics/public_part.html", _part_context(found.view, key, back))


@require_GET
def explore(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """An edition to choose from: what is on the page is all that the script has."""
    try:
        found = queries.edition(request.viewer, name, None, number)
    except queries.Withdrawn as gone:
        return tombstone(request, gone)
    back = reverse("statistics:public-edition", args=[name, number])
    context = {
        "table": queries.declared(name),
        "publication": found.publication,
        "view": found.view,
        "back": back,
    }
    source = request.build_absolute_uri(back)
    return render(
        request,
        "statistics/explore.html",
        context | explore_context(found.view, source, found.publication.number),
    )


@require_GET
def part(request: HttpRequest, name: str, key: str) -> HttpResponse:
    """One breakdown of a national table, with every row."""
    view = queries.table(request.viewer, name)
    return render(
        request, "statistics/part.html", _part_context(view, key, reverse("statistics:table", args=[name]))
    )


def _part_context(view: TableView, key: str, back: str) -> dict[str, Any]:
    found = next((part for part in view.parts if part.key == key and part.rows), None)
    if found is None:
        raise NotFound()
    return {
        "table": queries.declared(view.name), "view": view, "title": queries.part_title(found),
        "tables": every_row(found), "back": back,
    }  # fmt: skip


@require_GET
def public_file(request: HttpRequest, name: str, format: str) -> HttpResponse:
    """The newest edition as a file."""
    return _public_file(request, name, format, None)


@require_GET
def public_edition_file(request: HttpRequest, name: str, number: int, format: str) -> HttpResponse:
    """One edition as a file."""
    return _public_file(request, name, format, number)


def _public_file(request: HttpRequest, name: str, format: str, number: int | None) -> HttpResponse:
    try:
        found = actions.export_published(
            actor=request.viewer, table=name, year=_year(request), format=format, number=number
        )
    except queries.Withdrawn as gone:
        return tombstone(request, gone)
    return file_response(found)


@require_POST
def republish(request: HttpRequest, publication_id: UUID) -> HttpResponse:
    """Propose an edition that was public once more."""
    made = actions.republish(actor=request.viewer, publication_id=publication_id)
    messages.success(request, _("Frozen. A second person has to approve it before anybody sees it."))
    return redirect("statistics:publication", publication_id=made.pk)


__all__ = [
    "approve", "count", "explore", "file", "free", "free_file", "index", "own", "own_file", "part", "public_edition",
    "public_edition_file", "public_file", "public_index", "public_map", "public_part", "public_profile", "public_table",
    "public_trend", "publication", "publish",
    "republish", "table", "withdraw",
]  # fmt: skip
