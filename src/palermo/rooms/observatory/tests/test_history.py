"""What an edit changed is shown; the same interview from two devices is told."""

from typing import Any

import pytest
from django.urls import reverse

from palermo.kernel.access.cast import signed_in_client
from palermo.kernel.access.context import acting
from palermo.rooms.observatory import actions
from palermo.rooms.observatory.models import Submission
from palermo.rooms.observatory.tests.conftest import device, filled, flattened, new_id, post
from palermo.rooms.observatory.tests.test_receiving import PHOTO, records

pytestmark = pytest.mark.django_db
LEGS = "<leg><mode>sea</mode><fee>150</fee></leg><leg><mode>road</mode><fee>90</fee></leg>"
LONG = f"<site>harbour</site>{LEGS}<remarks>A long wait at the bridge.</remarks>"


def changes(field: Any, one: Submission) -> Any:
    with acting(field.people.analyst.viewer) as viewer:
        return actions.changes_of(actor=viewer, submission=one, language="en")


def test_a_chain_of_edits_tells_what_each_changed(field: Any) -> None:
    a, b, c = new_id(), new_id(), new_id()
    post(field.base, filled(a, age="30", legs=LEGS, more=PHOTO), {"a.jpg": b"1"})
    post(field.base, filled(b, age="31", legs=LEGS.replace("road", "foot"), more=PHOTO, replaces=a))
    post(field.base, filled(c, age="31", legs=LEGS.replace("road", "foot"), replaces=b))
    assert post(field.base, filled(age="99", replaces=a)).status_code == 409
    (one,) = records(field)
    told = changes(field, one)
    assert {
        number: [(x.label, x.turn, x.before, x.after) for x in rows] for number, rows in told.items()
    } == {
        2: [("Age in years", "", "30", "31"), ("Means of transport", "2", "By road", "On foot")],
        3: [("The place of the interview, without people", "", "a.jpg", "")],
    }


def test_an_answer_that_does_not_fit_is_compared_as_it_stands(field: Any) -> None:
    a = new_id()
    post(field.base, filled(a, age="thirty"))
    post(field.base, filled(age="30", replaces=a))
    ((_number, (only,)),) = changes(field, records(field)[0]).items()
    assert (only.before, only.after) == ("thirty", "30")


def test_the_page_shows_it(field: Any) -> None:
    a = new_id()
    post(field.base, filled(a, age="30"))
    post(field.base, filled(age="47", replaces=a))
    (one,) = records(field)
    client = signed_in_client(field.people.analyst)
    page = client.get(reverse("observatory:submission", args=[field.study.pk, one.pk])).content.decode()
    assert "What the edit changed" in page
    assert ">30<" in page
    assert ">47<" in page


def sent_twice(field: Any, first: str, second: str, more: str = LONG) -> list[Submission]:
    other = device(field.people.analyst, field.study, "E-02", in_address=True)
    post(field.base, filled(more=more + first))
    post(f"/o/key/{other.secret}/{field.study.code}", filled(more=more + second))
    for one in records(field):
        flattened(one)
    return records(field)


def test_the_same_interview_from_two_devices_is_flagged(field: Any) -> None:
    """What each device writes itself, its clock and the id, makes no difference."""
    one, two = sent_twice(field, "<today>2026-11-22</today>", "<today>2026-11-23</today>")
    assert ([x for x in one.flags if x != "clock"], [x for x in two.flags if x != "clock"]) == (
        [],
        ["same_answers"],
    )
    assert two.state == "flagged"
    assert len(bytes(two.content_mark)) == 32
    flattened(one)
    assert "same_answers" in records(field)[0].flags, "read once more, the first one is told, too"


def test_two_interviews_that_differ_in_one_answer_are_not(field: Any) -> None:
    one, two = sent_twice(field, "<place>a.jpg</place>", "<place>b.jpg</place>")
    assert (one.flags, two.flags) == ([], [])


def test_a_few_answers_are_alike_by_chance(field: Any) -> None:
    one, two = sent_twice(field, "", "", more="<site>harbour</site>")
    assert (one.flags, two.flags) == ([], [])
