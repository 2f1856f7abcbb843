"""The register of a reconciliation: people by code, changes and how they are taken back, quality, removal."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from palermo.kernel.access.policy import require
from palermo.kernel.errors import Conflict, Invalid, NotFound
from palermo.kernel.exports.http import file_response
from palermo.rooms.reconciliation import actions, queries
from palermo.rooms.reconciliation.forms import RegisterForm, RemoveForm
from palermo.rooms.reconciliation.queries.facts import Settled
from palermo.rooms.reconciliation.queries.quality import Quality
from palermo.rooms.reconciliation.queries.words import BASES, FACTS, FAULTS, FIELDS, RULES
from palermo.rooms.reconciliation.views.listing import put
from palermo.standards.countries import find_country
from palermo.web.charts import Chart, Series, draw
from palermo.web.charts.model import MOST_SERIES


@never_cache
@require_GET
def people(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """People on several lists first; all of them by code on request."""
    found = queries.project(request.viewer, project_id)
    require(request.viewer, "reconciliation.person.list")
    every, after = request.GET.get("all") == "1", request.GET.get("after", "")[:12]
    rows = (
        queries.persons(request.viewer, found, after=after)
        if every
        else queries.several(request.viewer, found)
    )
    context = {
        "project": found, "rows": rows, "every": every, "counts": queries.counts(found),
        "last": rows[-1].person.code if every and len(rows) == 50 else "",
    }  # fmt: skip
    return render(request, "reconciliation/people.html", context)


@never_cache
@require_GET
def person(request: HttpRequest, project_id: UUID, code: str) -> HttpResponse:
    """One person: records by code, facts side by side with the rule that decides, and how the links came about."""
    found = queries.project(request.viewer, project_id)
    line = queries.person(request.viewer, found, code)
    facts = [_side_by_side(fact) for fact in line.facts]
    context = {
        "project": found, "line": line, "facts": facts, "history": queries.history(line.person),
        "register_code": queries.register_code(request.viewer, line.person) if found.counted else "",
    }  # fmt: skip
    return render(request, "reconciliation/person.html", context)


def _side_by_side(fact: Settled) -> dict[str, Any]:
    told = [
        {
            "value": _shown(fact.name, one.value),
            "basis": BASES[one.basis],
            "on": one.recorded_on,
            "code": one.code,
        }
        for one in fact.told
    ]
    return {
        "label": FACTS[fact.name], "value": _shown(fact.name, fact.value), "rule": RULES[fact.rule],
        "conflict": fact.conflict, "told": told,
    }  # fmt: skip


def _shown(name: str, value: Any) -> str:
    """A fact's value in the reader's words."""
    if name == "nationality" and (found := find_country(str(value))):
        return found.name(get_language() or "en")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return {"female": _("female"), "male": _("male"), "other": _("other")}.get(str(value), str(value))


@never_cache
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Whether the people are counted in the national register, and by which links."""
    found = queries.project(request.viewer, project_id)
    require(request.viewer, "reconciliation.register.count")
    form = RegisterForm(request.POST or None, initial={"by": found.counted})
    if request.method == "POST" and form.is_valid():
        try:
            actions.count_people(actor=request.viewer, project=found, by=form.cleaned_data["by"])
        except (Invalid, Conflict) as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, _("The register follows within a few seconds, and every later change of links too.")
            )
            return redirect("reconciliation:project", found.pk)
    return render(request, "reconciliation/register.html", {"form": form, "project": found})


@never_cache
@require_GET
def changes(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """What changed the links, and the way back."""
    found = queries.project(request.viewer, project_id)
    require(request.viewer, "reconciliation.person.list")
    rows = queries.changes(request.viewer, found)
    return render(request, "reconciliation/changes.html", {"project": found, "rows": rows})


@never_cache
@require_http_methods(["GET", "POST"])
def undo(request: HttpRequest, project_id: UUID, change_id: UUID) -> HttpResponse:
    """Take a change of links back."""
    found = queries.project(request.viewer, project_id)
    one = queries.change(request.viewer, found, change_id)
    require(request.viewer, "reconciliation.change.undo")
    if request.method == "POST":
        actions.undo(actor=request.viewer, change=one)
        messages.success(request, _("Each record stands again for the person for whom it stood before."))
        return redirect("reconciliation:changes", found.pk)
    return render(request, "reconciliation/undo.html", {"project": found, "change": one})


@never_cache
@require_GET
def quality(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """The quality of each list, with its score over the years."""
    found = queries.project(request.viewer, project_id)
    rows = queries.quality(request.viewer, found)
    context = {"project": found, "rows": [_told(row) for row in rows], "charts": [*_charts(rows)]}
    return render(request, "reconciliation/quality.html", context)


def _told(row: Quality) -> dict[str, Any]:
    return {
        "quality": row,
        "filled": [(FIELDS[name], round(100 * share)) for name, share in row.filled],
        "faults": [(FAULTS.get(code, code), count) for code, count in row.faults],
        "drifts": [(FACTS.get(name, BASES_LABEL), year, round(100 * moved)) for name, year, moved in row.drifts],
    }  # fmt: skip


BASES_LABEL = FIELDS["birth_precision"]


def _charts(rows: list[Quality]) -> Iterator[tuple[Chart, str]]:
    """The score over the years, what it is made of, and how long records took to arrive."""
    for chart in (_over_time(rows), _parts(rows), _arrival(rows)):
        if chart is not None:
            yield chart, draw(chart)


def _parts(rows: list[Quality]) -> Chart | None:
    drawn = [row for row in rows if row.parts][:MOST_SERIES]
    labels = [_("Filled in"), _("Plausible"), _("Prompt"), _("There once")]
    series = [Series(row.name, list(row.parts)) for row in drawn]
    return (
        Chart("grouped", _("What the score is made of"), labels, series, unit=_("points of 100"))
        if series
        else None
    )


def _arrival(rows: list[Quality]) -> Chart | None:
    """Median days from recording to arrival, of the years that every drawn list has."""
    return _by_year(
        [(row.name, dict(row.arrivals)) for row in rows if row.arrivals],
        _("Days until records arrived, by year of recording"), _("days"),
    )  # fmt: skip


def _over_time(rows: list[Quality]) -> Chart | None:
    return _by_year(
        [(row.name, dict(row.years)) for row in rows if row.years],
        _("Score by year of recording"),
        _("points of 100"),
    )


def _by_year(lists: list[tuple[str, dict[int, int]]], title: str, unit: str) -> Chart | None:
    """Years of which every drawn list has a figure: a gap would read as nothing."""
    drawn = lists[:MOST_SERIES]
    years = sorted(set.intersection(*(set(known) for _name, known in drawn))) if drawn else []
    if not years:
        return None
    series = [Series(name, [known[year] for year in years]) for name, known in drawn]
    return Chart(
        "line" if len(years) > 1 else "grouped", title, [str(year) for year in years], series, unit=unit
    )


@require_GET
def quality_file(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """The quality of the lists as CSV."""
    found = queries.project(request.viewer, project_id)
    return file_response(actions.export_quality(actor=request.viewer, project=found))


@never_cache
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """A record of one's own organisation goes for good."""
    found = queries.project(request.viewer, project_id)
    require(request.viewer, "reconciliation.record.remove")
    form = RemoveForm(request.POST or None, initial={"code": request.GET.get("code", "")[:12]})
    if request.method == "POST" and form.is_valid():
        try:
            actions.remove_record(actor=request.viewer, **form.cleaned_data)
        except Invalid as error:
            put(form, error)
        except NotFound:
            form.add_error("code", _("No record of your organisation has this code."))
        else:
            messages.success(request, _("The record is gone, with everything that was made from it."))
            return redirect("reconciliation:project", found.pk)
    return render(request, "reconciliation/remove.html", {"form": form, "project": found})
