"""The list of cases, and its export by code."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from palermo.kernel.exports.http import file_response
from palermo.rooms.cases import actions, queries
from palermo.rooms.cases.forms import FilterForm


@never_cache
@require_GET
def case_list(request: HttpRequest) -> HttpResponse:
    """The cases that I or my team hold, by code."""
    form = FilterForm(request.GET or None, states=queries.state_choices())
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    page = queries.cases(
        request.viewer,
        text=wanted.get("q") or "",
        state=wanted.get("state") or "",
        crime=wanted.get("crime") or "",
        risk=wanted.get("risk") or "",
        mine=bool(wanted.get("mine")),
        after=request.GET.get("after", ""),
    )
    context = {
        "page": page,
        "filter": form,
        "filtered": any(wanted.values()),
        "states": dict(queries.state_choices()),
    }
    return render(request, "cases/list.html", context)


@require_POST
def case_export(request: HttpRequest) -> HttpResponse:
    """My case list as a file: codes and dates, nothing that names anybody."""
    file = actions.export_cases(actor=request.viewer, format=request.POST.get("format", "csv"))
    return file_response(file)
