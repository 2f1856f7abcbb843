"""What somebody holds in person ends when he leaves the house; what would be left to nobody goes to its supervisors."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.utils import timezone

from palermo.kernel.access.actions import grant
from palermo.kernel.access.cast import Member, member
from palermo.kernel.access.context import acting
from palermo.kernel.access.models import Grant
from palermo.kernel.access.policy import granted
from palermo.kernel.access.viewer import Viewer, viewer_for
from palermo.kernel.audit.models import Entry
from palermo.kernel.organisations.actions import end_role
from palermo.kernel.organisations.models import Membership, Organisation, OrganisationType, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> tuple[Organisation, dict[str, Member]]:
    with acting(Viewer.operator()):
        house = Organisation.objects.create(name="Valley House", kind=OrganisationType.NGO)
        found = {
            "worker": member("valley-worker", Role.CASE_MANAGER, house),
            "colleague": member("valley-colleague", Role.CASE_MANAGER, house),
            "supervisor": member("valley-supervisor", Role.SUPERVISOR, house),
        }
    return house, found


def opened(by: Member, to: Any = (), **more: Any) -> UUID:
    """A new thing, held by `by` in person, and given to others in person."""
    thing = uuid4()
    with acting(by.viewer) as viewer:
        for one in (by, *to):
            grant(actor=viewer, object_kind="case", object_id=thing, grantee_kind="person", grantee_id=one.pk,
                  scopes=["case", "notes"], purpose="opened", **more)  # fmt: skip
    return thing


def leaves(someone: Member, house: Organisation, people: Any, role: Any = None) -> None:
    rows = Membership.objects.filter(user_id=someone.pk, organisation=house, ended_at=None)
    for row in rows if role is None else rows.filter(role=role):
        with acting(people.administrator.viewer) as viewer:
            end_role(actor=viewer, membership=row, expected_version=row.version)


def sees(someone: Member, thing: UUID) -> bool:
    with acting(viewer_for(someone)):
        return bool(granted(thing, "case"))


def test_what_is_held_in_person_ends_with_the_house(people: Any, house: Any) -> None:
    place, cast = house
    thing = opened(cast["worker"], to=[cast["colleague"]])
    leaves(cast["worker"], place, people)
    assert not sees(cast["worker"], thing)
    assert sees(cast["colleague"], thing)
    assert not sees(cast["supervisor"], thing)  # somebody of the house still holds it: nothing more is given


def test_a_new_house_does_not_bring_the_old_cases_along(people: Any, house: Any) -> None:
    place, cast = house
    thing = opened(cast["worker"])
    leaves(cast["worker"], place, people)
    with acting(Viewer.operator()):
        member("valley-worker", Role.CASE_MANAGER, people.other_organisation)
    assert not sees(cast["worker"], thing)


def test_what_would_be_left_to_nobody_goes_to_the_supervisors(people: Any, house: Any) -> None:
    place, cast = house
    thing = opened(cast["worker"])
    leaves(cast["worker"], place, people)
    assert sees(cast["supervisor"], thing)
    assert not sees(cast["colleague"], thing)
    with acting(cast["supervisor"].viewer):
        row = Grant.objects.get(object_id=thing)
    assert (row.scopes, row.roles, row.purpose) == (["case", "notes"], ["supervisor"], "handover")


def test_a_person_of_two_houses_keeps_what_the_other_gave(people: Any, house: Any) -> None:
    place, cast = house
    with acting(Viewer.operator()):
        member("valley-worker", Role.CASE_MANAGER, people.other_organisation)
    here = opened(cast["worker"], house=place.pk)
    there = opened(cast["worker"], house=people.other_organisation.pk)
    leaves(cast["worker"], place, people)
    assert not sees(cast["worker"], here)
    assert sees(cast["worker"], there)


def test_a_house_of_which_the_person_is_no_member_is_not_believed(people: Any, house: Any) -> None:
    place, cast = house
    thing = opened(cast["worker"], house=people.other_organisation.pk)
    leaves(cast["worker"], place, people)
    assert not sees(cast["worker"], thing)


def test_another_working_role_in_the_house_keeps_everything(people: Any, house: Any) -> None:
    place, cast = house
    with acting(Viewer.operator()):
        member("valley-worker", Role.FIRST_RESPONDER, place)
    thing = opened(cast["worker"])
    leaves(cast["worker"], place, people, role=Role.CASE_MANAGER)
    assert sees(cast["worker"], thing)


def test_who_stays_only_to_count_keeps_no_case(people: Any, house: Any) -> None:
    place, cast = house
    with acting(Viewer.operator()):
        member("valley-worker", Role.ANALYST, place)
    thing = opened(cast["worker"])
    leaves(cast["worker"], place, people, role=Role.CASE_MANAGER)
    assert not sees(cast["worker"], thing)
    assert sees(cast["supervisor"], thing)


def test_raw_sql_ends_it_as_well(people: Any, house: Any) -> None:
    _place, cast = house
    thing = opened(cast["worker"])
    with acting(people.administrator.viewer), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE organisations_membership SET ended_at = now() WHERE user_id = %s", [cast["worker"].pk]
        )
    assert not sees(cast["worker"], thing)
    assert sees(cast["supervisor"], thing)


def test_an_emergency_ends_too_and_is_passed_on_to_nobody(people: Any, house: Any) -> None:
    place, cast = house
    thing = opened(people.case_worker)
    with acting(cast["worker"].viewer), connection.cursor() as cursor:
        cursor.execute("SELECT access_break_glass('case', %s, 'the shelter burns, nobody answers')", [thing])
    assert sees(cast["worker"], thing)
    leaves(cast["worker"], place, people)
    assert not sees(cast["worker"], thing)
    assert not sees(cast["supervisor"], thing)
    assert sees(people.case_worker, thing)


def test_the_trail_says_how_much_ended_and_how_much_was_passed_on(people: Any, house: Any) -> None:
    place, cast = house
    opened(cast["worker"])
    opened(cast["worker"], to=[cast["colleague"]])
    leaves(cast["worker"], place, people)
    with acting(people.administrator.viewer):
        entry = Entry.objects.filter(action="access.grant.left_house", object_id=cast["worker"].pk).get()
    assert entry.detail == {"organisation": str(place.pk), "ended": 2, "passed_on": 1}
    assert entry.actor == people.administrator.pk


def test_a_share_that_has_an_end_is_passed_on_with_it(people: Any, house: Any) -> None:
    place, cast = house
    until = timezone.now() + timedelta(days=3)
    thing = opened(cast["worker"], valid_until=until)
    leaves(cast["worker"], place, people)
    with acting(cast["supervisor"].viewer):
        assert Grant.objects.get(object_id=thing).valid_until == until
