"""One's own account: the first password, enrolling a second factor, sessions, notices."""

from typing import Any
from uuid import UUID

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from palermo.kernel.access import accounts, demo, mail, notices
from palermo.kernel.access.forms import FirstPasswordForm, MailForm
from palermo.kernel.access.policy import require
from palermo.kernel.access.second_factor import note_enrolment
from palermo.kernel.access.sessions import stored
from palermo.kernel.errors import Invalid, NotFound

LINK_KEY = "palermo.password_link"


class SignIn(account.LoginView):  # type: ignore[misc]
    """allauth's sign-in; says so when this is the demonstration."""

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return {**super().get_context_data(**kwargs), "is_demo": demo.is_local() and demo.is_demo()}


class SecondFactor(mfa.AuthenticateView):  # type: ignore[misc]
    """allauth's second step; shows a demonstration account its own code."""

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        code = demo.current_code(self.stage.login.user.pk)
        return {**super().get_context_data(**kwargs), "demo_code": code}


class ConfirmAgain(mfa.ReauthenticateView):  # type: ignore[misc]
    """allauth's step-up by code; shows a demonstration account its own code."""

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return {**super().get_context_data(**kwargs), "demo_code": demo.current_code(self.request.user.pk)}


class UseAuthenticator(ActivateTOTPView):  # type: ignore[misc]
    """allauth's enrolment of an authenticator app; the code that was just checked is this session's second factor."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        note_enrolment(self.request, "totp")
        return response


class AddPasskey(AddWebAuthnView):  # type: ignore[misc]
    """allauth's enrolment of a passkey; the passkey that was just used is this session's second factor."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        note_enrolment(self.request, "webauthn")
        return response


@require_GET
def open_password_link(request: HttpRequest, user_id: UUID, token: str) -> HttpResponse:
    """Take the token out of the address at once, so that it stays in no history and no Referer."""
    if accounts.holder_of_link(user_id, token) is None:
        raise NotFound()
    request.session[LINK_KEY] = [str(user_id), token]
    return redirect("account_first_password")


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def set_first_password(request: HttpRequest) -> HttpResponse:
    """Set the password that the link in this session allows."""
    user_id, token = request.session.get(LINK_KEY, ("", ""))
    if not user_id or accounts.holder_of_link(UUID(user_id), token) is None:
        raise NotFound()
    form = FirstPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            accounts.set_first_password(
                user_id=UUID(user_id), token=token, password=form.cleaned_data["password"]
            )
        except Invalid as error:
            for problem in error.problems:
                form.add_error("password", problem.message)
        else:
            request.session.flush()
            messages.success(request, _("Your password is set. Sign in with it now."))
            return redirect("account_login")
    return render(request, "account/first_password.html", {"form": form})


@login_required
@require_GET
def enrol(request: HttpRequest) -> HttpResponse:
    """Choose a second factor: the one page that a person sees who has only a password."""
    return render(request, "account/enrol.html", {"secure": request.is_secure() or _is_localhost(request)})


def _is_localhost(request: HttpRequest) -> bool:
    # Browsers offer passkeys on http://localhost but never on an address of numbers.
    return request.get_host().partition(":")[0] == "localhost"


@login_required
@require_GET
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in."""
    viewer = request.viewer  # type: ignore[attr-defined]
    here = stored(request.session.session_key or "")
    rows = [(row, row.session_key == here) for row in accounts.sessions_of(viewer)]
    return render(request, "account/sessions.html", {"rows": rows})


@login_required
@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End one other session, or all others."""
    viewer = request.viewer  # type: ignore[attr-defined]
    keep = request.session.session_key or ""
    if one := request.POST.get("session", ""):
        accounts.end_one_session(actor=viewer, hashed_key=one, keep=keep)
        ended = 1
    else:
        ended = accounts.end_other_sessions(actor=viewer, keep=keep)
    messages.success(request, ngettext("%d session was ended.", "%d sessions were ended.", ended) % ended)
    return redirect("account_sessions")


@login_required
@require_http_methods(["GET", "POST"])
def my_notices(request: HttpRequest) -> HttpResponse:
    """What one was told, newest first; marking it as seen."""
    viewer = request.viewer  # type: ignore[attr-defined]
    require(viewer, "access.notice.read")
    if request.method == "POST":
        chosen = [UUID(value) for value in request.POST.getlist("notice") if _is_uuid(value)]
        notices.mark_seen(actor=viewer, notice_ids=chosen)
        return redirect("account_notices")
    rows = [(notice, notices.title_of(notice)) for notice in notices.mine(viewer)[:200]]
    return render(request, "account/notices.html", {"rows": rows})


@login_required
@require_http_methods(["GET", "POST"])
def my_reminders(request: HttpRequest) -> HttpResponse:
    """Whether reminders come by e-mail too. Off until one asks for it; what they say is shown before."""
    viewer = request.viewer  # type: ignore[attr-defined]
    require(viewer, "access.mail.ask")
    wish = mail.wish_of(viewer)
    form = MailForm(request.POST or None, initial={"address": wish.address if wish else ""})
    if request.method == "POST" and "stop" in request.POST:
        mail.stop_mail(actor=viewer)
        messages.success(request, _("No more reminders by e-mail. The address was forgotten."))
        return redirect("account_reminders")
    if request.method == "POST" and form.is_valid():
        try:
            mail.ask_for_mail(actor=viewer, address=form.cleaned_data["address"])
        except Invalid as error:
            for problem in error.problems:
                form.add_error("address", problem.message)
        else:
            messages.success(request, _("Reminders also come by e-mail from now on."))
            return redirect("account_reminders")
    return render(request, "account/reminders.html", {"form": form, "wish": wish, "on": mail.is_on()})


def _is_uuid(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True
