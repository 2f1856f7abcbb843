"""The demonstration instance: its invented accounts can be entered by anybody at this machine, and nobody else's can.

An account is a demonstration account only if the owner of the database wrote it into `access_demoaccount`; requests
and jobs may read that table and no more. For such an account the sign-in page shows the current code. The page does so
only on an instance without a public address, and an instance with one refuses to start while such accounts are there.
"""

import time
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.utils import timezone

from palermo.kernel.access.counters import USED_CODE_PREFIX
from palermo.kernel.access.models import DemoAccount, User
from palermo.kernel.errors import Refused

STEP_SECONDS = 30
LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]", "testserver"})
LISTENS_HERE = frozenset({"127.0.0.1", "localhost", "[::1]"})


def is_local() -> bool:
    """Whether this instance answers to this machine alone: no public address, no host name but the local ones,
    and a server that listens here only (anybody who reaches the port can claim to have asked for localhost)."""
    bind: str = settings.PALERMO_BIND
    here = not bind or bind.startswith("unix:") or bind.rpartition(":")[0] in LISTENS_HERE
    return here and not settings.PALERMO_ORIGIN and set(settings.ALLOWED_HOSTS) <= LOCAL_HOSTS


def mark_demo_accounts(users: Iterable[User]) -> int:
    """Make `users` demonstration accounts, each with an authenticator of its own. Returns how many.

    Runs as the owner of the database (the demo command, never a request), outside any other transaction. Refused
    where anybody is registered who is not of the demonstration, and on an instance with a public address.
    """
    wanted = {user.pk for user in users}
    if not is_local():
        raise Refused(
            "A demonstration does not belong on an instance with a public address.", rule="demo.public"
        )
    others = User.objects.using("owner").exclude(pk__in=wanted).exclude(pk__in=_marked("owner"))
    if others.exists():
        raise Refused(
            "There are real accounts here; the demonstration does not mix with them.", rule="demo.real"
        )
    for user_id in wanted:
        DemoAccount.objects.using("owner").get_or_create(user_id=user_id)
        _give_authenticator(user_id)
    return len(wanted)


def _marked(alias: str) -> Any:
    return DemoAccount.objects.using(alias).values("user_id")


def _give_authenticator(user_id: UUID) -> None:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import generate_totp_secret

    Authenticator.objects.using("owner").get_or_create(
        user_id=user_id,
        type=Authenticator.Type.TOTP,
        defaults={"data": {"secret": generate_totp_secret()}, "created_at": timezone.now()},
    )


def is_demo() -> bool:
    """Whether this instance holds demonstration accounts."""
    return DemoAccount.objects.exists()


def current_code(user_id: UUID) -> str:
    """A code that opens a demonstration account now; empty for every other account.

    A code works once, so after a quick second sign-in the neighbouring step's code is shown, which is valid too.
    """
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    if not is_local() or not DemoAccount.objects.filter(user_id=user_id).exists():
        return ""
    factor = Authenticator.objects.filter(user_id=user_id, type=Authenticator.Type.TOTP).first()
    if factor is None:
        return ""
    seed, step = factor.data["secret"], int(time.time()) // STEP_SECONDS
    codes = [str(format_hotp_value(hotp_value(seed, step + offset))) for offset in (0, 1, -1)]
    unused = [code for code in codes if not cache.get(f"{USED_CODE_PREFIX}?user={user_id}&code={code}")]
    return (unused or codes)[0]


def refuse_public_demo() -> None:
    """Stop the start of an instance with a public address that holds demonstration accounts."""
    if not is_local() and is_demo():
        raise ImproperlyConfigured(
            "This instance has a public address and demonstration accounts, whose codes anybody could read. "
            "Use an empty PALERMO_HOME, or remove them with: palermo demo --remove-accounts"
        )


def remove_demo_accounts() -> int:
    """Deactivate every demonstration account and take its mark and authenticator away. Runs as the owner."""
    from allauth.mfa.models import Authenticator

    from palermo.kernel.access.models import Session

    owner = connections["owner"].alias
    ids = list(DemoAccount.objects.using(owner).values_list("user_id", flat=True))
    Authenticator.objects.using(owner).filter(user_id__in=ids).delete()
    Session.objects.using(owner).filter(user_id__in=ids).delete()
    User.objects.using(owner).filter(pk__in=ids).update(is_active=False)
    DemoAccount.objects.using(owner).filter(user_id__in=ids).delete()
    return len(ids)
