"""The pages as different people meet them: words, states, Arabic, no secret, few queries."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.rooms.services import actions, queries
from palermo.rooms.services.models import Admission, Need, Service
from palermo.rooms.services.tests.conftest import FAMILY, SECRET, opened


@pytest.fixture
def client(people: Any, client_for: Any) -> Any:
    return client_for(people.supervisor)


def page(client: Any, name: str, *args: Any, language: str = "en", **query: Any) -> str:
    answer = client.get(reverse(f"services:{name}", args=args), query, headers={"accept-language": language})
    assert answer.status_code == 200, (name, answer.status_code)
    return str(answer.content.decode())


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_renders_and_holds_no_secret(
    people: Any, client: Any, client_for: Any, shelter: Service, case: Any, language: str
) -> None:
    with acting(people.supervisor.viewer) as viewer:
        admission = actions.admit(actor=viewer, service=shelter, case_id=case.pk, group="women")
        need = actions.record_need(actor=viewer, case_id=case.pk, kind="shelter", urgency="today")
        delivery = actions.plan_delivery(actor=viewer, need_id=need.pk, service_id=shelter.pk)
    seen = [
        page(client, name, *args, language=language)
        for name, args in (
            ("list", ()), ("print", ()), ("add", ()), ("needs", ()), ("service", (shelter.pk,)),
            ("edit", (shelter.pk,)), ("history", (shelter.pk,)), ("capacity", (shelter.pk,)),
            ("places", (shelter.pk,)), ("guests", (shelter.pk,)), ("address", (shelter.pk,)),
            ("reviews", (shelter.pk,)), ("case", (case.pk,)), ("plan", (need.pk,)), ("need-unmet", (need.pk,)),
            ("delivery", (delivery.pk,)), ("leave", (admission.pk,)),
        )
    ]  # fmt: skip
    seen.append(page(client_for(people.coordinator), "unmet", language=language))
    direction = "rtl" if language == "ar" else "ltr"
    for text in seen:
        assert f'<html lang="{language}" dir="{direction}"' in text
        assert SECRET not in text
        assert FAMILY not in text
        assert "style=" not in text
        assert "onclick" not in text
    if language == "ar":
        assert "مأوى أو سكن آمن" in seen[0]


def test_the_list_is_empty_with_a_way_forward_and_finds_by_facets(
    people: Any, client: Any, client_for: Any
) -> None:
    assert "Begin with what your own organisation offers" in page(client, "list")
    assert "Ask one of them to begin" in page(client_for(people.analyst), "list")
    assert "No service fits" in page(client, "list", kind="medical")


def test_a_service_is_entered_changed_by_two_and_brought_back(people: Any, client: Any) -> None:
    form = {
        "organisation": str(people.organisation.pk), "name": "Clinic", "kind": "medical", "crime": "both",
        "cost": "free", "hours_mon": "9:00-17:00", "languages": ["ar"], "phone": "+99 555 8",
    }  # fmt: skip
    wrong = client.post(reverse("services:add"), {**form, "hours_tue": "all day"})
    assert wrong.status_code == 422
    assert "Write hours as" in wrong.content.decode()
    made = client.post(reverse("services:add"), form)
    assert made.status_code == 302
    with acting(people.supervisor.viewer):
        service = Service.objects.get(name="Clinic")
        assert service.hours == {"mon": [["09:00", "17:00"]]}
    edit = reverse("services:edit", args=[service.pk])
    assert client.post(edit, {**form, "name": "Theirs", "version": "1"}).status_code == 302
    clash = client.post(edit, {**form, "name": "Mine", "version": "1"})
    text = clash.content.decode()
    assert clash.status_code == 412
    assert all(word in text for word in ("Clinic", "Theirs", "Mine", "Somebody else saved"))
    client.post(reverse("services:undo", args=[service.pk, 1]), {"version": "2"})
    assert "brought version 1 back" in page(client, "history", service.pk)
    assert "Clinic" in page(client, "service", service.pk)


def test_free_places_are_told_with_one_tap(people: Any, client_for: Any, shelter: Service) -> None:
    client = client_for(people.first_responder)
    text = page(client, "capacity", shelter.pk)
    assert 'inputmode="numeric"' in text
    with acting(people.supervisor.viewer) as viewer:
        (row,) = queries.service(viewer, shelter.pk).places.all()
    form = {"free_women": "1", "version_women": str(row.version)}
    url = reverse("services:capacity", args=[shelter.pk])
    assert client.post(url, form).status_code == 302
    assert client.post(url, form).status_code == 412
    assert "1 place free" in page(client, "list")


def test_somebody_is_admitted_by_code_and_leaves(
    people: Any, client: Any, shelter: Service, case: Any
) -> None:
    url = reverse("services:guests", args=[shelter.pk])
    unknown = client.post(url, {"case": "C-0000-00", "group": "women"})
    assert "hold no case of this code" in unknown.content.decode()
    assert client.post(url, {"case": case.code.lower(), "group": "women"}).status_code == 302
    again = client.post(url, {"case": case.code, "group": "women"})
    assert (again.status_code, "has a place in a shelter already" in again.content.decode()) == (409, True)
    with acting(people.supervisor.viewer):
        admission = Admission.objects.get()
    assert (
        client.post(
            reverse("services:leave", args=[admission.pk]), {"leaving": "family", "version": 1}
        ).status_code
        == 302
    )
    assert case.code in page(client, "guests", shelter.pk, all="1")


def test_the_address_is_shown_once(client: Any, shelter: Service) -> None:
    url = reverse("services:address", args=[shelter.pk])
    text = client.get(url).content.decode()
    once = text.split('name="once" value="')[1].split('"')[0]
    form = {"purpose": "visit", "explanation": "The boiler is broken.", "once": once}
    shown = client.post(url, form)
    assert SECRET in shown.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]
    again = client.post(url, form)
    assert again.status_code == 302
    assert SECRET not in client.get(url).content.decode()


def test_what_may_be_done_depends_on_who_looks(people: Any, client_for: Any, shelter: Service) -> None:
    worker, other, office = (
        client_for(who) for who in (people.case_worker, people.other_worker, people.coordinator)
    )
    own, foreign, public = (page(each, "service", shelter.pk) for each in (worker, other, office))
    assert "Who has a place" in own
    assert "Open it" in own
    assert "Who has a place" not in foreign
    assert "somebody meets you at a neutral place" in foreign
    assert reverse("services:edit", args=[shelter.pk]) not in foreign
    assert "Show it to the public" in public
    assert other.get(reverse("services:edit", args=[shelter.pk])).status_code == 403


def test_the_list_needs_as_many_queries_for_one_service_as_for_many(
    people: Any, client: Any, shelter: Service
) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(client, "list")
        return len(captured)

    count()
    one = count()
    with acting(people.supervisor.viewer) as viewer:
        for number in range(8):
            made = actions.add_service(
                actor=viewer,
                organisation_id=people.organisation.pk,
                values={"name": f"S{number}", "kind": "shelter"},
            )
            actions.set_places(actor=viewer, service=made, totals={"men": 4})
    assert count() == one


def test_the_needs_of_a_case_need_as_many_queries_for_one_as_for_many(
    people: Any, client: Any, shelter: Service
) -> None:
    with acting(people.supervisor.viewer) as viewer:
        case = opened(viewer)

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(client, "case", case.pk)
        return len(captured)

    def needed(*kinds: str) -> None:
        with acting(people.supervisor.viewer) as viewer:
            for kind in kinds:
                need = actions.record_need(actor=viewer, case_id=case.pk, kind=kind, urgency="days")
                actions.plan_delivery(actor=viewer, need_id=need.pk, service_id=shelter.pk)

    needed("shelter")
    count()
    one = count()
    needed("medical", "legal_aid", "education", "material")
    assert count() == one
    with acting(people.supervisor.viewer):
        assert Need.objects.count() == 5


def test_the_export_leaves_staff_telephones_and_confidential_addresses_inside(
    client: Any, shelter: Service
) -> None:
    answer = client.post(reverse("services:export"), {"format": "csv", "kind": "shelter"})
    text = answer.content.decode()
    assert "House of Rest" in text
    assert "7001" not in text
    assert SECRET not in text


def test_the_json_twin_reads_and_writes_like_the_pages(
    people: Any, client: Any, client_for: Any, shelter: Service, case: Any
) -> None:
    def post(path: str, **data: Any) -> Any:
        return client.post(f"/api/services/{path}", json.dumps(data), content_type="application/json")

    read = client.get(f"/api/services/services/{shelter.pk}").json()
    assert (read["free"], read["open_now"], read["address"]) == (2, True, "")
    told = post(
        f"services/{shelter.pk}/capacity", free={"women": 0}, versions={"women": read["places"][0]["version"]}
    )
    assert told.json()["free"] == 0
    (match,) = post("matches", kind="shelter", sex="female", age=20).json()
    assert (match["fits"], "Full." in match["why_not"]) == (False, True)
    need = post(f"cases/{case.pk}/needs", kind="shelter", urgency="today").json()
    assert post(f"needs/{need['id']}/unmet", reason="full", expected_version=1).json()["state"] == "unmet"
    listed = client.get(f"/api/services/cases/{case.pk}/needs").json()
    assert [row["unmet_reason"] for row in listed] == ["full"]
    period = "since=2026-01-01&until=2030-01-01"
    assert client.get(f"/api/services/unmet?{period}").status_code == 403
    counted = client_for(people.coordinator).get(f"/api/services/unmet?{period}").json()
    assert counted["total"] is None
    assert client_for(people.other_worker).get(f"/api/services/cases/{case.pk}/needs").status_code == 404
