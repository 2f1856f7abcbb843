"""Searches elsewhere for somebody like a person whom the viewer looks after: who asked, and how to reach them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from palermo.kernel.errors import NotFound
from palermo.kernel.vault.actions import mark_notice_seen
from palermo.rooms.cases.queries.asked import asked_elsewhere


@never_cache
@require_http_methods(["GET", "POST"])
def case_asked(request: HttpRequest) -> HttpResponse:
    """The list; a button marks one as seen."""
    if request.method == "POST":
        try:
            wanted = UUID(request.POST.get("notice", ""))
        except ValueError:
            raise NotFound() from None
        mark_notice_seen(actor=request.viewer, notice_id=wanted)
        messages.success(request, _("Marked as seen."))
        return redirect("cases:asked")
    return render(request, "cases/asked.html", {"rows": asked_elsewhere(request.viewer)})
