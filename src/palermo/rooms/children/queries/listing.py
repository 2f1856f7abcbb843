"""The children that the viewer holds, those that need something first; and what is due at home."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.models import Grant
from palermo.kernel.access.policy import can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.workflow import queries as workflow
from palermo.kernel.workflow.models import Deadline
from palermo.rooms.children.models import ChildProtection, Guardian
from palermo.rooms.children.queries.child import AGEING_SOON
from palermo.rooms.children.queries.page import state_name
from palermo.web.room import Due

PAGE = 50
ENDED = ("adult_track", "closed")
BIA_RULES = ("bia_provisional", "bia_full")
FILTERS = ("", "no_guardian", "bia_overdue", "ageing", "missing", "closed")


@dataclass(frozen=True, slots=True)
class Row:
    """One child in the list: codes, state, whether there is a guardian, the nearest deadline."""

    child: ChildProtection
    state: str
    has_guardian: bool
    label: str
    due_at: datetime | None


def _held(viewer: Viewer) -> QuerySet[ChildProtection]:
    grantees = [g for g in (viewer.user_id, *viewer.unit_ids, *viewer.organisation_ids) if g]
    held = Grant.objects.filter(object_kind="case", grantee_id__in=grantees).values("object_id")
    guarded = Guardian.objects.filter(child=OuterRef("pk"), ended_at=None)
    return ChildProtection.objects.filter(pk__in=held).annotate(guarded=Exists(guarded))


def children(viewer: Viewer, *, only: str = "") -> list[Row]:
    """The viewer's children, the most urgent first, at most PAGE. `only`: one of FILTERS."""
    require(viewer, "children.child.list")
    now = timezone.now()
    rows = _held(viewer)
    late = Deadline.objects.filter(
        object_id=OuterRef("pk"), machine="child_protection", rule__in=BIA_RULES, due_at__lt=now,
        met_at=None, cancelled_at=None, paused_at=None,
    )  # fmt: skip
    if only == "closed":
        rows = rows.filter(state__in=ENDED)
    else:
        rows = rows.exclude(state__in=ENDED)
    if only == "no_guardian":
        rows = rows.filter(guarded=False)
    elif only == "bia_overdue":
        rows = rows.filter(Exists(late))
    elif only == "ageing":
        rows = rows.filter(turns_18_at__lte=now + AGEING_SOON)
    elif only == "missing":
        rows = rows.filter(state="suspended")
    found = list(rows.select_related("organisation")[: PAGE * 4])
    clocks = _nearest([child.pk for child in found])
    listed = [
        Row(
            child,
            state_name(child.state),
            bool(child.guarded),  # type: ignore[attr-defined]
            *clocks.get(child.pk, ("", None)),
        )
        for child in found
    ]
    far = datetime.max.replace(tzinfo=UTC)
    return sorted(listed, key=lambda row: (row.due_at or far, row.child.case_code))[:PAGE]


def _nearest(ids: list[UUID]) -> dict[UUID, tuple[str, datetime]]:
    """(what, when) of the nearest running deadline of each."""
    rows = Deadline.objects.filter(
        object_id__in=ids, machine="child_protection", met_at=None, cancelled_at=None, paused_at=None
    ).order_by("-due_at")
    return {row.object_id: (workflow.rule_name(row.rule), row.due_at) for row in rows}


def due_for(viewer: Viewer) -> list[Due]:
    """What is due for children, by the code of the case; then risk assessments after a child was found."""
    if not can(viewer, "children.child.list"):
        return []
    rows = workflow.due(viewer, object_kind="childprotection")
    codes = dict(
        ChildProtection.objects.filter(pk__in={row.object_id for row in rows}).values_list("id", "case_code")
    )
    found = [
        Due(
            title=f"{codes[row.object_id]}: {row.label}",
            url=reverse("children:of-case", args=[row.object_id]),
            due_at=row.due_at,
        )
        for row in rows
        if row.object_id in codes
    ]
    again = _held(viewer).exclude(risk_due_at=None).exclude(state__in=ENDED)[:20]
    return found + [
        Due(
            title=_("%(code)s: Assess the risk again") % {"code": child.case_code},
            url=reverse("children:of-case", args=[child.pk]),
            due_at=child.risk_due_at,
        )
        for child in again
    ]
