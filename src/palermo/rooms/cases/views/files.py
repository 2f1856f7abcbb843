"""The files of a case: a list, a form, a download, and the way back for what was taken away."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from palermo.kernel.access.policy import asked_once, can, require
from palermo.kernel.errors import Invalid
from palermo.kernel.files.responses import as_download
from palermo.rooms.cases import actions, queries
from palermo.rooms.cases.forms import FileForm, RemovalForm
from palermo.rooms.cases.models import Case


def _page(request: HttpRequest, case: Case, form: FileForm, status: int = 200) -> HttpResponse:
    with asked_once():
        return _rendered(request, case, form, status)


def _rendered(request: HttpRequest, case: Case, form: FileForm, status: int) -> HttpResponse:
    files = queries.case_files(request.viewer, case)
    context = {
        "case": case,
        "about": queries.about(case),
        "files": [row for row in files if row.removed_at is None],
        "removed": [row for row in files if row.removed_at],
        "form": form if can(request.viewer, "cases.file.add", case.pk) else None,
        "removal": RemovalForm(),
        "may_remove": can(request.viewer, "cases.file.remove", case.pk),
    }
    return render(request, "cases/files.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def case_files(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The list, and a form for one more file. What cannot be taken says why beside its field."""
    case = actions.look_at(actor=request.viewer, case_id=case_id)
    require(request.viewer, "cases.file.list", case.pk)
    if request.method == "GET":
        return _page(request, case, FileForm())
    require(request.viewer, "cases.file.add", case.pk)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.add_case_file(
                actor=request.viewer,
                case=case,
                kind=given["kind"],
                description=given["description"],
                name=given["file"].name,
                content=given["file"],
                shows_identity=given["shows_identity"],
            )
        except Invalid as error:
            for problem in error.problems:
                form.add_error(problem.field if problem.field in form.fields else None, problem.message)
        else:
            messages.success(request, _("The file is kept with the case."))
            return redirect("cases:files", case.pk)
    return _page(request, case, form, status=422)


@never_cache
@require_GET
def case_file(request: HttpRequest, case_id: UUID, file_id: UUID) -> StreamingHttpResponse:
    """One file as a download, after the trace of it."""
    case = queries.case(request.viewer, case_id)
    return as_download(actions.open_case_file(actor=request.viewer, case=case, file_id=file_id))


@require_POST
def case_file_remove(request: HttpRequest, case_id: UUID, file_id: UUID) -> HttpResponse:
    """Take a file away, with a reason."""
    case = queries.case(request.viewer, case_id)
    actions.remove_case_file(
        actor=request.viewer, case=case, file_id=file_id, reason=request.POST.get("reason", "")
    )
    messages.success(request, _("The file is removed. You can put it back below."))
    return redirect("cases:files", case.pk)


@require_POST
def case_file_restore(request: HttpRequest, case_id: UUID, file_id: UUID) -> HttpResponse:
    """Put a file back."""
    case = queries.case(request.viewer, case_id)
    actions.restore_case_file(actor=request.viewer, case=case, file_id=file_id)
    messages.success(request, _("The file is back in the list."))
    return redirect("cases:files", case.pk)
