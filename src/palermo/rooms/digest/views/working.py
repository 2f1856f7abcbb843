"""Inside: writing findings and introductions, and the steps of a second person."""

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
from palermo.rooms.caselaw.queries import public_case
from palermo.rooms.digest import actions, queries
from palermo.rooms.digest.forms import FindingForm, IntroForm
from palermo.rooms.digest.models import Finding, Intro, Reviewed
from palermo.rooms.digest.views.public import language_of
from palermo.standards.evidence import issues

WRITE = "digest.record.write"


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
    return redirect("digest:record", made._meta.model_name, made.pk)


def _page(request: HttpRequest, form: Form, title: str, **more: Any) -> HttpResponse:
    return render(
        request, "digest/form.html", {"form": form, "title": title, "verb": _("Keep as a draft"), **more}
    )


def _label(code: str) -> str:
    found = issues().get(code)
    if found is None:
        raise NotFound()
    return found.label(language_of())


def _name(one: Reviewed) -> str:
    if isinstance(one, Finding):
        return f"{_label(one.issue)} · {one.case.title}"
    if isinstance(one, Intro):
        return f"{_label(one.issue)} · {one.language}"
    return str(one)


@never_cache
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """What is not public yet."""
    found = queries.mine(request.viewer)
    rows = [(kind, row, _name(row)) for kind, group in found.items() for row in group]
    return render(request, "digest/list.html", {"rows": rows})


@never_cache
@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """The case that a finding is about."""
    require(request.viewer, WRITE)
    query = request.GET.get("q", "")[:200]
    context = {
        "rows": queries.cases_to_choose(request.viewer, query),
        "q": query,
        "issue": request.GET.get("issue", ""),
    }
    return render(request, "digest/choose.html", context)


@never_cache
@require_GET
def record(request: HttpRequest, kind: str, key: UUID) -> HttpResponse:
    """A draft as it would be read, with the steps that it can take."""
    found = queries.record_of(request.viewer, kind, key)
    context = {
        "one": found, "kind": kind, "name": _name(found), "mine": request.viewer.user_id in found.prepared,
        "label": _label(getattr(found, "issue", "")),
    }  # fmt: skip
    return render(request, "digest/record.html", context)


STEPS = {"submit": actions.submit, "publish": actions.publish, "change": actions.change_again}
REASONED = {"return": actions.send_back, "withdraw": actions.withdraw}


@require_POST
def step(request: HttpRequest, kind: str, key: UUID) -> HttpResponse:
    """Submit, send back, publish, change again or withdraw."""
    found, name = queries.record_of(request.viewer, kind, key), request.POST.get("step", "")
    version = whole(request.POST.get("version", ""))
    told = {"actor": request.viewer, "one": found, "expected_version": version}
    try:
        if name in REASONED:
            REASONED[name](**told, why=request.POST.get("why", ""))
        elif name in STEPS:
            STEPS[name](**told)
        else:
            raise Conflict("", rule="digest.step", state=found.state)
    except Invalid as error:
        for problem in error.problems:
            messages.error(request, problem.message)
    return redirect("digest:record", kind, key)


@never_cache
@require_http_methods(["GET", "POST"])
def new_finding(request: HttpRequest, palermo_id: str) -> HttpResponse:
    """What a court made of an issue in this case."""
    require(request.viewer, WRITE)
    case = public_case(request.viewer, palermo_id)
    form = FindingForm(request.POST or None, initial={"issue": request.GET.get("issue", "")})

    def keep(values: dict[str, Any]) -> Finding:
        return actions.write_finding(actor=request.viewer, values={**values, "case": case})

    done = _kept(request, form, keep)
    return done or _page(request, form, case.title, back=reverse("digest:choose"))


@never_cache
@require_http_methods(["GET", "POST"])
def edit_finding(request: HttpRequest, finding_id: UUID) -> HttpResponse:
    """A draft of a finding."""
    one = cast(Finding, queries.record_of(request.viewer, "finding", finding_id))
    require(request.viewer, WRITE)
    form = FindingForm(request.POST or None, initial={n: getattr(one, n) for n in FindingForm.base_fields})
    version = whole(request.POST.get("version", ""))

    def keep(values: dict[str, Any]) -> Finding:
        told = {**values, "case": one.case}
        return actions.write_finding(actor=request.viewer, values=told, finding=one, expected_version=version)

    done = _kept(request, form, keep)
    back = reverse("digest:record", args=["finding", one.pk])
    return done or _page(request, form, one.case.title, back=back, one=one)


@never_cache
@require_http_methods(["GET", "POST"])
def new_intro(request: HttpRequest, code: str) -> HttpResponse:
    """What the editors say about an issue."""
    require(request.viewer, WRITE)
    label = _label(code)
    form = IntroForm(request.POST or None, initial={"language": language_of()[:2]})

    def keep(values: dict[str, Any]) -> Intro:
        return actions.write_intro(actor=request.viewer, values={**values, "issue": code})

    done = _kept(request, form, keep)
    return done or _page(request, form, label, back=reverse("digest:issue", args=[code]))


@never_cache
@require_http_methods(["GET", "POST"])
def edit_intro(request: HttpRequest, intro_id: UUID) -> HttpResponse:
    """A draft of an introduction."""
    one = cast(Intro, queries.record_of(request.viewer, "intro", intro_id))
    require(request.viewer, WRITE)
    form = IntroForm(request.POST or None, initial={"language": one.language, "text": one.text})
    version = whole(request.POST.get("version", ""))

    def keep(values: dict[str, Any]) -> Intro:
        told = {**values, "issue": one.issue}
        return actions.write_intro(actor=request.viewer, values=told, intro=one, expected_version=version)

    done = _kept(request, form, keep)
    back = reverse("digest:record", args=["intro", one.pk])
    return done or _page(request, form, _label(one.issue), back=back, one=one)
