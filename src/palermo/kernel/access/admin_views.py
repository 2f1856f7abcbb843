"""Pages of the system administrator: accounts and the directory. Blind by design: no page here touches a case."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from palermo.kernel.access import accounts, actions, notices, recovery
from palermo.kernel.access.forms import (
    MoveUnitForm,
    OrganisationForm,
    ReasonForm,
    RoleForm,
    UnitForm,
    UserForm,
)
from palermo.kernel.access.models import User
from palermo.kernel.access.policy import require
from palermo.kernel.access.proposal_views import rows_of
from palermo.kernel.errors import Conflict, Invalid, NotFound, Refused
from palermo.kernel.numbers import whole
from palermo.kernel.organisations import actions as directory
from palermo.kernel.organisations import proposals, queries

PAGE_SIZE = 50
read_only = require_GET
form_page = require_http_methods(["GET", "POST"])


def _page(request: HttpRequest, rows: Any) -> Any:
    return Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))


def _viewer(request: HttpRequest) -> Any:
    return request.viewer  # type: ignore[attr-defined]


def _show_problems(form: Any, error: Invalid) -> None:
    for problem in error.problems:
        form.add_error(problem.field if problem.field in form.fields else None, problem.message)


@login_required
@read_only
def users(request: HttpRequest) -> HttpResponse:
    """Colleagues with an account, to search."""
    text = request.GET.get("q", "")
    page = _page(request, accounts.users(_viewer(request), text))
    return render(request, "account/administration/users.html", {"page": page, "text": text})


@login_required
@form_page
def new_user(request: HttpRequest) -> HttpResponse:
    """Make an account; the one-time link is shown on the next page, once."""
    require(_viewer(request), "access.user.create")
    form = UserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made, path = accounts.create_user(actor=_viewer(request), **form.cleaned_data)
        except Invalid as error:
            _show_problems(form, error)
        else:
            return _show_link(request, made, path)
    return render(request, "account/administration/new_user.html", {"form": form})


def _show_link(request: HttpRequest, found: User, path: str) -> HttpResponse:
    context = {"found": found, "link": request.build_absolute_uri(path)}
    return render(request, "account/administration/link.html", context)


def _user_page(
    request: HttpRequest, found: User, form: RoleForm, why: ReasonForm | None = None
) -> HttpResponse:
    viewer = _viewer(request)
    memberships = list(queries.memberships_of(viewer, found.pk))
    context = {
        "found": found,
        "memberships": memberships,
        "waiting": rows_of(queries.open_proposals(viewer).filter(subject_id=found.pk)),
        "form": form,
        "why": why or ReasonForm(prefix="why"),
        "holds_role": any(row.ended_at is None for row in memberships),
        "is_self": found.pk == viewer.user_id,
    }
    return render(request, "account/administration/user.html", context)


@login_required
@read_only
def user(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """One account: its roles, and what can be done about it."""
    return _user_page(request, accounts.user(_viewer(request), user_id), RoleForm())


def _asked(request: HttpRequest, made: Any) -> HttpResponse:
    messages.success(request, _("Asked. It takes effect when a second person agrees."))
    return redirect("account_request", made.pk)


@login_required
@require_POST
def close_user(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Close an account, or ask that a closed one be opened again (at once where it holds no role)."""
    viewer = _viewer(request)
    if not request.POST.get("open"):
        accounts.deactivate(actor=viewer, user_id=user_id)
        messages.success(request, _("The account is closed. Its sessions have ended."))
        return redirect("administration:user", user_id)
    return _with_reason(
        request, user_id, lambda why: recovery.reopen(actor=viewer, user_id=user_id, reason=why)
    )


def _with_reason(request: HttpRequest, user_id: UUID, ask: Any) -> HttpResponse:
    """Ask for something about an account with the reason that was typed; None from `ask` means it is done."""
    why = ReasonForm(request.POST, prefix="why")
    why.is_valid()
    try:
        made = ask(why.cleaned_data.get("reason", ""))
    except (Invalid, Conflict) as error:
        why.add_error(None, error.message)
        return _user_page(request, accounts.user(_viewer(request), user_id), RoleForm(), why)
    if made is not None:
        return _asked(request, made)
    messages.success(request, _("The account is open again."))
    return redirect("administration:user", user_id)


@login_required
@require_POST
def reset_user(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Ask for a new way to sign in; an account without a role, which opens nothing, gets its new link at once."""
    viewer = _viewer(request)
    found = accounts.user(viewer, user_id)
    if any(row.ended_at is None for row in queries.memberships_of(viewer, user_id)):
        return _with_reason(
            request,
            user_id,
            lambda why: proposals.ask_for_recovery(actor=viewer, user_id=user_id, reason=why),
        )
    return _show_link(request, found, recovery.new_link(actor=viewer, user_id=user_id))


@login_required
@require_POST
def give_role(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Ask for a role in an organisation."""
    found = accounts.user(_viewer(request), user_id)
    form = RoleForm(request.POST)
    if form.is_valid():
        try:
            made = proposals.ask_for_role(actor=_viewer(request), user_id=user_id, **form.cleaned_data)
        except Invalid as error:
            _show_problems(form, error)
        except Conflict as error:
            form.add_error(None, error.message)
        else:
            return _asked(request, made)
    return _user_page(request, found, form)


@login_required
@require_POST
def end_role(request: HttpRequest, user_id: UUID, membership_id: UUID) -> HttpResponse:
    """End a role."""
    viewer = _viewer(request)
    membership = queries.memberships_of(viewer, user_id).filter(pk=membership_id).first()
    version = whole(request.POST.get("version", ""), -1)
    if membership is None or version < 0:
        raise NotFound()
    directory.end_role(actor=viewer, membership=membership, expected_version=version)
    messages.success(request, _("The role has ended."))
    return redirect("administration:user", user_id)


@login_required
@read_only
def organisations(request: HttpRequest) -> HttpResponse:
    """The directory of bodies, to search."""
    require(_viewer(request), "organisations.organisation.edit")
    text = request.GET.get("q", "")
    page = _page(request, queries.organisations(_viewer(request), text))
    return render(request, "account/administration/organisations.html", {"page": page, "text": text})


@login_required
@form_page
def new_organisation(request: HttpRequest) -> HttpResponse:
    """Enter a body in the directory."""
    require(_viewer(request), "organisations.organisation.edit")
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = {k: v for k, v in form.cleaned_data.items() if k not in ("version", "closed_on")}
        try:
            made = directory.add_organisation(actor=_viewer(request), **values)
        except Invalid as error:
            _show_problems(form, error)
        else:
            messages.success(request, _("The organisation is in the directory."))
            return redirect("administration:organisation", made.pk)
    return render(request, "account/administration/organisation.html", {"form": form, "unit_form": None})


@login_required
@form_page
def organisation(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """One body: correct its entry, see and add its units."""
    require(_viewer(request), "organisations.organisation.edit")
    found = queries.organisation(_viewer(request), organisation_id)
    initial = {
        "name": found.name,
        "kind": found.kind,
        "area": found.area,
        "email": found.contact_email,
        "phone": found.contact_phone,
        "closed_on": found.closed_on,
        "version": found.version,
    }
    form = OrganisationForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        version = values.pop("version")
        if version is None:
            raise Refused(_("The form was not complete. Reload the page."), rule="record.version")
        try:
            directory.change_organisation(
                actor=_viewer(request), organisation=found, expected_version=version, **values
            )
        except Invalid as error:
            _show_problems(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("administration:organisation", found.pk)
    return _organisation_page(request, found, form, UnitForm())


def _organisation_page(
    request: HttpRequest, found: Any, form: Any, unit_form: Any, move_form: Any = None
) -> HttpResponse:
    context = {
        "move_form": move_form or MoveUnitForm(organisation=found, prefix="move"),
        "found": found,
        "form": form,
        "unit_form": unit_form,
        "units": queries.units(_viewer(request), found.pk),
    }
    return render(request, "account/administration/organisation.html", context)


@login_required
@require_POST
def add_unit(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Add a team, shelter or office."""
    require(_viewer(request), "organisations.organisation.edit")
    found = queries.organisation(_viewer(request), organisation_id)
    form = UnitForm(request.POST)
    if form.is_valid():
        try:
            directory.add_unit(actor=_viewer(request), organisation=found, name=form.cleaned_data["name"])
        except Invalid as error:
            _show_problems(form, error)
        else:
            messages.success(request, _("Added."))
            return redirect("administration:organisation", found.pk)
    return _organisation_page(request, found, OrganisationForm(initial={"name": found.name}), form)


@login_required
@require_POST
def move_unit(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Ask that a team be moved to another organisation, with what was shared with it."""
    viewer = _viewer(request)
    require(viewer, "organisations.unit.move")
    found = queries.organisation(viewer, organisation_id)
    form = MoveUnitForm(request.POST, organisation=found, prefix="move")
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            made = proposals.ask_to_move_unit(
                actor=viewer, unit=chosen["unit"], organisation=chosen["to"], reason=chosen["reason"]
            )
        except (Invalid, Conflict) as error:
            form.add_error(None, error.message)
        else:
            return _asked(request, made)
    return _organisation_page(
        request, found, OrganisationForm(initial={"name": found.name}), UnitForm(), form
    )


@login_required
@form_page
def emergency(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """What a supervisor sees of an emergency access in his house, and the button that ends it."""
    viewer = _viewer(request)
    require(viewer, "access.emergency.view")
    found = notices.emergency(viewer, grant_id)
    if request.method == "POST":
        actions.end_emergency(actor=viewer, grant_id=grant_id)
        messages.success(request, _("The emergency access has ended."))
        return redirect("account_emergency", grant_id)
    who = User.objects.filter(pk=found.who).first()
    return render(request, "account/emergency.html", {"emergency": found, "who": who})
