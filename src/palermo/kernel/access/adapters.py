"""Where palermo differs from allauth's defaults: no sign-up, no mail, no step-up by password."""

import contextlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from palermo.kernel.access.failures import note_password
from palermo.kernel.access.second_factor import has_factor, recent

ENROLMENT_SECONDS = 300


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Signing in and out."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send nothing: that somebody has an account here is itself not for e-mail."""

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """To the sign-in, which every session has to do anew; not back to the form that has just been sent."""
        return reverse("account_login")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """A deactivated account answers like a wrong password, to everybody."""
        user = super().authenticate(request, **credentials)
        if user is None or user.is_active:
            return user
        self.authentication_failed(request, **credentials)
        return None

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        note_password(credentials)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Somebody with a second factor confirms with it; the password is then no way to step up."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        strong = [method for method in methods if method["id"] != "reauthenticate"]
        return strong or methods

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """The first factor is enrolled right after the password was given; everything else asks again."""
        if app == "allauth.mfa":
            request = context.request
            if not has_factor(request.user) and recent(
                get_authentication_records(request, request.user), ENROLMENT_SECONDS
            ):
                return False
            if recent(_strong_records(request), ENROLMENT_SECONDS):
                return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """A closed account with a working passkey: back to the sign-in page, with nothing said."""
        return HttpResponseRedirect(reverse("account_login"))

    def logout(self, request: HttpRequest) -> None:
        from palermo.kernel.access.signing_out import end_session

        end_session(request)

    def set_password(self, user: Any, password: str) -> None:
        """A changed password ends every other session of the person."""
        from palermo.kernel.access.signing_out import end_all

        user.set_password(password)
        user.save(update_fields=["password"])
        request = getattr(context, "request", None)
        end_all(user.pk, but=request.session.session_key if request is not None else None)

    def get_client_ip(self, request: HttpRequest) -> str:
        """A server on a Unix socket has no address to tell; all its clients then share one limit."""
        with contextlib.suppress(Exception):
            return str(super().get_client_ip(request))
        return "local"


def _strong_records(request: HttpRequest) -> list[dict[str, Any]]:
    return [r for r in get_authentication_records(request, request.user) if r.get("method") == "mfa"]


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: sealed whole (`factors.py`); the last one cannot be taken away by its holder."""

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """A person without any second factor could not work; another one must be enrolled first."""
        others = Authenticator.objects.filter(user_id=authenticator.user_id).exclude(pk=authenticator.pk)
        return bool(others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())

    def _get_user_identifier(self, user: Any) -> str:
        return str(user.username)

    def _get_site_name(self) -> str:
        return str(settings.MFA_TOTP_ISSUER)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Nothing leaves by e-mail; changes of a second factor are in the audit."""
