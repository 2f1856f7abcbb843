"""The page of one child: what is due first, then the checklist, the steps and the papers; or the way to begin."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from palermo.kernel.access.policy import ask_ahead, asked_once, can
from palermo.kernel.errors import Invalid
from palermo.rooms.children import actions, queries
from palermo.rooms.children.forms import RECORD_FORMS, BeginForm
from palermo.rooms.children.models import ChildProtection
from palermo.rooms.children.views.work import add_problems
from palermo.web.room import Subject, subject


@never_cache
@require_http_methods(["GET", "POST"])
def of_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The child of a case; before there is a file, four questions."""
    viewer = request.viewer
    if request.method == "POST":
        return _begin(request, subject(viewer, "case", case_id))
    with asked_once():
        ask_ahead([case_id])
        about = subject(viewer, "case", case_id)
        child = queries.child_of(viewer, case_id)
        if child is None:
            return _begin(request, about)
        actions.looked_at(actor=viewer, child=child)
        return render(request, "children/child.html", _context(request, about, child))


def _context(request: HttpRequest, about: Subject, child: ChildProtection) -> dict[str, object]:
    viewer = request.viewer
    may_add = can(viewer, "children.record.add", about.key)
    return {
        "about": about,
        "page": queries.page(viewer, child),
        "before_guardian": queries.without_guardian(child),
        "may_reveal": can(viewer, "children.guardian.reveal", about.key),
        "records": [
            (what, RECORD_FORMS[what][0])
            for what, (roles, _keep) in actions.RECORDS.items()
            if may_add and viewer.has(*roles)
        ],
    }


def _begin(request: HttpRequest, about: Subject) -> HttpResponse:
    viewer = request.viewer
    may_begin = about.child is not False and can(viewer, "children.child.begin", about.key)
    form = BeginForm(request.POST or None) if may_begin else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            actions.begin_child(actor=viewer, about=about, **form.cleaned_data)
        except Invalid as error:
            add_problems(form, error)
        else:
            messages.success(request, _("The child is in protection. The next step stands first."))
            return redirect("children:of-case", about.key)
    status = 422 if request.method == "POST" else 200
    return render(request, "children/begin.html", {"about": about, "form": form}, status=status)


@never_cache
@require_GET
def paper(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The child on paper, without a name."""
    about = subject(request.viewer, "case", case_id)
    child = actions.look_at(actor=request.viewer, case_id=case_id, printed=True)
    return render(request, "children/print.html", _context(request, about, child))
