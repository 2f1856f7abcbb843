"""Inside: writing laws, texts and readings, and the steps of a second person."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from palermo.kernel.access.policy import require
from palermo.kernel.errors import Conflict, Invalid, NotFound
from palermo.kernel.numbers import whole
from palermo.rooms.legislation import actions, queries
from palermo.rooms.legislation.forms import AkomaForm, LawForm, ReadingForm, WordingForm
from palermo.rooms.legislation.models import Law, Reading, Reviewed, Wording
from palermo.rooms.legislation.views.public import day_of, language_of
from palermo.rooms.legislation.views.words import OBLIGATIONS, standing_of
from palermo.standards.checklists import ChecklistRow, checklist

WRITE = "legislation.record.write"


def _kept(request: HttpRequest, form: Form, do: Any) -> HttpResponse | None:
    """Do it with what the form holds; where it cannot be, its problems stand beside the fields."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        made = do(form.cleaned_data)
    except Invalid as error:
        for problem in error.problems or []:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem.message))
        return None
    messages.success(request, _("Kept as a draft. A second person publishes it."))
    return redirect("legislation:record", made._meta.model_name, made.pk)


def _page(request: HttpRequest, form: Form, title: str, back: str, **more: Any) -> HttpResponse:
    context = {"form": form, "title": title, "back": back, **more}
    return render(request, "legislation/form.html", context)


def _version(request: HttpRequest) -> int:
    return whole(request.POST.get("version", ""))


@never_cache
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """What is not public yet."""
    found = queries.mine(request.viewer)
    groups = [(kind, [(row, _name(row)) for row in rows]) for kind, rows in found.items()]
    return render(
        request, "legislation/list.html", {"groups": groups, "any": any(rows for _kind, rows in groups)}
    )


def _name(one: Reviewed) -> str:
    language = language_of()
    if isinstance(one, Law):
        return f"{one.title} · {queries.country_name(one.country, language)}"
    if isinstance(one, Wording):
        return f"{one.law.title} · {one.valid_from} · {one.language}"
    if isinstance(one, Reading):
        row = checklist().get(one.row)
        return f"{queries.country_name(one.country, language)} · {row.code if row else one.row} · {one.on}"
    return str(one)


@never_cache
@require_GET
def record(request: HttpRequest, kind: str, key: UUID) -> HttpResponse:
    """A draft as it would be read, with the steps that it can take."""
    found = queries.record_of(request.viewer, kind, key)
    context: dict[str, Any] = {
        "one": found, "kind": kind, "name": _name(found), "mine": request.viewer.user_id in found.prepared,
    }  # fmt: skip
    if isinstance(found, Law):
        context |= {"law": found, "country": queries.country_name(found.country, language_of())}
        context["wordings"] = queries.wordings_of(request.viewer, found)
    elif isinstance(found, Wording):
        context |= {"wording": found, "law": found.law, "provisions": found.provisions}
    elif isinstance(found, Reading):
        context |= {"reading": found, "row": checklist().get(found.row), "standing": standing_of(found)}
        context["country"] = queries.country_name(found.country, language_of())
    return render(request, "legislation/record.html", context)


STEPS = {"submit": actions.submit, "publish": actions.publish, "change": actions.change_again}
REASONED = {"return": actions.send_back, "withdraw": actions.withdraw}


@require_POST
def step(request: HttpRequest, kind: str, key: UUID) -> HttpResponse:
    """Submit, send back, publish, change again or withdraw."""
    found, name = queries.record_of(request.viewer, kind, key), request.POST.get("step", "")
    told = {"actor": request.viewer, "one": found, "expected_version": _version(request)}
    try:
        if name in REASONED:
            REASONED[name](**told, why=request.POST.get("why", ""))
        elif name in STEPS:
            STEPS[name](**told)
        else:
            raise Conflict("", rule="legislation.step", state=found.state)
    except Invalid as error:
        for problem in error.problems:
            messages.error(request, problem.message)
    return redirect("legislation:record", kind, key)


@never_cache
@require_http_methods(["GET", "POST"])
def new_law(request: HttpRequest) -> HttpResponse:
    """A law that is not here yet."""
    require(request.viewer, WRITE)
    form = LawForm(request.POST or None, initial={"country": request.GET.get("country", "")})
    done = _kept(request, form, lambda values: actions.write_law(actor=request.viewer, values=values))
    return done or _page(request, form, _("New law"), reverse("legislation:list"))


@never_cache
@require_http_methods(["GET", "POST"])
def edit_law(request: HttpRequest, law_id: UUID) -> HttpResponse:
    """A draft of a law."""
    law = cast(Law, queries.record_of(request.viewer, "law", law_id))
    require(request.viewer, WRITE)
    first = {name: getattr(law, name) for name in LawForm.base_fields}
    form = LawForm(request.POST or None, initial={**first, "amendments": LawForm.shown(law.amendments)})
    version = _version(request)
    done = _kept(
        request, form,
        lambda values: actions.write_law(actor=request.viewer, values=values, law=law, expected_version=version),
    )  # fmt: skip
    return done or _page(
        request, form, law.title, reverse("legislation:record", args=["law", law.pk]), one=law
    )


@never_cache
@require_http_methods(["GET", "POST"])
def new_wording(request: HttpRequest, law_id: UUID) -> HttpResponse:
    """A further wording of a law."""
    law = cast(Law, queries.record_of(request.viewer, "law", law_id))
    require(request.viewer, WRITE)
    first = {"language": law.language, "valid_from": law.commenced or law.adopted}
    form = WordingForm(request.POST or None, initial=first)
    done = _kept(
        request, form, lambda values: actions.write_wording(actor=request.viewer, law=law, values=values)
    )  # fmt: skip
    return done or _page(request, form, law.title, reverse("legislation:record", args=["law", law.pk]))


@never_cache
@require_http_methods(["GET", "POST"])
def edit_wording(request: HttpRequest, wording_id: UUID) -> HttpResponse:
    """A draft of a wording."""
    one = cast(Wording, queries.record_of(request.viewer, "wording", wording_id))
    require(request.viewer, WRITE)
    form = WordingForm(request.POST or None, initial={n: getattr(one, n) for n in WordingForm.base_fields})
    version = _version(request)
    done = _kept(
        request, form,
        lambda values: actions.write_wording(
            actor=request.viewer, law=one.law, values=values, wording=one, expected_version=version
        ),
    )  # fmt: skip
    return done or _page(
        request, form, one.law.title, reverse("legislation:record", args=["wording", one.pk]), one=one
    )


@never_cache
@require_http_methods(["GET", "POST"])
def akoma_in(request: HttpRequest, law_id: UUID) -> HttpResponse:
    """A wording of this law from an Akoma Ntoso document."""
    law = cast(Law, queries.record_of(request.viewer, "law", law_id))
    require(request.viewer, WRITE)
    form = AkomaForm(request.POST or None, request.FILES or None)

    def take(values: dict[str, Any]) -> Wording:
        return actions.take_akoma(actor=request.viewer, content=values["file"].read(), law=law)

    done = _kept(request, form, take)
    return done or _page(
        request, form, law.title, reverse("legislation:record", args=["law", law.pk]), upload=True
    )


def _row(slug: str) -> ChecklistRow:
    found = checklist().get(slug)
    if found is None:
        raise NotFound()
    return found


@never_cache
@require_http_methods(["GET", "POST"])
def new_reading(request: HttpRequest, country: str, slug: str) -> HttpResponse:
    """Read a State's law against one row."""
    require(request.viewer, WRITE)
    row, on = _row(slug), day_of(request)
    offered = queries.provisions_on(request.viewer, country.upper(), on)
    form = ReadingForm(request.POST or None, offered=offered, initial={"on": on})

    def keep(values: dict[str, Any]) -> Reading:
        return actions.write_reading(
            actor=request.viewer, values={**values, "country": country.upper(), "row": row.slug}
        )

    done = _kept(request, form, keep)
    return done or _reading_page(request, form, row, country.upper())


@never_cache
@require_http_methods(["GET", "POST"])
def edit_reading(request: HttpRequest, reading_id: UUID) -> HttpResponse:
    """A draft of a reading."""
    one = cast(Reading, queries.record_of(request.viewer, "reading", reading_id))
    require(request.viewer, WRITE)
    offered = queries.provisions_on(request.viewer, one.country, one.on)
    first = {n: getattr(one, n) for n in ReadingForm.base_fields}
    first["relied"] = [f"{told['wording']}|{told['eid']}" for told in one.relied]
    form = ReadingForm(request.POST or None, offered=offered, initial=first)
    version = _version(request)

    def keep(values: dict[str, Any]) -> Reading:
        told = {**values, "country": one.country, "row": one.row}
        return actions.write_reading(actor=request.viewer, values=told, reading=one, expected_version=version)

    done = _kept(request, form, keep)
    return done or _reading_page(request, form, _row(one.row), one.country, one=one)


def _reading_page(
    request: HttpRequest, form: Form, row: ChecklistRow, country: str, **more: Any
) -> HttpResponse:
    name = queries.country_name(country, language_of())
    back = reverse("legislation:state", args=[country]) + f"?instrument={row.instrument}"
    return _page(
        request, form, f"{name} · {row.code}", back, row=row, obligation=OBLIGATIONS[row.obligation], **more
    )
