"""For everybody: what the rows of the checklists find, by State, by row, across States, and what is needed."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from palermo.kernel.access.policy import can
from palermo.kernel.exports.actions import hand_out
from palermo.kernel.exports.http import file_response
from palermo.kernel.exports.writers import csv_bytes
from palermo.rooms.legislation import queries
from palermo.rooms.legislation.models import Standing
from palermo.rooms.legislation.views.public import day_of, language_of
from palermo.rooms.legislation.views.words import (
    NONE,
    OBLIGATIONS,
    PILLARS,
    TONES,
    code_of,
    line_of,
    standing_of,
)
from palermo.standards.checklists import INSTRUMENTS

COLUMNS = (
    "country", "instrument", "provision", "title", "obligation", "pillar", "standing", "on", "reasons", "need",
    "relied_on", "confidence",
)  # fmt: skip


def _kind(request: HttpRequest, name: str, allowed: Any) -> str:
    wanted = request.GET.get(name, "")
    return wanted if wanted in allowed else ""


@require_GET
def state(request: HttpRequest, country: str) -> HttpResponse:
    """A State's law beside everything that the checklists ask."""
    viewer, on = request.viewer, day_of(request)
    instrument, pillar = _kind(request, "instrument", INSTRUMENTS) or "TIP", _kind(request, "pillar", PILLARS)
    lines = queries.sheet(viewer, country, on, instrument, pillar)
    code = country.upper()
    counts = [
        (OBLIGATIONS[kind], [found.get(one, 0) for one in (*Standing.values, "none")])
        for kind, found in queries.coverage(lines)
    ]
    context = {
        "code": code, "name": queries.country_name(code, language_of()), "on": on, "instrument": instrument,
        "pillar": pillar, "instruments": INSTRUMENTS, "pillars": PILLARS, "lines": [line_of(one) for one in lines],
        "counts": counts, "heads": [*(label for _value, label in Standing.choices), NONE],
        "laws": queries.public_laws(viewer, country=code), "may_write": can(viewer, "legislation.record.write"),
    }  # fmt: skip
    return render(request, "legislation/state.html", context)


@require_GET
def heat(request: HttpRequest) -> HttpResponse:
    """Rows of an instrument by States: a sign and a word in each field, no order of merit."""
    instrument, pillar = _kind(request, "instrument", INSTRUMENTS) or "TIP", _kind(request, "pillar", PILLARS)
    on = day_of(request)
    columns, found = queries.heat(request.viewer, instrument, on, language_of(), pillar)
    names = [name for _code, name in columns]
    rows = [
        (
            row,
            OBLIGATIONS[row.obligation],
            [(*_field(one), name) for one, name in zip(readings, names, strict=True)],
        )
        for row, readings in found
    ]
    context = {
        "columns": columns, "rows": rows, "instrument": instrument, "pillar": pillar, "on": on,
        "instruments": INSTRUMENTS, "pillars": PILLARS,
    }  # fmt: skip
    return render(request, "legislation/heat.html", context)


def _field(reading: Any) -> tuple[str, Any, str, str]:
    if reading is None:
        return ("–", NONE, "none", "")
    standing = reading.standing
    return (code_of(standing), standing_of(reading), standing, TONES.get(standing, ""))


@require_GET
def row(request: HttpRequest, slug: str) -> HttpResponse:
    """One row of a checklist across States, with the words of the law."""
    wanted, on = [code.upper() for code in request.GET.getlist("state")], day_of(request)
    found, lines = queries.side_by_side(request.viewer, slug, on, language_of(), wanted)
    context = {
        "row": found, "obligation": OBLIGATIONS[found.obligation], "pillar": PILLARS[found.pillar], "on": on,
        "lines": [(code, name, line_of(line)) for code, name, line in lines], "wanted": wanted,
        "states": queries.states(request.viewer, language_of()), "title": INSTRUMENTS[found.instrument],
    }  # fmt: skip
    return render(request, "legislation/row.html", context)


@require_GET
def changed(request: HttpRequest, country: str) -> HttpResponse:
    """What became of a State's rows between two days."""
    last = day_of(request, "to")
    first = day_of(request, "from") if request.GET.get("from") else date(last.year - 1, 1, 1)
    rows = queries.changes(request.viewer, country, first, last)
    context = {
        "code": country.upper(), "name": queries.country_name(country.upper(), language_of()), "first": first,
        "last": last, "rows": [(line_of(old), line_of(new)) for old, new in rows],
    }  # fmt: skip
    return render(request, "legislation/changes.html", context)


@require_GET
def needs(request: HttpRequest, country: str) -> HttpResponse:
    """What is not met or partly met, by pillar."""
    on = day_of(request)
    found = queries.needs(request.viewer, country, on)
    context = {
        "code": country.upper(), "name": queries.country_name(country.upper(), language_of()), "on": on,
        "groups": [(PILLARS[pillar], [line_of(one) for one in rows]) for pillar, rows in found],
    }  # fmt: skip
    return render(request, "legislation/needs.html", context)


def _plain(request: HttpRequest, country: str) -> list[dict[str, Any]]:
    found = queries.needs(request.viewer, country, day_of(request))
    return [
        {
            "country": country.upper(), "instrument": line.row.instrument, "provision": line.row.provision,
            "title": line.row.title, "obligation": line.row.obligation, "pillar": pillar,
            "standing": line.reading.standing, "on": line.reading.on.isoformat(), "reasons": line.reading.reasons,
            "need": line.reading.need, "confidence": line.reading.confidence,
            "relied_on": "; ".join(f"{one.law.uri}/{one.provision.eid}" for one in line.relied),
        }
        for pillar, lines in found for line in lines if line.reading is not None
    ]  # fmt: skip


@require_GET
def needs_csv(request: HttpRequest, country: str) -> HttpResponse:
    """The same for a spreadsheet."""
    body = csv_bytes(_plain(request, country), COLUMNS)
    made = hand_out(
        actor=request.viewer, permission="legislation.public.view", what=f"needs-{country.lower()}", format="csv",
        content=body, logged=False,
    )  # fmt: skip
    return file_response(made)


@require_GET
def needs_json(request: HttpRequest, country: str) -> HttpResponse:
    """The same for programs."""
    return JsonResponse({"country": country.upper(), "needs": _plain(request, country)})
