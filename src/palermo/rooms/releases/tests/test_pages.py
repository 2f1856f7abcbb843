"""The pages, as those meet them who prepare, judge and read."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.rooms.releases import actions, queries
from palermo.rooms.releases.tests.conftest import PURPOSE, ROWS, begun, carried_out, draft, published

pytestmark = pytest.mark.django_db
FORM = {
    "title": "Detected victims", "purpose": PURPOSE, "series": "GLOTIP", "year": "2026", "year_from": "2020",
    "year_to": "2025", "changes": "",
}  # fmt: skip


def test_from_the_first_page_to_a_run(register: Any, client_for: Any) -> None:
    client = client_for(register.analyst)
    assert "Nothing has been prepared yet" in client.get(reverse("releases:list")).content.decode()
    first = client.get(reverse("releases:new")).content.decode()
    assert "Step 1 of 2" in first
    assert "No estimate has been agreed on" in first
    address = reverse("releases:new") + "?product=count_tables&source=glotip"
    assert "Step 2 of 2" in client.get(address).content.decode()
    answer = client.post(address, FORM, follow=True)
    release = answer.context["release"]
    assert release.state == "draft"
    assert "Make it" in answer.content.decode()
    answer = client.post(
        reverse("releases:run", args=[release.pk]), {"version": release.version}, follow=True
    )
    assert answer.context["release"].state == "running"


def test_an_overspending_run_shows_the_sum(people: Any, client_for: Any) -> None:
    begun(people.analyst, draft(people.analyst, ROWS))
    second = draft(people.analyst, ROWS, title="Once more")
    answer = client_for(people.analyst).post(reverse("releases:run", args=[second.pk]), {"version": 1})
    assert answer.status_code == 409
    assert "cap 0.50" in answer.content.decode()
    ledger = client_for(people.analyst).get(reverse("releases:ledger")).content.decode()
    assert "Persons registered in 2024" in ledger
    assert "<progress" in ledger


def test_the_page_says_why_the_author_waits(register: Any, client_for: Any) -> None:
    made = carried_out(register.analyst, draft(register.analyst))
    page = client_for(register.analyst).get(reverse("releases:release", args=[made.pk])).content.decode()
    assert "two other persons have to review and approve it" in page.lower().replace("\n", " ")
    page = (
        client_for(register.second_analyst).get(reverse("releases:review", args=[made.pk])).content.decode()
    )
    assert "learns no small count" in page


def test_everybody_reads_a_published_release_and_nothing_else(register: Any) -> None:
    made = published(register)
    client = Client()
    catalogue = client.get(reverse("releases:public")).content.decode()
    assert "Detected victims" in catalogue
    page = client.get(reverse("releases:landing", args=[made.identifier])).content.decode()
    for words in (made.identifier, "How to cite it", "Codebook", "Versions", "data.csv"):
        assert words in page
    answer = client.get(reverse("releases:public-file", args=[made.identifier, "metadata.json"]))
    told = json.loads(answer.content)
    assert told["identifiers"][0]["identifier"] == made.identifier
    assert {file["name"] for file in told["files"]} == {"data.csv", "data.json", "codebook.csv"}
    assert client.get(reverse("releases:public-file", args=[made.identifier, "risk.json"])).status_code == 404
    twin = client.get(f"/api/releases/public/{made.identifier}").json()
    assert twin["identifier"] == made.identifier
    assert {file["sha256"] for file in told["files"]} <= {file["sha256"] for file in twin["files"]}


def test_the_public_page_draws_what_is_in_the_file_and_no_more(register: Any) -> None:
    """Each figure of the tables is a row of the published file, and what the file withholds stays withheld."""
    made = published(register)
    told = json.loads(
        Client().get(reverse("releases:public-file", args=[made.identifier, "data.json"])).content
    )
    status = {(row["part"], row["row"], row["column"]): row for row in told["rows"]}
    parts = made.about["drawn"]["parts"]
    seen = 0
    for part in parts:
        for row, line in zip(part["rows"], part["cells"], strict=True):
            for column, cell in zip(part["columns"], line, strict=True):
                row_of_file = status[part["key"], row, column]
                assert cell["withheld"] is (row_of_file["status"] == "withheld")
                assert cell["value"] == row_of_file["value"]
                seen += cell["withheld"]
    assert seen
    page = Client().get(reverse("releases:landing", args=[made.identifier])).content.decode()
    assert page.index('id="figures"') < page.index('id="files"')
    assert page.count("<table") >= len([part for part in parts if part["rows"]])
    assert "<svg" in page
    arabic = Client(headers={"accept-language": "ar"})
    assert 'dir="rtl"' in arabic.get(reverse("releases:landing", args=[made.identifier])).content.decode()


def test_a_release_tells_one_number_of_cells(register: Any) -> None:
    """A margin that two tables share is one cell, in the check as in the limits."""
    made = carried_out(register.analyst, draft(register.analyst))
    with acting(register.analyst.viewer):
        check = made.checks.get(code="attack_alone")
    said = f"{check.values['withheld']} of {check.values['cells']} cells are withheld"
    assert any(said in note for note in made.about["notes"]), (check.values, made.about["notes"])


def test_the_form_proposes_the_years_of_the_table(register: Any, client_for: Any) -> None:
    with acting(register.analyst.viewer) as viewer:
        years = queries.years(viewer, "count_tables", "glotip")
    assert len(years) > 1
    form = (
        client_for(register.analyst)
        .get(reverse("releases:new") + "?product=count_tables&source=glotip")
        .context["form"]
    )
    assert (form["year_from"].value(), form["year_to"].value()) == (years[0], years[-1])


def test_a_withdrawn_release_is_gone_with_its_reason(register: Any) -> None:
    made = published(register)
    with acting(register.coordinator.viewer) as viewer:
        fresh = queries.one(viewer, made.pk)
        actions.withdraw(actor=viewer, release=fresh, why="Counted twice.", expected_version=fresh.version)
    for name, args in (("landing", [made.identifier]), ("public-file", [made.identifier, "data.csv"])):
        answer = Client().get(reverse(f"releases:{name}", args=args))
        assert answer.status_code == 410
        assert "Counted twice." in answer.content.decode()
    assert Client().get(f"/api/releases/public/{made.identifier}").status_code == 410


def test_drafts_lie_side_by_side(people: Any, client_for: Any) -> None:
    one, other = draft(people.analyst, ROWS), draft(people.analyst, ROWS, title="With less noise")
    page = client_for(people.analyst).get(reverse("releases:compare"), {"r": [str(one.pk), str(other.pk)]})
    assert page.status_code == 200
    assert "With less noise" in page.content.decode()
    assert client_for(people.analyst).get(reverse("releases:compare"), {"r": "nonsense"}).status_code == 404
