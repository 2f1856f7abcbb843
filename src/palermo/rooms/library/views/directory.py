"""The directory of competent authorities: who they are for everybody, how they are reached on record."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from palermo.kernel.access.policy import can, require
from palermo.kernel.errors import Conflict, Invalid
from palermo.kernel.numbers import whole
from palermo.papers.authorities import KINDS
from palermo.rooms.library import actions, queries
from palermo.rooms.library.forms import AuthorityForm
from palermo.rooms.library.models import Authority
from palermo.rooms.library.queries.words import CONTACTS, channel_words, kind_words
from palermo.rooms.library.views.public import tongue
from palermo.standards.countries import find_country
from palermo.web.tables import Column, Link, Table

MOST = 500
SHOWN = ("country", "kind", "body", "language", "website", "note", "source", "checked_on", "channels")


@require_GET
def authorities(request: HttpRequest) -> HttpResponse:
    """Whom to ask, by country and by what is asked."""
    country, kind = request.GET.get("country", ""), request.GET.get("kind", "")
    rows = queries.authorities(request.viewer, country, kind)[:MOST]
    table = Table(
        _("Competent authorities"),
        (Column(_("Authority")), Column(_("Country")), Column(_("What it is asked for")), Column(_("Last checked"))),
        [
            (
                Link(row.body, reverse("library:authority", args=[row.ref])), _country(row.country),
                kind_words(row.kind), age(row.checked_on, localdate()),
            )
            for row in rows
        ],
    )  # fmt: skip
    named = sorted(
        ((code, _country(code)) for code in queries.countries_of(request.viewer)), key=lambda one: one[1]
    )
    context = {
        "table": table if table.rows else None, "countries": named,
        "kinds": [(code, kind_words(code)) for code in KINDS],
        "country": country, "kind": kind, "may_write": can(request.viewer, "library.authority.write"),
    }  # fmt: skip
    return render(request, "library/authorities.html", context)


def _country(code: str) -> str:
    known = find_country(code)
    return known.name(tongue()) if known else code


def age(checked_on: date | None, today: date) -> str:
    """How long ago somebody looked."""
    if checked_on is None:
        return _("Never checked")
    days = max((today - checked_on).days, 0)
    if days < 31:
        return _("Checked within a month")
    months = min(days // 30, days * 12 // 365 or 1)
    return ngettext("Checked %(n)s month ago", "Checked %(n)s months ago", months) % {"n": months}


@require_GET
def authority(request: HttpRequest, ref: str) -> HttpResponse:
    """One authority, without its contacts."""
    return _page(request, queries.authority(request.viewer, ref))


@require_POST
def contacts(request: HttpRequest, ref: str) -> HttpResponse:
    """The same page with its contacts; that it was opened is on record."""
    require(request.viewer, "library.contact.open")
    found = queries.authority(request.viewer, ref)
    opened = actions.open_contacts(actor=request.viewer, authority=found)
    told = [(name, words, opened[name]) for name, words in CONTACTS.items() if opened.get(name)]
    return _page(request, found, told)


def _page(request: HttpRequest, found: Authority, told: list[Any] | None = None) -> HttpResponse:
    viewer = request.viewer
    context = {
        "authority": found, "country": _country(found.country), "kind": kind_words(found.kind),
        "legal": KINDS.get(found.kind, ""),
        "channels": [channel_words(code) for code in found.channels], "age": age(found.checked_on, localdate()),
        "stale": queries.stale(found.checked_on, localdate()), "told": told,
        "may_open": can(viewer, "library.contact.open"), "may_write": can(viewer, "library.authority.write"),
    }  # fmt: skip
    response = render(request, "library/authority.html", context)
    if told is not None:
        response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
def new_authority(request: HttpRequest) -> HttpResponse:
    """Write an authority into the directory."""
    require(request.viewer, "library.authority.write")
    return _form(request, None)


@require_http_methods(["GET", "POST"])
def edit_authority(request: HttpRequest, ref: str) -> HttpResponse:
    """Change one."""
    require(request.viewer, "library.authority.write")
    return _form(request, queries.authority(request.viewer, ref))


def _form(request: HttpRequest, found: Authority | None) -> HttpResponse:
    initial = {name: getattr(found, name) for name in SHOWN} if found else {"language": tongue()}
    if found:
        initial["accepts"] = "; ".join(found.accepts)
    form = AuthorityForm(request.POST or None, known=found is not None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            version = whole(request.POST.get("version", ""))
            made = actions.keep_authority(
                actor=request.viewer, values=form.given(), authority=found, expected_version=version
            )
        except Invalid as error:
            for problem in error.problems:
                form.add_error(problem.field if problem.field in form.fields else None, problem.message)
        else:
            return redirect("library:authority", made.ref)
    back = reverse("library:authority", args=[found.ref]) if found else reverse("library:authorities")
    context = {"form": form, "authority": found, "back": back}
    return render(request, "library/authority_form.html", context, status=422 if form.errors else 200)


@require_POST
def authority_step(request: HttpRequest, ref: str) -> HttpResponse:
    """It was looked through today, or does this no longer."""
    require(request.viewer, "library.authority.write")
    found = queries.authority(request.viewer, ref)
    steps = {"check": actions.check_again, "close": actions.close_authority}
    name = request.POST.get("step", "")
    if name not in steps:
        raise Conflict("", rule="library.step", state="")
    steps[name](
        actor=request.viewer, authority=found, expected_version=whole(request.POST.get("version", ""))
    )
    return redirect("library:authority", ref)
