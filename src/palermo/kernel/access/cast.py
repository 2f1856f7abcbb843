"""The cast: invented colleagues in two invented organisations, for tests and for the demo country."""

import time
from dataclasses import dataclass
from typing import Any

from palermo.kernel.access.context import acting
from palermo.kernel.access.models import User
from palermo.kernel.access.viewer import Viewer, viewer_for
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
    house, _made = Organisation.objects.get_or_create(name="Harbour House", kind=OrganisationType.NGO)
    team, _made = Unit.objects.get_or_create(organisation=house, name="Day team")
    other, _made = Organisation.objects.get_or_create(name="Northern Shelter", kind=OrganisationType.NGO)
    state, _made = Organisation.objects.get_or_create(
        name="National Office", kind=OrganisationType.CENTRAL_GOVERNMENT
    )
    return Cast(
        organisation=house,
        unit=team,
        other_organisation=other,
        first_responder=member("first-responder", Role.FIRST_RESPONDER, house, team),
        case_worker=member("case-worker", Role.CASE_MANAGER, house, team),
        supervisor=member("supervisor", Role.SUPERVISOR, house, team),
        other_worker=member("other-worker", Role.CASE_MANAGER, other),
        competent_authority=member("competent-authority", Role.COMPETENT_AUTHORITY, state),
        prosecutor=member("prosecutor", Role.PROSECUTOR, state),
        coordinator=member("coordinator", Role.COORDINATOR, state),
        analyst=member("analyst", Role.ANALYST, state),
        second_analyst=member("second-analyst", Role.ANALYST, state),
        administrator=member("administrator", Role.ADMINISTRATOR, state),
        stranger=member("stranger", None, other),
    )


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
