"""Pages of the legal status: of a case for its team, of what was referred for the authority."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from palermo.kernel.access.policy import asked_once, can, require
from palermo.kernel.errors import Conflict, Invalid, NotFound
from palermo.kernel.exports.documents.blocks import Document
from palermo.kernel.exports.http import file_response
from palermo.kernel.workflow import queries as workflow
from palermo.rooms.identification import actions, queries
from palermo.rooms.identification.forms import AnswersForm, DetentionForm, ServeForm, StepForm
from palermo.rooms.identification.models import Identification
from palermo.standards import codelist
from palermo.web.documents import document_page, language_asked
from palermo.web.room import subject


@never_cache
@require_http_methods(["GET", "POST"])
def of_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The tab "Status" of a case; where there is none yet, a way to begin it."""
    about = subject(request.viewer, "case", case_id)
    found = queries.of_case(request.viewer, case_id)
    may_begin = can(request.viewer, "identification.status.begin", case_id)
    if request.method == "POST":
        require(request.viewer, "identification.status.begin", case_id)
        found = actions.presume(
            actor=request.viewer,
            person_id=about.person_id,
            person_code=about.person_code,
            case_id=case_id,
            track="adult" if about.child is False else "child",
        )
        return redirect("identification:of-case", case_id)
    if found is None:
        return render(request, "identification/no_status.html", {"about": about, "may_begin": may_begin})
    with asked_once():
        found = actions.look_at_status(actor=request.viewer, identification_id=found.pk)
        return render(request, "identification/status.html", _page(request, found) | {"about": about})


@never_cache
@require_GET
@asked_once()
def status(request: HttpRequest, identification_id: UUID) -> HttpResponse:
    """One identification, as its authority sees it: no case, no notes, no way to them. Who helps keeps the tabs."""
    found = actions.look_at_status(actor=request.viewer, identification_id=identification_id)
    page = _page(request, found)
    about = subject(request.viewer, "case", found.case_id) if page["may_case"] else None
    return render(request, "identification/status.html", page | {"about": about})


def _page(request: HttpRequest, found: Identification) -> dict[str, object]:
    viewer = request.viewer
    rulings = queries.rulings(viewer, found)
    own, others = queries.own_and_others(queries.moves_of(viewer, found))
    return {
        "found": found,
        "state": queries.state_label(found.state),
        "barred": queries.removal_bar(found),
        "reminder": _sentence("no_punishment") if found.detained or found.charged else "",
        "clocks": [
            {"due_at": row.due_at, "label": queries.to_do(row.event, workflow.rule_name(row.rule))}
            for row in workflow.deadlines_of(viewer, found)
        ],
        "moves": own,
        "others": others,
        "packets": queries.packets(viewer, found),
        "questions": queries.questions(viewer, found),
        "rulings": list(zip(rulings, queries.reasons(viewer, found, rulings), strict=True)),
        "final": queries.FINAL,
        "steps": queries.steps(viewer, found),
        "sits": queries.decides(viewer, found),
        "may_answer": found.state == "info_pending" and can(viewer, "identification.status.answer", found.pk),
        "may_case": can(viewer, "identification.status.case", found.case_id),
        "detention": DetentionForm(
            initial={"version": found.version, "detained": found.detained, "charged": found.charged}
        )
        if can(viewer, "identification.status.detention", found.pk)
        else None,
    }


def _sentence(code: str) -> str:
    return codelist("palermo/letter_text").label(code, get_language() or "en")


@never_cache
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, identification_id: UUID, event: str) -> HttpResponse:
    """One step, with what it asks for."""
    found = actions.look_at_status(actor=request.viewer, identification_id=identification_id)
    move = next((m for m in queries.moves_of(request.viewer, found) if m.event == event), None)
    if move is None:
        raise NotFound()
    form = StepForm(move, found, request.POST or None, initial={"version": found.version, "crime": "tip"})
    context = {"found": found, "move": move, "form": form, "warning": ""}
    if request.method == "POST" and move.possible and form.is_valid():
        given = form.given()
        try:
            with transaction.atomic():
                actions.move_status(
                    actor=request.viewer,
                    found=found,
                    event=event,
                    expected_version=given.pop("version"),
                    reason=given.pop("reason", ""),
                    given=given,
                )
        except Invalid as error:
            _show(form, error)
        except Conflict as error:
            if error.rule != "identification.notification.rare" and not error.rule.startswith("consents."):
                raise
            context["warning"] = error.args[0]
        else:
            messages.success(request, _("Done: %(step)s.") % {"step": move.label})
            return redirect("identification:status", found.pk)
    return render(request, "identification/step.html", context)


def _show(form: StepForm | ServeForm | AnswersForm, error: Invalid) -> None:
    """The problems beside their fields."""
    for problem in error.problems:
        name = problem.field if problem.field in form.fields else None
        name = name or (f"text-{problem.field}" if f"text-{problem.field}" in form.fields else None)
        form.add_error(name, problem.message)


@require_POST
def detention(request: HttpRequest, identification_id: UUID) -> HttpResponse:
    """Detained, charged: the clocks become shorter and the reminder is shown."""
    found = actions.look_at_status(actor=request.viewer, identification_id=identification_id)
    require(request.viewer, "identification.status.detention", found.pk)
    form = DetentionForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        actions.set_detention(
            actor=request.viewer,
            found=found,
            detained=data["detained"],
            charged=data["charged"],
            expected_version=data["version"],
        )
        messages.success(request, _("Written down. The times are those for this situation."))
    return redirect("identification:status", found.pk)


@never_cache
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, identification_id: UUID) -> HttpResponse:
    """The authority's questions, answered one by one."""
    found = actions.look_at_status(actor=request.viewer, identification_id=identification_id)
    require(request.viewer, "identification.status.answer", found.pk)
    asked = queries.questions(request.viewer, found)
    form = AnswersForm(asked, request.POST or None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                actions.answer_questions(
                    actor=request.viewer,
                    found=found,
                    answers=form.answers(),
                    expected_version=form.cleaned_data["version"],
                )
        except Invalid as error:
            _show(form, error)
        else:
            messages.success(request, _("Saved. With the last answer everything goes to the authority."))
            return redirect("identification:status", found.pk)
    return render(request, "identification/answers.html", {"found": found, "asked": asked, "form": form})


@never_cache
@require_http_methods(["GET", "POST"])
def serve(request: HttpRequest, identification_id: UUID, ruling_id: UUID) -> HttpResponse:
    """Write down that the decision was explained to the person."""
    found = actions.look_at_status(actor=request.viewer, identification_id=identification_id)
    require(request.viewer, "identification.decision.serve", found.pk)
    row = queries.ruling(request.viewer, found, ruling_id)
    if row.event not in queries.FINAL:
        raise NotFound()
    initial = {"language": row.language, "bearer": row.bearer, "day": timezone.localdate()}
    form = ServeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                actions.serve(actor=request.viewer, found=found, ruling=row, **form.served())
        except Invalid as error:
            _show(form, error)
        else:
            messages.success(request, _("Written down. The time for a review runs from that day."))
            return redirect("identification:status", found.pk)
    return render(request, "identification/serve.html", {"found": found, "ruling": row, "form": form})


@never_cache
@require_GET
@asked_once()
def letter(request: HttpRequest, identification_id: UUID, ruling_id: UUID) -> HttpResponse:
    """The decision as a letter, first in the language that the person understands where we have it."""
    found = actions.look_at_status(actor=request.viewer, identification_id=identification_id)
    row = queries.ruling(request.viewer, found, ruling_id)
    language = row.service.language if hasattr(row, "service") else row.language
    paper = actions.letter_of(request.viewer, found, row, _of_person(request, language))
    return _paper(request, found, paper, missing=bool(language) and language not in dict(settings.LANGUAGES))


@never_cache
@require_GET
@asked_once()
def certificate(request: HttpRequest, identification_id: UUID) -> HttpResponse:
    """Presumed or identified, on paper, by code; only while it is so."""
    found = actions.look_at_status(actor=request.viewer, identification_id=identification_id)
    return _paper(request, found, actions.certificate_of(request.viewer, found, language_asked(request)))


def _of_person(request: HttpRequest, language: str) -> str:
    """The language of a sheet: the one that was asked for, else the person's where we have it, else the page's."""
    known = dict(settings.LANGUAGES)
    return language if "language" not in request.GET and language in known else language_asked(request)


def _paper(
    request: HttpRequest, found: Identification, paper: Document, *, missing: bool = False
) -> HttpResponse:
    if "format" in request.GET:
        told = actions.hand_out_paper(
            actor=request.viewer, found=found, paper=paper, format=request.GET["format"]
        )
        return file_response(told)
    shown = actions.show_paper(actor=request.viewer, found=found, paper=paper)
    return document_page(request, shown, "identification/paper.html", found=found, missing=missing, deep=True)


@never_cache
@require_GET
def authority(request: HttpRequest) -> HttpResponse:
    """What was referred to the viewer's authority, the oldest deadline first."""
    return render(request, "identification/authority.html", {"lines": queries.waiting(request.viewer)})


@never_cache
@require_GET
def notifications(request: HttpRequest) -> HttpResponse:
    """Anonymous notifications, counted by month and crime; combinations are not listed."""
    return render(request, "identification/notifications.html", {"rows": queries.notified(request.viewer)})
