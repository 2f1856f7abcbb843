"""To whom a referral can be addressed: services of the directory, and organisations that list none."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.kernel.organisations.models import Membership, Organisation
from palermo.rooms.referral.queries.words import kind_name
from palermo.rooms.services import queries as services

WORKERS = ("first_responder", "case_manager", "supervisor", "child_protection")


@dataclass(frozen=True, slots=True)
class Target:
    """One address: an organisation, and its service where it lists one.

    areas: where it works, as far as it is recorded; none: the whole country, by telephone, or not recorded.
    """

    receiver_id: UUID
    service_id: UUID | None
    kind: str
    words: str
    areas: tuple[str, ...] = ()

    def distance(self, area: str) -> int:
        """0: in that area; 1: anywhere, or nobody said where; 2: elsewhere. Without an area all are alike."""
        if not area or area in self.areas:
            return 0
        return 2 if self.areas else 1

    @property
    def key(self) -> str:
        return f"{self.receiver_id}:{self.service_id or ''}"


def answering(organisation_ids: list[UUID] | None = None) -> set[UUID]:
    """Organisations in which somebody can answer: a live member with a role of case work."""
    rows = Membership.objects.filter(ended_at=None, role__in=WORKERS, organisation__closed_on=None)
    rows = rows.filter(user__is_active=True)
    if organisation_ids is not None:
        rows = rows.filter(organisation_id__in=organisation_ids)
    return set(rows.values_list("organisation_id", flat=True))


def receivers(viewer: Viewer) -> list[tuple[str, str]]:
    """(id, name) of organisations other than the viewer's that work with palermo and can answer."""
    return [(str(pk), name) for pk, name, _area in _houses(viewer)]


def _houses(viewer: Viewer) -> list[tuple[UUID, str, str]]:
    rows = Organisation.objects.filter(pk__in=answering()).exclude(pk__in=viewer.organisation_ids)
    return list(rows.order_by("name").values_list("pk", "name", "area"))


def targets(viewer: Viewer) -> list[Target]:
    """Every address: services first, by name; then each organisation as such."""
    houses = _houses(viewer)
    known = {str(pk) for pk, _name, _area in houses}
    found = [
        Target(
            row.service.organisation_id,
            row.service.pk,
            row.service.kind,
            _("%(service)s, %(organisation)s (%(kind)s)%(free)s")
            % {
                "service": row.service.name,
                "organisation": row.service.organisation.name,
                "kind": kind_name(row.service.kind),
                "free": "" if row.free is None else " · " + _("free places: %(n)s") % {"n": row.free},
            },
            () if row.service.remote else tuple(row.service.areas),
        )
        for row in services.services(viewer, all_at_once=True).rows
        if str(row.service.organisation_id) in known and row.service.state == "active"
    ]
    plain = [
        Target(
            pk, None, "", _("%(organisation)s, any service") % {"organisation": name}, (area,) if area else ()
        )
        for pk, name, area in houses
    ]
    return [*found, *plain]


def service_name(viewer: Viewer, service_id: UUID | None) -> str:
    """The name of a service in the directory; empty where none was named or it is gone."""
    if service_id is None:
        return ""
    try:
        return services.service(viewer, service_id).name
    except NotFound:
        return ""
