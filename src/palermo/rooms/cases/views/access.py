"""Who may see what: sharing a case, and revealing who the person is."""

import secrets
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from palermo.kernel.access.policy import can, require
from palermo.kernel.errors import Conflict, Invalid
from palermo.rooms.cases import actions, queries
from palermo.rooms.cases.actions.bringing_in import bring_in_authority
from palermo.rooms.cases.forms import BringInForm, RevealForm, ShareForm, WorkerForm
from palermo.rooms.cases.queries.labels import IDENTITY
from palermo.rooms.cases.views.plan import add_problems

ONCE = "reveal-once"


@never_cache
@require_http_methods(["GET", "POST"])
def case_reveal(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show the identity once. The answer is never stored; loading the page again hides it and asks anew."""
    case = queries.case(request.viewer, case_id)
    require(request.viewer, "cases.identity.reveal", case.pk)
    form = RevealForm(request.POST or None)
    shown = None
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["once"] == request.session.pop(ONCE, None):
            shown = actions.reveal_identity(
                actor=request.viewer,
                case=case,
                fields=form.cleaned_data["fields_wanted"],
                purpose=form.cleaned_data["purpose"],
                explanation=form.cleaned_data["explanation"],
            )
        else:
            messages.info(
                request, _("The identity is hidden again. To see it once more, say again what for.")
            )
            return redirect("cases:reveal", case.pk)
    if shown is None:
        request.session[ONCE] = once = secrets.token_urlsafe(12)
        form = (
            form
            if form.is_bound
            else RevealForm(initial={"once": once, "fields_wanted": ["family_name", "given_names"]})
        )
        if form.is_bound:
            form.data = {
                **form.data.dict(),
                "fields_wanted": form.data.getlist("fields_wanted"),
                "once": once,
            }
    # What was asked for and is not recorded says so: silence would read as "not looked for".
    wanted = form.cleaned_data["fields_wanted"] if shown is not None else ()
    rows = [(label, (shown or {}).get(name, "")) for name, label in IDENTITY.items() if name in wanted]
    response = render(
        request, "cases/reveal.html", {"case": case, "form": form, "shown": rows, "done": shown is not None}
    )
    response["Cache-Control"] = "no-store, max-age=0"
    return response


@never_cache
@require_http_methods(["GET", "POST"])
def case_access(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Who can see this case; share it with a colleague or a team of one's own organisation."""
    case = actions.look_at(actor=request.viewer, case_id=case_id)
    form = None
    if can(request.viewer, "cases.grant.give", case.pk):
        form = ShareForm(request.POST or None, grantees=queries.possible_grantees(request.viewer, case))
        if request.method == "POST" and form.is_valid():
            kind, _colon, grantee = form.cleaned_data["grantee"].partition(":")
            try:
                actions.share_case(
                    actor=request.viewer,
                    case=case,
                    grantee_kind=kind,
                    grantee_id=UUID(grantee),
                    scopes=form.cleaned_data["scopes"],
                    purpose=form.cleaned_data["purpose"],
                    until=form.end(),
                )
            except Invalid as error:
                add_problems(form, error)
            else:
                messages.success(request, _("Shared."))
                return redirect("cases:access", case.pk)
    elif request.method == "POST":
        require(request.viewer, "cases.grant.give", case.pk)
    context = {
        "case": case,
        "about": queries.about(case),
        "form": form,
        "shares": queries.shares(request.viewer, case),
    }
    context = {
        "case": case,
        "about": queries.about(case),
        "form": form,
        "shares": queries.shares(request.viewer, case),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "cases/access.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def case_bring_in(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Bring an authority of child protection outside into the case, for a purpose and until a day."""
    case = actions.look_at(actor=request.viewer, case_id=case_id)
    require(request.viewer, "cases.grant.give", case.pk)
    authorities, missing = queries.protection_authorities(case), ""
    form = BringInForm(request.POST or None, authorities=authorities)
    if request.method == "POST" and form.is_valid():
        try:
            people = bring_in_authority(
                actor=request.viewer,
                case=case,
                organisation_id=UUID(form.cleaned_data["organisation"]),
                scopes=form.cleaned_data["scopes"],
                purpose=form.cleaned_data["purpose"],
                until=form.end(),
            )
        except Invalid as error:
            add_problems(form, error)
        except Conflict as error:
            missing = error.message
        else:
            said = ngettext(
                "%(n)s person there has the case now.", "%(n)s persons there have the case now.", people
            )
            messages.success(request, said % {"n": people})
            return redirect("cases:access", case.pk)
    context = {
        "case": case,
        "about": queries.about(case),
        "form": form if authorities else None,
        "missing": missing,
    }
    status = 409 if missing else 422 if form.errors else 200
    return render(request, "cases/bring_in.html", context, status=status)


@require_POST
def case_end_share(request: HttpRequest, case_id: UUID, grant_id: UUID) -> HttpResponse:
    """End a share at once."""
    case = queries.case(request.viewer, case_id)
    actions.end_share(actor=request.viewer, case=case, grant_id=grant_id)
    messages.success(request, _("The access is ended."))
    return redirect("cases:access", case.pk)


@never_cache
@require_http_methods(["GET", "POST"])
def case_worker(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Give the case to a colleague: a supervisor, or the worker who hands over."""
    case = actions.look_at(actor=request.viewer, case_id=case_id)
    workers = queries.possible_workers(request.viewer, case)
    allowed = queries.may_reassign(request.viewer, case)
    form = WorkerForm(request.POST or None, workers=workers, initial={"version": case.version})
    if request.method == "POST" and (form.is_valid() or not allowed):
        actions.reassign_worker(
            actor=request.viewer,
            case=case,
            to=UUID(form.cleaned_data["to"]) if allowed else case.pk,
            reason=form.cleaned_data.get("reason", ""),
            expected_version=form.cleaned_data.get("version", 0),
        )
        messages.success(request, _("The case %(code)s is handed over.") % {"code": case.code})
        kept = can(request.viewer, "cases.case.view", case.pk)
        return redirect("cases:case", case.pk) if kept else redirect("cases:list")
    context = {"case": case, "form": form if allowed else None, "workers": workers}
    return render(request, "cases/worker.html", context, status=422 if form.errors else 200)
