"""The pages as those see them who work with them."""

import uuid
from typing import Any

import pytest
from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.rooms.encounters.models import Event, FamilyLink


@pytest.fixture
def worker(client_for: Any, people: Any) -> Any:
    return client_for(people.case_worker)


def board_of(client: Any, event: Event) -> str:
    return str(client.get(f"/encounters/{event.pk}/").content.decode())


def test_every_page_opens_for_the_team(worker: Any, event: Event, person: Any) -> None:
    one = person(1)
    for path in (
        "", "open/", f"{event.pk}/", f"{event.pk}/?state=emergency", f"{event.pk}/intake/", f"{event.pk}/table/",
        f"{event.pk}/counts/", f"{event.pk}/print/", f"{event.pk}/share/", f"person/{one.pk}/",
        f"person/{one.pk}/move/stabilise/", f"person/{one.pk}/move/died/",
    ):  # fmt: skip
        assert worker.get(f"/encounters/{path}").status_code == 200, path


def test_an_outsider_finds_nothing(client_for: Any, people: Any, event: Event, person: Any) -> None:
    other = client_for(people.other_worker)
    for path in (f"{event.pk}/", f"{event.pk}/table/", f"{event.pk}/print/", f"person/{person(1).pk}/"):
        assert other.get(f"/encounters/{path}").status_code == 404, path
    assert "E-" not in other.get("/encounters/").content.decode()


def test_open_add_and_correct(worker: Any, people: Any) -> None:
    form = {
        "kind": "sea_rescue", "place": "Off the cape", "happened_at": "2026-01-05T04:30", "expected": "3",
        "key": uuid.uuid4(),
    }  # fmt: skip
    answer = worker.post("/encounters/open/", form)
    assert answer.status_code == 302
    where = answer.url
    sent = {"do": "lines", "lines": "7;16;f\n8;30;m\nx;wrong", "key": uuid.uuid4()}
    page = worker.post(where, sent)
    assert page.status_code == 422
    assert "Line 3" in page.content.decode()
    assert "8;30;m" in page.content.decode()
    sent["lines"] = "7;16;f\n8;30;m"
    for _turn in "ab":
        assert worker.post(where, sent).status_code == 302
    page = worker.get(where.replace("intake", "table")).content.decode()
    assert page.count('name="row"') == 2


def test_an_empty_cell_of_the_table_is_saved_as_it_is_sent(worker: Any, event: Event, person: Any) -> None:
    row = person(5)
    key = str(row.pk)
    sent = {
        "row": f"{key}:{row.version}", f"tag-{key}": "W5", f"age-{key}": "doubt", f"sex-{key}": "male",
        f"languages-{key}": "ar ti", f"family-{key}": "", f"urgent-{key}": "on",
    }  # fmt: skip
    assert worker.post(f"/encounters/{event.pk}/table/", sent).status_code == 302
    page = worker.get(f"/encounters/{event.pk}/print/").content.decode()
    assert "W5" in page
    assert "Tigrinya" in page


def test_together_asks_first_and_then_moves(worker: Any, event: Event, people: Any, person: Any) -> None:
    chosen = [f"{row.pk}:{row.version}" for row in (person(4), person(5))]
    page = worker.post(f"/encounters/{event.pk}/together/", {"step": "aid", "person": chosen})
    assert "For 2 persons" in page.content.decode()
    sent = {"step": "aid", "person": chosen, "go": "1", "aid": ["medical", "food", "water", "interpreter"]}
    page = worker.post(f"/encounters/{event.pk}/together/", sent, follow=True).content.decode()
    assert "2 persons: done." in page
    page = worker.post(f"/encounters/{event.pk}/together/", {"step": "aid"}).content.decode()
    assert "Nobody is chosen" in page


def test_the_block_of_the_consulate_is_on_every_page(
    worker: Any, people: Any, event: Event, triaged: Any
) -> None:
    from palermo.kernel.access.context import acting

    with acting(people.case_worker.viewer):
        row = triaged(5, asylum="yes")
    for path in (f"person/{row.pk}/", f"person/{row.pk}/move/asylum_claim/"):
        assert "No contact with the consulate" in worker.get(f"/encounters/{path}").content.decode(), path
    for path in (f"{event.pk}/", f"{event.pk}/print/"):
        assert "no contact with the consulate" in worker.get(f"/encounters/{path}").content.decode(), path
    answer = worker.post(f"/encounters/person/{row.pk}/move/no_need/", {
        "version": row.version, "rights_told": "on", "helpline_told": "on", "consulate_told": "on",
    })  # fmt: skip
    assert answer.status_code in (200, 409)
    assert "asylum" in answer.content.decode()


def test_a_person_goes_from_the_quay_to_a_case(worker: Any, people: Any, event: Event, person: Any) -> None:
    def write(what: str, **values: Any) -> None:
        row = person(4)
        prefix = {"aid": "aid", "answers": "q", "vulnerability": "v"}[what]
        sent = {f"{prefix}-{name}": value for name, value in (values | {"version": row.version}).items()}
        answer = worker.post(f"/encounters/person/{row.pk}/write/{what}/", sent)
        assert answer.status_code == 302, answer.content.decode()[:2000]

    def move(event: str, **values: Any) -> None:
        row = person(4)
        answer = worker.post(f"/encounters/person/{row.pk}/move/{event}/", {"version": row.version} | values)
        assert answer.status_code == 302, answer.content.decode()

    write("aid", aid=["medical", "food", "water", "interpreter"])
    move("stabilise")
    write("answers", trafficking="no", family="no", asylum="no", violence="yes", detention="no")
    move("screen")
    write(
        "vulnerability", individual=["risk.health"], household=["safe.family"],
        community=["seen.community"], structural=["seen.structural"],
    )  # fmt: skip
    move("vulnerable", family_name="", given_names="")
    assert person(4).case_id


def test_the_coordinator_sees_figures_and_no_event(client_for: Any, people: Any, event: Event) -> None:
    client = client_for(people.coordinator)
    assert client.get("/encounters/figures/").status_code == 200
    assert client.get("/encounters/").status_code == 403
    assert client.get(f"/encounters/{event.pk}/").status_code in (403, 404)


def test_the_json_twin(worker: Any, event: Event, person: Any) -> None:
    found = worker.get(f"/api/encounters/events/{event.pk}").json()
    assert [p["number"] for p in found["persons"]] == [1, 4, 2, 3, 5, 6]
    sent = {"key": str(uuid.uuid4()), "persons": [{"tag": "J1", "age": "16-17"}, {"age": "wrong"}]}
    url = f"/api/encounters/events/{event.pk}/persons"
    assert worker.post(url, sent, content_type="application/json").status_code == 422
    sent["persons"].pop()
    for _turn in "ab":
        answer = worker.post(url, sent, content_type="application/json")
        assert answer.json() == {"added": 1}
    one = worker.get(f"/api/encounters/persons/{person(1).pk}").json()
    assert "stabilise" in {m["event"] for m in one["moves"]}


def test_a_family_link_is_corrected_and_taken_away(
    worker: Any, event: Event, people: Any, person: Any
) -> None:
    page = reverse("encounters:migrant", args=[person(2).pk])
    sent = {"l-relation": "sibling", "l-other": "3"}
    assert worker.post(reverse("encounters:write", args=[person(2).pk, "link"]), sent).status_code == 302
    with acting(people.case_worker.viewer):
        link = FamilyLink.objects.get(event_id=event.pk)
    address = reverse("encounters:link", args=[person(2).pk, link.pk])
    assert address in worker.get(page).content.decode()
    assert "Brother or sister" in worker.get(address).content.decode()
    assert worker.post(address, {"relation": "parent", "do": "change"}).status_code == 302
    with acting(people.case_worker.viewer):
        link = FamilyLink.objects.get(event_id=event.pk)
        assert link.relation == "parent"
    assert worker.get(address).status_code == 404
    address = reverse("encounters:link", args=[person(2).pk, link.pk])
    assert worker.post(address, {"do": "remove", "apart": "on"}).status_code == 302
    with acting(people.case_worker.viewer):
        assert not FamilyLink.objects.filter(event_id=event.pk).exists()
    assert person(3).family_group == ""
    assert person(2).family_group == "K"


def test_the_json_twin_moves_many_and_links(worker: Any, event: Event, person: Any) -> None:
    root = f"/api/encounters/events/{event.pk}/together"
    sent = {"step": "aid", "persons": {str(person(5).pk): 1, str(person(6).pk): 9}, "given": ["food"]}
    told = worker.post(root, sent, content_type="application/json").json()
    assert told["done"] == 1
    assert [row["number"] for row in told["refused"]] == [6]
    links = f"/api/encounters/persons/{person(5).pk}/links"
    made = worker.post(links, {"other": 6, "relation": "sibling"}, content_type="application/json").json()
    gone = worker.post(f"{links}/{made['id']}", {"relation": ""}, content_type="application/json").json()
    assert gone["removed"] == made["id"]
