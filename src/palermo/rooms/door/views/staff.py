"""What workers, supervisors and coordinators see of the door."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from palermo.kernel.access.policy import can, require
from palermo.kernel.errors import Invalid, NotFound
from palermo.kernel.workflow.moves import moves
from palermo.rooms.cases.queries import cases
from palermo.rooms.door import actions, queries
from palermo.rooms.door.forms import (
    ArrangeForm,
    DeskForm,
    JudgeForm,
    QuestionForm,
    ReasonForm,
    ReplyForm,
    VersionForm,
)
from palermo.web.room import subject


@never_cache
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """Requests of the own organisation; who waits longest first."""
    require(request.viewer, "door.request.list")
    language, closed = get_language() or "en", request.GET.get("closed") == "1"
    rows = [
        (row, queries.state_name("help_request", row.state, language))
        for row in queries.requests(request.viewer, closed=closed)
    ]
    desk_ = queries.desk_of(request.viewer, request.viewer.organisation_id)
    return render(request, "door/inbox.html", {"rows": rows, "closed": closed, "desk": desk_})


@never_cache
@require_http_methods(["GET", "POST"])
def desk(request: HttpRequest) -> HttpResponse:
    """Whether the own organisation answers at the door."""
    require(request.viewer, "door.desk.edit")
    house = request.viewer.organisation_id
    now = queries.desk_of(request.viewer, house)
    initial = {"is_open": now.is_open, "languages": now.languages} if now else {}
    form = DeskForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and house is not None:
        actions.set_desk(actor=request.viewer, organisation_id=house, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("door:inbox")
    return render(request, "door/desk.html", {"form": form})


def _request_page(
    request: HttpRequest, request_id: UUID, *, phone: str = "", **forms: object
) -> HttpResponse:
    found = queries.request(request.viewer, request_id)
    version = {"version": found.version}
    context = {
        "found": found,
        "state": queries.state_name("help_request", found.state, get_language() or "en"),
        "said": queries.conversation(request.viewer, found),
        "gave_phone": queries.gave_phone(request.viewer, found),
        "phone": phone,
        "moves": {move.event: move for move in moves(request.viewer, found)},
        "reply_form": ReplyForm(initial=version),
        "arrange_form": ArrangeForm(initial=version, prefix="arrange"),
        "dismiss_form": ReasonForm(initial=version, prefix="dismiss"),
        "may_move": can(request.viewer, "door.request.move", request_id),
    }
    return render(request, "door/request.html", {**context, **forms})


@never_cache
@require_GET
def request_page(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request: what was asked, what was said, what can be done."""
    return _request_page(request, request_id)


@never_cache
@require_POST
def phone(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The telephone, shown once."""
    found = queries.request(request.viewer, request_id)
    return _request_page(request, request_id, phone=actions.reveal_phone(actor=request.viewer, request=found))


@never_cache
@require_POST
def request_act(request: HttpRequest, request_id: UUID, act: str) -> HttpResponse:
    """Reply, arrange or dismiss."""
    found = queries.request(request.viewer, request_id)
    if act == "reply":
        reply = ReplyForm(request.POST)
        if not reply.is_valid():
            return _request_page(request, request_id, reply_form=reply)
        given = reply.cleaned_data
        actions.reply(
            actor=request.viewer, request=found, text=given["text"], expected_version=given["version"]
        )
        messages.success(request, _("Sent. The person reads it with the code."))
    elif act == "arrange":
        return _arrange(request, found)
    elif act == "dismiss":
        why = ReasonForm(request.POST, prefix="dismiss")
        if not why.is_valid():
            return _request_page(request, request_id, dismiss_form=why)
        given = why.cleaned_data
        actions.dismiss(
            actor=request.viewer, request=found, reason=given["reason"], expected_version=given["version"]
        )
        messages.success(request, _("Closed. Its words are erased."))
    else:
        raise NotFound()
    return redirect("door:request", request_id)


def _arrange(request: HttpRequest, found: queries.HelpRequest) -> HttpResponse:
    form = ArrangeForm(request.POST, prefix="arrange")
    if not form.is_valid():
        return _request_page(request, found.pk, arrange_form=form)
    case_id, code = None, form.cleaned_data["case"].strip()
    if code:
        rows = cases(request.viewer, text=code).rows
        if len(rows) != 1:
            form.add_error("case", _("You hold no case with this code."))
            return _request_page(request, found.pk, arrange_form=form)
        case_id = rows[0].pk
    actions.arrange(
        actor=request.viewer,
        request=found,
        case_id=case_id,
        expected_version=form.cleaned_data["version"],
    )
    messages.success(request, _("Written down: help was arranged."))
    return redirect("door:request", found.pk)


# On the page of a case.


@never_cache
@require_GET
def of_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The person's own page: whether there is a code, and which questions were put."""
    return _case_page(request, case_id)


def _case_page(request: HttpRequest, case_id: UUID, *, code: str = "") -> HttpResponse:
    about = subject(request.viewer, "case", case_id)
    require(request.viewer, "door.page.view", case_id)
    context = {
        "about": about,
        "page": queries.page_of_case(request.viewer, case_id),
        "questions": queries.questions_of_case(request.viewer, case_id),
        "code": code,
        "may_give": can(request.viewer, "door.page.give", case_id),
        "addresses": [
            (
                lang,
                get_language_info(lang)["name_local"],
                request.build_absolute_uri(reverse("door:code", args=[lang])),
            )
            for lang, _name in settings.LANGUAGES
        ],
    }
    return render(request, "door/of_case.html", context)


@never_cache
@require_POST
def page_give(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """A new code; the page that answers shows it, once."""
    about = subject(request.viewer, "case", case_id)
    return _case_page(request, case_id, code=actions.give_page(actor=request.viewer, about=about))


@never_cache
@require_POST
def page_end(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The code opens nothing any more."""
    actions.end_pages(actor=request.viewer, about=subject(request.viewer, "case", case_id))
    messages.success(request, _("The code has ended."))
    return redirect("door:of-case", case_id)


@never_cache
@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Put a question of consent to the person."""
    about = subject(request.viewer, "case", case_id)
    require(request.viewer, "door.page.give", case_id)
    form = QuestionForm(request.POST or None, viewer=request.viewer)
    if request.method == "POST" and form.is_valid():
        try:
            actions.put_question(actor=request.viewer, about=about, **form.put())
        except Invalid as error:
            for problem in error.problems:
                form.add_error(problem.field, problem.message)
        else:
            messages.success(request, _("The question stands on the person's own page."))
            return redirect("door:of-case", case_id)
    return render(request, "door/question.html", {"about": about, "form": form})


# Complaints and how help was.


@never_cache
@require_GET
def complaints(request: HttpRequest) -> HttpResponse:
    """Complaints that were handed to the viewer."""
    language = get_language() or "en"
    rows = [
        (row, queries.state_name("complaint", row.state, language))
        for row in queries.complaints(request.viewer)
    ]
    return render(request, "door/complaints.html", {"rows": rows})


def _complaint_page(request: HttpRequest, complaint_id: UUID, **forms: object) -> HttpResponse:
    found = queries.complaint(request.viewer, complaint_id)
    context = {
        "found": found,
        "state": queries.state_name("complaint", found.state, get_language() or "en"),
        "said": queries.complaint_words(request.viewer, found),
        "moves": [move for move in moves(request.viewer, found) if move.event in actions.JUDGED],
        "judge_form": JudgeForm(initial={"version": found.version}),
    }
    return render(request, "door/complaint.html", {**context, **forms})


@never_cache
@require_GET
def complaint(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    """One complaint: its words, its answers, the next step."""
    return _complaint_page(request, complaint_id)


@never_cache
@require_POST
def complaint_move(request: HttpRequest, complaint_id: UUID, event: str) -> HttpResponse:
    """Acknowledge, answer, answer the appeal."""
    found = queries.complaint(request.viewer, complaint_id)
    form = VersionForm(request.POST) if event == "acknowledge" else JudgeForm(request.POST)
    if not form.is_valid():
        return _complaint_page(request, complaint_id, judge_form=form)
    given = form.cleaned_data
    actions.judge_complaint(
        actor=request.viewer,
        complaint=found,
        event=event,
        expected_version=given["version"],
        answer=given.get("answer", ""),
        reason=given.get("reason", ""),
    )
    messages.success(request, _("Done."))
    return redirect("door:complaint", complaint_id)


@never_cache
@require_GET
def feedback(request: HttpRequest) -> HttpResponse:
    """How help was, as people said it."""
    require(request.viewer, "door.feedback.list")
    context = {"faces": queries.faces(request.viewer), "rows": queries.feedback(request.viewer)}
    return render(request, "door/feedback.html", context)
