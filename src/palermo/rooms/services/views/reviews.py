"""Reviews of standards of functioning: begin, answer the checklist, finish, follow findings up."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from palermo.kernel.access.policy import require
from palermo.kernel.errors import Conflict, Invalid, NotFound
from palermo.kernel.numbers import whole
from palermo.rooms.services import actions, queries
from palermo.rooms.services.forms import AnswerForm, BeginReviewForm, FindingsForm, ReviewForm
from palermo.rooms.services.models import Finding, FindingState, Review
from palermo.rooms.services.queries.due import end_of
from palermo.rooms.services.queries.reviewing import answer_name, standard_name
from palermo.rooms.services.views.keeping import add_problems


@never_cache
@require_http_methods(["GET", "POST"])
def reviews(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """Reviews of one service, what is still to be put right, and beginning a new one."""
    viewer = request.viewer
    service = queries.service(viewer, service_id)
    earlier = queries.reviews(viewer, service)
    form = None
    if queries.may_review(viewer, service):
        form = BeginReviewForm(request.POST or None, initial={"visited_on": timezone.localdate()})
        if request.method == "POST" and form.is_valid():
            try:
                made = actions.begin_review(
                    actor=viewer, service=service, visited_on=form.cleaned_data["visited_on"]
                )
            except Invalid as error:
                add_problems(form, error)
            else:
                return redirect("services:review", made.pk)
    elif request.method == "POST":
        require(viewer, "services.review.hold")
        raise NotFound()
    context = {
        "service": service,
        "reviews": earlier,
        "findings": [_in_words(found) for found in queries.findings(viewer, service=service)],
        "form": form,
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "services/reviews.html", context, status=status)


def _in_words(found: Finding) -> dict[str, object]:
    return {"it": found, "standard": standard_name(found.standard), "due_at": end_of(found.due_on)}


def _holds(request: HttpRequest, review: Review) -> bool:
    may = queries.may_review(request.viewer, review.service)
    return may and review.reviewing_id in request.viewer.organisation_ids


@never_cache
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """The checklist while it is being filled in; the result and its findings afterwards."""
    viewer = request.viewer
    found = queries.review(viewer, review_id)
    if request.method == "POST" and not _holds(request, found):
        raise NotFound()
    if found.finished_at is not None or not _holds(request, found):
        return _finished(request, found)
    form = ReviewForm(request.POST) if request.method == "POST" else ReviewForm.of(found)
    if request.method == "POST" and form.is_valid():
        actions.save_review(
            actor=viewer,
            review_id=found.pk,
            answers=form.answers(),
            summary=form.cleaned_data["summary"],
            expected_version=form.cleaned_data["version"],
        )
        if request.POST.get("go") == "finish":
            return redirect("services:review-finish", found.pk)
        messages.success(request, _("Saved. You can go on later."))
        return redirect("services:review", found.pk)
    context = {"review": found, "service": found.service, "form": form}
    return render(request, "services/review_form.html", context)


def _finished(request: HttpRequest, found: Review) -> HttpResponse:
    sections = [
        (part.title, [(words, found.answers.get(code, "")) for code, words in part.standards])
        for part in queries.checklist()
    ]
    context = {
        "review": found,
        "service": found.service,
        "sections": [
            (title, [(words, answer, answer_name(answer)) for words, answer in rows])
            for title, rows in sections
        ],
        "findings": [_in_words(row) for row in queries.findings(request.viewer, review=found)],
    }
    return render(request, "services/review.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def review_finish(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """What was found for each standard that is not met, and by when it is put right; then the review is done."""
    found = queries.review(request.viewer, review_id)
    if not _holds(request, found):
        raise NotFound()
    if found.finished_at is not None:
        raise Conflict(_("This review is finished."), rule="services.review.open", state="finished")
    every = [pair for part in queries.checklist() for pair in part.standards]
    missing = [words for code, words in every if code not in found.answers]
    short = [(code, words) for code, words in every if found.answers.get(code) in ("partly", "not_met")]
    form = FindingsForm(request.POST or None, standards=short, initial={"version": found.version})
    if request.method == "POST" and not missing and form.is_valid():
        try:
            actions.finish_review(
                actor=request.viewer,
                review_id=found.pk,
                findings=form.findings(),
                expected_version=form.cleaned_data["version"],
            )
        except Invalid as error:
            add_problems(form, error)
        else:
            messages.success(request, _("The review is finished. The shelter sees what is to be put right."))
            return redirect("services:review", found.pk)
    context = {"review": found, "service": found.service, "form": form, "missing": missing, "short": short}
    status = 422 if form.errors or (request.method == "POST" and missing) else 200
    return render(request, "services/review_finish.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def finding(request: HttpRequest, finding_id: UUID) -> HttpResponse:
    """The shelter says what it did; those who review confirm it or send it back."""
    viewer = request.viewer
    found = queries.finding(viewer, finding_id)
    own = found.service.organisation_id in viewer.organisation_ids
    form = None
    if own and found.state != FindingState.CLOSED:
        form = AnswerForm(request.POST or None, initial={"version": found.version, "answer": found.answer})
    confirms = found.state == FindingState.ANSWERED and found.review.reviewing_id in viewer.organisation_ids
    if request.method == "POST":
        if own and form is not None:
            if form.is_valid():
                actions.answer_finding(
                    actor=viewer,
                    finding_id=found.pk,
                    answer=form.cleaned_data["answer"],
                    expected_version=form.cleaned_data["version"],
                )
                messages.success(request, _("Thank you. Those who review will confirm it."))
                return redirect("services:review", found.review_id)
        else:
            version = request.POST.get("version", "")
            actions.close_finding(
                actor=viewer,
                finding_id=found.pk,
                confirmed=request.POST.get("go") == "confirm",
                expected_version=whole(version),
            )
            messages.success(request, _("Recorded."))
            return redirect("services:review", found.review_id)
    context = {"found": _in_words(found), "service": found.service, "form": form, "confirms": confirms}
    return render(
        request, "services/finding.html", context, status=422 if form is not None and form.errors else 200
    )
