"""The pages, as the analyst and as a stranger meet them."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from palermo.rooms.estimates.models import Study
from palermo.rooms.estimates.tests.conftest import TABLE, carried_out

pytestmark = pytest.mark.django_db
FORM = {
    "title": "Harbour",
    "crime": "trafficking",
    "year_from": "2023",
    "year_to": "2024",
    "about": "",
    "by": "",
}


def test_from_a_file_to_a_run(people: Any, client_for: Any) -> None:
    client = client_for(people.analyst)
    empty = client.get(reverse("estimates:list"))
    assert "There is no study yet" in empty.content.decode()
    upload = SimpleUploadedFile("lists.csv", TABLE.encode(), "text/csv")
    answer = client.post(reverse("estimates:new"), {**FORM, "file": upload}, follow=True)
    assert "226 people were seen, 38 of them by more than one list" in answer.content.decode()
    study_id = answer.context["study"].pk
    answer = client.post(
        reverse("estimates:run-new", args=[study_id]),
        {"methods": ["main", "chao"], "bootstrap": "0", "order": "2", "p": "0.02", "seed": "1"}, follow=True,
    )  # fmt: skip
    assert "Waiting" in answer.content.decode()
    assert answer.context["run"].methods == ["main", "chao"]


def test_a_bad_table_is_explained_beside_the_field(people: Any, client_for: Any) -> None:
    answer = client_for(people.analyst).post(
        reverse("estimates:new"), {**FORM, "text": "A,B,count\n1,0,-2\n0,9,1\n"}
    )
    page = answer.content.decode().replace("\u2068", "").replace("\u2069", "")  # values stand in isolates
    assert answer.status_code == 200
    assert "row 2" in page
    assert "row 3" in page


def test_a_run_shows_method_beside_method_and_one_in_full(people: Any, client_for: Any, study: Study) -> None:
    run = carried_out(people.analyst, study)
    client = client_for(people.analyst)
    page = client.get(reverse("estimates:run", args=[study.pk, run.pk])).content.decode()
    assert "Independent lists" in page
    assert "Lower bound (Chao)" in page
    page = client.get(reverse("estimates:result", args=[study.pk, run.pk, 0])).content.decode()
    assert "Propose as the answer" in page
    assert client.get(reverse("estimates:result", args=[study.pk, run.pk, 9])).status_code == 404


def test_a_run_of_another_study_is_not_there(people: Any, client_for: Any, study: Study) -> None:
    from palermo.rooms.estimates.tests.conftest import study_of

    run = carried_out(people.analyst, study_of(people.analyst))
    assert (
        client_for(people.analyst).get(reverse("estimates:run", args=[study.pk, run.pk])).status_code == 404
    )


def test_a_stranger_finds_nothing(people: Any, client_for: Any, study: Study) -> None:
    run = carried_out(people.analyst, study)
    client = client_for(people.case_worker)
    for name, args in (
        ("estimates:study", [study.pk]), ("estimates:run", [study.pk, run.pk]), ("estimates:table-file", [study.pk]),
        ("estimates:result", [study.pk, run.pk, 0]), ("estimates:run-file", [study.pk, run.pk]),
    ):  # fmt: skip
        assert client.get(reverse(name, args=args)).status_code == 404


def test_the_list_is_searched(people: Any, client_for: Any, study: Study) -> None:
    client = client_for(people.coordinator)
    assert "Harbour district" in client.get(reverse("estimates:list"), {"q": "harbour"}).content.decode()
    assert (
        "No study has these words" in client.get(reverse("estimates:list"), {"q": "desert"}).content.decode()
    )


def test_the_twin_says_the_same(people: Any, client_for: Any, study: Study) -> None:
    run = carried_out(people.analyst, study)
    client = client_for(people.analyst)
    found = client.get(f"/api/estimates/{study.pk}/runs/{run.pk}").json()
    assert found["results"] == run.results
    assert client.get(f"/api/estimates/{study.pk}").json()["runs"] == [str(run.pk)]
    assert client_for(people.case_worker).get(f"/api/estimates/{study.pk}").status_code == 404
