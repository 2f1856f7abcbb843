"""The JSON twin: the directory, matching, capacity, needs and counts, with the rights of the pages. No address that
is confidential and no identity leaves this way.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema

from palermo.disclosure import TOTAL
from palermo.kernel.access.policy import require
from palermo.kernel.errors import Refused
from palermo.rooms.cases import actions as cases
from palermo.rooms.services import actions, queries
from palermo.rooms.services.api import shelter
from palermo.rooms.services.models import Need, Service

router = Router(tags=["services"])
router.add_router("", shelter.router)


class PlacesOut(Schema):
    group: str
    total: int
    free: int
    version: int
    told_at: datetime | None


class ServiceOut(Schema):
    id: UUID
    version: int
    organisation_id: UUID
    name: str
    kind: str
    about: str
    state: str
    state_reason: str
    areas: list[str]
    countries: list[str]
    remote: bool
    crime: str
    sexes: list[str]
    age_from: int | None
    age_until: int | None
    families: bool
    step_free: bool | None
    languages: list[str]
    around_the_clock: bool
    hours: dict[str, list[list[str]]]
    closed_on_holidays: bool
    phone: str
    emergency_phone: str
    email: str
    website: str
    confidential: bool
    address: str
    cost: str
    conditions: str
    public: bool
    review_due: date | None


class EntryIn(Schema):
    organisation_id: UUID | None = None
    values: dict[str, Any]


class ChangeIn(Schema):
    values: dict[str, Any]
    expected_version: int


class CapacityIn(Schema):
    free: dict[str, int]
    versions: dict[str, int]


class WantIn(Schema):
    kind: str
    area: str = ""
    language: str = ""
    sex: str = ""
    age: int | None = None
    crime: str = ""
    family: bool = False
    step_free: bool = False
    urgent: bool = False


class NeedIn(Schema):
    kind: str
    urgency: str
    since: date | None = None
    area: str = ""


class NeedOut(Schema):
    id: UUID
    version: int
    case_id: UUID
    kind: str
    urgency: str
    since: date
    area: str
    state: str
    unmet_reason: str


class UnmetIn(Schema):
    reason: str
    expected_version: int


class PlanIn(Schema):
    service_id: UUID
    planned_for: date | None = None


class DeliveryOut(Schema):
    id: UUID
    version: int
    need_id: UUID
    service_id: UUID
    state: str
    planned_for: date | None
    started_on: date | None
    ended_on: date | None
    outcome: str


class StepIn(Schema):
    state: str
    expected_version: int
    outcome: str = ""
    on: date | None = None


def _service(service: Service) -> dict[str, Any]:
    row = queries.row_of(service, timezone.now())
    return {
        **ServiceOut.from_orm(service).dict(),
        "open_now": row.is_open,
        "free": row.free,
        "told_at": row.told_at,
        "stale": row.stale,
        "places": [PlacesOut.from_orm(place).dict() for place in row.places],
    }


@router.get("/public")
def public_services(
    request: HttpRequest, kind: str = "", area: str = "", language: str = ""
) -> list[dict[str, Any]]:
    """What anybody may read: name, telephone, hours, languages of the services that the office shows."""
    names = (
        "id", "name", "organisation", "kind", "about", "phone", "website", "address", "areas", "languages", "cost",
        "around_the_clock", "is_open", "week", "where",
    )  # fmt: skip
    found = queries.public_services(request.viewer, kind=kind, area=area, language=language)
    return [{name: getattr(each, name) for name in names} for each in found]


@router.get("/services")
def list_services(
    request: HttpRequest,
    q: str = "",
    kind: str = "",
    area: str = "",
    language: str = "",
    who: str = "",
    open_now: bool = False,
    free: bool = False,
    page: int = 1,
) -> dict[str, Any]:
    """The directory by name; `who` is woman, man, girl, boy or family."""
    found = queries.services(
        request.viewer, text=q, kind=kind, area=area, language=language, who=who, open_now=open_now, free=free,
        page=max(1, min(page, 10_000)),
    )  # fmt: skip
    return {
        "items": [_service(row.service) for row in found.rows],
        "count": found.count,
        "kinds": found.kinds,
    }


@router.post("/services")
def add_service(request: HttpRequest, data: EntryIn) -> dict[str, Any]:
    """Enter a service, of one's own organisation unless another is named."""
    require(request.viewer, "services.service.edit")
    owner = data.organisation_id or request.viewer.organisation_id
    if owner is None:
        raise Refused(_("You need a place in an organisation to enter a service."), rule="organisation")
    made = actions.add_service(actor=request.viewer, organisation_id=owner, values=data.values)
    return _service(queries.service(request.viewer, made.pk))


@router.get("/services/{service_id}")
def read_service(request: HttpRequest, service_id: UUID) -> dict[str, Any]:
    """One service with its places."""
    return _service(queries.service(request.viewer, service_id))


@router.post("/services/{service_id}")
def change_service(request: HttpRequest, service_id: UUID, data: ChangeIn) -> dict[str, Any]:
    """Change an entry."""
    found = queries.service(request.viewer, service_id)
    actions.change_service(
        actor=request.viewer, service=found, values=data.values, expected_version=data.expected_version
    )
    return _service(queries.service(request.viewer, service_id))


@router.post("/services/{service_id}/capacity")
def tell_capacity(request: HttpRequest, service_id: UUID, data: CapacityIn) -> dict[str, Any]:
    """Say how many places are free now."""
    found = queries.service(request.viewer, service_id)
    actions.tell_capacity(actor=request.viewer, service=found, free=data.free, versions=data.versions)
    return _service(queries.service(request.viewer, service_id))


@router.post("/matches")
def match_services(request: HttpRequest, data: WantIn) -> list[dict[str, Any]]:
    """Services that fit, best first, with sentences why and why not. Nothing of the question is stored."""
    found = queries.find_services(request.viewer, queries.Want(**data.dict()))
    return [
        {
            "service": _service(match.service),
            "fits": match.fits,
            "score": match.score,
            "why": list(match.why),
            "why_not": list(match.why_not),
        }
        for match in found
    ]


@router.get("/cases/{case_id}/needs")
def case_needs(request: HttpRequest, case_id: UUID) -> list[dict[str, Any]]:
    """Needs of a case that the viewer holds. Leaves the same trace as the page."""
    require(request.viewer, "services.need.view", case_id)
    cases.look_at(actor=request.viewer, case_id=case_id)
    return [
        {
            **NeedOut.from_orm(row.need).dict(),
            "deliveries": [DeliveryOut.from_orm(it).dict() for it in row.deliveries],
        }
        for row in queries.needs_of(request.viewer, case_id)
    ]


@router.post("/cases/{case_id}/needs", response=NeedOut)
def record_need(request: HttpRequest, case_id: UUID, data: NeedIn) -> Need:
    """Record a need."""
    return actions.record_need(actor=request.viewer, case_id=case_id, **data.dict())


@router.post("/needs/{need_id}/unmet", response=NeedOut)
def need_unmet(request: HttpRequest, need_id: UUID, data: UnmetIn) -> Need:
    """Say that a need cannot be met now."""
    return actions.say_unmet(
        actor=request.viewer, need_id=need_id, reason=data.reason, expected_version=data.expected_version
    )


@router.post("/needs/{need_id}/deliveries", response=DeliveryOut)
def plan_delivery(request: HttpRequest, need_id: UUID, data: PlanIn) -> Any:
    """Plan a service as the answer to a need."""
    return actions.plan_delivery(
        actor=request.viewer, need_id=need_id, service_id=data.service_id, planned_for=data.planned_for
    )


@router.post("/deliveries/{delivery_id}", response=DeliveryOut)
def move_delivery(request: HttpRequest, delivery_id: UUID, data: StepIn) -> Any:
    """Say what happened with a planned service."""
    return actions.move_delivery(actor=request.viewer, delivery_id=delivery_id, **data.dict())


@router.get("/unmet")
def unmet_counts(request: HttpRequest, since: date, until: date) -> dict[str, Any]:
    """Cases with an unmet need, protected: null is withheld."""
    found = queries.unmet_counts(request.viewer, since=since, until=until)
    return {
        "total": found.total,
        "by_reason": [
            {"kind": kind, "reason": reason, "cases": count}
            for (kind, reason), count in found.by_reason.items()
        ],
        "by_area": [
            {"kind": kind, "area": area, "cases": count} for (kind, area), count in found.by_area.items()
        ],
        "total_code": TOTAL,
    }
