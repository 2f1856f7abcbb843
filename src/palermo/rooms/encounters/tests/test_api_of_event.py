"""The JSON twin of an event as a whole; and a family with a child is not parted by any door without a reason."""

from typing import Any

from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.rooms.encounters.models import Event, Migrant


def post(client: Any, event: Event, path: str, **sent: Any) -> Any:
    return client.post(f"/api/encounters/events/{event.pk}/{path}", sent, content_type="application/json")


def test_counts_are_corrected(people: Any, event: Event, client_for: Any) -> None:
    client = client_for(people.case_worker)
    found = post(client, event, "counts", expected=7, dead=1, expected_version=event.version)
    assert (found.json()["expected"], found.json()["dead"], found.json()["missing"]) == (7, 1, 0)
    assert post(client, event, "counts", expected=8, expected_version=event.version).status_code == 412
    assert post(client_for(people.other_worker), event, "counts", expected_version=1).status_code == 404


def test_an_event_is_shared_and_the_share_ends(people: Any, event: Event, client_for: Any) -> None:
    client, other = client_for(people.case_worker), client_for(people.other_worker)
    sent = {"grantee_kind": "organisation", "grantee_id": str(people.other_organisation.pk)}
    assert post(client, event, "shares", **sent, purpose="").status_code == 422
    made = post(client, event, "shares", **sent, purpose="Beds for the night").json()["id"]
    assert made in {share["id"] for share in client.get(f"/api/encounters/events/{event.pk}/shares").json()}
    assert other.get(f"/api/encounters/events/{event.pk}").status_code == 200
    assert post(client, event, f"shares/{made}/end").json() == {"ended": made}
    assert other.get(f"/api/encounters/events/{event.pk}").status_code == 404


def test_rows_are_corrected_and_who_is_late_is_named(people: Any, event: Event, client_for: Any) -> None:
    with acting(people.case_worker.viewer):
        one, two = Migrant.objects.filter(event_id=event.pk).order_by("number")[:2]
    rows = [
        {"id": str(one.pk), "version": one.version, "sex": "female", "languages": ["fr"]},
        {"id": str(two.pk), "version": two.version + 1, "age": "adult"},
    ]
    client = client_for(people.case_worker)
    found = post(client, event, "table", rows=rows).json()
    assert found["saved"] == 1
    assert [row["id"] for row in found["refused"]] == [str(two.pk)]
    with acting(people.case_worker.viewer):
        now = Migrant.objects.get(pk=one.pk)
        # What was not sent stayed as it was.
        assert (now.sex, now.languages, now.tag, now.alone) == ("female", ["fr"], one.tag, one.alone)


def test_a_family_is_not_parted_without_a_reason(
    people: Any, event: Event, triaged: Any, client_for: Any
) -> None:
    with acting(people.case_worker.viewer):
        mother, _child = triaged(2), triaged(3)
    client = client_for(people.case_worker)
    sent = {"step": "asylum_claim", "persons": {str(mother.pk): mother.version}, "reason": "Wants to ask."}
    found = post(client, event, "together", **sent)
    assert found.status_code == 409
    assert found.json()["rule"] == "encounters.family.apart"
    assert "separated" in found.json()["message"]
    form = {
        "step": "asylum_claim",
        "person": f"{mother.pk}:{mother.version}",
        "go": "1",
        "reason": "Wants to ask.",
    }
    page = client.post(reverse("encounters:together", args=[event.pk]), form)
    assert page.status_code == 409
    assert "separated" in page.content.decode()
    with acting(people.case_worker.viewer):
        assert Migrant.objects.get(pk=mother.pk).state == "triaged"
    apart = post(client, event, "together", **sent, apart="The child stays in hospital with the father.")
    assert apart.status_code == 200
