"""The file of a child follows its case: to the house that takes it over, with everything that is written in it."""

from uuid import UUID

from django.utils.translation import gettext as _

from palermo.kernel.access.models import Grant
from palermo.kernel.access.notices import tell
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict
from palermo.kernel.organisations.models import Membership
from palermo.rooms.children.models import ChildProtection

# States of child_protection after which nothing of the protection runs.
OVER = ("closed", "follow_up", "adult_track")


def follow_the_case(*, actor: Viewer, case_id: UUID, organisation_id: UUID) -> None:
    """Name the house that has the case now as the one that has the file, and tell who protects the child.

    Nothing is copied: the file has the id of the case, so the new house holds guardian, views, best interests, panels
    and determinations by its grant on the case, and the old house nothing. Called in the transaction of the handing
    over. Nothing happens where nobody has begun a file.
    """
    child = ChildProtection.objects.filter(pk=case_id).first()
    if child is None:
        return
    child.change({"organisation_id": organisation_id}, expected_version=child.version)
    told = [user for user in _protectors(case_id) if user != actor.user_id]
    for user in told:
        tell(user, kind="child_moved", object_kind="case", object_id=case_id)
    record(
        actor=actor,
        action="children.child.follow",
        object_kind="case",
        object_id=case_id,
        detail={"to": str(organisation_id), "protectors": len(told)},
    )


def closed_before_the_case(*, actor: Viewer, case_id: UUID) -> None:
    """The help for a child ends only when its protection has: guardian and child protection have agreed then.

    Raises Conflict, and the case stays as it is. Nothing happens where nobody has begun a file.
    """
    child = ChildProtection.objects.filter(pk=case_id).first()
    if child is None or child.state in OVER:
        return
    raise Conflict(
        _(
            "The protection of the child still runs. Child protection closes it first, with the guardian, under "
            "“Child”; then the case can close."
        ),
        rule="children.case.closing",
        state=child.state,
    )


def _protectors(case_id: UUID) -> list[UUID]:
    """Who works for child protection and holds the case in person or by an organisation."""
    held = {
        row.grantee_id
        for row in Grant.objects.raw("SELECT * FROM access_grants_of(%s)", [case_id])
        if row.revoked_at is None
    }
    rows = Membership.objects.filter(role="child_protection", ended_at=None, user__is_active=True)
    return sorted(
        {user for user, house in rows.values_list("user_id", "organisation_id") if {user, house} & held}
    )
