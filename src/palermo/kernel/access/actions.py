"""Giving, ending and forcing access. Every change is written to the audit in the same transaction."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import NotFound, Refused


@transaction.atomic
def grant(
    *,
    actor: Viewer,
    object_kind: str,
    object_id: UUID,
    grantee_kind: str,
    grantee_id: UUID,
    scopes: Sequence[str],
    purpose: str,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
    roles: Sequence[str] = (),
    house: UUID | None = None,
) -> UUID:
    """Give a person, team or organisation `scopes` on an object. Returns the grant's id.

    roles: of a team or organisation only those who hold one of these roles in it; a colleague whom the grant does
    not reach cannot see that it exists. Empty: everybody there. Name them wherever a house is given something.
    house: the organisation in which a person is given it; it ends with his last working role there. Unsaid, the
    database takes his only house, or the only one that he shares with the giver.
    The database refuses when the object is already held and the actor does not hold the scopes himself.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT access_make_grant(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                object_kind,
                object_id,
                grantee_kind,
                grantee_id,
                list(scopes),
                purpose,
                valid_from,
                valid_until,
                [str(role) for role in roles],
                house,
            ],
        )
        made: UUID = cursor.fetchone()[0]
    record(
        actor=actor,
        action="access.grant.give",
        object_kind=object_kind,
        object_id=object_id,
        purpose=purpose,
        detail={
            "grantee_kind": grantee_kind,
            "grantee": str(grantee_id),
            "scopes": " ".join(scopes),
            **({"roles": " ".join(roles)} if roles else {}),
        },
    )
    return made


@transaction.atomic
def revoke(*, actor: Viewer, grant_id: UUID) -> None:
    """End a grant now; the next statement of any open session sees it. The audit says whose it was."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT object, grantee_kind, grantee, scopes FROM access_revoke(%s)", [grant_id])
        object_id, grantee_kind, grantee, scopes = cursor.fetchone()
    if object_id is None:
        raise NotFound()
    record(
        actor=actor,
        action="access.grant.revoke",
        object_kind="grant",
        object_id=object_id,
        detail={"grantee_kind": grantee_kind, "grantee": str(grantee), "scopes": " ".join(scopes)},
    )


@transaction.atomic
def break_glass(*, actor: Viewer, object_kind: str, object_id: UUID, reason: str) -> UUID:
    """Sixty minutes of access to one object in an emergency, with a written reason.

    The database itself tells the supervisors of the houses concerned, in the same statement. Raises StepUpNeeded
    without a fresh second factor, Refused without a reason or role, NotFound for what does not exist.
    """
    require(actor, "access.break_glass")
    if len(reason.strip()) < 15:
        raise Refused(_("Say in a sentence why this cannot wait."), rule="access.break_glass.reason")
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_break_glass(%s, %s, %s)", [object_kind, object_id, reason])
        made: UUID | None = cursor.fetchone()[0]
    if made is None:
        raise NotFound()
    # The reason is a person's own words: it stays with the grant, behind its wall, and out of the audit.
    record(actor=actor, action="access.break_glass", object_kind=object_kind, object_id=object_id)
    return made


@transaction.atomic
def end_emergency(*, actor: Viewer, grant_id: UUID) -> None:
    """A supervisor who was told of a break-glass ends it before its hour is over."""
    require(actor, "access.emergency.end")
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_end_emergency(%s)", [grant_id])
        ended: bool = cursor.fetchone()[0]
    if not ended:
        raise NotFound()
    record(actor=actor, action="access.emergency.end", object_kind="grant", object_id=grant_id)
