"""Assessments that the viewer takes part in, who else does, and how far they are."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict, NotFound
from palermo.kernel.organisations.models import Membership
from palermo.rooms.assessments.models import Assessment, Member, Progress, Recommendation, State
from palermo.standards.toolkits import Toolkit, toolkits

# Who may be asked to assess: those who may see the room at all.
ASSESSORS = (
    "coordinator", "editor", "programme_officer", "analyst", "prosecutor", "supervisor", "competent_authority",
    "child_protection",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """A member as the page tells of them. answered: cells of `total`; None where the viewer may not know."""

    member: Member
    answered: int | None
    total: int


def assessments(viewer: Viewer) -> QuerySet[Assessment]:
    """Those that the viewer takes part in, the newest first."""
    require(viewer, "assessments.assessment.list")
    return Assessment.objects.select_related("organisation")


def assessment(viewer: Viewer, assessment_id: UUID) -> Assessment:
    """One of them. Raises NotFound for one that is not there and one that is not the viewer's."""
    require(viewer, "assessments.assessment.view", assessment_id)
    found = Assessment.objects.select_related("organisation", "lead").filter(pk=assessment_id).first()
    if found is None:
        raise NotFound()
    return found


def toolkit_of(of: Assessment) -> Toolkit:
    """The measures that it was begun with. Raises Conflict where this installation has another file of that version."""
    found = toolkits().get((of.toolkit, of.toolkit_version))
    if found is None or found.sha256 != of.toolkit_sha256:
        raise Conflict(
            _("This assessment was begun with a file of measures that this installation does not have."),
            rule="assessments.toolkit",
        )
    return found


def team(of: Assessment) -> list[Member]:
    return list(Member.objects.filter(assessment=of).select_related("user"))


def member(viewer: Viewer, of: Assessment) -> Member | None:
    """The viewer's own place in it."""
    return Member.objects.filter(assessment=of, user_id=viewer.user_id).select_related("user").first()


def leads(viewer: Viewer, of: Assessment) -> bool:
    return viewer.user_id is not None and of.lead_id == viewer.user_id


def answers_now(of: Assessment, one: Member | None) -> bool:
    """Whether this member still answers."""
    return bool(one and one.number and of.state == State.OPEN and one.handed_in_at is None)


def standings(viewer: Viewer, of: Assessment) -> list[Standing]:
    """The assessors and how far they are: for the lead, counts alone; to each other, whether they have handed in."""
    total = len(toolkit_of(of).cells)
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, answered FROM assessments_progress(%s)", [of.pk])
        told: dict[int, int] = dict(cursor.fetchall())
    return [Standing(one, told.get(one.number), total) for one in team(of) if one.number]


def people(viewer: Viewer) -> list[tuple[str, str]]:
    """Who could be asked to assess, for a form: not the viewer, who leads."""
    require(viewer, "assessments.assessment.open")
    rows = Membership.objects.filter(ended_at=None, role__in=ASSESSORS, user__is_active=True).exclude(
        user_id=viewer.user_id
    )
    found = {
        str(one.user_id): f"{one.user} · {one.organisation}"
        for one in rows.select_related("user", "organisation").order_by("-organisation__name")
    }
    return sorted(found.items(), key=lambda one: (one[1], one[0]))


def recommendations(viewer: Viewer, of: Assessment | None = None) -> list[Recommendation]:
    """Of one assessment, or of all that the viewer takes part in; by their date."""
    require(viewer, "assessments.assessment.list")
    rows = Recommendation.objects.select_related("assessment").order_by("due", "assessment__title", "number")
    return list(rows.filter(assessment=of) if of else rows)


def recommendation(viewer: Viewer, of: Assessment, key: UUID) -> Recommendation:
    found = Recommendation.objects.select_related("assessment").filter(assessment=of, pk=key).first()
    if found is None:
        raise NotFound()
    return found


def overdue(one: Recommendation, today: date) -> bool:
    """Whether its date is past and nobody said that it is done or not pursued."""
    return one.due < today and one.state in (Progress.OPEN, Progress.UNDER_WAY)


def assessor_of(of: Assessment, name: str = "", number: int = 0) -> Member:
    """An assessor by username or number. Raises NotFound."""
    wanted = Q(user__username=name) if name else Q(number=number)
    found = Member.objects.filter(wanted, assessment=of, number__gt=0).select_related("user").first()
    if found is None:
        raise NotFound()
    return found
