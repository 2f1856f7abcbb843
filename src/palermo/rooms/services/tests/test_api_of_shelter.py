"""The JSON twin of a shelter's own work does what the pages do, and refuses what they refuse."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.rooms.cases.tests.conftest import opened
from palermo.rooms.services import actions
from palermo.rooms.services.models import Service


@pytest.fixture
def shelter(people: Any) -> Service:
    with acting(people.supervisor.viewer) as viewer:
        return actions.add_service(
            actor=viewer,
            organisation_id=people.organisation.pk,
            values={"name": "House of Rest", "kind": "shelter", "phone": "+99 555 7000"},
        )


def post(client: Any, path: str, **sent: Any) -> Any:
    return client.post(f"/api/services/{path}", sent, content_type="application/json")


def test_state_and_public(people: Any, shelter: Service, client_for: Any) -> None:
    own, office = client_for(people.supervisor), client_for(people.coordinator)
    found = post(own, f"services/{shelter.pk}/state", state="suspended", reason="", expected_version=1)
    assert (found.status_code, found.json()["problems"][0]["field"]) == (422, "reason")
    found = post(
        own, f"services/{shelter.pk}/state", state="suspended", reason="Flooded.", expected_version=1
    )
    assert (found.json()["state"], found.json()["version"]) == ("suspended", 2)
    assert post(own, f"services/{shelter.pk}/public", public=True, expected_version=2).status_code == 403
    assert post(office, f"services/{shelter.pk}/public", public=True, expected_version=1).status_code == 412
    assert (
        post(office, f"services/{shelter.pk}/public", public=True, expected_version=2).json()["public"]
        is True
    )


def test_a_place_is_given_and_free_again(people: Any, shelter: Service, client_for: Any) -> None:
    own = client_for(people.supervisor)
    with acting(people.case_worker.viewer) as viewer:
        first, second = opened(viewer), opened(viewer)
    assert post(own, f"services/{shelter.pk}/places", totals={"women": 1}).json()[0]["total"] == 1
    made = post(own, f"services/{shelter.pk}/admissions", case_id=str(first.pk), group="women")
    assert (made.status_code, made.json()["case_code"]) == (200, first.code)
    assert "case_id" not in made.json()
    full = post(own, f"services/{shelter.pk}/admissions", case_id=str(second.pk), group="women")
    assert full.status_code == 409
    (row,) = own.get(f"/api/services/services/{shelter.pk}/admissions").json()
    left = {"leaving": "moved_on", "expected_version": row["version"]}
    assert post(own, f"admissions/{row['id']}/leave", **(left | {"leaving": "nonsense"})).status_code == 422
    assert post(client_for(people.other_worker), f"admissions/{row['id']}/leave", **left).status_code == 404
    with acting(people.supervisor.viewer):
        from palermo.standards import codelist

        left["leaving"] = next(iter(codelist("palermo/leaving_reason"))).code
    assert post(own, f"admissions/{row['id']}/leave", **left).json()["left_at"]
    assert own.get(f"/api/services/services/{shelter.pk}/admissions").json() == []
    assert (
        post(own, f"services/{shelter.pk}/admissions", case_id=str(second.pk), group="women").status_code
        == 200
    )


def test_a_review_from_the_visit_to_what_was_put_right(
    people: Any, shelter: Service, client_for: Any
) -> None:
    own, office = client_for(people.supervisor), client_for(people.coordinator)
    today = timezone.localdate()
    assert post(own, f"services/{shelter.pk}/reviews", visited_on=today.isoformat()).status_code == 403
    review = post(office, f"services/{shelter.pk}/reviews", visited_on=today.isoformat()).json()
    answers = dict.fromkeys(actions.standards(), "met") | {"house.fire": "not_met"}
    kept = post(office, f"reviews/{review['id']}", answers=answers, expected_version=review["version"])
    assert kept.json()["answers"]["house.fire"] == "not_met"
    version = kept.json()["version"]
    assert post(office, f"reviews/{review['id']}/finish", expected_version=version).status_code == 422
    due = (today + timedelta(days=7)).isoformat()
    found = {"house.fire": {"words": "Boxes at the door.", "due_on": due}}
    done = post(office, f"reviews/{review['id']}/finish", findings=found, expected_version=version)
    assert done.json()["finished_at"]
    (finding,) = own.get(f"/api/services/services/{shelter.pk}/reviews").json()["findings"]
    url, seen = f"findings/{finding['id']}", finding["version"]
    assert post(office, url, answer="Not ours to say.", expected_version=seen).status_code == 403
    said = post(own, url, answer="The boxes are gone.", expected_version=seen).json()
    assert said["state"] == "answered"
    assert post(own, url, confirmed=True, expected_version=said["version"]).status_code == 403
    assert post(office, url, confirmed=True, expected_version=said["version"]).json()["state"] == "closed"
    stranger = client_for(people.other_worker)
    assert stranger.get(f"/api/services/reviews/{review['id']}").status_code == 404
