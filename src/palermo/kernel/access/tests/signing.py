"""What tests of signing in share: a person with a password, an authenticator, and a browser."""

import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client
from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.kernel.access.models import Session, User
from palermo.kernel.access.sessions import stored
from palermo.kernel.access.viewer import Viewer, viewer_for

PASSWORD = "harbour lantern quiet seven"


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    return user


def closed(user: User) -> User:
    """Deactivate `user`, as the command line does."""
    user.is_active = False
    with acting(Viewer.operator()):
        user.save(update_fields=["is_active"])
    return user


def sessions_of(user: User) -> list[Session]:
    """Every session of `user`, as he himself sees them."""
    with acting(viewer_for(user)):
        return list(Session.objects.filter(user_id=user.pk))


def session_row(client: Client) -> Session:
    """The row of this browser's session."""
    key = stored(client.session.session_key or "")
    user = User.objects.get(pk=client.session["_auth_user_id"])
    return next(row for row in sessions_of(user) if row.session_key == key)


def with_authenticator(user: User) -> str:
    """Give `user` a sealed authenticator seed, as enrolment does; returns the seed."""
    seed: str = generate_totp_secret()
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": seed})
    return seed


def code_of(seed: str, offset: int = 0) -> str:
    return str(format_hotp_value(hotp_value(seed, int(time.time()) // 30 + offset)))


def give_password(client: Client, username: str, password: str = PASSWORD) -> Any:
    return client.post(reverse("account_login"), {"login": username, "password": password})


def give_code(client: Client, code: str) -> Any:
    return client.post(reverse("mfa_authenticate"), {"code": code})


def sign_in(client: Client, user: User, seed: str) -> Any:
    give_password(client, user.username)
    return give_code(client, code_of(seed))
