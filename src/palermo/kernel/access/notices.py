"""Notices: what a person must know because somebody else did something. Kind and place only, never a name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.models import Notice
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound

TITLES = {
    "break_glass": _("Emergency access was used"),
    "role_given": _("Somebody was given a role in your organisation"),
    "sign_in_reset": _("The sign-in of a member of your organisation was reset"),
    "mass_reveal": _("Somebody in your organisation revealed unusually many identities"),
    "duplicate_search": _("A colleague elsewhere searches for a person that you look after"),
}


@dataclass(frozen=True, slots=True)
class Emergency:
    """One break-glass, as those see it who were told. `object_id` is None for who does not hold the object."""

    grant_id: UUID
    who: UUID
    since: datetime
    until: datetime
    reason: str
    object_kind: str
    object_id: UUID | None


def title_of(notice: Notice) -> str:
    """The sentence of a notice's kind."""
    return str(TITLES.get(notice.kind, _("Notice")))


def unseen(viewer: Viewer) -> QuerySet[Notice]:
    """What the viewer, or anybody of his role and organisation, has not yet marked as seen."""
    return mine(viewer).filter(seen_at=None)


def mine(viewer: Viewer) -> QuerySet[Notice]:
    """All notices for the viewer: to him by name, or to a role that he holds, in an organisation of his."""
    from django.db.models import Q

    if not viewer.is_person:
        return Notice.objects.none()
    by_role = Q(role__in=viewer.roles, organisation__in=viewer.organisation_ids)
    return Notice.objects.filter(Q(user_id=viewer.user_id) | by_role).select_related("about", "organisation")


@transaction.atomic
def mark_seen(*, actor: Viewer, notice_ids: Sequence[UUID]) -> int:
    """Mark notices as seen by the actor. Those of others are not touched and not told apart from missing ones.

    What a supervisor did himself waits for another supervisor: one mark hides a notice from all of them.
    """
    require(actor, "access.notice.read")
    return (
        mine(actor)
        .filter(pk__in=list(notice_ids), seen_at=None)
        .exclude(about_id=actor.user_id, role__gt="")
        .update(seen_at=timezone.now(), seen_by_id=actor.user_id)
    )


def tell(
    user_id: UUID,
    *,
    kind: str,
    object_kind: str = "",
    object_id: UUID | None = None,
    about: UUID | None = None,
) -> None:
    """Write a notice to one person. Must run inside the transaction of what it tells about."""
    Notice.objects.create(
        user_id=user_id, kind=kind, object_kind=object_kind, object_id=object_id, about_id=about
    )


def tell_role(
    organisation_id: UUID,
    role: str,
    *,
    kind: str,
    object_kind: str = "",
    object_id: UUID | None = None,
    about: UUID | None = None,
) -> None:
    """Write a notice to all who hold `role` in an organisation."""
    Notice.objects.create(
        role=role,
        organisation_id=organisation_id,
        kind=kind,
        object_kind=object_kind,
        object_id=object_id,
        about_id=about,
    )


def tell_supervisors(
    organisation_id: UUID,
    *,
    kind: str,
    object_kind: str = "",
    object_id: UUID | None = None,
    about: UUID | None = None,
) -> None:
    """Write a notice to the supervisors of an organisation."""
    tell_role(
        organisation_id, "supervisor", kind=kind, object_kind=object_kind, object_id=object_id, about=about
    )


def emergency(viewer: Viewer, grant_id: UUID) -> Emergency:
    """One break-glass that the viewer's house was told of. Raises NotFound."""
    require(viewer, "access.emergency.view")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM access_emergency(%s)", [grant_id])
        row = cursor.fetchone()
    if row is None or row[0] is None:
        raise NotFound()
    return Emergency(grant_id, *row)
