"""What everybody may read: the catalogue, and a page and files for each release that is public."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from palermo.kernel.exports.http import file_response
from palermo.rooms.releases import actions, queries
from palermo.rooms.releases.forms import SearchForm
from palermo.rooms.releases.models import Product

MOST = 200


@require_GET
def public(request: HttpRequest) -> HttpResponse:
    """The catalogue: the newest version of everything that is public."""
    text = request.GET.get("q", "")[:100]
    rows = [(row, Product(row.product).label) for row in queries.catalogue(request.viewer, text=text)[:MOST]]
    context = {"rows": rows, "filter": SearchForm(request.GET or None), "q": text}
    return render(request, "releases/public.html", context)


@require_GET
def landing(request: HttpRequest, identifier: str) -> HttpResponse:
    """The page of one release, at the address that it keeps."""
    try:
        found = queries.landing(request.viewer, identifier)
    except queries.Withdrawn as gone:
        return _tombstone(request, gone)
    address = request.build_absolute_uri(reverse("releases:landing", args=[identifier]))
    context = {
        "landing": found, "release": found.release, "address": address, "product": Product(found.release.product).label,
        "publisher": queries.publisher(),
    }  # fmt: skip
    return render(request, "releases/landing.html", context)


@require_GET
def public_file(request: HttpRequest, identifier: str, name: str) -> HttpResponse:
    """A file of a public release, byte for byte."""
    try:
        found = actions.public_file(actor=request.viewer, identifier=identifier, name=name)
    except queries.Withdrawn as gone:
        return _tombstone(request, gone)
    return file_response(found)


def _tombstone(request: HttpRequest, gone: queries.Withdrawn) -> HttpResponse:
    """It was here, it is not any more, and this is why (410)."""
    context = {
        "stone": gone.tombstone, "successor": gone.successor, "versions": queries.versions(gone.tombstone),
    }  # fmt: skip
    return render(request, "releases/withdrawn.html", context, status=410)
