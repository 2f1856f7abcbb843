"""reassign_worker: at once, with a note, both told, grants follow; by a supervisor or by who hands over."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from palermo.kernel.access.cast import member
from palermo.kernel.access.context import acting
from palermo.kernel.access.models import Grant
from palermo.kernel.access.notices import title_of, unseen
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import Invalid, NotFound, Refused, Stale
from palermo.kernel.organisations.models import Role
from palermo.kernel.vault.actions import reveal
from palermo.rooms.cases import actions, queries
from palermo.rooms.cases.models import Case

WHY = "On leave from Monday; a visit to the doctor is due."


@pytest.fixture
def colleague(people: Any) -> Any:
    """A case manager of the same organisation, in no team."""
    with acting(Viewer.operator()):
        return member("colleague", Role.CASE_MANAGER, people.organisation)


def give(who: Any, case: Case, to: UUID, **more: Any) -> Case:
    with acting(who.viewer) as viewer:
        found = Case.objects.get(pk=case.pk)
        given = {"reason": WHY, "expected_version": found.version} | more
        return actions.reassign_worker(actor=viewer, case=found, to=to, **given)


def told(who: Any) -> list[str]:
    with acting(who.viewer) as viewer:
        return [title_of(notice) for notice in unseen(viewer)]


def test_a_supervisor_gives_it_and_the_new_worker_has_everything_at_once(
    people: Any, case: Case, colleague: Any
) -> None:
    with acting(colleague.viewer), pytest.raises(NotFound):
        queries.case(colleague.viewer, case.pk)
    give(people.supervisor, case, colleague.pk)
    with acting(colleague.viewer) as viewer:
        now = queries.case(viewer, case.pk)
        assert now.worker_id == colleague.pk
        assert now.version == case.version + 1
        assert WHY in queries.notes(viewer, now)[0].text
        assert reveal(actor=viewer, person_id=case.person_id, purpose="contact")
        entry = Entry.objects.get(object_id=case.pk, action="cases.case.reassign")
    assert entry.detail == {"from": str(people.case_worker.pk), "to": str(colleague.pk)}
    assert told(colleague) == ["A case was given to you"]
    assert "A case of yours was given to a colleague" in told(people.case_worker)


def test_the_worker_hands_over_himself_and_his_own_grants_end(
    people: Any, case: Case, colleague: Any
) -> None:
    give(people.case_worker, case, colleague.pk)
    with acting(people.supervisor.viewer):
        rows = Grant.objects.raw("SELECT * FROM access_grants_of(%s)", [case.pk])
        own = [row for row in rows if row.grantee_id == people.case_worker.pk]
        people_rows = Grant.objects.raw("SELECT * FROM access_grants_of(%s)", [case.person_id])
        own += [row for row in people_rows if row.grantee_id == people.case_worker.pk]
        assert own
        assert all(row.revoked_at is not None for row in own)
    assert told(colleague) == ["A case was given to you"]
    assert "A case of yours was given to a colleague" not in told(people.case_worker), "he did it himself"


def test_a_colleague_who_only_sees_it_cannot_give_it_away(people: Any, case: Case, colleague: Any) -> None:
    with acting(people.case_worker.viewer) as viewer:
        actions.share_case(
            actor=viewer, case=case, grantee_kind="person", grantee_id=colleague.pk,
            scopes=["notes", "identity"], purpose="covers the weekend",
        )  # fmt: skip
    with pytest.raises(Refused):
        give(colleague, case, colleague.pk)
    with acting(people.supervisor.viewer):
        assert Case.objects.get(pk=case.pk).worker_id == people.case_worker.pk


@pytest.mark.parametrize("who", ["other_worker", "coordinator", "administrator", "stranger"])
def test_strangers_meet_nothing(people: Any, case: Case, who: str) -> None:
    with acting(getattr(people, who).viewer) as viewer, pytest.raises(NotFound):
        actions.reassign_worker(
            actor=viewer, case=case, to=people.other_worker.pk, reason=WHY, expected_version=1
        )


def test_it_goes_to_nobody_outside_and_names_every_problem(people: Any, case: Case) -> None:
    for to in (people.other_worker.pk, people.case_worker.pk, people.analyst.pk, uuid4()):
        with pytest.raises(Invalid) as caught:
            give(people.supervisor, case, to, reason="no")
        assert [p.field for p in caught.value.problems] == ["to", "reason"]


def test_two_who_hand_over_at_once_cannot_both_win(people: Any, case: Case, colleague: Any) -> None:
    give(people.supervisor, case, colleague.pk)
    with pytest.raises(Stale):
        give(people.supervisor, case, people.supervisor.pk, expected_version=case.version)
    with acting(people.supervisor.viewer):
        assert Case.objects.get(pk=case.pk).worker_id == colleague.pk


def test_the_page_and_its_twin(people: Any, client_for: Any, case: Case, colleague: Any) -> None:
    client, url = client_for(people.case_worker), reverse("cases:worker", args=[case.pk])
    assert url in client.get(reverse("cases:case", args=[case.pk])).content.decode()
    page = client.get(url).content.decode()
    assert str(colleague.pk) in page
    assert str(people.other_worker.pk) not in page
    assert client.post(url, {"to": str(colleague.pk), "reason": "x", "version": "1"}).status_code == 422
    answer = client.post(url, {"to": str(colleague.pk), "reason": WHY, "version": str(case.version)})
    assert answer.status_code == 302
    back = client_for(colleague).post(
        f"/api/cases/cases/{case.pk}/worker",
        {
            "to": str(people.case_worker.pk),
            "reason": "Back from leave.",
            "expected_version": case.version + 1,
        },
        content_type="application/json",
    )
    assert (back.status_code, back.json()["worker"]) == (200, str(people.case_worker.pk))
    trail = client.get(reverse("cases:trail", args=[case.pk])).content.decode()
    assert "gave the case to another worker" in trail


def test_who_may_not_is_told_in_words(people: Any, client_for: Any, case: Case, colleague: Any) -> None:
    give(people.supervisor, case, colleague.pk)
    client, url = client_for(people.case_worker), reverse("cases:worker", args=[case.pk])
    page = client.get(url)  # his team still holds the case
    assert page.status_code == 200
    assert "Not yours to hand over" in page.content.decode()
    assert client.post(url, {"to": str(people.case_worker.pk)}).status_code == 403
