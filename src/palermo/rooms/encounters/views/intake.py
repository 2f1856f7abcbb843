"""Taking people in: lines, a file, so many at once; and one table on which everything is corrected in place."""

import uuid
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from palermo.kernel.access.policy import require
from palermo.kernel.errors import FieldProblem, Invalid
from palermo.rooms.encounters import actions, queries
from palermo.rooms.encounters.forms import LinesForm, SomeForm
from palermo.rooms.encounters.models import Event
from palermo.standards import codelist

ON_A_TABLE = 200


@never_cache
@require_http_methods(["GET", "POST"])
def intake(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Add persons. What was typed comes back with every problem at once; nothing is half saved."""
    event = queries.event(request.viewer, event_id)
    require(request.viewer, "encounters.event.change", event.pk)
    some = request.POST.get("do") == "some"
    lines = LinesForm(None if some else request.POST or None, request.FILES or None, initial=_key())
    number = SomeForm(request.POST if some else None, initial=_key() | {"number": event.expected})
    problems: tuple[FieldProblem, ...] = ()
    if request.method == "POST" and (number if some else lines).is_valid():
        try:
            added = _add(request, event, some, lines, number)
        except Invalid as error:
            problems = tuple(error.problems)
        else:
            words = ngettext("%(n)s person is in.", "%(n)s persons are in.", added) % {"n": added}
            messages.success(request, words)
            return redirect("encounters:table" if some else "encounters:intake", event.pk)
    language = get_language() or "en"
    context = {
        "event": event,
        "lines": lines,
        "number": number,
        "problems": problems,
        "persons": queries.persons(request.viewer, event),
        "languages": codelist("palermo/language").choices(language),
        "ages": codelist("palermo/encounter_age").choices(language),
        "sexes": codelist("palermo/sex").choices(language),
    }
    status = 422 if problems else 200
    return render(request, "encounters/intake.html", context, status=status)


def _key() -> dict[str, Any]:
    return {"key": uuid.uuid4()}


def _add(request: HttpRequest, event: Event, some: bool, lines: LinesForm, number: SomeForm) -> int:
    if some:
        given = number.cleaned_data
        return actions.add_some(actor=request.viewer, event=event, number=given["number"], key=given["key"])
    return actions.add_lines(
        actor=request.viewer, event=event, text=lines.text(), key=lines.cleaned_data["key"]
    )


@never_cache
@require_http_methods(["GET", "POST"])
def table(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Everybody as rows (cards on a phone), each cell a field. Enter saves and goes to the next person."""
    event = queries.event(request.viewer, event_id)
    require(request.viewer, "encounters.migrant.change", event.pk)
    problems: list[FieldProblem] = []
    if request.method == "POST":
        saved, problems = actions.correct(actor=request.viewer, event=event, rows=_sent(request.POST))
        if not problems:
            messages.success(request, ngettext("%(n)s row saved.", "%(n)s rows saved.", saved) % {"n": saved})
            return redirect(request.get_full_path())
    page = max(1, int(request.GET.get("page", "1"))) if request.GET.get("page", "1").isdecimal() else 1
    persons = queries.persons(request.viewer, event)
    shown = persons[(page - 1) * ON_A_TABLE : page * ON_A_TABLE]
    language = get_language() or "en"
    context = {
        "event": event,
        "persons": shown,
        "problems": problems,
        "page": page,
        "more": len(persons) > page * ON_A_TABLE,
        "ages": codelist("palermo/encounter_age").choices(language),
        "sexes": codelist("palermo/sex").choices(language),
        "languages": codelist("palermo/language").choices(language),
    }
    return render(request, "encounters/table.html", context, status=422 if problems else 200)


def _sent(post: QueryDict) -> dict[UUID, tuple[int, dict[str, Any]]]:
    """The rows of the table as they were sent: "row" holds id:version, the cells of a row are named by its id."""
    found: dict[UUID, tuple[int, dict[str, Any]]] = {}
    for row in post.getlist("row"):
        key, _colon, version = row.partition(":")
        try:
            person, seen = UUID(key), int(version)
        except ValueError:
            continue
        found[person] = (
            seen,
            {
                "tag": post.get(f"tag-{key}", ""),
                "age": post.get(f"age-{key}", ""),
                "sex": post.get(f"sex-{key}", ""),
                "languages": post.get(f"languages-{key}", ""),
                "family_group": post.get(f"family-{key}", ""),
                "alone": f"alone-{key}" in post,
                "urgent": f"urgent-{key}" in post,
            },
        )
    return found
