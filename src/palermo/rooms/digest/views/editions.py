"""Editions: for everybody to read and take, for an editor to freeze."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from palermo.kernel.access.policy import can, require
from palermo.kernel.errors import Conflict, Invalid, NotFound
from palermo.kernel.exports.http import file_response
from palermo.rooms.digest import actions, queries
from palermo.rooms.digest.forms import EditionForm
from palermo.rooms.digest.views.public import language_of
from palermo.standards.evidence import issues

FORMATS = ("json", "pdf", "docx")


@require_GET
def editions(request: HttpRequest) -> HttpResponse:
    """Every edition."""
    rows = queries.editions(request.viewer)
    may = can(request.viewer, "digest.edition.freeze")
    return render(request, "digest/editions.html", {"rows": rows, "may_freeze": may})


@require_GET
def edition(request: HttpRequest, number: int) -> HttpResponse:
    """An edition as it came out, and what became of its cases since."""
    found = queries.edition(request.viewer, number)
    labels = {one.code: one.label(language_of()) for one in issues().values()}
    told = [(labels.get(one["code"], one["code"]), one) for one in found.content["issues"]]
    context = {
        "edition": found, "told": told, "cases": found.content["cases"], "formats": FORMATS,
        "gone": queries.changed_since(request.viewer, found), "language": language_of(),
    }  # fmt: skip
    return render(request, "digest/edition.html", context)


@require_GET
def edition_file(request: HttpRequest, number: int, format: str) -> HttpResponse:
    """An edition as JSON, PDF or DOCX."""
    found = queries.edition(request.viewer, number)
    if format not in FORMATS:
        raise NotFound()
    made = actions.edition_file(actor=request.viewer, edition=found, format=format, language=language_of())
    return file_response(made)


@never_cache
@require_http_methods(["GET", "POST"])
def freeze(request: HttpRequest) -> HttpResponse:
    """Keep the digest as it stands."""
    require(request.viewer, "digest.edition.freeze")
    form = EditionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.freeze(actor=request.viewer, **form.cleaned_data)
        except Invalid as error:
            for problem in error.problems:
                form.add_error(problem.field if problem.field in form.fields else None, str(problem.message))
        except Conflict as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Frozen. It stays as it is."))
            return redirect("digest:edition", made.number)
    return render(
        request, "digest/form.html", {"form": form, "title": _("Freeze an edition"), "verb": _("Freeze")}
    )
