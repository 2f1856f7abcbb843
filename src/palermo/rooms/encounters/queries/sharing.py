"""Who works in an event, and with whom it could be shared."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from palermo.kernel.access.models import Grant, User
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.organisations.models import Membership, Organisation, Unit
from palermo.rooms.encounters.models import Event

ROLES = ("first_responder", "case_manager", "supervisor", "child_protection")


@dataclass(frozen=True, slots=True)
class Share:
    """One grant on an event, in words. mine: it is the viewer's own."""

    id: UUID
    who: str
    purpose: str
    since: datetime
    mine: bool


def whom(viewer: Viewer, of: Event) -> list[tuple[str, str]]:
    """Colleagues, teams and other organisations with which the event can be shared, as "kind:id" and name."""
    require(viewer, "encounters.event.share", of.pk)
    held = {g.grantee_id for g in _live(of)}
    people = Membership.objects.filter(
        organisation_id=of.organisation_id, ended_at=None, role__in=ROLES
    ).select_related("user")
    found = {f"person:{m.user_id}": str(m.user) for m in people if m.user_id not in held}
    for unit in Unit.objects.filter(organisation_id=of.organisation_id):
        if unit.pk not in held:
            found[f"unit:{unit.pk}"] = str(unit)
    for house in Organisation.objects.order_by("name"):
        if house.pk not in held:
            found[f"organisation:{house.pk}"] = house.name
    return sorted(found.items(), key=lambda pair: pair[1])


def _live(of: Event) -> list[Grant]:
    rows = Grant.objects.raw("SELECT * FROM access_grants_of(%s)", [of.pk])
    return [g for g in rows if g.revoked_at is None]


def shares(viewer: Viewer, of: Event) -> list[Share]:
    """Everybody who holds the event now."""
    require(viewer, "encounters.event.view", of.pk)
    rows = _live(of)
    keys = [g.grantee_id for g in rows]
    names: dict[UUID, str] = {u.pk: str(u) for u in User.objects.filter(pk__in=keys)}
    names |= {u.pk: str(u) for u in Unit.objects.filter(pk__in=keys)}
    names |= {o.pk: o.name for o in Organisation.objects.filter(pk__in=keys)}
    return [
        Share(g.pk, names.get(g.grantee_id, "–"), g.purpose, g.valid_from, g.grantee_id == viewer.user_id)
        for g in rows
    ]
