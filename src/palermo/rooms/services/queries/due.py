"""What waits for the viewer: old counts of free places, reviews that fall due, findings to put right."""

from datetime import date, datetime, time, timedelta

from django.db.models import F, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import can
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.services.models import Finding, FindingState, Service, State
from palermo.rooms.services.queries.clock import fresh_for, local
from palermo.web.room import Due

AHEAD = timedelta(days=45)
MOST = 20


def due_for(viewer: Viewer) -> list[Due]:
    """Everything of this room that waits for the viewer."""
    found: list[Due] = []
    if viewer.organisation_ids and can(viewer, "services.capacity.tell"):
        found += _capacity(viewer)
    if can(viewer, "services.review.list"):
        found += _reviews(viewer) + _findings(viewer)
    return found


def _capacity(viewer: Viewer) -> list[Due]:
    old = timezone.now() - fresh_for()
    rows = (
        Service.objects.filter(
            organisation_id__in=viewer.organisation_ids, state=State.ACTIVE, places__total__gt=0
        )
        .annotate(told=Min(F("places__told_at")))
        .filter(Q(told__lte=old) | Q(places__told_at=None))
        .distinct()
    )
    return [
        Due(
            title=_("%(service)s: say how many places are free") % {"service": row.name},
            url=reverse("services:capacity", args=[row.pk]),
            due_at=row.told + fresh_for() if row.told else None,
            level="overdue",
        )
        for row in rows[:MOST]
    ]


def end_of(day: date) -> datetime:
    """The last minute of a day in the country."""
    return datetime.combine(day, time(23, 59), tzinfo=local().tzinfo)


def _reviews(viewer: Viewer) -> list[Due]:
    """For those who review: what falls due soon. For the shelter: the same of its own."""
    rows = Service.objects.filter(review_due__lte=timezone.localdate() + AHEAD).exclude(state=State.CLOSED)
    if not can(viewer, "services.review.hold"):
        rows = rows.filter(organisation_id__in=viewer.organisation_ids)
    return [
        Due(
            title=_("%(service)s: yearly review of standards") % {"service": row.name},
            url=reverse("services:reviews", args=[row.pk]),
            due_at=end_of(row.review_due),
        )
        for row in rows.order_by("review_due")[:MOST]
    ]


def _findings(viewer: Viewer) -> list[Due]:
    """What the viewer's own shelter must put right, and what he has to confirm."""
    rows = Finding.objects.select_related("service").filter(
        Q(state=FindingState.OPEN, service__organisation_id__in=viewer.organisation_ids)
        | Q(state=FindingState.ANSWERED, review__reviewing_id__in=viewer.organisation_ids)
    )
    return [
        Due(
            title=(
                _("%(service)s: confirm what was put right")
                if row.state == FindingState.ANSWERED
                else _("%(service)s: put a finding right")
            )
            % {"service": row.service.name},
            url=reverse("services:review", args=[row.review_id]),
            due_at=end_of(row.due_on),
        )
        for row in rows[:MOST]
    ]
