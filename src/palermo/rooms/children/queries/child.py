"""One child in protection, and what stands in the way of others before there is a guardian."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.models import User
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.kernel.organisations.models import Membership, Organisation, OrganisationType
from palermo.rooms.children.models import Body, ChildProtection, Guardian

# States of standards/workflows/child_protection.toml in which nobody answers for the child yet.
WITHOUT_GUARDIAN = ("age", "notify", "interim_protection")
AGEING_SOON = timedelta(days=180)
# Who of a police unit is told: those of these roles who have an account there.
POLICE_ROLES = ("competent_authority", "first_responder", "supervisor")
ROLES_OF = {
    Body.CHILD_PROTECTION: ("child_protection",),
    Body.COORDINATOR: ("coordinator",),
    Body.POLICE: POLICE_ROLES,
}


def child_of(viewer: Viewer, case_id: UUID) -> ChildProtection | None:
    """The file of the child in this case; None where nobody has begun one. NotFound without a grant on the case."""
    require(viewer, "children.child.view", case_id)
    return ChildProtection.objects.filter(pk=case_id).select_related("organisation").first()


def child(viewer: Viewer, case_id: UUID) -> ChildProtection:
    """The file of the child in this case, or NotFound."""
    found = child_of(viewer, case_id)
    if found is None:
        raise NotFound()
    return found


def guardian(viewer: Viewer, of: ChildProtection) -> Guardian | None:
    """Who speaks for the child now, without the name."""
    return Guardian.objects.filter(child=of, ended_at=None).select_related("organisation").first()


def before_guardian(viewer: Viewer, *, case_id: UUID) -> str:
    """Why no interview and no packet beyond safety may go out now; "" when they may (CoE Convention 10(4)(a)).

    For rooms that refer or interview. A case without a file of a child says nothing.
    """
    found = child_of(viewer, case_id)
    return "" if found is None else without_guardian(found)


def without_guardian(of: ChildProtection) -> str:
    """The same sentence for a file that is read already."""
    if of.state not in WITHOUT_GUARDIAN:
        return ""
    return _("The child has no guardian yet: tell only what safety needs, and do not interview the child.")


def bodies(body: str) -> list[tuple[str, str]]:
    """(id, name) of the organisations that can be told as this body: with such colleagues, or police by kind."""
    rows = Organisation.objects.filter(closed_on=None)
    if body == Body.POLICE:
        rows = rows.filter(kind=OrganisationType.LAW_ENFORCEMENT)
    else:
        held = Membership.objects.filter(role__in=ROLES_OF[Body(body)], ended_at=None)
        rows = rows.filter(pk__in=held.values("organisation_id"))
    return [(str(pk), name) for pk, name in rows.order_by("name").values_list("pk", "name")]


def colleagues(organisation_id: UUID, body: str) -> list[tuple[UUID, str]]:
    """(user, role) of those who are told there."""
    rows = Membership.objects.filter(
        organisation_id=organisation_id, role__in=ROLES_OF[Body(body)], ended_at=None
    )
    return list(rows.order_by("user_id", "role").values_list("user_id", "role").distinct())


def possible_chairs(viewer: Viewer, lead_worker: UUID | None) -> list[tuple[str, str]]:
    """Colleagues who may sit in the chair: of child protection and the competent authority, never the lead worker."""
    held = Membership.objects.filter(role__in=("child_protection", "competent_authority"), ended_at=None)
    rows = User.objects.filter(pk__in=held.values("user_id")).exclude(pk=lead_worker)
    return [(str(user.pk), str(user)) for user in rows.order_by("display_name")]


def ageing_soon(of: ChildProtection) -> bool:
    """Whether the child turns 18 within 180 days, by the estimated month."""
    return of.turns_18_at is not None and of.turns_18_at - AGEING_SOON <= timezone.now()
