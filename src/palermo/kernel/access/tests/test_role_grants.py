"""A grant that names roles reaches those who hold one of them in that very house or team; by raw SQL as well."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from palermo.kernel.access.actions import grant
from palermo.kernel.access.cast import Member, member
from palermo.kernel.access.context import acting
from palermo.kernel.access.policy import granted
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.organisations.models import Membership, Organisation, OrganisationType, Role, Unit
from palermo.kernel.vault.actions import register_person
from palermo.kernel.vault.identity import Identity
from palermo.kernel.vault.queries import Probe, search

WANTED = (Role.CASE_MANAGER, Role.SUPERVISOR)
pytestmark = pytest.mark.django_db


@pytest.fixture
def house(people: Any) -> tuple[Organisation, dict[str, Member]]:
    """A house of four: two whom the grant reaches, an analyst, and an analyst who is case manager elsewhere."""
    with acting(Viewer.operator()):
        house = Organisation.objects.create(name="Hill House", kind=OrganisationType.NGO)
        found = {
            "manager": member("hill-manager", Role.CASE_MANAGER, house),
            "supervisor": member("hill-supervisor", Role.SUPERVISOR, house),
            "analyst": member("hill-analyst", Role.ANALYST, house),
        }
        member("hill-double", Role.ANALYST, house)
        found["double"] = member("hill-double", Role.CASE_MANAGER, people.other_organisation)
    return house, found


def give(actor: Member, kind: str, to: UUID, roles: Any = WANTED, object_id: UUID | None = None) -> UUID:
    """A new case of `actor`, given to a house or team. Returns its id."""
    thing = object_id or uuid4()
    with acting(actor.viewer) as viewer:
        if object_id is None:
            grant(actor=viewer, object_kind="case", object_id=thing, grantee_kind="person",
                  grantee_id=actor.pk, scopes=["case"], purpose="opened")  # fmt: skip
        grant(actor=viewer, object_kind="case", object_id=thing, grantee_kind=kind, grantee_id=to,
              scopes=["case"], purpose="referral", roles=roles)  # fmt: skip
    return thing


def asked(sql: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


EVERY_WAY = {
    "the function of every wall": "SELECT access_granted(%s, 'case')::int",
    "what can be passed on": "SELECT access_holds(%s, 'case')::int",
    "the grants themselves": "SELECT count(*) FROM access_grant WHERE object_id = %s",
    "its history": "SELECT count(*) FROM access_grants_of(%s)",
    "the audit": "SELECT count(*) FROM audit_entry WHERE object_id = %s",
}


@pytest.mark.parametrize("way", EVERY_WAY)
def test_only_the_named_roles_see_that_it_exists(people: Any, house: Any, way: str) -> None:
    hill, staff = house
    thing = give(people.case_worker, "organisation", hill.pk)
    seen = {}
    for name, person in (*staff.items(), ("other", people.other_worker)):
        with acting(person.viewer):
            seen[name] = bool(asked(EVERY_WAY[way], thing))
    assert seen == {"manager": True, "supervisor": True, "analyst": False, "double": False, "other": False}


def test_a_team_can_be_narrowed_too(people: Any, house: Any) -> None:
    hill, staff = house
    with acting(Viewer.operator()):
        team = Unit.objects.create(organisation=hill, name="Night team")
        inside = {
            role: member(f"night-{role}", Role(role), hill, team) for role in ("case_manager", "analyst")
        }
    thing = give(people.case_worker, "unit", team.pk)
    for who, sees in ((inside["case_manager"], True), (inside["analyst"], False), (staff["manager"], False)):
        with acting(who.viewer):
            assert granted(thing, "case") is sees


def test_no_role_named_is_everybody_of_the_house(people: Any, house: Any) -> None:
    hill, staff = house
    thing = give(people.case_worker, "organisation", hill.pk, roles=())
    for person in staff.values():
        with acting(person.viewer):
            assert granted(thing, "case")


def test_it_follows_the_role_and_not_the_day_it_was_given(people: Any, house: Any) -> None:
    hill, staff = house
    thing = give(people.case_worker, "organisation", hill.pk)
    with acting(Viewer.operator()):
        Membership.objects.filter(user=staff["manager"].user).update(ended_at=timezone.now())
        Membership.objects.create(user=staff["analyst"].user, organisation=hill, role=Role.SUPERVISOR)
    with acting(staff["manager"].viewer):
        assert not granted(thing, "case")
    with acting(staff["analyst"].viewer):
        assert granted(thing, "case")


def test_whom_it_does_not_reach_cannot_pass_it_on(people: Any, house: Any) -> None:
    hill, staff = house
    thing = give(people.case_worker, "organisation", hill.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        give(staff["analyst"], "person", staff["analyst"].pk, roles=(), object_id=thing)
    give(staff["manager"], "person", staff["analyst"].pk, roles=(), object_id=thing)
    with acting(staff["analyst"].viewer):
        assert granted(thing, "case")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE access_grant SET roles = '{}'",
        "UPDATE access_grant SET roles = '{analyst}'",
        "INSERT INTO access_grant SELECT * FROM access_grant",
        "ALTER FUNCTION access_reaches(uuid, text[]) RENAME TO other",
    ],
)
def test_sql_of_a_colleague_widens_nothing(people: Any, house: Any, statement: str) -> None:
    hill, staff = house
    give(people.case_worker, "organisation", hill.pk)
    with acting(staff["analyst"].viewer), pytest.raises(DatabaseError), transaction.atomic():
        asked(statement)


def test_a_person_is_given_something_whatever_his_role(people: Any, house: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        give(people.case_worker, "person", house[1]["manager"].pk)


def test_the_search_for_persons_asks_for_the_role(people: Any, house: Any) -> None:
    hill, staff = house
    with acting(people.case_worker.viewer) as viewer:
        person = register_person(
            actor=viewer, organisation_id=people.organisation.pk,
            identity=Identity(family_name="Quillerton", birth_date="1991-02-03", phone="+99 555 0101"),
        )  # fmt: skip
        grant(actor=viewer, object_kind="person", object_id=person.pk, grantee_kind="organisation",
              grantee_id=hill.pk, scopes=["case", "identity"], purpose="referral", roles=WANTED)  # fmt: skip
    with acting(Viewer.operator()):
        other = member("hill-responder", Role.FIRST_RESPONDER, hill)
    probe = Probe(name="Quillerton", birth_year=1991, phone="+99 555 0101")
    with acting(staff["manager"].viewer) as viewer:
        assert [found.person_id for found in search(viewer, probe)] == [person.pk]
    with acting(other.viewer) as viewer:
        assert search(viewer, probe) == []
