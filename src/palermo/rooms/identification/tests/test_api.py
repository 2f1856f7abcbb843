"""The JSON twin: from answers to a decision, and 404 for strangers."""

import json
from typing import Any

from palermo.rooms.identification.tests.conftest import TRAFFICKED


def post(client: Any, url: str, **data: Any) -> Any:
    return client.post(url, json.dumps(data), content_type="application/json")


def test_a_screening_from_start_to_decision(people: Any, client_for: Any) -> None:
    client = client_for(people.case_worker)
    made = post(client, "/api/identification/screenings", event="Helpline").json()
    url = f"/api/identification/screenings/{made['id']}"
    for version, (section, answers) in enumerate(TRAFFICKED.items(), start=1):
        post(client, f"{url}/answers", section=section, answers=answers, expected_version=version)
    found = post(client, f"{url}/suggestion").json()
    assert found["suggestion"]["outcome"] == "tip"
    assert found["decisions"] == []
    decision = {
        "suggestion": found["suggestion"]["id"],
        "outcome": "tip",
        "expected_version": found["version"],
    }
    assert post(client, f"{url}/decisions", **decision, reason="x").status_code == 422
    done = post(client, f"{url}/decisions", **decision, reason="Told in detail and consistent.").json()
    assert (done["state"], done["decisions"][0]["outcome"]) == ("decided", "tip")
    assert client_for(people.other_worker).get(url).status_code == 404
    listed = client.get("/api/identification/screenings").json()
    assert [item["code"] for item in listed["items"]] == [made["code"]]
