"""Public pages: the instruments, one of them as of a day, one State."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from palermo.kernel.exports.http import file_response
from palermo.rooms.treaties import actions, queries
from palermo.standards.treaties import Action, Status
from palermo.web.tables import Column, Link, Table


@require_GET
def public(request: HttpRequest) -> HttpResponse:
    """The instruments, and how many are parties to each."""
    on = _day(request)
    rows = [
        (
            Link(one, reverse("treaties:sheet", args=[one])),
            c["parties"],
            c["parties_uncertain"],
            c["signatories"],
        )
        for one, c in queries.counts(request.viewer, on).items()
    ]
    columns = (Column(_("Instrument")), *_figures())
    context = {
        "table": Table(_("Treaties"), columns, rows),
        "on": on,
        "any": queries.is_recorded(request.viewer),
    }
    return render(request, "treaties/public.html", context)


@require_GET
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    """An instrument as of a day: who is a party and since when."""
    found = queries.sheet(request.viewer, code, _day(request))
    rows = [(_named(one.party), *_told(one)) for one in found.statuses]
    table = Table(_("Parties and signatories"), (Column(_("State")), *_columns()), rows)
    return render(request, "treaties/sheet.html", {"sheet": found, "table": table, "on": found.on})


@require_GET
def state(request: HttpRequest, party: str) -> HttpResponse:
    """A State: where it stands with every instrument."""
    on = _day(request)
    rows = [
        (Link(one.code, reverse("treaties:sheet", args=[one.code])), *_told(status))
        for one, status in queries.of_party(request.viewer, party, on)
    ]
    table = Table(_("Treaties"), (Column(_("Instrument")), *_columns()), rows)
    title = queries.name_of(party, get_language() or "en")
    return render(request, "treaties/state.html", {"table": table, "title": title, "on": on})


@require_GET
def actions_csv(request: HttpRequest, code: str) -> HttpResponse:
    """The whole log of an instrument, as it can be imported again."""
    return file_response(actions.export(actor=request.viewer, code=code))


def _figures() -> tuple[Column, ...]:
    return (
        Column(_("Parties"), numeric=True),
        Column(_("Date not certain"), numeric=True),
        Column(_("Signatories"), numeric=True),
    )


def _columns() -> tuple[Column, ...]:
    return (Column(_("Signed")), Column(_("Bound since")), Column(_("In force since")))


def _named(party: str) -> Link:
    name = queries.name_of(party, get_language() or "en")
    return Link(name, reverse("treaties:state", args=[party]))


def _told(status: Status | None) -> tuple[str | None, str | None, str | None]:
    if status is None:
        return (None, None, None)
    force = date_format(status.in_force) if status.in_force else None
    return (_when(status.signed), _when(status.bound), force)


def _when(action: Action | None) -> str | None:
    """A date as precisely as it is known."""
    if action is None:
        return None
    if action.date is None:
        return _("Date not known")
    if action.precision == "year":
        return str(action.date.year)
    day = date_format(action.date)
    return day if action.precision == "day" else _("By %(day)s") % {"day": day}


def _day(request: HttpRequest) -> date:
    """The day of the address; today where it names none."""
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return localdate()
