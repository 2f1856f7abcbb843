"""The rule that a password alone opens nothing, and how fresh the second factor of a session is.

allauth keeps in the session how its holder proved who he is. Only `mfa` records count here: a passkey, an
authenticator code or a recovery code.
"""

import time
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest

RECORDS = "account_authentication_methods"
RECORDS_USER = "account_authentication_methods_user"
# A record from the future (a clock that was put back) is not fresh.
CLOCK_SLACK_SECONDS = 5


def strong_records(request: HttpRequest) -> list[dict[str, Any]]:
    """This session's proofs by a second factor that belong to its own user."""
    if request.session.get(RECORDS_USER) != str(request.user.pk):
        return []
    records = request.session.get(RECORDS, [])
    return [r for r in records if isinstance(r, dict) and r.get("method") == "mfa"]


def recent(records: Iterable[dict[str, Any]], seconds: int) -> bool:
    """Whether the latest of `records` is at most `seconds` old."""
    latest = max((float(record.get("at", 0)) for record in records), default=0.0)
    return -CLOCK_SLACK_SECONDS <= time.time() - latest <= seconds


def has_factor(user: Any) -> bool:
    """Whether `user` has enrolled a passkey or an authenticator app."""
    from allauth.mfa.models import Authenticator

    if not user.is_authenticated:
        return False
    types = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=types).exists())


def note_enrolment(request: HttpRequest, kind: str) -> None:
    """The code or passkey that was just checked at enrolment counts as this session's second factor.

    The session key changes at the same moment: what opens identities is not the key that a password gave.
    `kind` is an allauth type, totp or webauthn.
    """
    from allauth.account.internal.flows.login import record_authentication

    record_authentication(request, request.user, "mfa", type=kind, reauthenticated=True)
    request.session.cycle_key()
