"""Preparing: the list, a new release in two steps, its page, its run, drafts side by side."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from palermo.disclosure.spending import plain
from palermo.kernel.access.policy import can, require
from palermo.kernel.errors import Invalid, NotFound
from palermo.kernel.exports.http import file_response
from palermo.kernel.numbers import whole
from palermo.kernel.workflow.moves import moves
from palermo.rooms.releases import actions, queries
from palermo.rooms.releases.forms import FilterForm, ReleaseForm
from palermo.rooms.releases.models import Product, Release

MOST = 100
EDITABLE = ("draft", "checked", "reviewed")


def put(form: forms.Form, error: Invalid) -> None:
    """The problems of an action beside the fields that they are about."""
    for problem in error.problems or []:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem.message))


@never_cache
@require_GET
def releases(request: HttpRequest) -> HttpResponse:
    """Every release with its state."""
    text, state = request.GET.get("q", "")[:100], request.GET.get("state", "")
    known = queries.states()
    found = list(
        queries.releases(request.viewer, text=text, state=state if state in dict(known) else "")[: MOST + 1]
    )
    context = {
        "rows": [(row, queries.state_label(row.state)) for row in found[:MOST]], "more": len(found) > MOST,
        "filter": FilterForm(request.GET or None, states=known), "q": text or state,
        "may_make": can(request.viewer, "releases.release.make"),
    }  # fmt: skip
    return render(request, "releases/list.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """First what is released, then why, of which years, and how."""
    require(request.viewer, "releases.release.make")
    product, source = request.GET.get("product", ""), request.GET.get("source", "")[:60]
    if not product:
        offers = [(code, label, queries.offers(request.viewer, code)) for code, label in Product.choices]
        return render(request, "releases/choose.html", {"offers": offers})
    offer = _offer(request, product, source)
    form = ReleaseForm(
        request.POST or None, product=product, columns=queries.microdata_columns(),
        initial={
            "title": _title(product, offer), "series": _series(product, source), **_years(request, product, source),
        },
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.open_release(actor=request.viewer, values=form.values(source))
        except Invalid as error:
            put(form, error)
        else:
            messages.success(request, _("Saved as a draft. Make it when it is complete."))
            return redirect("releases:release", made.pk)
    return render(request, "releases/edit.html", {"form": form, "offer": offer})


def _offer(request: HttpRequest, product: str, source: str) -> Any:
    found = [
        one
        for one in (queries.offers(request.viewer, product) if product in Product.values else [])
        if one.key == source
    ]
    if not found:
        raise NotFound()
    return found[0]


def _years(request: HttpRequest, product: str, source: str) -> dict[str, int]:
    """The first and the last year that are in it: a table is released whole. Asked for only where a form is shown."""
    found = queries.years(request.viewer, product, source) if request.method == "GET" else ()
    return {"year_from": found[0], "year_to": found[-1]} if found else {}


def _title(product: str, offer: Any) -> str:
    """What it is called: no public page may call invented rows persons."""
    return _("Synthetic rows of victims") if product == Product.MICRODATA else str(offer.title)


def _series(product: str, source: str) -> str:
    """A series that fits: the name of the table, or of the product."""
    if product == Product.TABLES:
        return "".join(c for c in source.upper() if c.isascii() and c.isalnum())[:20]
    return {Product.ESTIMATE: "ESTIMATE", Product.MICRODATA: "VICTIMS"}[Product(product)]


@never_cache
@require_GET
def release(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """A release: its state, its checks, who answered for it, its files, and what can happen next."""
    found = queries.one(request.viewer, release_id)
    spends = actions.cost(found)
    checks = queries.checks(found)
    reviews = queries.reviews(found)
    context = {
        "release": found, "state": queries.state_label(found.state), "checks": checks, "reviews": reviews,
        "files": queries.files(found), "history": queries.history(found), "progress": queries.how_far(found),
        "moves": {move.event: move for move in moves(request.viewer, found)},
        "blocked": any(line.level == "block" for line in checks), "entries": found.entries.select_related("population"),
        "spends": plain(spends) if spends else "", "editable": found.state in EDITABLE,
        "may_make": can(request.viewer, "releases.release.make"), "mine": request.viewer.user_id in found.prepared,
        "product": Product(found.product).label,
    }  # fmt: skip
    return render(request, "releases/release.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """Change a draft; what was reviewed has to be reviewed anew."""
    found = queries.one(request.viewer, release_id)
    require(request.viewer, "releases.release.make")
    form = ReleaseForm(
        request.POST or None, product=found.product, columns=queries.microdata_columns(),
        initial=ReleaseForm.of(found),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_release(
                actor=request.viewer, release=found, values=form.values(found.source),
                expected_version=form.cleaned_data["version"] or found.version,
            )  # fmt: skip
        except Invalid as error:
            put(form, error)
        else:
            messages.success(request, _("Saved as a draft. It has to be made and reviewed anew."))
            return redirect("releases:release", found.pk)
    return render(request, "releases/edit.html", {"form": form, "release": found})


@require_POST
def run(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """Make it in the background; refused with the arithmetic where it would overspend."""
    found = queries.one(request.viewer, release_id)
    actions.start_run(actor=request.viewer, release=found, expected_version=_version(request, found))
    return redirect("releases:release", found.pk)


@require_POST
def stop(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """End the run."""
    found = queries.one(request.viewer, release_id)
    actions.stop_run(actor=request.viewer, release=found)
    messages.success(
        request, _("The run ends within a few seconds. What it was allowed to spend stays spent.")
    )
    return redirect("releases:release", found.pk)


def _version(request: HttpRequest, found: Release) -> int:
    return whole(request.POST.get("version", ""), found.version)


@require_GET
def file(request: HttpRequest, release_id: UUID, name: str) -> HttpResponse:
    """A file that is to be published, for those who judge it."""
    found = queries.one(request.viewer, release_id)
    return file_response(actions.draft_file(actor=request.viewer, release=found, name=name))


@never_cache
@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    """Up to four releases side by side: what was asked for, what the checks say, what it costs."""
    require(request.viewer, "releases.release.view")
    try:
        keys = [UUID(text) for text in request.GET.getlist("r")]
    except ValueError:
        raise NotFound() from None
    found = queries.compared(request.viewer, keys)
    columns = [
        {
            "release": one, "state": queries.state_label(one.state), "checks": queries.checks(one),
            "spends": plain(actions.cost(one)) if actions.cost(one) else "–", "product": Product(one.product).label,
            "files": list(queries.files(one)),
        }
        for one in found
    ]  # fmt: skip
    choices = queries.releases(request.viewer)[:MOST]
    return render(
        request, "releases/compare.html", {"columns": columns, "choices": choices, "chosen": set(keys)}
    )
