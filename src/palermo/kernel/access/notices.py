"""Notices: what a person must know because somebody else did something. Kind and place only, never a name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.models import Notice, NoticeSeen
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound

TITLES = {
    "break_glass": _("Emergency access was used"),
    "role_given": _("Somebody was given a role in your organisation"),
    "unit_moved": _("A team was moved to your organisation"),
    "account_reopened": _("The closed account of a member of your organisation was opened again"),
    "recovery_asked": _("Somebody asked that you get a new way to sign in"),
    "recovery_agreed": _(
        "A new way to sign in was confirmed; it takes effect after a day, unless it is stopped"
    ),
    "recovery_stopped": _("A new way to sign in was stopped"),
    "proposal_refused": _("What you asked for was refused"),
    "sign_in_reset": _("The sign-in of a member of your organisation was reset"),
    "mass_reveal": _("Somebody in your organisation revealed unusually many identities"),
    "same_person_proposed": _("Somebody asks whether a person whom you look after is the same as another"),
    "same_person_confirmed": _("A person whom you look after was confirmed to be the same as another"),
    "same_person_refused": _(
        "Your question whether two persons are one was answered: they are not, or it is unsure"
    ),
    "same_person_undone": _("Two persons that were held to be one are two again"),
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
    """What the viewer himself has not yet marked as seen, whatever others of his role have done."""
    return mine(viewer).exclude(seen__reader_id=viewer.user_id)


def mine(viewer: Viewer) -> QuerySet[Notice]:
    """All notices for the viewer: to him by name, or to a role that he holds, in an organisation of his.

    Each says in `is_seen` whether he has marked it.
    """
    if not viewer.is_person:
        return Notice.objects.none()
    by_role = Q(role__in=viewer.roles, organisation__in=viewer.organisation_ids)
    seen = NoticeSeen.objects.filter(notice_id=OuterRef("pk"), reader_id=viewer.user_id)
    return (
        Notice.objects.filter(Q(user_id=viewer.user_id) | by_role)
        .select_related("about", "organisation")
        .annotate(is_seen=Exists(seen))
    )


@transaction.atomic
def mark_seen(*, actor: Viewer, notice_ids: Sequence[UUID]) -> int:
    """Mark notices as seen by the actor, for himself alone. Those of others are not told apart from missing ones."""
    require(actor, "access.notice.read")
    found = list(unseen(actor).filter(pk__in=list(notice_ids)))
    for notice in found:
        NoticeSeen.objects.get_or_create(notice=notice, reader_id=actor.user_id)
    return len(found)


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
