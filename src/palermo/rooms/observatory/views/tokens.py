"""Tokens for programs that read: made once, shown once, revoked in a moment; and how each program is connected."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from palermo.kernel.access.policy import require
from palermo.kernel.errors import Invalid
from palermo.rooms.observatory import actions, queries
from palermo.rooms.observatory.forms import TokenForm
from palermo.rooms.observatory.models import Study
from palermo.rooms.observatory.views.listing import put
from palermo.web.commands import keep_nothing


@never_cache
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """The tokens of a study. A new one's secret is on the answer to this form and nowhere else."""
    found = queries.study(request.viewer, study_id)
    form = TokenForm(request.POST or None)
    issued = None
    if request.method == "POST":
        require(request.viewer, "observatory.token.make", found.pk)
        if form.is_valid():
            try:
                issued = actions.make_read_token(actor=request.viewer, study=found, **form.cleaned_data)
            except Invalid as error:
                put(form, error)
            else:
                keep_nothing(request)
                form = TokenForm()
    context = {
        "study": found, "form": form, "issued": issued, "rows": queries.read_tokens(request.viewer, found),
        **_addresses(request, found),
    }  # fmt: skip
    return render(request, "observatory/tokens.html", context)


def _addresses(request: HttpRequest, found: Study) -> dict[str, Any]:
    root = request.build_absolute_uri("/").rstrip("/")
    number = queries.number_of(found)
    feeds = [
        (one, f"{root}/v1/projects/{number}/forms/{one.form_id}.svc")
        for one in queries.offered_forms(request.viewer, found)
    ]  # fmt: skip
    return {"root": root, "number": number, "feeds": feeds}


@require_POST
def revoke_token(request: HttpRequest, study_id: UUID, token_id: UUID) -> HttpResponse:
    """End a token."""
    found = queries.study(request.viewer, study_id)
    actions.revoke_read_token(actor=request.viewer, token=queries.read_token(request.viewer, found, token_id))
    messages.success(request, _("Revoked. The program's next request is refused."))
    return redirect("observatory:tokens", found.pk)
