"""For everybody: the issues with how many cases each has, one of them, the findings as files."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from palermo.kernel.access.policy import can
from palermo.kernel.exports.actions import hand_out
from palermo.kernel.exports.http import file_response
from palermo.kernel.exports.writers import csv_bytes
from palermo.rooms.digest import queries
from palermo.rooms.digest.models import BearsOn, Direction, Stage, Standing
from palermo.standards.evidence import issues

COLUMNS = (
    "case", "title", "country", "issue", "issues_version", "stage", "standing", "bears_on", "direction", "note",
    "note_language", "quote", "quote_language", "pinpoint", "translation", "translated", "verified", "url",
)  # fmt: skip


def language_of() -> str:
    """The reader's language."""
    return get_language() or "en"


@require_GET
def public(request: HttpRequest) -> HttpResponse:
    """The tree of issues; each says how many cases it has, of how many."""
    found, coded, published = queries.counts(request.viewer)
    language = language_of()
    rows = [(one, one.label(language), found[one.code]) for one in issues().values()]
    context = {
        "rows": rows, "coded": coded, "published": published, "most": max(found.values(), default=0),
        "editions": queries.editions(request.viewer)[:3], "may_write": can(request.viewer, "digest.record.write"),
    }  # fmt: skip
    return render(request, "digest/public.html", context)


@require_GET
def issue(request: HttpRequest, code: str) -> HttpResponse:
    """How courts met an issue."""
    wanted = {name: request.GET.get(name, "")[:20] for name in (*queries.FILTERS, "country")}
    found = queries.about(request.viewer, code, language_of(), wanted)
    one = issues()[code]
    parent = issues().get(one.parent)
    context = {
        "issue": one, "label": one.label(language_of()), "found": found, "wanted": wanted, "today": localdate(),
        "parent": (parent, parent.label(language_of())) if parent else None,
        "narrower": [(i.code, i.label(language_of())) for i in issues().values() if i.parent == code],
        "choices": [
            ("standing", Standing.choices), ("bears_on", BearsOn.choices), ("direction", Direction.choices),
            ("stage", Stage.choices),
        ],
        "labels": {i.code: i.label(language_of()) for i in issues().values()},
        "filtered": any(wanted.values()), "may_write": can(request.viewer, "digest.record.write"),
    }  # fmt: skip
    return render(request, "digest/issue.html", context)


@require_GET
def findings_csv(request: HttpRequest) -> HttpResponse:
    """Every published finding for a spreadsheet; of an issue where the address names one."""
    rows = queries.rows_out(request.viewer, _code(request))
    told = [{**row, "url": request.build_absolute_uri(f"/caselaw/public/{row['case']}/")} for row in rows]
    made = hand_out(
        actor=request.viewer, permission="digest.public.view", what="findings", format="csv",
        content=csv_bytes(told, COLUMNS), logged=False,
    )  # fmt: skip
    return file_response(made)


@require_GET
def findings_json(request: HttpRequest) -> HttpResponse:
    """The same for programs."""
    return JsonResponse({"findings": queries.rows_out(request.viewer, _code(request))})


def _code(request: HttpRequest) -> str:
    code = request.GET.get("issue", "")
    return code if code in issues() else ""
