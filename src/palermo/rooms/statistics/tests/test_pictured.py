"""The public pages in pictures: only what is published, in words where it cannot be drawn, gone when withdrawn."""

from datetime import datetime
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.register.actions import demo_register
from palermo.rooms.statistics import actions
from palermo.rooms.statistics.queries.view import Cell, Part, TableView
from palermo.rooms.statistics.views.flowing import flowing, has_flows
from palermo.rooms.statistics.views.profile import headline
from palermo.rooms.statistics.views.trends import MOST, has_trends, trends

BASE = "/statistics/public/"


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any) -> None:
    """Pages are tested without the built front end."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


def publish(people: Any, name: str) -> Any:
    with acting(people.analyst.viewer):
        made = actions.make_publication(actor=people.analyst.viewer, table=name)
    with acting(people.second_analyst.viewer):
        actions.approve(actor=people.second_analyst.viewer, publication_id=made.pk)
    return made


@pytest.fixture
def published(people: Any) -> Any:
    with acting(Viewer.operator()):
        demo_register(np.random.default_rng(5), 400)
    for name in ("glotip", "htcds-profile"):
        publish(people, name)
    return people


def cells(*lines: tuple[float | None, ...]) -> tuple[tuple[Cell, ...], ...]:
    """-1 stands for withheld, None for what nobody counted."""
    return tuple(tuple(Cell(withheld=True) if n == -1 else Cell(n) for n in line) for line in lines)


def years(codes: tuple[str, ...], *lines: tuple[float | None, ...], by: str = "sex") -> Part:
    rows = (*(str(2020 + n) for n in range(len(lines) - 1)), "Total")
    return Part(by, "year", by, rows, codes, cells(*lines))


def view(*parts: Part, as_of: str = "2023-05-01T00:00:00+00:00") -> TableView:
    assert datetime.fromisoformat(as_of)
    return TableView("glotip", as_of, parts)


SEX = years(
    ("female", "male", "Total"), (100, -1, -1), (90, 40, 130), (80, 20, 100), (5, 1, 6), (275, -1, -1)
)
FROM = years(
    ("NGA", "XPA", "VNM", "not_recorded", "Total"), (9, 50, -1, 7, 66), (9, 50, -1, 7, 66), by="citizenship"
)


def test_a_trend_has_every_year_and_no_total_of_them() -> None:
    (found,) = trends(view(SEX))
    assert list(found.chart.periods) == ["2020", "2021", "2022", "2023"]
    total, women, men = found.chart.lines
    assert (total.apart, women.values, men.values) == (True, (100, 90, 80, 5), (None, 40, 20, 1))
    assert found.chart.running
    # The year that is not over is no end of the sentence, nor is a withheld one its beginning.
    assert found.headline == "Total: 130 in 2021, 100 in 2022."
    assert not trends(view(SEX, as_of="2024-05-01T00:00:00+00:00"))[0].chart.running


def test_the_same_total_is_drawn_once_and_many_categories_are_cut_in_words() -> None:
    codes = tuple(f"C{n}" for n in range(30))
    lines = [(*(n + 1 for n in range(30)), 465), (*(n + 1 for n in range(30)), 465), (*(range(30)), 930)]
    many = years((*codes, "Total"), *lines, by="citizenship")
    first, second = trends(view(many, years(("male", "Total"), (9, 465), (9, 465), (9, 930))))
    assert len(first.chart.lines) == MOST
    assert first.left_out == 30 + 1 - MOST
    assert [line.name for line in first.chart.lines][:2] == ["Total", "C29"]
    assert [line.name for line in second.chart.lines] == ["Male"]


def test_one_year_is_no_trend_and_nothing_shown_is_no_picture() -> None:
    assert not has_trends(view(years(("male",), (9,), (9,))))
    assert trends(view(years(("male",), (-1,), (-1,), (-1,)))) == []


def test_a_headline_says_no_more_than_is_shown() -> None:
    def said(*lines: tuple[float | None, ...], rows: tuple[str, ...] = ("female", "male", "Total")) -> str:
        return headline(Part("sex", "sex", "measure", rows, ("persons",), cells(*lines)))

    assert said((60,), (40,), (100,)) == "Most often: Female, 60 of 100 persons (60 %)."
    assert said((60,), (40,), (-1,)) == "Most often: Female, 60 persons."
    assert said((-1,), (40,), (100,)).startswith("Of the figures shown, the highest: Male, 40 of 100")
    assert said((-1,), (-1,), (-1,)) == "No figure of this breakdown could be published."
    rows = ("female", "not_recorded", "Total")
    assert said((20,), (80,), (100,), rows=rows).endswith("Not recorded: 80.")


def test_flows_leave_out_own_citizens_and_whom_no_place_is_known_of_in_words() -> None:
    assert has_flows(view(FROM))
    (found,) = flowing(view(FROM))
    assert found.chart is not None
    assert [(flow.name, flow.value) for flow in found.chart.flows] == [("Nigeria", 9), ("Viet Nam", None)]
    assert found.beside == ["Own citizens: 50.", "Not on the map: Not recorded, 7."]
    assert len(found.table.rows) == 5
    assert not has_flows(view(SEX))


def test_a_file_of_boundaries_that_cannot_be_used_leaves_the_table(settings: Any, tmp_path: Any) -> None:
    settings.PALERMO_BOUNDARIES = str(tmp_path / "absent.json")
    (found,) = flowing(view(FROM))
    assert found.chart is None
    assert len(found.table.rows) == 5


@pytest.mark.django_db
def test_before_anything_is_published_there_is_nothing_to_see(client: Any, people: Any) -> None:
    with acting(Viewer.operator()):
        demo_register(np.random.default_rng(5), 60)
    assert "Nothing has been published yet" in client.get(f"{BASE}profile/").content.decode()
    assert client.get(f"{BASE}glotip/1/trend/").status_code == 404
    assert client.get(f"{BASE}glotip/1/map/").status_code == 404


@pytest.mark.django_db
def test_the_pages_are_reached_from_the_landing_and_read_no_register(client: Any, published: Any) -> None:
    landing = client.get(BASE).content.decode()
    edition = client.get(f"{BASE}glotip/").content.decode()
    for path in ("glotip/1/trend/", "glotip/1/map/"):
        assert f'href="{BASE}{path}"' in landing
        assert f'href="{BASE}{path}"' in edition
    assert f'href="{BASE}profile/"' in landing
    assert "htcds-profile/1/trend/" not in landing
    for path in ("profile/", "glotip/1/trend/", "glotip/1/map/"):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = client.get(BASE + path)
        assert answer.status_code == 200
        text = answer.content.decode()
        assert "<svg" in text
        assert "<table" in text
        assert 'role="img"' in text
        assert not [q["sql"] for q in asked.captured_queries if "register_" in q["sql"]]
        assert not answer.cookies
    assert client.get(f"{BASE}htcds-profile/1/trend/").status_code == 404


@pytest.mark.django_db
def test_a_withdrawn_edition_takes_its_pictures_with_it(client: Any, published: Any) -> None:
    found = actions.make_publication
    assert found
    from palermo.rooms.statistics.models import Publication

    with acting(published.second_analyst.viewer):
        for row in Publication.objects.filter(approved_at__isnull=False):
            actions.withdraw(
                actor=published.second_analyst.viewer, publication_id=row.pk, why="A wrong list."
            )
    assert client.get(f"{BASE}glotip/1/trend/").status_code == 410
    assert client.get(f"{BASE}glotip/1/map/").status_code == 410
    text = client.get(f"{BASE}profile/").content.decode()
    assert '<svg class="chart-svg' not in text
    assert reverse("statistics:public-profile") not in client.get(BASE).content.decode()


def test_the_doctor_says_which_map_cannot_be_read(settings: Any, tmp_path: Any) -> None:
    from palermo.rooms.statistics.queries.health import checks

    assert all(check.ok for check in checks())
    settings.PALERMO_BOUNDARIES = str(tmp_path / "absent.json")
    (check,) = checks()
    assert not check.ok
    assert "absent.json" in check.message
