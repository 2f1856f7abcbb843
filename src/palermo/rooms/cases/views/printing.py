"""On paper: the case for a meeting, the plan to sign, the safety plan; each as a page, PDF or Word file."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from palermo.kernel.access.policy import asked_once, require
from palermo.kernel.exports.actions import File
from palermo.kernel.exports.documents.blocks import Document
from palermo.kernel.exports.http import file_response
from palermo.rooms.cases import queries
from palermo.rooms.cases.actions import printing
from palermo.rooms.cases.models import Case
from palermo.web.documents import document_page, language_asked


def _answer(request: HttpRequest, case: Case, made: Document | File, **words: object) -> HttpResponse:
    if isinstance(made, File):
        return file_response(made)
    return document_page(request, made, "cases/paper.html", case=case, about=queries.about(case), **words)


@never_cache
@require_GET
def case_print(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The case for a handover meeting, without identity."""
    with asked_once():
        require(request.viewer, "cases.case.print", case_id)
        case = queries.case(request.viewer, case_id)
        made = printing.print_case(
            actor=request.viewer,
            case=case,
            language=language_asked(request),
            format=request.GET.get("format", ""),
        )
        hint = _("For a meeting: it shows codes, no name. Collect the sheets again and destroy them.")
        return _answer(request, case, made, hint=hint)


@never_cache
@require_GET
def plan_print(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The plan in force on paper, to be signed; back to the tab while none is approved."""
    with asked_once():
        require(request.viewer, "cases.plan.print", case_id)
        case = queries.case(request.viewer, case_id)
        if not queries.is_approved(request.viewer, case):
            messages.info(request, _("No plan is approved yet."))
            return redirect("cases:plan", case.pk)
        made = printing.print_plan(
            actor=request.viewer,
            case=case,
            language=language_asked(request),
            format=request.GET.get("format", ""),
        )
        hint = _("Go through it with the person, in their language. Ask first whether it is safe to keep it.")
        return _answer(request, case, made, hint=hint, deep=True)


@never_cache
@require_GET
def plan_safety_print(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The safety plan alone on paper: no code, no name, nothing that says what it is about."""
    with asked_once():
        require(request.viewer, "cases.plan.print", case_id)
        case = queries.case(request.viewer, case_id)
        if queries.safety(request.viewer, case) is None:
            messages.info(request, _("There is no safety plan yet."))
            return redirect("cases:plan", case.pk)
        made = printing.print_safety(
            actor=request.viewer,
            case=case,
            language=language_asked(request),
            format=request.GET.get("format", ""),
        )
        hint = _("Ask the person first whether paper, a telephone or nothing at all is safe to keep.")
        return _answer(request, case, made, hint=hint, alone=True)
