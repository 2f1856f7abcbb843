"""The administrator's page about jobs: counts by kind, and trying again what was given up."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from palermo.kernel.jobs import failing, queries


@login_required
@require_http_methods(["GET", "POST"])
def jobs(request: HttpRequest) -> HttpResponse:
    """What waits, what fails again and again, what was given up. No argument of any job is shown."""
    viewer = request.viewer  # type: ignore[attr-defined]
    rows = failing.failing(viewer)
    if request.method == "POST":
        again = failing.try_again(actor=viewer, kind=request.POST.get("kind", ""))
        said = ngettext("%(n)s job is tried again.", "%(n)s jobs are tried again.", again)
        messages.success(request, said % {"n": again})
        return redirect("administration:jobs")
    context = {"rows": rows, "waiting": queries.waiting()}
    return render(request, "account/administration/jobs.html", context)
