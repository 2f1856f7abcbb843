"""Records that came in: listed, opened, judged."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from palermo.kernel.access.policy import can, require
from palermo.kernel.errors import Invalid
from palermo.kernel.files.responses import as_download
from palermo.rooms.observatory import actions, queries
from palermo.rooms.observatory.forms import ReviewForm, WithdrawForm
from palermo.rooms.observatory.models import ReviewState
from palermo.rooms.observatory.views.listing import put

A_PAGE = 50


@never_cache
@require_GET
def submissions(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """Records of a study, filtered by state and form."""
    found = queries.study(request.viewer, study_id)
    state, form = request.GET.get("state", ""), request.GET.get("form", "")
    failed = request.GET.get("failed") == "1"
    rows = queries.submissions(request.viewer, found, state=state, form=form, failed=failed)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "study": found, "page": page, "state": state, "states": ReviewState.choices, "form_id": form,
        "forms": queries.forms(request.viewer, found), "failed": failed, "filtered": bool(state or form or failed),
    }  # fmt: skip
    return render(request, "observatory/submissions.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def submission(request: HttpRequest, study_id: UUID, submission_id: UUID) -> HttpResponse:
    """One record: its answers, its history, and a verdict."""
    found = queries.study(request.viewer, study_id)
    one = queries.submission(request.viewer, found, submission_id)
    form = ReviewForm(request.POST or None, initial={"version": one.version})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            actions.review(
                actor=request.viewer, submission=one, state=values["state"], reason=values["reason"],
                expected_version=values["version"],
            )  # fmt: skip
        except Invalid as error:
            put(form, error)
        else:
            messages.success(request, _("Noted."))
            return redirect("observatory:submission", found.pk, one.pk)
    answers = actions.read_submission(actor=request.viewer, submission=one, language=get_language() or "")
    changes = actions.changes_of(actor=request.viewer, submission=one, language=get_language() or "")
    history = one.revisions.select_related("form_version", "device").defer("sealed_xml")
    context = {
        "study": found, "submission": one, "answers": answers, "form": form,
        "history": [(revision, changes.get(revision.number)) for revision in history],
        "closed": queries.closed(one),
        "may_withdraw": can(request.viewer, "observatory.submission.withdraw", found.pk),
    }  # fmt: skip
    return render(request, "observatory/submission.html", context)


@require_POST
def again(request: HttpRequest, study_id: UUID, submission_id: UUID) -> HttpResponse:
    """Lay the answers of a record out once more."""
    found = queries.study(request.viewer, study_id)
    one = queries.submission(request.viewer, found, submission_id)
    actions.flatten_again(actor=request.viewer, submission=one, expected_version=one.version)
    messages.success(request, _("The worker reads the record once more."))
    return redirect("observatory:submission", found.pk, one.pk)


@never_cache
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, study_id: UUID, submission_id: UUID) -> HttpResponse:
    """Delete what a person said who takes the consent back."""
    found = queries.study(request.viewer, study_id)
    require(request.viewer, "observatory.submission.withdraw", found.pk)
    one = queries.submission(request.viewer, found, submission_id)
    form = WithdrawForm(request.POST or None, initial={"version": one.version})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        actions.withdraw(
            actor=request.viewer, submission=one, reason=values["reason"], expected_version=values["version"]
        )
        messages.success(request, _("Withdrawn. Answers, XML and files are gone."))
        return redirect("observatory:submission", found.pk, one.pk)
    return render(request, "observatory/withdraw.html", {"study": found, "submission": one, "form": form})


@never_cache
@require_GET
def attachment(
    request: HttpRequest, study_id: UUID, submission_id: UUID, attachment_id: UUID
) -> HttpResponseBase:
    """A file of a record, as a download."""
    found = queries.study(request.viewer, study_id)
    one = queries.submission(request.viewer, found, submission_id)
    file = queries.attachment(request.viewer, one, attachment_id)
    return as_download(actions.open_attachment(actor=request.viewer, study=found, attachment=file))
