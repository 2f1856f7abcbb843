"""It is learned between draft and answer that the person is a child: what counts is what is known at each step."""

from typing import Any

import pytest

from palermo.kernel.access.cast import member
from palermo.kernel.access.context import acting
from palermo.kernel.access.models import Notice
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict
from palermo.kernel.organisations.models import Role
from palermo.rooms.cases.actions.age import settle_age
from palermo.rooms.cases.models import Case
from palermo.rooms.referral import actions
from palermo.rooms.referral.models import Packet, Sending
from palermo.web.room import Subject

from .conftest import agree_to, drafted, open_case, state_of, step

pytestmark = pytest.mark.django_db
FIRST = "child-protection authority has to agree first"


@pytest.fixture
def authority(people: Any) -> Any:
    with acting(Viewer.operator()):
        return member("harbour-protector", Role.CHILD_PROTECTION, people.organisation, people.unit)


@pytest.fixture
def transfer(people: Any, authority: Any) -> tuple[Subject, Any]:
    """A transfer of an adult's case, begun."""
    about = open_case(people)
    agree_to(people, about, "needs", "identity", purpose="transfer")
    return about, drafted(people, about, "identity", transfer=True)


def learned(people: Any, about: Subject, *, child: bool = True) -> None:
    with acting(people.case_worker.viewer) as viewer:
        settle_age(actor=viewer, case_id=about.key, child=child)


def told(people: Any) -> int:
    with acting(people.case_worker.viewer):
        return Notice.objects.filter(kind="referral_child_learned", user_id=people.case_worker.pk).count()


def agrees(authority: Any, row: Any) -> None:
    with acting(authority.viewer) as viewer:
        actions.agree(actor=viewer, row=row)


def owner(people: Any, about: Subject, who: Any) -> Any:
    with acting(who.viewer):
        return Case.objects.filter(pk=about.key).values_list("organisation_id", flat=True).first()


def test_a_transfer_begun_for_an_adult_is_not_sent_for_a_child(
    people: Any, transfer: tuple[Subject, Any], authority: Any
) -> None:
    about, row = transfer
    learned(people, about)
    assert told(people) == 1
    with pytest.raises(Conflict, match=FIRST):
        step(people.case_worker, row, "send")
    assert state_of(row) == "draft"
    agrees(authority, row)
    step(people.case_worker, row, "send")
    step(people.other_worker, row, "acknowledge")
    step(people.other_worker, row, "accept")
    assert owner(people, about, people.other_worker) == people.other_organisation.pk


def test_one_that_was_sent_is_not_accepted_until_the_authority_agrees(
    people: Any, transfer: tuple[Subject, Any], authority: Any
) -> None:
    about, row = transfer
    step(people.case_worker, row, "send")
    step(people.other_worker, row, "acknowledge")
    learned(people, about)
    assert told(people) == 1
    with pytest.raises(Conflict, match=FIRST):
        step(people.other_worker, row, "accept")
    assert owner(people, about, people.case_worker) == people.organisation.pk
    assert state_of(row) == "received"
    agrees(authority, row)
    step(people.other_worker, row, "accept")
    assert owner(people, about, people.other_worker) == people.other_organisation.pk


def test_who_is_an_adult_beyond_doubt_by_now_needs_no_authority(people: Any, authority: Any) -> None:
    about = open_case(people, child=None)
    agree_to(people, about, "needs", "identity", purpose="transfer")
    row = drafted(people, about, "identity", transfer=True)
    with pytest.raises(Conflict, match=FIRST):
        step(people.case_worker, row, "send")
    learned(people, about, child=False)
    assert told(people) == 0, "nothing became forbidden"
    step(people.case_worker, row, "send")
    with acting(people.case_worker.viewer):
        assert Sending.objects.get(pk=row.pk).child is False


def test_a_referral_tells_what_is_known_when_it_is_sent(people: Any, authority: Any) -> None:
    about = open_case(people)
    agree_to(people, about)
    row = drafted(people, about)
    learned(people, about)
    step(people.case_worker, row, "send")
    step(people.other_worker, row, "acknowledge")
    with acting(people.case_worker.viewer):
        assert Sending.objects.get(pk=row.pk).child is True
        assert Packet.objects.get(referral=row.pk).child is True
    step(people.other_worker, row, "accept")
    with acting(people.other_worker.viewer):
        assert Case.objects.get(organisation_id=people.other_organisation.pk).child is True
