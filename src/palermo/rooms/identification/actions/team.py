"""Who works on something from its first moment: the person's team (or he alone) and his supervisors."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from palermo.kernel.access.actions import grant
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.organisations.models import Membership, Role


def supervisors(organisation_id: UUID) -> list[UUID]:
    """The users who supervise in an organisation now."""
    return list(
        Membership.objects.filter(organisation_id=organisation_id, role=Role.SUPERVISOR, ended_at=None)
        .order_by("user_id")
        .values_list("user_id", flat=True)
        .distinct()
    )


def this_transaction() -> datetime:
    """When the present transaction began: a grant from then on counts at once for the walls inside it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        began: datetime = cursor.fetchone()[0]
    return began


def team_of(actor: Viewer, organisation_id: UUID) -> list[tuple[str, UUID]]:
    """(kind, id) of the actor himself, his team, and the supervisors of his organisation, in this order."""
    assert actor.user_id is not None
    found: list[tuple[str, UUID]] = [("person", actor.user_id)]
    found += [("unit", unit) for unit in actor.unit_ids[:1]]
    found += [("person", user) for user in supervisors(organisation_id) if user != actor.user_id]
    return found


def share_with_team(
    *,
    actor: Viewer,
    object_kind: str,
    object_id: UUID,
    scopes: Sequence[str],
    purpose: str,
    organisation_id: UUID,
) -> None:
    """Grant a new object to its maker, to his team and to the supervisors of his organisation.

    The maker first: from then on only a holder can pass the object on.
    """
    began = this_transaction()
    for kind, grantee in team_of(actor, organisation_id):
        grant(
            actor=actor,
            object_kind=object_kind,
            object_id=object_id,
            grantee_kind=kind,
            grantee_id=grantee,
            scopes=scopes,
            purpose=purpose,
            valid_from=began,
        )
