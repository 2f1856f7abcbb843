"""For everybody: the laws, one of them as it stood on a day, two wordings beside one another, Akoma Ntoso."""

from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from palermo.kernel.access.policy import can
from palermo.kernel.errors import NotFound
from palermo.legislation import to_akoma
from palermo.rooms.legislation import queries
from palermo.rooms.legislation.models import Law, State, Wording
from palermo.standards.checklists import INSTRUMENTS
from palermo.web.tables import Column, Link, Table


def day_of(request: HttpRequest, name: str = "on") -> date:
    """The day of the address; today where it names none."""
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return localdate()


def language_of() -> str:
    """The reader's language."""
    return get_language() or "en"


@require_GET
def public(request: HttpRequest) -> HttpResponse:
    """The States, the laws, and the way to each row of the checklists."""
    viewer, language = request.viewer, language_of()
    country, query = request.GET.get("country", ""), request.GET.get("q", "")[:200]
    laws = queries.public_laws(viewer, country=country, query=query)
    columns = (
        Column(_("Law")),
        Column(_("State")),
        Column(_("Number")),
        Column(_("Adopted on")),
        Column(_("Used for")),
    )
    rows = [
        (
            Link(one.title, reverse("legislation:law", args=[one.pk])),
            Link(queries.country_name(one.country, language), reverse("legislation:state", args=[one.country])),
            one.number, date_format(one.adopted), one.get_used_for_display(),
        )
        for one in laws
    ]  # fmt: skip
    context = {
        "table": Table(_("Laws"), columns, rows), "rows": rows, "q": query, "country": country,
        "states": queries.states(viewer, language), "instruments": INSTRUMENTS.items(),
        "may_write": can(viewer, "legislation.record.write"),
    }  # fmt: skip
    return render(request, "legislation/public.html", context)


def chosen(request: HttpRequest, law: Law, rows: list[Wording], name: str = "text") -> Wording | None:
    """The wording that the address names, else the one of its day, else the latest."""
    wanted = request.GET.get(name, "")
    named = next((one for one in rows if str(one.pk) == wanted), None)
    return named or queries.at(rows, day_of(request), language_of()) or (rows[0] if rows else None)


@require_GET
def law(request: HttpRequest, law_id: UUID) -> HttpResponse:
    """A law as it stood on a day."""
    found = queries.public_law(request.viewer, law_id)
    if found.state == State.WITHDRAWN:
        return render(request, "legislation/withdrawn.html", {"law": found}, status=410)
    rows = queries.wordings_of(request.viewer, found)
    wording = chosen(request, found, rows)
    context = {
        "law": found, "wordings": rows, "wording": wording, "on": day_of(request),
        "country": queries.country_name(found.country, language_of()),
        "provisions": wording.provisions if wording else (),
        "may_write": can(request.viewer, "legislation.record.write"),
    }  # fmt: skip
    return render(request, "legislation/law.html", context)


@require_GET
def compare(request: HttpRequest, law_id: UUID) -> HttpResponse:
    """Two wordings of a law, provision by provision."""
    found = queries.public_law(request.viewer, law_id)
    rows = queries.wordings_of(request.viewer, found)
    if found.state == State.WITHDRAWN or len(rows) < 2:
        raise NotFound()
    by_id = {str(one.pk): one for one in rows}
    new = by_id.get(request.GET.get("new", ""), rows[0])
    old = by_id.get(request.GET.get("old", ""), next(one for one in reversed(rows) if one != new))
    told = queries.compared(old, new)
    context = {
        "law": found, "old": old, "new": new, "wordings": rows, "changes": [one for one in told if one.what != "same"],
        "same": sum(one.what == "same" for one in told),
    }  # fmt: skip
    return render(request, "legislation/compare.html", context)


@require_GET
def akoma(request: HttpRequest, law_id: UUID) -> HttpResponse:
    """A wording as a document in Akoma Ntoso."""
    found = queries.public_law(request.viewer, law_id)
    wording = chosen(request, found, queries.wordings_of(request.viewer, found))
    if wording is None or found.state == State.WITHDRAWN:
        raise NotFound()
    name = f"{found.uri.strip('/').replace('/', '-')}-{wording.language}-{wording.valid_from}.xml"
    answer = HttpResponse(to_akoma(queries.law_text(found, wording)), content_type="application/akn+xml")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
