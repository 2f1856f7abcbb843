"""Writing a record: a new draft, then each section by itself, each group of a list on its own page."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from palermo.judgments.sections import SECTIONS, Section, mark, missing, places
from palermo.kernel.access.policy import require
from palermo.kernel.errors import Invalid, NotFound
from palermo.rooms.caselaw import actions, queries
from palermo.rooms.caselaw.forms import begin_form, form_for, label_of, section_title, word
from palermo.rooms.caselaw.models import Case

SHORT = ("label", "court", "offence", "title", "as_stated", "legal_basis")


@never_cache
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """A new draft: title, language, country, facts. The rest is written section by section."""
    require(request.viewer, "caselaw.case.write")
    form = begin_form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.begin(actor=request.viewer, values=form.values())
        except Invalid as error:
            put(form, error)
        else:
            return redirect("caselaw:draft", made.pk)
    return render(request, "caselaw/begin.html", {"form": form})


@never_cache
@require_http_methods(["GET", "POST"])
def section(request: HttpRequest, case_id: UUID, section: str) -> HttpResponse:
    """One section: its plain fields, and what its list holds."""
    case, part = _opened(request, case_id, section)
    form = (
        form_for(part, case.record, mark(case.record, part), data=request.POST or None)
        if part.fields
        else None
    )
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            seen = form.cleaned_data["seen"]
            actions.write(actor=request.viewer, case=case, section=section, values=form.values(), seen=seen)
        except Invalid as error:
            put(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("caselaw:draft", case_id)
    rows = [(n, *told(case.record[part.rows][n - 1], part)) for n in places(case.record, part)]
    return render(request, "caselaw/section.html", _context(case, part) | {"form": form, "rows": rows})


@never_cache
@require_http_methods(["GET", "POST"])
def row(request: HttpRequest, case_id: UUID, section: str, row: int) -> HttpResponse:
    """One group of the list; 0 is a new one. It can be taken out."""
    case, part = _opened(request, case_id, section)
    if not part.rows or (row and row not in places(case.record, part)):
        raise NotFound()
    form = form_for(part, case.record, mark(case.record, part), row=row, data=request.POST or None)
    gone = "remove" in request.POST and row > 0
    if request.method == "POST" and (gone or form.is_valid()):
        values = None if gone else form.values()
        seen = request.POST.get("seen", "") if gone else form.cleaned_data["seen"]
        try:
            actions.write_row(
                actor=request.viewer, case=case, section=section, row=row, values=values, seen=seen
            )
        except Invalid as error:
            put(form, error)
        else:
            messages.success(request, _("Taken out.") if gone else _("Saved."))
            return redirect("caselaw:section", case_id, section)
    accused = any(one["side"] == "defendant" for one in case.record["parties"])
    lacks = "defendant" in form.fields and not accused
    return render(
        request, "caselaw/row.html", _context(case, part) | {"form": form, "row": row, "lacks": lacks}
    )


def _opened(request: HttpRequest, case_id: UUID, section: str) -> tuple[Case, Section]:
    case = queries.one(request.viewer, case_id)
    require(request.viewer, "caselaw.case.write")
    if section not in SECTIONS:
        raise NotFound()
    return case, SECTIONS[section]


def _context(case: Case, part: Section) -> dict[str, Any]:
    return {"case": case, "section": part, "title": section_title(part.code)}


def told(group: dict[str, Any], part: Section) -> tuple[str, str]:
    """A group in a line: what it is, and more about it."""
    language = get_language() or "en"
    if part.kinds:
        head = f"{label_of(group['kind']) if group['kind'] in ('crime', 'act', 'purpose') else ''}"
        head = f"{head}: " if head else ""
        name = word(group["kind"], group["concept"], language)
        coded = " · ".join(x for x in (group["coder"], group["date"], group["vocabulary"]) if x)
        return f"{head}{name}, {word('standing', group['standing'], language)}", coded
    codes = [
        word(name, group[name], language) for name in ("side", "kind", "plea", "verdict") if group.get(name)
    ]
    first = next((str(group[name]) for name in SHORT if group.get(name)), "")
    key = group.get("key") or group.get("defendant") or group.get("language") or ""
    codes += [x for x in (_count(group), _amount(group), str(group.get("date", ""))) if x]
    return " ".join(x for x in (key, first) if x) or "–", " · ".join(codes)


def _count(group: dict[str, Any]) -> str:
    """How many an entry stands for, where that is not one."""
    least, most = group.get("count_min", 1), group.get("count_max", 1)
    return "" if (least, most) == (1, 1) else str(least) if least == most else f"{least}–{most}"


def _amount(group: dict[str, Any]) -> str:
    return f"{group['amount']:g} {group['unit']}" if group.get("amount") is not None else ""


def lists(case: Case) -> list[tuple[Any, list[tuple[str, str]]]]:
    """The lists of a record in lines, for who reads it; what coders assigned stands apart."""
    shown = [part for part in SECTIONS.values() if part.rows and not part.kinds and part.code != "languages"]
    return [
        (section_title(part.code), [told(group, part) for group in case.record[part.rows]])
        for part in shown if case.record[part.rows]
    ]  # fmt: skip


def sections(case: Case) -> list[dict[str, Any]]:
    """Every section with how much of it is there and what is missing."""
    lacking = missing(case.record)
    return [
        {
            "code": code, "title": section_title(code), "rows": len(places(case.record, part)) if part.rows else None,
            "missing": [label_of(name) for where, name in lacking if where == code],
        }
        for code, part in SECTIONS.items()
    ]  # fmt: skip


def put(form: Form, error: Invalid) -> None:
    """What the action found wrong, at its field where the form has it."""
    for one in error.problems:
        form.add_error(one.field if one.field in form.fields else None, str(one.message))
    if not error.problems:
        form.add_error(None, error.message)
