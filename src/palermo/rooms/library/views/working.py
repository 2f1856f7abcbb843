"""Inside: what is not published yet, the form, the files, and the steps of a second person."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from palermo.kernel.access.policy import require
from palermo.kernel.errors import Conflict, Invalid, NotFound
from palermo.kernel.numbers import whole
from palermo.rooms.library import actions, queries
from palermo.rooms.library.forms import FileForm, ItemForm
from palermo.rooms.library.models import Item, State
from palermo.rooms.library.views.public import handed, shown, tongue

STEPS = {
    "submit": actions.submit, "return": actions.return_to_draft, "publish": actions.publish, "revise": actions.revise,
}  # fmt: skip


@require_GET
def items(request: HttpRequest) -> HttpResponse:
    """Drafts, what waits for a second person, what was withdrawn."""
    rows = [(row, row.paper.title(tongue())) for row in queries.colleagues(request.viewer)[:200]]
    return render(request, "library/list.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write down a paper."""
    require(request.viewer, "library.item.write")
    return _form(request, None)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Change a draft."""
    found = queries.one(request.viewer, item_id)
    require(request.viewer, "library.item.write")
    if found.state != State.DRAFT:
        raise Conflict(_("This cannot be done now."), rule="library.state", state=found.state)
    return _form(request, found)


def _form(request: HttpRequest, item: Item | None) -> HttpResponse:
    form = ItemForm(request.POST or None, item=item)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.write_item(
                actor=request.viewer,
                values=form.record_given(),
                item=item,
                expected_version=_version(request),
            )
        except Invalid as error:
            for problem in error.problems:
                form.add_error(problem.field if problem.field in form.fields else None, problem.message)
        else:
            return redirect("library:draft", made.pk)
    back = reverse("library:draft", args=[item.pk]) if item else reverse("library:list")
    context = {"form": form, "item": item, "back": back}
    return render(request, "library/form.html", context, status=422 if form.errors else 200)


@require_GET
def draft(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """A paper as it would be read, with the steps that it can take."""
    return _draft(request, queries.one(request.viewer, item_id), FileForm())


def _draft(request: HttpRequest, found: Item, form: FileForm) -> HttpResponse:
    own = request.viewer.user_id in found.prepared
    context = shown(request, found) | {"form": form, "own": own, "inside": True}
    return render(request, "library/draft.html", context, status=422 if form.errors else 200)


@require_POST
def add_file(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Give a draft a file."""
    found = queries.one(request.viewer, item_id)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.add_file(
                actor=request.viewer, item=found, language=given["language"], name=given["file"].name,
                content=given["file"], expected_version=_version(request),
            )  # fmt: skip
        except Invalid as error:
            for problem in error.problems:
                form.add_error(problem.field, problem.message)
        else:
            messages.success(request, _("The file is kept. Its text is found once the worker has read it."))
            return redirect("library:draft", found.pk)
    return _draft(request, found, form)


@require_GET
def draft_file(request: HttpRequest, item_id: UUID, file_id: UUID) -> HttpResponseBase:
    """A file of a paper that is not published: who reviews it reads it."""
    found = queries.one(request.viewer, item_id)
    return handed(queries.file_of(request.viewer, found, file_id))


@require_POST
def remove_file(request: HttpRequest, item_id: UUID, file_id: UUID) -> HttpResponse:
    """Take a file from a draft."""
    found = queries.one(request.viewer, item_id)
    file = queries.files_of(request.viewer, found).filter(pk=file_id).first()
    if file is None:
        raise NotFound()
    actions.remove_file(actor=request.viewer, item=found, file=file, expected_version=_version(request))
    return redirect("library:draft", found.pk)


@require_POST
def step(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Submit, return, publish, revise or withdraw."""
    found = queries.one(request.viewer, item_id)
    name, version = request.POST.get("step", ""), _version(request)
    if name == "withdraw":
        why = request.POST.get("why", "")
        actions.withdraw(actor=request.viewer, item=found, why=why, expected_version=version)
    elif name in STEPS:
        STEPS[name](actor=request.viewer, item=found, expected_version=version)
    else:
        raise Conflict("", rule="library.step", state=found.state)
    return redirect("library:draft", item_id)


def _version(request: HttpRequest) -> int:
    return whole(request.POST.get("version", ""))
