"""The JSON twin: the same things, the same refusals, no identity."""

import json
from typing import Any

import pytest

from palermo.rooms.cases.models import Case
from palermo.rooms.cases.tests.conftest import FAMILY, GIVEN, PHONE


@pytest.fixture
def client(people: Any, client_for: Any) -> Any:
    return client_for(people.case_worker)


def post(client: Any, url: str, **data: Any) -> Any:
    return client.post(url, json.dumps(data), content_type="application/json")


def test_it_reads_and_writes_like_the_pages(client: Any, case: Case) -> None:
    url = f"/api/cases/cases/{case.pk}"
    read = client.get(url).json()
    assert read["code"] == case.code
    assert "check_urgent_needs" in [move["event"] for move in read["moves"]]
    saved = post(client, f"{url}/facts", values={"sex": "female"}, expected_version=1).json()
    assert (saved["sex"], saved["version"]) == ("female", 2)
    stale = post(client, f"{url}/facts", values={"sex": "male"}, expected_version=1)
    assert stale.status_code == 412
    note = post(client, f"{url}/notes", text="By telephone.").json()
    assert client.get(f"{url}/notes").json()[0]["id"] == note["id"]
    wrong = post(client, f"{url}/moves", event="review", expected_version=1)
    assert (wrong.status_code, wrong.json()["state"]) == (409, "intake")
    listed = client.get("/api/cases/cases").json()
    assert [item["code"] for item in listed["items"]] == [case.code]
    trail = client.get(f"{url}/trail").json()
    assert "opened the case" in [deed["did"] for deed in trail]
    everything = json.dumps([read, listed, trail])
    assert not any(word in everything for word in (FAMILY, GIVEN, PHONE))


def test_facts_of_a_wrong_type_are_invalid_and_named(client: Any, case: Case) -> None:
    values = {"sex": {"a": 1}, "forms_yes": 5, "labour": [["x"]]}
    answer = post(client, f"/api/cases/cases/{case.pk}/facts", values=values, expected_version=1)
    assert answer.status_code == 422
    assert {problem["field"] for problem in answer.json()["problems"]} == set(values)


@pytest.mark.parametrize("who", ["other_worker", "coordinator", "stranger"])
def test_strangers_get_404(people: Any, client_for: Any, case: Case, who: str) -> None:
    client = client_for(getattr(people, who))
    for path in ("", "/notes", "/trail"):
        assert client.get(f"/api/cases/cases/{case.pk}{path}").status_code == 404
    assert post(client, f"/api/cases/cases/{case.pk}/notes", text="Hello there.").status_code == 404
