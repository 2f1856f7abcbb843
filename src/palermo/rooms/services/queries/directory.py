"""Reading the directory: everybody who holds a role may; what is confidential about an address is not in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from palermo.kernel.access.policy import can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.kernel.organisations.models import Organisation
from palermo.rooms.services.models import Places, SealedAddress, Service, ServiceVersion, State
from palermo.rooms.services.models.hours import is_open
from palermo.rooms.services.queries.clock import country, fresh_for, local
from palermo.rooms.services.queries.labels import accepted, group_name, where

PAGE = 30
WHO = ("woman", "man", "girl", "boy", "family")
ADULT = 18
# The group of places that somebody needs; "anyone" fits everybody.
GROUP_OF = {"woman": "women", "man": "men", "girl": "girls", "boy": "boys", "family": "families"}


@dataclass(frozen=True, slots=True)
class Row:
    """A service as a list shows it. `free` is None where no places are counted; `stale`: told too long ago."""

    service: Service
    is_open: bool | None
    places: tuple[Places, ...]
    total: int
    free: int | None
    told_at: datetime | None
    stale: bool

    @property
    def where(self) -> str:
        return where(self.service)

    @property
    def accepted(self) -> list[str]:
        return accepted(self.service)

    @property
    def groups(self) -> list[tuple[str, Places]]:
        """(name of the group, its places)."""
        return [(group_name(place), place) for place in self.places]

    def free_for(self, who: str) -> int | None:
        """Free places of the group that `who` needs; None where the service counts no places."""
        if not self.places:
            return None
        fitting = {GROUP_OF.get(who, ""), "anyone"} if who else {place.group for place in self.places}
        return sum(place.free for place in self.places if place.group in fitting)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the directory: rows, how many there are in all, and how many of each kind."""

    rows: tuple[Row, ...]
    count: int
    kinds: dict[str, int]
    number: int

    @property
    def more(self) -> bool:
        return self.number * PAGE < self.count


def open_at(service: Service, at: datetime) -> bool | None:
    """Whether the service is open at a local time; None when no hours are recorded."""
    if service.around_the_clock:
        return True
    if not service.hours:
        return None
    return is_open(service.hours, at, country().calendar, closed_on_holidays=service.closed_on_holidays)


def row_of(service: Service, now: datetime) -> Row:
    """The row of a service whose places are prefetched; `now` is an aware time."""
    places = tuple(sorted(service.places.all(), key=lambda place: place.group))
    counted = [place for place in places if place.total]
    times = [place.told_at for place in counted if place.told_at]
    told = min(times) if counted and len(times) == len(counted) else None
    return Row(
        service=service,
        is_open=open_at(service, local(now)),
        places=tuple(counted),
        total=sum(place.total for place in counted),
        free=sum(place.free for place in counted) if counted else None,
        told_at=told,
        stale=bool(counted) and (told is None or now - told > fresh_for()),
    )


def accepting(who: str) -> Q:
    """Services to which a woman, man, girl, boy or family may come; what is not recorded speaks against nobody."""
    if who == "family":
        return Q(families=True)
    sexes = Q(sexes=[]) | Q(sexes__contains=["female" if who in ("woman", "girl") else "male"])
    if who in ("woman", "man"):
        return sexes & (Q(age_until=None) | Q(age_until__gte=ADULT))
    return sexes & (Q(age_from=None) | Q(age_from__lt=ADULT))


def _with_place(who: str) -> Exists:
    """Services that have a free place for them, as it was told last."""
    places = Places.objects.filter(service=OuterRef("pk"), total__gt=F("taken") + F("elsewhere"))
    return Exists(places.filter(group__in=[GROUP_OF.get(who, ""), "anyone"]) if who else places)


def _open(rows: QuerySet[Service]) -> QuerySet[Service]:
    """Those that are open now. Hours over midnight and holidays are reckoned here, for the columns that it takes."""
    now = local(timezone.now())
    timed = rows.filter(around_the_clock=False).exclude(hours={}).prefetch_related(None).select_related(None)
    timed = timed.only("id", "hours", "around_the_clock", "closed_on_holidays").order_by()
    opened = [row.pk for row in timed if open_at(row, now)]
    return rows.filter(Q(around_the_clock=True) | Q(pk__in=opened))


def _found(text: str, areas: Sequence[str], language: str, closed: bool) -> QuerySet[Service]:
    rows = Service.objects.select_related("organisation").prefetch_related("places").order_by("name", "id")
    for word in text.split()[:6]:
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(about__icontains=word)
            | Q(organisation__name__icontains=word)
            | Q(phone__icontains=word)
        )
    if areas:
        rows = rows.filter(Q(areas__overlap=list(areas)) | Q(areas=[]) | Q(remote=True))
    if language:
        rows = rows.filter(languages__contains=[language])
    return rows if closed else rows.exclude(state=State.CLOSED).filter(organisation__closed_on=None)


def services(
    viewer: Viewer,
    *,
    text: str = "",
    kind: str = "",
    area: str = "",
    language: str = "",
    who: str = "",
    open_now: bool = False,
    free: bool = False,
    mine: bool = False,
    page: int = 1,
    all_at_once: bool = False,
) -> Page:
    """The directory by name. `who` is one of WHO; `free` means a free place for them, freshly told or not.

    Everything is asked in the database; only opening hours are reckoned here. A page reads its own rows alone.
    """
    require(viewer, "services.service.list")
    rows = _found(text, [area] if area else [], language, closed=mine)
    if mine:
        rows = rows.filter(organisation_id__in=viewer.organisation_ids)
    if who in WHO:
        rows = rows.filter(accepting(who))
    if free or open_now:
        rows = rows.filter(state=State.ACTIVE)
    if free:
        rows = rows.filter(_with_place(who if who in WHO else ""))
    if open_now:
        rows = _open(rows)
    kinds = dict(rows.order_by().values_list("kind").annotate(n=Count("pk")))
    if kind:
        rows = rows.filter(kind=kind)
    shown = rows if all_at_once else rows[(page - 1) * PAGE : page * PAGE]
    now = timezone.now()
    return Page(
        tuple(row_of(found, now) for found in shown),
        kinds.get(kind, 0) if kind else sum(kinds.values()),
        kinds,
        page,
    )


def service(viewer: Viewer, service_id: UUID) -> Service:
    """One service of the directory. Raises NotFound."""
    require(viewer, "services.service.list")
    found = (
        Service.objects.select_related("organisation")
        .prefetch_related("places", "places__told_by")
        .filter(pk=service_id)
        .first()
    )
    if found is None:
        raise NotFound()
    return found


def may_keep(viewer: Viewer, service: Service) -> bool:
    """Whether the viewer may change the entry."""
    own = service.organisation_id in viewer.organisation_ids or viewer.has("coordinator")
    return own and can(viewer, "services.service.edit")


def may_tell(viewer: Viewer, service: Service) -> bool:
    """Whether the viewer may say how many places are free."""
    own = service.organisation_id in viewer.organisation_ids or viewer.has("coordinator")
    return own and can(viewer, "services.capacity.tell")


def may_admit(viewer: Viewer, service: Service) -> bool:
    """Whether the viewer gives places of this service."""
    return service.organisation_id in viewer.organisation_ids and can(viewer, "services.admission.make")


def may_see_guests(viewer: Viewer, service: Service) -> bool:
    """Whether the viewer is of the staff that sees who (by code) has a place."""
    return service.organisation_id in viewer.organisation_ids and can(viewer, "services.admission.list")


def has_sealed_address(viewer: Viewer, service: Service) -> bool:
    """Whether there is a confidential address that the viewer may open."""
    return service.confidential and SealedAddress.objects.filter(service=service).exists()


def versions(viewer: Viewer, service: Service) -> list[ServiceVersion]:
    """What the entry said, newest first."""
    require(viewer, "services.service.list")
    return list(ServiceVersion.objects.filter(service=service).select_related("changed_by")[:100])


def organisations_to_keep(viewer: Viewer) -> list[Organisation]:
    """For whose services the viewer can make an entry."""
    rows = Organisation.objects.filter(closed_on=None).order_by("name")
    if not viewer.has("coordinator"):
        rows = rows.filter(pk__in=viewer.organisation_ids)
    return list(rows)
