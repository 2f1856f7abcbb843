"""Writing: the list, the page of a report with its sections, and a page for each of them."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from palermo.kernel.access.policy import can, require
from palermo.kernel.errors import Invalid, NotFound
from palermo.kernel.exports.http import file_response
from palermo.kernel.numbers import whole
from palermo.kernel.workflow.moves import moves
from palermo.rooms.reports import actions, queries
from palermo.rooms.reports.forms import ChangesForm, NewForm, SectionForm, StoryForm, filled
from palermo.rooms.reports.models import Form, Kind, Layout, Report
from palermo.rooms.reports.views.showing import shown

FIGURES = (Kind.TABLE, Kind.CHART, Kind.MAP)


def put(form: forms.Form, error: Invalid) -> None:
    """The problems of an action beside the fields that they are about."""
    same = {"source": "figures", "part": "figures"}
    for problem in error.problems or []:
        name = same.get(problem.field or "", problem.field)
        form.add_error(name if name in form.fields else None, str(problem.message))


@never_cache
@require_http_methods(["GET", "POST"])
def reports(request: HttpRequest) -> HttpResponse:
    """Every edition, and a new one."""
    found = queries.reports(request.viewer)
    form = NewForm(request.POST or None, initial={"year": timezone.localdate().year - 1})
    if request.method == "POST":
        require(request.viewer, "reports.report.write")
        if form.is_valid():
            made = actions.open_report(actor=request.viewer, year=form.cleaned_data["year"])
            messages.success(
                request, _("The outline is there. Fill it, move it, take out what you do not need.")
            )
            return redirect("reports:report", made.pk)
    context = {
        "rows": [(one, queries.state_label(one.state)) for one in found[:100]], "form": form,
        "may_write": can(request.viewer, "reports.report.write"),
    }  # fmt: skip
    return render(request, "reports/list.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def stories(request: HttpRequest) -> HttpResponse:
    """The stories of routes, and a new one."""
    found = queries.reports(request.viewer, Form.STORY)
    form = StoryForm(request.POST or None, initial={"year": timezone.localdate().year})
    if request.method == "POST":
        require(request.viewer, "reports.report.write")
        if form.is_valid():
            try:
                made = actions.open_story(actor=request.viewer, **form.values())
            except Invalid as error:
                put(form, error)
            else:
                words = _("The outline is there. Fill it, move it, take out what you do not need.")
                messages.success(request, words)
                return redirect("reports:report", made.pk)
    context = {
        "rows": [(one, queries.title_of(one), queries.state_label(one.state)) for one in found[:100]], "form": form,
        "may_write": can(request.viewer, "reports.report.write"),
    }  # fmt: skip
    return render(request, "reports/stories.html", context)


@never_cache
@require_GET
def report(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """A report: its sections with their buttons, what is missing, who answered for it, and what can happen next."""
    found = queries.one(request.viewer, report_id)
    language = get_language() or "en"
    advice = list(found.recommendations.select_related("of"))
    context = {
        "report": found, "state": queries.state_label(found.state), "title": queries.title_of(found),
        "sections": [_line(one, language) for one in found.sections.all()],
        "followed": [_advice_line(one, language) for one in advice if one.of_id],
        "advice": [_advice_line(one, language) for one in advice if not one.of_id],
        "kinds": Kind.choices, "files": queries.files(found) if found.revision else [],
        "reviews": queries.reviews(found), "history": queries.history(found),
        "fallen": queries.fallen(request.viewer, found) if found.public else [],
        "not_ready": actions.not_ready(request.viewer, found) if found.state == "draft" else "",
        "moves": {move.event: move for move in moves(request.viewer, found)},
        "may_write": can(request.viewer, "reports.report.write"), "editable": found.state == "draft",
        "strange": queries.strange_numbers(found), "languages": languages(),
    }  # fmt: skip
    return render(request, "reports/report.html", context)


def languages() -> list[tuple[str, str]]:
    """Every language of the site in its own words."""
    return [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]


def _line(section: Any, language: str) -> dict[str, Any]:
    """A section as a line of the editor: its title, what it holds, and in which languages it has no words."""
    title, _written = queries.in_language(section.titles, language)
    needed = section.kind == Kind.TEXT
    return {
        "one": section, "title": title or _("Without a title"), "kind": Kind(section.kind).label,
        "words": queries.in_language(section.texts, language)[0][:200],
        "figures": queries.part_title(section.part) if section.figures else "",
        "layout": Layout(section.layout).label if section.figures else "",
        "missing": [name for code, name in languages() if needed and not section.texts.get(code)],
    }  # fmt: skip


def _advice_line(one: Any, language: str) -> dict[str, Any]:
    text, _written = queries.in_language(one.texts, language)
    missing = [name for code, name in languages() if not one.texts.get(code)]
    return {"one": one, "text": text, "missing": missing}


@never_cache
@require_GET
def preview(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """The report as the public would read it: of a draft as it is now, later as it was submitted."""
    found = queries.one(request.viewer, report_id)
    asked = request.GET.get("language", "")
    language = asked if asked in queries.languages() else get_language() or "en"
    told = (
        queries.composed(request.viewer, found, language)
        if found.state in ("draft", "discarded")
        else queries.told_in(found, language)
    )
    context = {
        "report": found,
        "told": shown(told),
        "languages": languages(),
        "language": language,
        "bidi": get_language_info(language)["bidi"],
    }
    return render(request, "reports/preview.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def changes(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """What is new since the last edition."""
    found = queries.one(request.viewer, report_id)
    require(request.viewer, "reports.report.write")
    form = ChangesForm(request.POST or None, initial={"changes": found.changes, "version": found.version})
    if request.method == "POST" and form.is_valid():
        actions.say_changes(
            actor=request.viewer, report=found, changes=form.cleaned_data["changes"],
            expected_version=form.cleaned_data["version"],
        )  # fmt: skip
        return redirect("reports:report", found.pk)
    title = _("What has changed since the last edition")
    return render(request, "reports/edit.html", {"report": found, "form": form, "title": title})


def _figures(request: HttpRequest) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every breakdown of every published release, by release."""
    groups = []
    for release in queries.usable(request.viewer):
        try:
            found = queries.source(request.viewer, str(release.identifier))
        except NotFound:
            continue
        parts = [
            (f"{found.identifier}|{key}", queries.part_title(key, part)) for key, part in found.parts.items()
        ]
        groups.append((f"{found.title} ({found.identifier})", parts))
    return groups


@never_cache
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """A new section, behind the one named in ?after=."""
    found = queries.one(request.viewer, report_id)
    require(request.viewer, "reports.report.write")
    kind = request.GET.get("kind", "")
    if kind not in Kind.values:
        return redirect("reports:report", found.pk)
    figures = _figures(request) if kind in FIGURES else []
    form = SectionForm(request.POST or None, kind=kind, figures=figures)
    if request.method == "POST" and form.is_valid():
        try:
            values = {**form.values(), "kind": kind, "after": request.GET.get("after", "")}
            made = actions.add_section(actor=request.viewer, report=found, values=values)
        except Invalid as error:
            put(form, error)
        else:
            return _back(found, made.pk)
    context = {
        "report": found, "form": form, "title": _("New section: %(kind)s") % {"kind": Kind(kind).label},
        "nothing": kind in FIGURES and not figures,
    }  # fmt: skip
    return render(request, "reports/edit.html", context)


def _back(report: Report, key: Any = "") -> HttpResponse:
    """To the page of the report, at the section."""
    response = redirect("reports:report", report.pk)
    response["Location"] += f"#section-{key}" if key else ""
    return response


@never_cache
@require_http_methods(["GET", "POST"])
def section(request: HttpRequest, report_id: UUID, section_id: UUID) -> HttpResponse:
    """Change a section."""
    found = queries.one(request.viewer, report_id)
    one = queries.section(request.viewer, found, section_id)
    require(request.viewer, "reports.report.write")
    initial = {
        **filled("title", one.titles), **filled("text", one.texts), "figures": f"{one.source}|{one.part}",
        "layout": one.layout, "version": one.version,
    }  # fmt: skip
    figures = _figures(request) if one.figures else []
    form = SectionForm(request.POST or None, kind=one.kind, figures=figures, initial=initial)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or one.version
        try:
            actions.change_section(
                actor=request.viewer, section=one, values=form.values(), expected_version=version
            )
        except Invalid as error:
            put(form, error)
        else:
            return _back(found, one.pk)
    title = _("Change the section")
    return render(request, "reports/edit.html", {"report": found, "form": form, "title": title})


@require_POST
def move(request: HttpRequest, report_id: UUID, section_id: UUID) -> HttpResponse:
    """One place up or down."""
    found = queries.one(request.viewer, report_id)
    one = queries.section(request.viewer, found, section_id)
    actions.move_section(actor=request.viewer, section=one, up=request.POST.get("to") == "up")
    return _back(found, one.pk)


@require_POST
def remove(request: HttpRequest, report_id: UUID, section_id: UUID) -> HttpResponse:
    """Take a section out."""
    found = queries.one(request.viewer, report_id)
    one = queries.section(request.viewer, found, section_id)
    actions.remove_section(actor=request.viewer, section=one)
    messages.success(request, _("Taken out."))
    return _back(found)


@require_POST
def submit(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Lay it before two other persons."""
    found = queries.one(request.viewer, report_id)
    actions.submit(actor=request.viewer, report=found, expected_version=_version(request))
    messages.success(request, _("Submitted. Two persons who wrote nothing in it review and approve it."))
    return redirect("reports:report", found.pk)


@require_POST
def reopen(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Take it back to a draft."""
    found = queries.one(request.viewer, report_id)
    actions.reopen(actor=request.viewer, report=found, expected_version=_version(request))
    messages.success(request, _("It is a draft again. It has to be submitted and reviewed anew."))
    return redirect("reports:report", found.pk)


def _version(request: HttpRequest) -> int:
    return whole(request.POST.get("version", ""))


@never_cache
@require_GET
def file(request: HttpRequest, report_id: UUID, name: str) -> HttpResponse:
    """A file as it was submitted, for those who judge it."""
    found = queries.one(request.viewer, report_id)
    return file_response(actions.draft_file(actor=request.viewer, report=found, name=name))
