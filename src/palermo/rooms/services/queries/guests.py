"""Who has a place, by case code; what the people of one's cases need and what was done about it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Prefetch, Q
from django.utils import timezone

from palermo.kernel.access.policy import can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.rooms.services.models import Admission, Delivery, Need, NeedState, Service
from palermo.rooms.services.queries.directory import may_see_guests
from palermo.rooms.services.queries.labels import label, labels

URGENCY = ("today", "days", "weeks", "later")


@dataclass(frozen=True, slots=True)
class Guest:
    """An admission as the staff of the shelter sees it. `case_id` only where the viewer holds the case."""

    admission: Admission
    case_id: UUID | None

    @property
    def care(self) -> str:
        return labels("palermo/care_flag", self.admission.care)

    @property
    def leaving(self) -> str:
        return label("palermo/leaving_reason", self.admission.leaving)

    @property
    def group(self) -> str:
        return label("palermo/place_group", self.admission.places.group)

    @property
    def overstays(self) -> bool:
        until: date | None = self.admission.until
        return self.admission.left_at is None and until is not None and until < timezone.localdate()


def guests(viewer: Viewer, service: Service, *, left: bool = False) -> list[Guest]:
    """Those who have a place now (or, with `left`, the last hundred who had one). For the shelter's own staff."""
    require(viewer, "services.admission.list")
    if not may_see_guests(viewer, service):
        raise NotFound()
    rows = Admission.objects.filter(service=service, left_at__isnull=not left).select_related("places")
    found = list(rows.order_by("-left_at" if left else "admitted_at", "id")[: 100 if left else 2000])
    mine = held_cases(viewer, {row.case_id for row in found})
    return [Guest(row, row.case_id if row.case_id in mine else None) for row in found]


def held_cases(viewer: Viewer, case_ids: set[UUID]) -> set[UUID]:
    """Those of the cases that the viewer holds."""
    from palermo.kernel.access.models import Grant

    grantees = [g for g in (viewer.user_id, *viewer.unit_ids, *viewer.organisation_ids) if g]
    rows = Grant.objects.filter(object_id__in=case_ids, grantee_id__in=grantees, scopes__contains=["case"])
    return set(rows.values_list("object_id", flat=True))


def admission(viewer: Viewer, admission_id: UUID) -> Admission:
    """One admission, for the staff of the shelter. Raises NotFound."""
    found = Admission.objects.filter(pk=admission_id).select_related("service", "places").first()
    if found is None or not may_see_guests(viewer, found.service):
        raise NotFound()
    return found


@dataclass(frozen=True, slots=True)
class NeedRow:
    """A need in words, with what was planned or done about it."""

    need: Need
    deliveries: tuple[Delivery, ...]

    @property
    def kind(self) -> str:
        return label("palermo/service_kind", self.need.kind)

    @property
    def urgency(self) -> str:
        return label("palermo/need_urgency", self.need.urgency)

    @property
    def reason(self) -> str:
        return label("palermo/unmet_reason", self.need.unmet_reason)


def _rows(condition: Q, most: int) -> list[NeedRow]:
    deliveries = Prefetch("deliveries", Delivery.objects.select_related("service", "service__organisation"))
    rows = list(Need.objects.filter(condition).prefetch_related(deliveries)[:most])
    rank = {code: place for place, code in enumerate(URGENCY)}
    states = {NeedState.OPEN: 0, NeedState.UNMET: 1, NeedState.MET: 2}
    rows.sort(key=lambda need: (states[NeedState(need.state)], rank.get(need.urgency, 9), need.since))
    found = []
    for need in rows:
        done = tuple(need.deliveries.all())
        for delivery in done:
            delivery.outcome_name = label("palermo/delivery_outcome", delivery.outcome)  # type: ignore[attr-defined]
        found.append(NeedRow(need, done))
    return found


def needs_of(viewer: Viewer, case_id: UUID) -> list[NeedRow]:
    """The needs of one case that the viewer holds: open ones first, the most urgent on top. Raises NotFound."""
    require(viewer, "services.need.view", case_id)
    return _rows(Q(case_id=case_id), 500)


def my_needs(viewer: Viewer, *, urgency: str = "", kind: str = "") -> list[NeedRow]:
    """Open needs in all cases that the viewer holds, the most urgent first."""
    require(viewer, "services.need.list")
    condition = Q(state=NeedState.OPEN)
    if urgency:
        condition &= Q(urgency=urgency)
    if kind:
        condition &= Q(kind=kind)
    return _rows(condition, 200)


def need(viewer: Viewer, need_id: UUID) -> Need:
    """One need; NotFound unless the viewer holds its case."""
    found = Need.objects.filter(pk=need_id).first()
    if found is None or not can(viewer, "services.need.view", found.case_id):
        raise NotFound()
    return found


def delivery(viewer: Viewer, delivery_id: UUID) -> Delivery:
    """One delivery with its service; NotFound unless the viewer holds the case."""
    found = Delivery.objects.filter(pk=delivery_id).select_related("service", "need").first()
    if found is None or not can(viewer, "services.need.view", found.case_id):
        raise NotFound()
    return found
