"""The pages on which a case worker meets that a person was written down twice, from finding it to undoing it."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from palermo.kernel.access.cast import member, signed_in_client
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.organisations.models import Role
from palermo.kernel.vault.codes import new_code
from palermo.kernel.vault.identity import Identity
from palermo.kernel.vault.models import Pairing
from palermo.rooms.cases import actions, queries
from palermo.rooms.cases.models import Case
from palermo.rooms.cases.queries.same import signs_for
from palermo.rooms.cases.tests.conftest import FAMILY, GIVEN, opened

pytestmark = pytest.mark.django_db
ALIKE = Identity(family_name=FAMILY, given_names="Zarquela", birth_date="1998")


@pytest.fixture
def second(people: Any) -> Case:
    """The same person, written down a second time in the same house."""
    with acting(people.case_worker.viewer) as viewer:
        return opened(viewer, identity=ALIKE)


@pytest.fixture
def elsewhere(people: Any) -> Case:
    """The same person, known to another organisation."""
    with acting(people.other_worker.viewer) as viewer:
        return opened(viewer, identity=ALIKE)


def at(case: Case) -> str:
    return reverse("cases:person", args=[case.pk])


def text(client: Client, url: str, **data: Any) -> str:
    answer = client.post(url, data, follow=True) if data else client.get(url)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def the_pair() -> str:
    return reverse("cases:same", args=[Pairing.objects.get().pk])


def test_a_double_in_the_house_is_found_confirmed_by_a_colleague_and_undone(
    people: Any, case: Case, second: Case
) -> None:
    worker, supervisor = signed_in_client(people.case_worker), signed_in_client(people.supervisor)
    page = text(worker, at(case), go="look")
    assert second.person_code in page
    assert second.code in page
    assert FAMILY not in page
    page = text(worker, at(case), go="propose", other_code=second.person_code, ground="facts")
    assert "Proposed. A second person has to confirm it." in page
    assert "Yes, one person" not in page, "never who proposed it"
    with acting(people.supervisor.viewer) as viewer:
        pair = the_pair()
        assert [due.url for due in queries.due_for(viewer) if "the same person as" in str(due.title)] == [
            pair
        ]
    notices = text(supervisor, reverse("account_notices"))
    assert "Somebody asks whether a person whom you look after is the same as another" in notices
    assert pair in notices
    assert "A colleague asks whether this is the same person" in text(
        supervisor, reverse("cases:case", args=[case.pk])
    )
    page = text(supervisor, pair)
    assert case.code in page
    assert second.code in page
    assert "one person" in text(supervisor, pair, event="confirm", ground="")
    for case_page, other in ((case, second), (second, case)):
        page = text(worker, reverse("cases:case", args=[case_page.pk]))
        assert f"The same person as {other.person_code}" in page
    answer = worker.post(pair, {"event": "undo", "ground": ""})
    assert answer.status_code == 422
    page = text(worker, pair, event="undo", ground="mistake")
    assert "undone: two persons again" in page
    assert "It was a mistake" in page
    assert "The same person as" not in text(worker, reverse("cases:case", args=[case.pk]))


def test_two_houses_meet_by_code_and_see_nothing_else_of_each_other(
    people: Any, case: Case, elsewhere: Case
) -> None:
    worker, other = signed_in_client(people.case_worker), signed_in_client(people.other_worker)
    assert elsewhere.person_code not in text(worker, at(case), go="look")
    text(worker, at(case), go="propose", other_code=elsewhere.person_code.lower(), ground="colleague")
    with acting(people.other_worker.viewer):
        pair = the_pair()
    page = text(other, pair)
    assert "Proposed by Harbour House" in page
    assert case.person_code in page
    assert case.code not in page
    page = text(other, pair, event="confirm", ground="")
    assert "Looked after by" in page
    assert case.code not in page
    for client, hidden in ((worker, elsewhere), (other, case)):
        page = text(client, pair)
        assert hidden.code not in page
        assert FAMILY not in page
        assert GIVEN not in page
    assert "Northern Shelter" in text(worker, at(case))
    assert worker.get(reverse("cases:case", args=[elsewhere.pk])).status_code == 404


def test_a_code_of_nobody_gives_the_page_that_a_code_of_somebody_gives(
    people: Any, case: Case, elsewhere: Case
) -> None:
    worker, seen = signed_in_client(people.case_worker), []
    for code in (elsewhere.person_code, new_code()):
        page = text(worker, at(case), go="propose", other_code=code, ground="colleague")
        with acting(people.case_worker.viewer):
            row = Pairing.objects.get(right_code=code)
        changing = (
            code,
            str(row.pk),
            r'<time datetime="[^"]*">[^<]*</time>',
            r'value="[A-Za-z0-9]{64}"',
            r'nonce="[^"]*"',
        )
        for part in changing:
            page = re.sub(part, "", page)
        seen.append(page)
    assert seen[0] == seen[1]


def test_different_is_said_once_and_not_suggested_again(people: Any, case: Case, second: Case) -> None:
    worker = signed_in_client(people.case_worker)
    page = text(worker, at(case), go="apart", other_code=second.person_code, ground="relatives")
    assert "They will not be suggested again." in page
    assert "Nobody whom you may see fits." in text(worker, at(case), go="look")
    assert "two persons" in text(worker, at(case))


@pytest.mark.parametrize("code", ["P-22", "Zarquella"])
def test_a_code_that_is_none_comes_back_with_the_form(people: Any, case: Case, code: str) -> None:
    worker = signed_in_client(people.case_worker)
    answer = worker.post(at(case), {"go": "propose", "other_code": code, "ground": "facts"})
    assert answer.status_code == 422
    assert "This is not a whole code" in answer.content.decode()


def test_who_holds_the_case_without_its_person_is_told_so(people: Any, case: Case, second: Case) -> None:
    with acting(people.case_worker.viewer) as viewer:
        actions.share_case(
            actor=viewer, case=case, grantee_kind="person", grantee_id=_colleague(people).pk, scopes=["case"],
            purpose="To look at the plan.",
        )  # fmt: skip
    page = text(signed_in_client(_colleague(people)), at(case))
    assert "You hold this case without its person" in page
    assert second.person_code not in page


def _colleague(people: Any) -> Any:
    with acting(Viewer.operator()):
        return member("plan-reader", Role.CASE_MANAGER, people.organisation)


def test_the_json_twin_does_the_same(people: Any, case: Case, second: Case) -> None:
    worker, supervisor = signed_in_client(people.case_worker), signed_in_client(people.supervisor)
    base = reverse("api:same_of_case", args=[case.pk])
    found = worker.post(base + "/look", content_type="application/json").json()
    assert [(row["person_code"], row["cases"]) for row in found] == [(second.person_code, [second.code])]
    made = worker.post(
        base, {"other_code": second.person_code, "ground": "facts"}, content_type="application/json"
    ).json()["id"]
    one = reverse("api:same_read", args=[made])
    assert worker.post(one, {"event": "confirm"}, content_type="application/json").status_code == 403
    answer = supervisor.post(one, {"event": "confirm"}, content_type="application/json").json()
    assert (answer["state"], answer["may"]) == ("same", ["undo"])
    assert worker.post(one, {"event": "withdraw"}, content_type="application/json").status_code == 409
    assert [pair["state"] for pair in worker.get(base).json()] == ["same"]


def test_the_sign_is_one_question_to_the_database(
    people: Any, case: Case, second: Case, django_assert_num_queries: Any
) -> None:
    with acting(people.case_worker.viewer) as viewer:
        about = queries.subject(viewer, case.pk)
        with django_assert_num_queries(1):
            assert signs_for(viewer, about) == []
