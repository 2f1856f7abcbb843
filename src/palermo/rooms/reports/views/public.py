"""What everybody may read: the reports that were published, each at the address that it keeps."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, get_language_info
from django.views.decorators.http import require_GET

from palermo.kernel.exports.http import file_response
from palermo.rooms.reports import actions, queries
from palermo.rooms.reports.models import Form, ReportFile
from palermo.rooms.reports.views.showing import shown


@require_GET
def public(request: HttpRequest) -> HttpResponse:
    """The newest edition of each year."""
    rows = [(one, queries.title_of(one)) for one in queries.catalogue(request.viewer)[:100]]
    return render(request, "reports/public.html", {"rows": rows})


@require_GET
def stories(request: HttpRequest) -> HttpResponse:
    """The stories of routes, the newest first."""
    rows = [(one, queries.title_of(one)) for one in queries.catalogue(request.viewer, Form.STORY)[:100]]
    return render(request, "reports/public_stories.html", {"rows": rows})


@require_GET
def landing(request: HttpRequest, identifier: str) -> HttpResponse:
    """A report, to be read on the page and taken away as files."""
    try:
        found = queries.landing(request.viewer, identifier)
    except queries.Withdrawn as gone:
        return _tombstone(request, gone)
    address = request.build_absolute_uri(reverse("reports:landing", args=[identifier]))
    files = sorted(((_named(one), one) for one in found.files), key=lambda pair: _mine_first(pair[1]))
    context = {
        "landing": found, "report": found.report, "told": shown(found.told), "address": address,
        "files": files, "title": queries.title_of(found.report),
    }  # fmt: skip
    page = "reports/story.html" if found.report.form == Form.STORY else "reports/landing.html"
    return render(request, page, context)


def _mine_first(file: ReportFile) -> tuple[bool, str]:
    """Files in the reader's language come first."""
    return (file.language != get_language(), file.name)


def _named(file: ReportFile) -> str:
    """A file in words: its kind, and its language in that language."""
    kind = {"pdf": "PDF", "docx": "Word", "json": "JSON"}.get(file.name.rpartition(".")[2], file.name)
    return f"{kind}, {get_language_info(file.language)['name_local']}" if file.language else kind


@require_GET
def public_file(request: HttpRequest, identifier: str, name: str) -> HttpResponse:
    """A file of a published report, byte for byte."""
    try:
        found = actions.public_file(actor=request.viewer, identifier=identifier, name=name)
    except queries.Withdrawn as gone:
        return _tombstone(request, gone)
    return file_response(found)


def _tombstone(request: HttpRequest, gone: queries.Withdrawn) -> HttpResponse:
    """It was here, it is not any more, and this is why (410)."""
    context = {"stone": gone.tombstone, "successor": gone.successor}
    return render(request, "reports/withdrawn.html", context, status=410)
