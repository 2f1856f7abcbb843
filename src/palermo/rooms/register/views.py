"""The pages of the register. For a stranger none of them exists."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from palermo.kernel.access.policy import can
from palermo.kernel.errors import NotFound
from palermo.kernel.exports.actions import hand_out
from palermo.kernel.exports.http import file_response
from palermo.kernel.imports import queries as imports
from palermo.rooms.register import actions, queries
from palermo.rooms.register.forms import FilterForm


@never_cache
@require_GET
def person_list(request: HttpRequest) -> HttpResponse:
    """Persons by filter, page by page."""
    form = FilterForm(
        request.GET or None, sources=queries.sources(request.viewer), language=get_language() or "en"
    )
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    exact = request.GET.get("exact") == "1"
    page = queries.persons(request.viewer, wanted, after=request.GET.get("after", ""), exact=exact)
    if exact:
        actions.record_exact_view(actor=request.viewer, attributes=[n for n in wanted if wanted[n]])
    context = {"page": page, "filter": form, "filtered": any(wanted.values())}
    return render(request, "register/list.html", context)


@never_cache
@require_GET
def person_page(request: HttpRequest, code: str) -> HttpResponse:
    """One person: attributes, answers, events, provenance."""
    return render(request, "register/person.html", {"person": queries.person(request.viewer, code)})


@never_cache
@require_GET
def import_list(request: HttpRequest) -> HttpResponse:
    """Which lists came in, with what result, and how to bring one in."""
    if not can(request.viewer, "register.import.view"):
        raise NotFound()
    runs = list(imports.runs(request.viewer, before=_moment(request.GET.get("before", "")), limit=51))
    older = runs[49].started_at.isoformat() if len(runs) > 50 else ""
    return render(request, "register/imports.html", {"runs": runs[:50], "older": older})


def _moment(text: str) -> datetime | None:
    """The cursor of the page before; None for anything that is not one."""
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return None
    return found if found.tzinfo else None


@require_GET
def rejected(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The rows of an import that were rejected, as a file."""
    if not can(request.viewer, "register.import.view"):
        raise NotFound()
    path = imports.rejected_path(request.viewer, run_id)
    file = hand_out(
        actor=request.viewer,
        permission="register.import.view",
        what="rejected-rows",
        format="csv",
        content=b"\xef\xbb\xbf" + path.read_bytes(),
    )
    return file_response(file)
