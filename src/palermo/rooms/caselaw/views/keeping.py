"""A search taken along: as a feed of the newest, as a file, or kept under a name."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from palermo.kernel.access.policy import require
from palermo.kernel.errors import Conflict, Invalid
from palermo.kernel.exports.writers import csv_bytes
from palermo.rooms.caselaw import actions, queries
from palermo.rooms.caselaw.forms import SaveForm
from palermo.rooms.caselaw.views.writing import put

PIECE, WHOLE = 65_536, 1_000


def _asked(values: Any) -> tuple[str, dict[str, str]]:
    """The question and the filter of an address or a form."""
    return values.get("q", ""), {name: values[name] for name in queries.FACETS if values.get(name)}


@require_GET
def feed(request: HttpRequest) -> HttpResponse:
    """The newest fifty of any search as an Atom feed, so that it can be followed."""
    made = Atom1Feed(
        title=_("Case law"), link=request.build_absolute_uri(reverse("caselaw:public")), description="",
        feed_url=request.build_absolute_uri(),
    )  # fmt: skip
    for one in queries.newest(request.viewer, *_asked(request.GET)):
        link = request.build_absolute_uri(reverse("caselaw:case", args=[one.palermo_id]))
        made.add_item(
            title=one.title, link=link, description="", pubdate=one.published_at, updateddate=one.updated_at
        )
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


@require_GET
def as_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Everything that a search finds, one case a line, with the address that each keeps."""
    address = request.build_absolute_uri(reverse("caselaw:case", args=["ID"]))
    rows = queries.table(request.viewer, *_asked(request.GET), address)
    content = csv_bytes(rows, queries.COLUMNS)
    # Read to the end before the first piece goes out: the answer is sent after the transaction.
    pieces = (content[at : at + PIECE] for at in range(0, len(content), PIECE))
    headers = {"Content-Disposition": 'attachment; filename="cases.csv"', "X-Content-Type-Options": "nosniff"}
    return StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8", headers=headers)


@require_GET
def all_json(request: HttpRequest) -> StreamingHttpResponse:
    """The whole records of a search, as `palermo caselaw import` takes them; at most a thousand at once."""
    rows = queries.found(request.viewer, *_asked(request.GET)).order_by("-decided", "palermo_id")
    held = list(rows[: WHOLE + 1])
    if len(held) > WHOLE:
        raise Conflict(
            _("These are more than a thousand cases. Narrow down, or take CSV."), rule="caselaw.many"
        )
    return StreamingHttpResponse(_records(held), content_type="application/json", headers={
        "Content-Disposition": 'attachment; filename="cases.json"', "X-Content-Type-Options": "nosniff",
    })  # fmt: skip


def _records(rows: list[Any]) -> Any:
    for n, one in enumerate(rows):
        told = json.dumps(one.record | {"status": one.state}, ensure_ascii=False)
        yield ("[" if n == 0 else ",\n") + told
    yield "]\n" if rows else "[]\n"


@never_cache
@require_http_methods(["GET", "POST"])
def kept(request: HttpRequest) -> HttpResponse:
    """The searches that I keep, with what is new; and keeping one more."""
    require(request.viewer, "caselaw.search.keep")
    query, wanted = _asked(request.POST or request.GET)
    form = SaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.keep_search(
                actor=request.viewer, name=form.cleaned_data["name"], query=query, wanted=wanted
            )
        except Invalid as error:
            put(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("caselaw:kept")
    asking = (query or wanted or "new" in request.GET) and {"q": query, **wanted}
    context = {"rows": queries.kept(request.viewer), "form": form, "asking": asking}
    return render(request, "caselaw/kept.html", context)


@require_POST
def look_again(request: HttpRequest, search_id: UUID) -> HttpResponse:
    """To what a kept search finds; from here on the count begins anew."""
    one = actions.look_again(actor=request.viewer, search_id=search_id)
    return redirect(f"{reverse('caselaw:public')}?{queries.asked(one)}")


@require_POST
def forget(request: HttpRequest, search_id: UUID) -> HttpResponse:
    """Keep it no longer."""
    actions.forget_search(actor=request.viewer, search_id=search_id)
    return redirect("caselaw:kept")
