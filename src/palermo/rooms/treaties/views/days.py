"""An instrument as JSON, two of its days compared, what States said about it, and the years on one chart."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from palermo.rooms.treaties import queries
from palermo.rooms.treaties.views.standing import _day, _named, _when
from palermo.standards.treaties import Action
from palermo.web.charts import Chart, Series, draw
from palermo.web.tables import Column, Table


def kind_words(code: str) -> str:
    """What a State did, in words."""
    words = {
        "signature": _("Signature"), "ratification": _("Ratification"), "acceptance": _("Acceptance"),
        "approval": _("Approval"), "accession": _("Accession"), "succession": _("Succession"),
        "formal_confirmation": _("Formal confirmation"), "withdrawal": _("Denunciation"),
        "reservation": _("Reservation"), "declaration": _("Declaration"), "objection": _("Objection"),
        "withdrawal_of_reservation": _("Withdrawal of a reservation"), "notification": _("Notification"),
    }  # fmt: skip
    return words.get(code, code)


@require_GET
def sheet_json(request: HttpRequest, code: str) -> HttpResponse:
    """The sheet as data: the counts, and each party with what it did and how precisely the day is known."""
    found = queries.sheet(request.viewer, code, _day(request))
    told = {
        "instrument": found.instrument.code, "title": found.instrument.title, "as_of": found.on.isoformat(),
        "recorded_at": found.recorded_at.isoformat() if found.recorded_at else None, "counts": dict(found.counts),
        "parties": [
            {
                "party": one.party, "name": queries.name_of(one.party, get_language() or "en"),
                "signed": _plain(one.signed),
                "bound": _plain(one.bound), "in_force": one.in_force.isoformat() if one.in_force else None,
                "left": one.left.isoformat() if one.left else None, "remarks": [_plain(a) for a in one.remarks],
            }
            for one in found.statuses
        ],
    }  # fmt: skip
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})


def _plain(action: Action | None) -> dict[str, Any] | None:
    if action is None:
        return None
    day = action.date.isoformat() if action.date else None
    return {
        "kind": action.kind, "date": day, "precision": action.precision, "note": action.note, "source": action.source,
    }  # fmt: skip


@require_GET
def changed(request: HttpRequest, code: str) -> HttpResponse:
    """Two days of an instrument: who joined, who left, who signed, what was said."""
    later = _given(request, "to", localdate())
    earlier = _given(request, "from", later.replace(year=max(later.year - 1, 1), day=min(later.day, 28)))
    found = queries.changed(request.viewer, code, earlier, later)
    tables = [
        (title, _table(title, rows))
        for title, rows in (
            (_("Became parties"), found.joined), (_("Are parties no longer"), found.left),
            (_("Signed"), found.signed), (_("Reservations, declarations, objections"), found.remarks),
        )
    ]  # fmt: skip
    context = {"instrument": queries.instrument(code), "found": found, "tables": tables}
    return render(request, "treaties/changes.html", context)


@require_GET
def remarks(request: HttpRequest, code: str) -> HttpResponse:
    """What States reserved, declared, objected to and took back."""
    on = _day(request)
    title = _("Reservations and objections")
    table = _table(title, queries.said(request.viewer, code, on))
    return render(
        request, "treaties/remarks.html", {"instrument": queries.instrument(code), "on": on, "table": table}
    )


@require_GET
def years(request: HttpRequest, code: str) -> HttpResponse:
    """How many were parties at the end of each year."""
    last = min(max(_day(request).year, 2000), localdate().year)
    rows = queries.years(request.viewer, code, last)
    chart = Chart(
        "line", _("Parties at the end of each year"), [str(year) for year, _n, _u in rows],
        [Series(_("Parties"), [n for _y, n, _u in rows]), Series(_("Date not certain"), [u for _y, _n, u in rows])],
        unit=_("States and organisations"),
    )  # fmt: skip
    context = {"instrument": queries.instrument(code), "chart": chart, "svg": draw(chart)}
    return render(request, "treaties/years.html", context)


def _table(title: str, actions: Iterable[Action]) -> Table | None:
    """Actions with who did them; None where there are none."""
    rows = [
        (_named(a.party), kind_words(a.kind), _when(a), a.note or None, a.source or None) for a in actions
    ]
    columns = (
        Column(_("State")),
        Column(_("Action")),
        Column(_("Date")),
        Column(_("Text")),
        Column(_("Source")),
    )
    return Table(title, columns, rows) if rows else None


def _given(request: HttpRequest, name: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return otherwise
