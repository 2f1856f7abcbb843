"""Failed sign-ins in the audit: one entry for an account and an hour, with their number, however many there were.

A request only counts, the same for a name that exists and for one that does not: the time it takes tells nothing, and
nobody can flood the chain from outside. The worker writes the entries when the hour is over. What was typed is kept
nowhere; attempts with names that nobody has are told together, about nobody.
"""

from typing import Any
from uuid import UUID

from django.db import transaction

from palermo.kernel.access.counters import count_to_tell, take_told
from palermo.kernel.access.models import User
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record

HOUR = 3600
UNKNOWN = "unknown"
PASSWORD, FACTOR = "password", "factor"


def note_password(credentials: dict[str, Any]) -> None:
    """A user name and password that do not go together were given (or a wrong password of an existing account)."""
    name = str(credentials.get("username") or "")
    found = User.objects.filter(username=name.strip().lower()).values_list("pk", flat=True).first()
    count_to_tell(f"{PASSWORD}|{found or UNKNOWN}", HOUR)


def note_factor(*, user: Any, **_signal: Any) -> None:
    """A wrong code was given where the password was right: somebody may have the password of this account.

    Receives allauth's signal `authentication_failed`.
    """
    count_to_tell(f"{FACTOR}|{user.pk}", HOUR)


@transaction.atomic
def report() -> int:
    """Write what was counted in past hours into the audit. Runs in the worker. Returns how many entries."""
    told = take_told()
    for subject, count in sorted(told):
        step, _bar, whom = subject.partition("|")
        record(
            actor=Viewer.anonymous(),
            action="access.session.refuse",
            object_kind="user" if whom != UNKNOWN else "",
            object_id=UUID(whom) if whom != UNKNOWN else None,
            detail={"count": count, "step": step},
            result="refused",
        )
    return len(told)
