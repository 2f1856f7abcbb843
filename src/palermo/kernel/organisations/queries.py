"""The directory: organisations with their units, and who holds which role. No assisted person is in it."""

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.kernel.organisations.models import Membership, Organisation, Unit


def organisations(viewer: Viewer, text: str = "") -> QuerySet[Organisation]:
    """Organisations whose name holds `text`, with `member_count` (live memberships' persons) and `unit_count`."""
    require(viewer, "organisations.organisation.list")
    found = Organisation.objects.annotate(
        member_count=Count("memberships__user", filter=Q(memberships__ended_at=None), distinct=True),
        unit_count=Count("units", distinct=True),
    )
    found = found.order_by("name")
    return found.filter(name__icontains=text.strip()) if text.strip() else found


def organisation(viewer: Viewer, organisation_id: UUID) -> Organisation:
    """One organisation. Raises NotFound."""
    require(viewer, "organisations.organisation.list")
    found = Organisation.objects.filter(pk=organisation_id).first()
    if found is None:
        raise NotFound()
    return found


def units(viewer: Viewer, organisation_id: UUID) -> QuerySet[Unit]:
    """The units of one organisation, by name."""
    require(viewer, "organisations.organisation.list")
    return Unit.objects.filter(organisation_id=organisation_id)


def memberships_of(viewer: Viewer, user_id: UUID) -> QuerySet[Membership]:
    """Where a colleague works and worked, live memberships first."""
    require(viewer, "access.user.list")
    return (
        Membership.objects.filter(user_id=user_id)
        .select_related("organisation", "unit")
        .order_by("ended_at", "created_at")
    )
