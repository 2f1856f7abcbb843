"""Networks and who is in them. Everybody at work may know that a network exists; its people are for who leads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from palermo.kernel.access.models import User
from palermo.kernel.access.policy import can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.kernel.organisations.models import Membership, Organisation
from palermo.rooms.networks.models import Member, Network, Part, Training
from palermo.rooms.networks.queries.words import name, sector_name, state_name

LIVE = ("proposed", "member")
# Roles that can belong to a network; the same as in the machine network_member and in apps.py.
ROLES = (
    "first_responder", "case_manager", "supervisor", "child_protection", "competent_authority", "coordinator",
    "programme_officer", "prosecutor",
)  # fmt: skip
SOON = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Row:
    """One network in a list, and what the viewer is in it."""

    network: Network
    sector: str
    mine: tuple[Member, ...]
    leads: bool

    @property
    def joined(self) -> bool:
        return any(member.state == "member" for member in self.mine)

    @property
    def waiting(self) -> Member | None:
        return next((member for member in self.mine if member.state == "proposed"), None)


@dataclass(frozen=True, slots=True)
class Person:
    """One member, as who leads the network sees it. `training` is ok, soon, lapsed or never."""

    row: Member
    name: str
    house: str
    state: str
    training: str
    waits_for_us: bool


def known(viewer: Viewer, action: str) -> None:
    """Raise NotFound, not Refused, for who may not do this to anything: his answer is that of a missing object."""
    if not can(viewer, action):
        raise NotFound()


def leads(viewer: Viewer, network_id: UUID) -> bool:
    """Whether the viewer is a focal point, a supervisor of the coordinating organisation, or a coordinator."""
    if not can(viewer, "networks.network.lead"):
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT networks_leads(%s)", [network_id])
        return bool(cursor.fetchone()[0])


def is_focal(viewer: Viewer, network_id: UUID) -> bool:
    """Whether the viewer is a focal point of the network: who sees its notifications."""
    return network_id in _ids("networks_focal")


def _ids(function: str) -> set[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}()")
        return set(cursor.fetchone()[0])


def network(viewer: Viewer, network_id: UUID) -> Network:
    """One network. NotFound also for who has no business with any: an id tells him nothing."""
    known(viewer, "networks.network.list")
    found = Network.objects.select_related("organisation", "receiver").filter(pk=network_id).first()
    if found is None:
        raise NotFound()
    return found


def led(viewer: Viewer, network_id: UUID) -> Network:
    """One network that the viewer leads; NotFound for everybody else."""
    known(viewer, "networks.network.lead")
    found = network(viewer, network_id)
    if not leads(viewer, network_id):
        raise NotFound()
    return found


def networks(viewer: Viewer) -> list[Row]:
    """Every open network: one's own first, then by name."""
    require(viewer, "networks.network.list")
    mine: dict[UUID, list[Member]] = {}
    for member in own_memberships(viewer):
        mine.setdefault(member.network_id, []).append(member)
    rows = [
        Row(found, sector_name(found.sector), tuple(mine.get(found.pk, ())), leads(viewer, found.pk))
        for found in Network.objects.select_related("organisation").filter(closed_on=None)
    ]
    return sorted(rows, key=lambda row: (not row.mine, not row.leads, row.network.name))


def own_memberships(viewer: Viewer) -> QuerySet[Member]:
    """What the viewer is in any network, or is asked to be."""
    rows = Member.objects.filter(user_id=viewer.user_id, state__in=LIVE, network__closed_on=None)
    return rows.select_related("network", "network__organisation", "organisation")


def joined(viewer: Viewer) -> list[Network]:
    """Networks that the viewer belongs to now, as the database counts it."""
    return list(Network.objects.filter(pk__in=_ids("networks_joined")).order_by("name"))


def member(viewer: Viewer, member_id: UUID) -> Member:
    """One membership: one's own, or of a network that the viewer leads. Raises NotFound."""
    require(viewer, "networks.member.move", member_id)
    found = (
        Member.objects.select_related("network", "network__organisation", "organisation", "user")
        .filter(pk=member_id)
        .first()
    )
    if found is None:
        raise NotFound()
    return found


def people(viewer: Viewer, network_id: UUID) -> list[Person]:
    """Everybody in a network and on the way into it: who waits first, then whose training is due."""
    led(viewer, network_id)
    rows = Member.objects.filter(network_id=network_id, state__in=LIVE).select_related("user", "organisation")
    found = [
        Person(
            row=row,
            name=str(row.user),
            house=row.organisation.name,
            state=state_name(row),
            training=training_state(row),
            waits_for_us=row.state == "proposed" and row.by_member and row.user_id != viewer.user_id,
        )
        for row in rows
    ]
    order = {"lapsed": 0, "never": 1, "soon": 2, "ok": 3}
    return sorted(
        found, key=lambda p: (not p.waits_for_us, p.row.state != "proposed", order[p.training], p.name)
    )


def training_state(row: Member) -> str:
    """How the training of a member stands: ok, soon (two months), lapsed, or never."""
    if row.trained_until is None:
        return "never"
    now = timezone.now()
    if row.trained_until <= now:
        return "lapsed"
    return "soon" if row.trained_until <= now + SOON else "ok"


def trainings(viewer: Viewer, row: Member) -> list[tuple[Training, str]]:
    """(course that was taken, its name), newest first."""
    return [(found, name("palermo/network_course", found.course)) for found in row.trainings.all()]


def candidates(viewer: Viewer, found: Network, part: str) -> list[tuple[str, str]]:
    """(user:organisation, words) of accounts that can be invited; a focal point comes from the coordinating house."""
    rows = Membership.objects.filter(
        ended_at=None, role__in=ROLES, user__is_active=True, organisation__closed_on=None
    )
    if part == Part.FOCAL_POINT:
        rows = rows.filter(organisation_id=found.organisation_id)
    taken = Member.objects.filter(network_id=found.pk, part=part, state__in=LIVE)
    rows = rows.exclude(user_id__in=taken.values("user_id")).exclude(user_id=viewer.user_id)
    pairs = rows.select_related("user", "organisation").order_by("organisation__name", "user__display_name")
    return list(
        dict.fromkeys(
            (f"{row.user_id}:{row.organisation_id}", f"{row.user} · {row.organisation.name}") for row in pairs
        )
    )


def houses(viewer: Viewer) -> list[tuple[str, str]]:
    """(id, name) of organisations that the viewer may let coordinate a network."""
    require(viewer, "networks.network.open")
    rows = Organisation.objects.filter(closed_on=None).order_by("name")
    if not viewer.has("coordinator"):
        mine = Membership.objects.filter(user_id=viewer.user_id, role="supervisor", ended_at=None)
        rows = rows.filter(pk__in=mine.values("organisation_id"))
    return [(str(pk), words) for pk, words in rows.values_list("pk", "name")]


def own_houses(viewer: Viewer) -> list[tuple[str, str]]:
    """(id, name) of the viewer's own organisations: for which of them he joins."""
    rows = Organisation.objects.filter(pk__in=viewer.organisation_ids, closed_on=None).order_by("name")
    return [(str(pk), words) for pk, words in rows.values_list("pk", "name")]


def focal_points(found: Network) -> Sequence[User]:
    """The focal points of a network now: whom to ask about it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT networks_points(%s)", [found.pk])
        return list(User.objects.filter(pk__in=cursor.fetchone()[0], is_active=True).order_by("display_name"))


def area_of(viewer: Viewer, found: Network) -> str:
    """Where the viewer's notifications of a network come from, until he says otherwise: his house's area, else its."""
    rows = own_memberships(viewer).filter(network_id=found.pk, organisation_id__in=viewer.organisation_ids)
    house = rows.exclude(organisation__area="").values_list("organisation__area", flat=True).first()
    return house or found.area


def house_in(viewer: Viewer, network_id: UUID) -> UUID:
    """For which of his organisations the viewer belongs to a network; NotFound where he does not."""
    rows = own_memberships(viewer).filter(
        network_id=network_id, state="member", organisation_id__in=viewer.organisation_ids
    )
    found: UUID | None = rows.values_list("organisation_id", flat=True).first()
    if found is None:
        raise NotFound()
    return found
