"""The directory, who holds which role, and what waits for a second person. No assisted person is in it."""

from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet

from palermo.kernel.access.models import User
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.kernel.organisations.models import (
    Membership,
    Organisation,
    Proposal,
    ProposalKind,
    ProposalState,
    Unit,
)


def organisations(viewer: Viewer, text: str = "") -> QuerySet[Organisation]:
    """Organisations whose name holds `text`, with `member_count` (live memberships' persons) and `unit_count`."""
    require(viewer, "organisations.organisation.list")
    found = Organisation.objects.annotate(
        member_count=Count("memberships__user", filter=Q(memberships__ended_at=None), distinct=True),
        unit_count=Count("units", distinct=True),
    )
    found = found.order_by("name")
    return found.filter(name__icontains=text.strip()) if text.strip() else found


def colleagues_of(viewer: Viewer) -> QuerySet[User]:
    """Who works where the viewer supervises, but himself: those for whom he may ask for a recovery."""
    require(viewer, "access.recovery.ask")
    if viewer.user_id is None:
        return User.objects.none()
    houses = Membership.objects.filter(user_id=viewer.user_id, role="supervisor", ended_at=None)
    there = Membership.objects.filter(ended_at=None, organisation_id__in=houses.values("organisation_id"))
    found = User.objects.filter(pk__in=there.values("user_id"), is_active=True).exclude(pk=viewer.user_id)
    return found.order_by("username")


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


def houses(found: Proposal) -> list[UUID]:
    """The organisations that a proposal concerns: that of the role, that which loses the unit, those of the person."""
    if found.subject_id and found.kind in (ProposalKind.REOPEN, ProposalKind.RECOVERY):
        live = Membership.objects.filter(user_id=found.subject_id, ended_at=None)
        return list(live.order_by().values_list("organisation_id", flat=True).distinct())
    return [found.organisation_id] if found.organisation_id else []


def proposals(viewer: Viewer) -> QuerySet[Proposal]:
    """Everything that was asked for and that the viewer may read, the newest first. The database draws the line."""
    require(viewer, "organisations.proposal.list")
    return Proposal.objects.select_related(
        "subject", "organisation", "unit", "asked_by", "decided_by", "ended_by"
    )


def open_proposals(viewer: Viewer) -> QuerySet[Proposal]:
    """What is still to be decided, or waits out its day."""
    from django.utils import timezone

    return proposals(viewer).filter(state__in=Proposal.OPEN, expires_at__gt=timezone.now())


def proposal(viewer: Viewer, proposal_id: UUID) -> Proposal:
    """One proposal. Raises NotFound."""
    found = proposals(viewer).filter(pk=proposal_id).first()
    if found is None:
        raise NotFound()
    return found


def _asked(function: str, proposal_id: UUID) -> object:
    with connection.cursor() as cursor:
        # The name is a constant of this module.
        cursor.execute(f"SELECT {function}(%s)", [proposal_id])
        return cursor.fetchone()[0]


def may_decide(viewer: Viewer, found: Proposal) -> bool:
    """Whether the decision is the viewer's: the database says so, by the token of the transaction."""
    return viewer.is_person and bool(_asked("organisations_may_decide", found.pk))


def may_take(found: Proposal) -> bool:
    """Whether the viewer is the one of the two who gets the link of a recovery."""
    return found.state == ProposalState.COOLING and bool(_asked("organisations_may_take_recovery", found.pk))


def may_stop(viewer: Viewer, found: Proposal) -> bool:
    """Whether the viewer may stop a recovery: the person himself, a supervisor of his, a coordinator."""
    if found.kind != ProposalKind.RECOVERY or not found.is_open or viewer.user_id is None:
        return False
    supervised = Membership.objects.filter(
        user_id=viewer.user_id, role="supervisor", ended_at=None, organisation_id__in=houses(found)
    )
    return viewer.user_id == found.subject_id or viewer.has("coordinator") or supervised.exists()


def decided_by_whom(found: Proposal) -> str:
    """supervisor, coordinator, national or operator: whose decision this is (see `sql.py`)."""
    return str(_asked("organisations_decided_by", found.pk))


def recovery_of(user_id: UUID) -> tuple[object, object] | None:
    """(asked at, ready at) of an open recovery of somebody; for the sign-in page, before he is known."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM organisations_recovery_of(%s)", [user_id])
        row = cursor.fetchone()
    return (row[0], row[1]) if row and row[0] else None
