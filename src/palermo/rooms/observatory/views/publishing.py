"""Forms of a study: uploaded, looked at, published, closed."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from palermo.kernel.access.policy import require
from palermo.kernel.errors import Invalid
from palermo.kernel.numbers import whole
from palermo.rooms.observatory import actions, queries
from palermo.rooms.observatory.forms import MediaForm, XlsForm
from palermo.rooms.observatory.views.listing import put

PUBLISH = "observatory.form.publish"


@never_cache
@require_http_methods(["GET", "POST"])
def add_form(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """Upload an XLSForm. What the converter or the validator says stands beside the file."""
    found = queries.study(request.viewer, study_id)
    require(request.viewer, PUBLISH, found.pk)
    form = XlsForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            if code := form.cleaned_data["shipped"]:
                made = actions.add_shipped(actor=request.viewer, study=found, code=code)
            else:
                content = form.cleaned_data["file"].read()
                made = actions.add_form(actor=request.viewer, study=found, source=content)
        except Invalid as error:
            put(form, error)
        else:
            messages.success(request, _("The form is valid, and a draft. Look at it, then publish it."))
            return redirect("observatory:version", found.pk, made.pk)
    return render(request, "observatory/add_form.html", {"study": found, "form": form})


@never_cache
@require_http_methods(["GET", "POST"])
def version(request: HttpRequest, study_id: UUID, version_id: UUID) -> HttpResponse:
    """One version: its questions, its files, what the converter warned of; a file that it names is uploaded here."""
    found = queries.study(request.viewer, study_id)
    require(request.viewer, PUBLISH, found.pk)
    one = queries.version(request.viewer, found, version_id)
    form = MediaForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        try:
            actions.add_media(actor=request.viewer, version=one, name=given.name, content=given.read())
        except Invalid as error:
            put(form, error)
        else:
            messages.success(request, _("The file is here. Devices fetch it with the form."))
            return redirect("observatory:version", found.pk, one.pk)
    language = get_language() or "en"
    questions = [_asked(field, language) for field in one.schema["fields"] if field["control"]]
    context = {
        "study": found, "version": one, "form": form, "media": one.media.defer("content"), "questions": questions,
        "study_keys": queries.study_keys(request.viewer, found),
        "missing": actions.missing_media(one), "languages": one.schema["languages"],
    }  # fmt: skip
    return render(request, "observatory/version.html", context)


def _asked(field: dict[str, object], language: str) -> dict[str, object]:
    labels: dict[str, str] = field["label"]  # type: ignore[assignment]
    wanted = (text for name, text in labels.items() if name.endswith(f"({language})"))
    return {**field, "words": next(wanted, next(iter(labels.values()), ""))}


@require_POST
def publish(request: HttpRequest, study_id: UUID, version_id: UUID) -> HttpResponse:
    """Offer a draft to the devices."""
    found = queries.study(request.viewer, study_id)
    one = queries.version(request.viewer, found, version_id)
    try:
        actions.publish_form(actor=request.viewer, version=one, expected_version=_number(request))
    except Invalid as error:
        messages.error(request, " ".join(str(problem.message) for problem in error.problems))
    else:
        messages.success(request, _("Published. Devices find it when they look for forms the next time."))
    return redirect("observatory:version", found.pk, one.pk)


@require_POST
def state(request: HttpRequest, study_id: UUID, version_id: UUID) -> HttpResponse:
    """Close a version, or open it again."""
    found = queries.study(request.viewer, study_id)
    one = queries.version(request.viewer, found, version_id)
    to = request.POST.get("state", "")
    actions.set_state(actor=request.viewer, version=one, state=to, expected_version=_number(request))
    messages.success(request, _("Changed."))
    return redirect("observatory:version", found.pk, one.pk)


@require_POST
def discard(request: HttpRequest, study_id: UUID, version_id: UUID) -> HttpResponse:
    """A draft goes away."""
    found = queries.study(request.viewer, study_id)
    actions.discard_form(actor=request.viewer, version=queries.version(request.viewer, found, version_id))
    messages.success(request, _("The draft is gone."))
    return redirect("observatory:study", found.pk)


@never_cache
@require_GET
def source(request: HttpRequest, study_id: UUID, version_id: UUID) -> HttpResponse:
    """The workbook as it was uploaded."""
    found = queries.study(request.viewer, study_id)
    require(request.viewer, PUBLISH, found.pk)
    one = queries.version(request.viewer, found, version_id)
    response = HttpResponse(bytes(one.source), content_type="application/octet-stream")
    name = f"{one.form.form_id}-{one.pk.hex[:8]}.{one.source_kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _number(request: HttpRequest) -> int:
    return whole(request.POST.get("version", ""))
