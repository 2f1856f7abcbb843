"""The cast: invented colleagues in two invented organisations, for tests and for the demo country."""

import time
from dataclasses import dataclass
from typing import Any

from palermo.kernel.access.context import acting
from palermo.kernel.access.models import User
from palermo.kernel.access.viewer import Viewer, viewer_for, viewer_of
from palermo.kernel.organisations.models import Membership, Organisation, OrganisationType, Role, Unit


@dataclass(frozen=True)
class Member:
    """A user and the viewer that he is, freshly signed in."""

    user: User
    viewer: Viewer

    @property
    def pk(self) -> Any:
        return self.user.pk


@dataclass(frozen=True)
class Cast:
    """Everybody by what he does; `other_worker` does the same work in another organisation."""

    organisation: Organisation
    unit: Unit
    other_organisation: Organisation
    first_responder: Member
    case_worker: Member
    supervisor: Member
    other_worker: Member
    competent_authority: Member
    prosecutor: Member
    coordinator: Member
    analyst: Member
    second_analyst: Member
    administrator: Member
    stranger: Member


def member(username: str, role: Role | None, organisation: Organisation, unit: Unit | None = None) -> Member:
    """A user with one membership (none: a stranger who can sign in and nothing else)."""
    user, _made = User.objects.get_or_create(
        username=username, defaults={"display_name": username.replace("-", " ").title()}
    )
    if role is not None:
        Membership.objects.get_or_create(
            user=user, organisation=organisation, unit=unit, role=role, ended_at=None
        )
    return Member(user, viewer_for(user, session_ref=f"test-{username}", stepped_up=True))


def make_cast() -> Cast:
    """Make the cast in the database of the current connection, with the rights of the command line."""
    with acting(Viewer.operator()):
        return _make_cast()


def _make_cast() -> Cast:
    house, other, state = _organisations(
        ("Harbour House", OrganisationType.NGO),
        ("Northern Shelter", OrganisationType.NGO),
        ("National Office", OrganisationType.CENTRAL_GOVERNMENT),
    )
    team, _made = Unit.objects.get_or_create(organisation=house, name="Day team")
    places: dict[str, tuple[Role | None, Organisation, Unit | None]] = {
        "first_responder": (Role.FIRST_RESPONDER, house, team),
        "case_worker": (Role.CASE_MANAGER, house, team),
        "supervisor": (Role.SUPERVISOR, house, team),
        "other_worker": (Role.CASE_MANAGER, other, None),
        "competent_authority": (Role.COMPETENT_AUTHORITY, state, None),
        "prosecutor": (Role.PROSECUTOR, state, None),
        "coordinator": (Role.COORDINATOR, state, None),
        "analyst": (Role.ANALYST, state, None),
        "second_analyst": (Role.ANALYST, state, None),
        "administrator": (Role.ADMINISTRATOR, state, None),
        "stranger": (None, other, None),
    }
    everybody = _members({name.replace("_", "-"): place for name, place in places.items()})
    members = dict(zip(places, everybody, strict=True))
    return Cast(organisation=house, unit=team, other_organisation=other, **members)


def _organisations(*wanted: tuple[str, OrganisationType]) -> list[Organisation]:
    """Those organisations, made where they are not there yet."""
    there = {
        (found.name, found.kind): found
        for found in Organisation.objects.filter(name__in=[name for name, _kind in wanted])
    }
    new = [Organisation(name=name, kind=kind) for name, kind in wanted if (name, kind) not in there]
    there |= {(made.name, made.kind): made for made in Organisation.objects.bulk_create(new)}
    return [there[one] for one in wanted]


def _members(places: dict[str, tuple[Role | None, Organisation, Unit | None]]) -> list[Member]:
    """`member` for several, in a few statements: thousands of tests begin with them."""
    there = {user.username: user for user in User.objects.filter(username__in=places)}
    new = [
        User(username=name, display_name=name.replace("-", " ").title())
        for name in places
        if name not in there
    ]
    if new:
        User.add_all(new)
    users = there | {user.username: user for user in new}
    live = Membership.objects.filter(user__in=list(there.values()), ended_at=None).order_by("created_at")
    held = list(live) if there else []
    known = {(one.user_id, one.organisation_id, one.unit_id, one.role) for one in held}
    for name, (role, organisation, unit) in places.items():
        one = Membership(user=users[name], organisation=organisation, unit=unit, role=role or "")
        if role is not None and (one.user_id, one.organisation_id, one.unit_id, one.role) not in known:
            held.append(one)
    Membership.objects.bulk_create([one for one in held if one._state.adding])
    return [
        Member(
            users[name],
            viewer_of(
                users[name],
                [(str(m.role), m.organisation_id, m.unit_id) for m in held if m.user_id == users[name].pk],
                session_ref=f"test-{name}",
                stepped_up=True,
            ),
        )
        for name in places
    ]


def signed_in_client(person: Member | User) -> Any:
    """A Django test client signed in as `person`, with a fresh second factor on record."""
    from django.test import Client

    from palermo.kernel.access.second_factor import RECORDS, RECORDS_USER

    user = person.user if isinstance(person, Member) else person
    client = Client()
    client.force_login(user)
    session = client.session
    session[RECORDS] = [{"method": "mfa", "type": "totp", "at": time.time(), "reauthenticated": True}]
    session[RECORDS_USER] = str(user.pk)
    session.save()
    return client
