"""The page for an emergency: a case that is not one's own."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from palermo.kernel.access.policy import require
from palermo.kernel.errors import Invalid
from palermo.rooms.cases import actions
from palermo.rooms.cases.forms import EmergencyForm


@never_cache
@require_http_methods(["GET", "POST"])
def case_emergency(request: HttpRequest) -> HttpResponse:
    """Open a case by its code, for an hour; whoever answers for it is told at once."""
    require(request.viewer, "access.break_glass")
    form = EmergencyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            opened = actions.open_in_emergency(actor=request.viewer, **form.cleaned_data)
        except Invalid as error:
            for problem in error.problems:
                form.add_error(problem.field, problem.message)
        else:
            messages.warning(
                request, _("Open for sixty minutes. The supervisors have been told that you opened it.")
            )
            return redirect("cases:case", opened)
    return render(request, "cases/emergency.html", {"form": form}, status=422 if form.errors else 200)
