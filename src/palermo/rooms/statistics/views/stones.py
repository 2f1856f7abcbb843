"""What stands where an edition was."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from palermo.rooms.statistics import queries


def tombstone(request: HttpRequest, gone: queries.Withdrawn) -> HttpResponse:
    """It was here, it is not any more, and this is why (410)."""
    context = {
        "stone": gone.tombstone, "successor": gone.successor, "table": queries.TABLES[gone.tombstone.table],
        "editions": queries.editions(request.viewer, gone.tombstone.table),
    }  # fmt: skip
    return render(request, "statistics/withdrawn.html", context, status=410)
