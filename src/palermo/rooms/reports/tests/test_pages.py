"""The pages, as those meet them who write, judge and read."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.rooms.releases import actions as releases
from palermo.rooms.releases.models import Release
from palermo.rooms.reports import actions
from palermo.rooms.reports.models import Report
from palermo.rooms.reports.tests.conftest import REASON, begun, filled, fresh, judged, published, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are tested without the seconds that drawing takes."""
    monkeypatch.setattr(
        "palermo.rooms.reports.actions.submitting.files",
        lambda told, dated: [
            (f"report-{told['language']}.docx", "application/octet-stream", b"drawn elsewhere")
        ],
    )


def test_a_report_is_written_with_buttons_alone(two_years: Any, client_for: Any) -> None:
    client = client_for(two_years.analyst)
    made = client.post(reverse("reports:list"), {"year": "2026"})
    assert made.status_code == 302
    key = made["Location"].rstrip("/").rpartition("/")[2]
    page = client.get(made["Location"]).content.decode()
    assert "Smuggled migrants" in page
    assert "There is nothing in this report yet." in page
    given = {"title_en": "Victims", "figures": f"{two_years.new.identifier}|who", "layout": "years"}
    added = client.post(reverse("reports:add", args=[key]) + "?kind=chart", given)
    assert added.status_code == 302, added.content.decode()
    preview = client.get(reverse("reports:preview", args=[key])).content.decode()
    assert "+13" in preview
    assert "withheld" in preview
    with acting(two_years.analyst.viewer):
        section = Report.objects.get(pk=key).sections.last()
    moved = client.post(reverse("reports:move", args=[key, section.pk]), {"to": "up"})
    assert moved["Location"].endswith(f"#section-{section.pk}")
    assert client.post(reverse("reports:remove", args=[key, section.pk])).status_code == 302


def test_a_stale_save_shows_both(two_years: Any, client_for: Any) -> None:
    client = client_for(two_years.analyst)
    made = begun(two_years.analyst)
    with acting(two_years.analyst.viewer):
        section = made.sections.first()
    address = reverse("reports:section", args=[made.pk, section.pk])
    assert client.post(address, {"text_en": "Mine.", "version": "1"}).status_code == 302
    late = client.post(address, {"text_en": "Yours.", "version": "1"})
    assert late.status_code == 412
    with acting(two_years.analyst.viewer):
        assert made.sections.first().texts == {"en": "Mine."}


def test_without_a_release_there_is_a_way_forward(people: Any, client_for: Any) -> None:
    made = begun(people.analyst)
    page = (
        client_for(people.analyst)
        .get(reverse("reports:add", args=[made.pk]) + "?kind=table")
        .content.decode()
    )
    assert reverse("releases:list") in page
    assert "Nothing has been released yet" in page


def test_three_persons_on_their_pages(two_years: Any, client_for: Any) -> None:
    made = filled(two_years.analyst, two_years.new)
    client_for(two_years.analyst).post(
        reverse("reports:submit", args=[made.pk]), {"version": fresh(two_years.analyst, made.pk).version}
    )
    for someone, step in ((two_years.second_analyst, "review"), (two_years.coordinator, "approve")):
        client = client_for(someone)
        address = reverse(f"reports:{step}", args=[made.pk])
        assert address in client.get(reverse("reports:report", args=[made.pk])).content.decode()
        given = {"version": fresh(someone, made.pk).version, "reason": REASON}
        assert client.post(address, given).status_code == 302
    assert Client().get(reverse("reports:landing", args=[made.identifier])).status_code == 200


def test_the_public_page_says_what_was_withdrawn(two_years: Any) -> None:
    made = published(two_years, filled(two_years.analyst, two_years.new))
    address = reverse("reports:landing", args=[made.identifier])
    anybody = Client()
    assert "were withdrawn" not in anybody.get(address).content.decode()
    with acting(two_years.coordinator.viewer) as viewer:
        found = Release.objects.get(pk=two_years.new.pk)
        releases.withdraw(actor=viewer, release=found, why="Wrong.", expected_version=found.version)
    page = anybody.get(address).content.decode()
    assert "Figures in this report were withdrawn" in page
    with acting(two_years.coordinator.viewer) as viewer:
        report = Report.objects.get(pk=made.pk)
        actions.withdraw(actor=viewer, report=report, why="All of it.", expected_version=report.version)
    for gone in (address, reverse("reports:public-file", args=[made.identifier, "report-en.docx"])):
        answer = anybody.get(gone)
        assert answer.status_code == 410
        assert "All of it." in answer.content.decode()


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_public_page_speaks_three_languages(two_years: Any, language: str) -> None:
    made = published(two_years, filled(two_years.analyst, two_years.new))
    page = Client().get(
        reverse("reports:landing", args=[made.identifier]), headers={"accept-language": language}
    )
    text = page.content.decode()
    assert "Fewer were found." in text
    assert f"two ({language})" in text
    assert "style=" not in text.partition("<article")[2].partition("</article>")[0]


def test_the_json_twin(two_years: Any, client_for: Any) -> None:
    made = submitted(two_years.analyst, filled(two_years.analyst, two_years.new))
    assert Client().get(f"/api/reports/public/{made.identifier}").status_code == 404
    judged(two_years.second_analyst, made, actions.review)
    judged(two_years.coordinator, made, actions.approve)
    told = Client().get(f"/api/reports/public/{made.identifier}").json()
    assert told["withdrawn_sources"] == []
    assert {one["name"] for one in told["files"]} >= {"report-en.docx", "report.json"}
    whole = client_for(two_years.analyst).get(f"/api/reports/{made.pk}").json()
    assert len(whole["reviews"]) == 2
