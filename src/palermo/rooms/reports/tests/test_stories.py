"""Stories of routes: begun, drawn on a map, answered for by two persons, read by all; withheld legs stay withheld."""

import json
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.kernel.errors import Invalid
from palermo.rooms.releases.actions.running import put_file
from palermo.rooms.reports import actions, queries
from palermo.rooms.reports.models import Report
from palermo.rooms.reports.tests import conftest
from palermo.rooms.reports.tests.conftest import REASON, put, released, words

pytestmark = pytest.mark.django_db
LEGS = (("NER", "LBY", 41), ("LBY", "ITA", 28), ("NER", "DZA", None), ("NER", "NER", 9))


def legs(_year: int, *_counts: Any) -> list[dict[str, Any]]:
    return [
        {
            "table": "observatory", "part": "legs", "row_dimension": "from", "row": start, "row_label": start,
            "column_dimension": "to", "column": end, "column_label": end, "value": value,
            "status": "shown" if value is not None else "withheld",
        }
        for start, end, value in LEGS
    ]  # fmt: skip


@pytest.fixture
def route(people: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A release of legs between countries."""
    assert json.dumps(LEGS)
    assert put_file
    monkeypatch.setattr(conftest, "rows", legs)
    return released(people, 2026, None, None, None)


def story(someone: Any, **more: Any) -> Report:
    values = {"year": 2026, "slug": "sea-crossing", "titles": words("By sea"), **more}
    with acting(someone.viewer) as viewer:
        return actions.open_story(actor=viewer, **values)


def out(people: Any, made: Report) -> Report:
    """Through the hands of two other persons."""
    steps = ((people.second_analyst, actions.review), (people.coordinator, actions.approve))
    with acting(people.analyst.viewer) as viewer:
        fresh = Report.objects.get(pk=made.pk)
        actions.submit(actor=viewer, report=fresh, expected_version=fresh.version)
    for someone, step in steps:
        with acting(someone.viewer) as viewer:
            fresh = Report.objects.get(pk=made.pk)
            step(actor=viewer, report=fresh, reason=REASON, expected_version=fresh.version)
    return fresh


def mapped(people: Any, route: Any) -> Report:
    made = story(people.analyst)
    put(
        people.analyst, made, kind="map", titles=words("The legs"), texts=words("Across the sea."),
        source=route.identifier, part="legs",
    )  # fmt: skip
    return made


def test_a_story_begins_with_an_outline_and_an_address_of_its_own(people: Any) -> None:
    made = story(people.analyst)
    assert made.identifier.endswith("-STORY-sea-crossing-2026.1")
    with acting(people.analyst.viewer):
        assert made.sections.count() == 5
        assert not made.recommendations.exists()
    other = story(people.analyst, slug="desert")
    report = conftest.begun(people.analyst)
    assert (other.number, report.number, story(people.analyst).number) == (1, 1, 2)


@pytest.mark.parametrize("slug", ["", "Sea", "sea crossing", "-sea", "../up", "a" * 25, "mer-é"])
def test_a_name_that_cannot_stand_in_an_address_is_refused(people: Any, slug: str) -> None:
    with pytest.raises(Invalid) as error:
        story(people.analyst, slug=slug)
    assert [problem.field for problem in error.value.problems or []] == ["slug"]


def test_everything_that_is_wrong_is_told_at_once(people: Any) -> None:
    with pytest.raises(Invalid) as error:
        story(people.analyst, slug="X", year=1, titles={})
    assert [problem.field for problem in error.value.problems or []] == ["year", "slug", "titles"]


def test_only_figures_that_run_between_countries_go_on_a_map(people: Any, two_years: Any) -> None:
    with pytest.raises(Invalid, match="not saved"):
        put(
            people.analyst, story(people.analyst), kind="map", titles={}, texts={},
            source=two_years.new.identifier, part="who",
        )  # fmt: skip


def test_the_map_has_every_leg_once_and_a_withheld_one_has_no_figure(people: Any, route: Any) -> None:
    made = mapped(people, route)
    with acting(people.analyst.viewer) as viewer:
        told = queries.composed(viewer, made, "en")
    block = next(one for one in told["blocks"] if one["kind"] == "map")
    assert [(one["from"], one["to"], one["value"]) for one in block["flows"]] == [
        ("NER", "LBY", 41), ("LBY", "ITA", 28), ("NER", "NER", 9), ("NER", "DZA", None)
    ]  # fmt: skip
    drawn = actions.mapped(block)
    assert drawn is not None
    assert drawn.to is None
    assert len(drawn.flows) == 3  # what stays in one country is in the table alone
    assert drawn.withheld == 1


def test_a_published_story_is_read_step_by_step_by_everybody(
    people: Any, route: Any, client_for: Any, client: Any
) -> None:
    made = out(people, mapped(people, route))
    page = client.get(reverse("reports:landing", args=[made.identifier])).content.decode()
    assert "story-step" in page
    assert "map-arrow" in page
    assert "map-withheld" in page
    assert "do not imply official endorsement" in page
    listed = client.get(reverse("reports:public-stories")).content.decode()
    assert "By sea (en)" in listed
    assert made.identifier not in client.get(reverse("reports:public")).content.decode()
    arabic = client.get(
        reverse("reports:landing", args=[made.identifier]), headers={"Accept-Language": "ar"}
    ).content.decode()
    assert "By sea (ar)" in arabic


def test_a_new_edition_replaces_that_story_and_no_other(people: Any, route: Any) -> None:
    first, other = out(people, mapped(people, route)), out(people, _filled(people, "desert"))
    second = story(people.analyst)
    with acting(people.analyst.viewer):
        assert second.sections.filter(kind="map").count() == 1
    out(people, second)
    with acting(people.analyst.viewer):
        states = {one.slug + str(one.number): one.state for one in Report.objects.filter(form="story")}
    assert states == {"sea-crossing1": "superseded", "sea-crossing2": "published", "desert1": "published"}
    assert first.pk != other.pk


def _filled(people: Any, slug: str) -> Report:
    made = story(people.analyst, slug=slug)
    put(people.analyst, made, kind="text", titles=words("Sand"), texts=words("Much of it."))
    return made


def test_a_withdrawn_story_leaves_a_stone_at_its_address(people: Any, route: Any, client: Any) -> None:
    made = out(people, mapped(people, route))
    with acting(people.coordinator.viewer) as viewer:
        fresh = Report.objects.get(pk=made.pk)
        actions.withdraw(actor=viewer, report=fresh, why="A leg was wrong.", expected_version=fresh.version)
    answer = client.get(reverse("reports:landing", args=[made.identifier]))
    assert answer.status_code == 410
    assert "A leg was wrong." in answer.content.decode()


def test_its_address_and_what_it_is_never_change_and_its_title_only_in_a_draft(
    people: Any, route: Any
) -> None:
    made = mapped(people, route)
    with acting(people.analyst.viewer):
        for change in ({"slug": "other"}, {"form": "national", "slug": ""}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Report.objects.filter(pk=made.pk).update(**change)
        Report.objects.filter(pk=made.pk).update(titles=words("By boat"))
    out(people, made)
    with acting(people.analyst.viewer), pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=made.pk).update(titles=words("By air"))
