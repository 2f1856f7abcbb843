"""The pages show codes and counts to those who may see them, and are not there for anybody else."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import StepUpNeeded
from palermo.kernel.imports.actions import run_import
from palermo.rooms.register import actions, queries
from palermo.rooms.register.models import Person

PAGES = ("register:list", "register:imports")


@pytest.fixture
def filled(people: Any) -> Any:
    actions.demo_register(np.random.default_rng(3), 130)
    return people


def code_of_somebody() -> str:
    with acting(Viewer.operator()):
        found = Person.objects.order_by("id").first()
        assert found is not None
        return found.code


def test_strangers_get_404_and_the_same_page_as_for_what_does_not_exist(filled: Any, client_for: Any) -> None:
    somebody = reverse("register:person", args=[code_of_somebody()])
    nobody = reverse("register:person", args=["R-0000-0000"])
    for who in (filled.stranger, filled.case_worker, filled.administrator):
        client = client_for(who.user)
        for page in PAGES:
            assert client.get(reverse(page)).status_code == 404
        answers = [client.get(address) for address in (somebody, nobody)]
        assert [answer.status_code for answer in answers] == [404, 404]
    coordinator = client_for(filled.coordinator.user)
    assert coordinator.get(nobody).status_code == 404
    assert coordinator.get(somebody).status_code == 200


def test_the_list_goes_page_by_page_and_filters(filled: Any, client_for: Any) -> None:
    client = client_for(filled.coordinator.user)
    seen: list[str] = []
    address = reverse("register:list")
    after = ""
    for _page in range(5):
        page = client.get(address, {"after": after} if after else {}).context["page"]
        assert page.total == queries.Total(130)
        seen += [row.code for row in page.rows]
        after = page.next
        if not after:
            break
    assert len(seen) == len(set(seen)) == 130
    found = client.get(address, {"sex": "male", "form": "Forced labour"}).context["page"]
    with acting(Viewer.operator()):
        men = [p for p in Person.objects.filter(sex="male") if p.form_yes & (2 | 4 | 8)]
    assert found.total == queries.Total.guarded(len(men), 5)
    assert {row.code for row in found.rows} <= {man.code for man in men}
    assert client.get(address, {"code": seen[3].lower()}).context["page"].rows[0].code == seen[3]
    assert b"Nobody matches" in client.get(address, {"code": "R-0000-0000"}).content


def test_the_number_of_queries_does_not_grow_with_the_register(filled: Any, client_for: Any) -> None:
    clients = client_for(filled.coordinator.user), client_for(filled.analyst.user)

    def queries_of() -> list[int]:
        found = []
        for client in clients:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(reverse("register:list"), {"purpose": "table"}).status_code == 200
            found.append(len(captured))
        return found

    queries_of()
    before = queries_of()
    actions.demo_register(np.random.default_rng(3), 400)
    assert queries_of() == before


def test_a_person_is_shown_by_code_with_events_and_provenance(filled: Any, client_for: Any) -> None:
    body = (
        client_for(filled.coordinator.user).get(reverse("register:person", args=[code_of_somebody()])).content
    )
    text = body.decode()
    assert code_of_somebody() in text
    assert "Palermia (demo)" in text
    assert "Registered" in text


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_pages_render_in_every_language(filled: Any, client_for: Any, language: str) -> None:
    client = client_for(filled.coordinator.user)
    client.cookies["django_language"] = language
    for page in PAGES:
        assert client.get(reverse(page), headers={"accept-language": language}).status_code == 200


def test_imports_are_listed_with_their_rejected_rows(people: Any, client_for: Any, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("year,sex,crime,status\n2024,female,tip,presumed\n2024,=1,tip,presumed\n")
    outcome = run_import(actor=Viewer.operator(), path=path, format="people", source="a list")
    client = client_for(people.coordinator.user)
    page = client.get(reverse("register:imports"))
    assert b"a list" in page.content
    address = reverse("register:rejected", args=[outcome.run_id])
    assert address in page.content.decode()
    file = client.get(address)
    assert "attachment" in file["Content-Disposition"]
    assert "3,sex,(left out)," in file.content.decode("utf-8-sig")
    assert client_for(people.stranger.user).get(address).status_code == 404


def test_an_empty_register_says_how_to_fill_it(people: Any, client_for: Any) -> None:
    client = client_for(people.coordinator.user)
    assert reverse("register:imports") in client.get(reverse("register:list")).content.decode()
    assert b"palermo import" in client.get(reverse("register:imports")).content


def test_the_json_twin_answers_the_same_people_and_refuses_the_same(filled: Any, client_for: Any) -> None:
    client = client_for(filled.coordinator.user)
    page = client.get("/api/register/persons", {"sex": "male"}).json()
    assert page["total"] == client.get(reverse("register:list"), {"sex": "male"}).context["page"].total.count
    code = page["persons"][0]["code"]
    assert client.get(f"/api/register/persons/{code}").json()["code"] == code
    coordinator = client_for(filled.coordinator.user)
    counts = coordinator.get("/api/register/counts", {"by": "sex"}).json()
    assert sum(row["count"] for row in counts) == 130
    assert coordinator.get("/api/register/counts", {"by": "sex,name"}).status_code == 422
    stranger = client_for(filled.stranger.user)
    for address in ("persons", f"persons/{code}", "groups?purpose=table", "counts?by=sex", "imports"):
        assert stranger.get(f"/api/register/{address}").status_code == 404


def exact_looks(people: Any) -> list[list[str]]:
    with acting(people.administrator.viewer):
        found = Entry.objects.filter(action="register.exact.view", actor=people.coordinator.pk)
        return [entry.fields for entry in found]


def test_exact_counts_are_for_few_freshly_signed_in_and_on_record(filled: Any, client_for: Any) -> None:
    address = "/api/register/counts"
    assert client_for(filled.analyst.user).get(address, {"by": "sex"}).status_code == 403
    with acting(replace(filled.coordinator.viewer, stepped_up=False)) as viewer, pytest.raises(StepUpNeeded):
        actions.count_exactly(actor=viewer, by=["sex"])
    assert exact_looks(filled) == []
    assert client_for(filled.coordinator.user).get(address, {"by": "sex,year"}).status_code == 200
    assert exact_looks(filled) == [["sex", "year"]]


@pytest.mark.parametrize(("count", "seen"), [(0, None), (1, None), (4, None), (5, 5), (9, 5), (130, 130)])
def test_a_total_never_tells_one_person_from_none(count: int, seen: int | None) -> None:
    total = queries.Total.guarded(count, 5)
    assert (total.count, total.exact) == (seen, False)
    assert total.fewer_than == (5 if seen is None else None)


def test_the_list_shows_small_totals_only_to_those_who_ask_on_record(filled: Any, client_for: Any) -> None:
    code = code_of_somebody()
    coordinator = client_for(filled.coordinator.user)
    few = coordinator.get("/api/register/persons", {"code": code}).json()
    none = coordinator.get("/api/register/persons", {"code": "R-0000-0000"}).json()
    assert [(a["total"], a["fewer_than"]) for a in (few, none)] == [(None, 5), (None, 5)]
    address = reverse("register:list")
    assert "fewer than 5" in coordinator.get(address, {"code": code}).content.decode()
    assert "at least 130" in coordinator.get(address).content.decode()
    assert exact_looks(filled) == []
    assert "1 person<" in coordinator.get(address, {"code": code, "exact": "1"}).content.decode()
    assert exact_looks(filled) == [["code"]]
