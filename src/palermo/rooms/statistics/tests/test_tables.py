"""Tables of the register: nothing that is withheld leaves by any door, and the public sees what is published."""

import csv
import io
import json
import re
import time
from typing import Any

import numpy as np
import pytest
from openpyxl import load_workbook

from palermo.disclosure import TOTAL, audit
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict, NotFound, Refused
from palermo.rooms.register.actions import demo_register
from palermo.rooms.statistics import actions, queries
from palermo.rooms.statistics.models import Population, Publication
from palermo.rooms.statistics.queries.register_tables import glotip_tables, protected, threshold

pytestmark = pytest.mark.django_db
NAMES = ("glotip", "htcds-profile", "sdg-16-2-2", "global-report")


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any) -> None:
    """Pages are tested without the built front end."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def register(people: Any) -> Any:
    """A small invented register: many counts under the threshold."""
    with acting(Viewer.operator()):
        demo_register(np.random.default_rng(5), 400)
    return people


def withheld_and_true(viewer: Viewer) -> list[tuple[str, str, str, int]]:
    """(part, row, column, true count) of every withheld cell of the GLOTIP table."""
    with acting(viewer):
        shown = queries.table(viewer, "glotip")
        exact = queries.PROTECTED["glotip"](viewer, exact=True)
    hidden = []
    for part, truth in zip(shown.parts, exact.parts, strict=True):
        assert (part.rows, part.columns) == (truth.rows, truth.columns)
        for row in part.rows:
            for column in part.columns:
                if part.cell(row, column).withheld:
                    hidden.append((part.key, row, column, int(truth.cell(row, column).value or 0)))
                else:
                    assert part.cell(row, column).value == truth.cell(row, column).value
    return hidden


def test_small_counts_are_withheld_and_cannot_be_computed(register: Any) -> None:
    viewer = register.analyst.viewer
    hidden = withheld_and_true(viewer)
    assert any(0 < count < 5 for *_rest, count in hidden)
    assert any(count >= 5 for *_rest, count in hidden), "nothing was withheld to protect others"
    with acting(viewer):
        result = protected(glotip_tables(viewer), threshold())
    for bound in audit(result.tables):
        if bound.cell in result.primary:
            assert bound.low <= 1 + 1e-6
            assert bound.high >= 5 - 1e-6


def test_the_profile_agrees_with_the_table_that_is_out(register: Any) -> None:
    viewer = register.analyst.viewer
    with acting(viewer):
        table, profile = queries.table(viewer, "glotip"), queries.table(viewer, "htcds-profile")
    by_key = {part.key: part for part in table.parts}
    for key in ("sex", "age", "citizenship"):
        part = next(p for p in profile.parts if p.key == key)
        for row in part.rows:
            same = by_key[key].cell(TOTAL, row)
            assert part.cell(row, "persons") == same
    assert {p.key for p in profile.parts} >= {"purpose", "control", "labour"}
    purpose = next(p for p in profile.parts if p.key == "purpose")
    assert purpose.rows[-1] == "answered"


def test_one_year_is_a_part_of_the_whole(register: Any) -> None:
    viewer = register.analyst.viewer
    with acting(viewer):
        whole = queries.table(viewer, "glotip")
        year = whole.years[-1]
        one = queries.table(viewer, "glotip", year=year)
    for part in one.parts:
        parent = next(p for p in whole.parts if p.key == part.key)
        if str(year) not in parent.rows:
            cells = [cell for line in part.cells for cell in line]
            assert [(cell.value, cell.withheld) for cell in cells] == [(None, False)], "not known is not 0"
            continue
        assert [line[0] for line in part.cells] == list(parent.cells[parent.rows.index(str(year))])


@pytest.mark.parametrize("format", ["csv", "json", "xlsx", "sdmx"])
def test_nothing_withheld_is_in_a_file(register: Any, format: str) -> None:
    viewer = register.analyst.viewer
    hidden = {(p, r, c) for p, r, c, _n in withheld_and_true(viewer)}
    with acting(viewer):
        content = actions.tabulate(actor=viewer, table="glotip", format=format)
    rows = list(rows_of(content, format))
    found = {(r["part"], r["row"], r["column"]): r for r in rows}
    assert len(found) == len(rows) > 100
    for at in hidden:
        assert found[at]["value"] in (None, "")
        assert found[at]["low"] in (None, "")
        assert found[at]["high"] in (None, "")


def rows_of(content: bytes, format: str) -> Any:
    if format == "json":
        return json.loads(content)["figures"]
    if format == "xlsx":
        lines = list(load_workbook(io.BytesIO(content))["figures"].values)
        return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    if format == "csv":
        return rows
    assert {r["CONF_STATUS"] for r in rows} == {"F", "C"}
    return [
        {
            "part": r["PART"],
            "row": r["ROW"],
            "column": r["COLUMN"],
            "value": r["OBS_VALUE"],
            "low": "",
            "high": "",
        }
        for r in rows
    ]


def test_nothing_withheld_is_in_the_page(register: Any, client_for: Any) -> None:
    """In a page that shows one withheld cell among known ones, the number itself must not stand anywhere."""
    client = client_for(register.analyst)
    page = client.get("/statistics/glotip/")
    assert page.status_code == 200
    html = page.content.decode()
    hidden = withheld_and_true(register.analyst.viewer)
    with acting(register.analyst.viewer):
        view = queries.table(register.analyst.viewer, "glotip")
    shown = {
        str(int(cell.value))
        for part in view.parts
        for line in part.cells
        for cell in line
        if cell.value is not None
    }
    cells = re.findall(r'<td[^>]*class="num[^"]*"[^>]*>(.*?)</td>', html, re.S)
    whole = [
        part for part, *_rest in hidden if part != "citizenship"
    ]  # of that the page shows the first rows only
    assert sum("withheld" in cell for cell in cells) >= len(whole)
    titles = re.findall(r"<title>([^<]*)</title>", html)
    numbers = {
        n.replace(",", "")
        for text in (*cells, *titles)
        for n in re.findall(r"[\d,]+$", re.sub("<.*?>", "", text))
    }
    years = {str(y) for y in view.years}
    secrets = {str(n) for *_rest, n in hidden if n} - shown - years
    assert secrets, "the test needs counts that are nowhere shown"
    assert not numbers & secrets
    assert "data-value" not in html


def test_who_may_see_national_tables(register: Any, client_for: Any, client: Any) -> None:
    for name in NAMES:
        assert client.get(f"/statistics/{name}/").status_code == 404
        assert client.get(f"/statistics/{name}/file/csv/").status_code == 404
        assert client_for(register.stranger).get(f"/statistics/{name}/").status_code == 404
        assert client_for(register.case_worker).get(f"/statistics/{name}/file/json/").status_code == 404
        assert client_for(register.analyst).get(f"/statistics/{name}/").status_code == 200
    assert client_for(register.analyst).get("/statistics/nonsense/").status_code == 404
    assert client_for(register.analyst).get("/statistics/glotip/?year=20x5").status_code == 404


def test_exact_counts_are_for_few_and_on_record(register: Any, client_for: Any) -> None:
    from palermo.kernel.audit.models import Entry

    with pytest.raises(Refused), acting(register.analyst.viewer):
        queries.table(register.analyst.viewer, "glotip", exact=True)
    client = client_for(register.coordinator)
    assert b"on record" in client.get("/statistics/glotip/?exact=1").content
    with acting(register.administrator.viewer):
        assert Entry.objects.filter(action="statistics.exact.view").exists()


def test_two_persons_publish(register: Any, client_for: Any, client: Any) -> None:
    first, second = register.analyst, register.second_analyst
    assert client.get("/statistics/public/glotip/").status_code == 404
    with acting(first.viewer):
        made = actions.make_publication(actor=first.viewer, table="glotip")
        with pytest.raises(Refused, match="second person"):
            actions.approve(actor=first.viewer, publication_id=made.pk)
    assert client.get("/statistics/public/glotip/").status_code == 404
    assert client.get(f"/statistics/publications/{made.pk}/").status_code == 404
    with acting(Viewer.anonymous()):
        assert not Publication.objects.exists(), "the wall of the database itself"
    with acting(register.stranger.viewer), pytest.raises(NotFound):
        actions.approve(actor=register.stranger.viewer, publication_id=made.pk)
    with acting(second.viewer):
        actions.approve(actor=second.viewer, publication_id=made.pk)
    page = client.get("/statistics/public/glotip/")
    assert page.status_code == 200
    assert b"not prevalence" in page.content
    assert client.get("/statistics/public/").status_code == 200
    hidden = withheld_and_true(first.viewer)
    content = b"".join(client.get("/statistics/public/glotip/file/csv/"))
    found = {(r["part"], r["row"], r["column"]): r for r in rows_of(content, "csv")}
    assert all(found[p, r, c]["value"] == "" for p, r, c, _n in hidden)
    with acting(second.viewer):
        actions.withdraw(actor=second.viewer, publication_id=made.pk, why="a list was imported twice")
        with pytest.raises(Conflict):
            actions.withdraw(actor=second.viewer, publication_id=made.pk, why="again")
    assert client.get("/statistics/public/glotip/").status_code == 410


def test_a_publication_cannot_be_changed(register: Any) -> None:
    from django.db import IntegrityError, transaction

    first = register.analyst.viewer
    with acting(first):
        made = actions.make_publication(actor=first, table="glotip")
        for change in ({"content": {}}, {"title": "Other"}, {"made_by_id": register.second_analyst.pk}):
            with pytest.raises(IntegrityError, match="cannot be changed"), transaction.atomic():
                Publication.objects.filter(pk=made.pk).update(**change)
        with pytest.raises(IntegrityError), transaction.atomic():
            Publication.objects.filter(pk=made.pk).update(
                approved_at=made.made_at, approved_by_id=first.user_id
            )
        with pytest.raises(IntegrityError, match="in the name of another"), transaction.atomic():
            Publication.objects.filter(pk=made.pk).update(
                approved_at=made.made_at, approved_by_id=register.second_analyst.pk
            )


def test_rates_need_residents(register: Any) -> None:
    viewer = register.analyst.viewer
    with acting(viewer):
        bare = queries.table(viewer, "sdg-16-2-2")
    assert "residents" in bare.footnotes[0]
    assert bare.without_rates  # said above the figures
    assert [part.key for part in bare.parts] == ["sex", "age", "form"]
    assert not bare.empty
    with acting(viewer):
        year = queries.table(viewer, "glotip").years[0]
    with acting(Viewer.operator()):
        Population.objects.create(source="t", area_code="XPA", year=year, persons=4_000_000)
    with acting(viewer):
        view = queries.table(viewer, "sdg-16-2-2")
        count = next(p for p in queries.table(viewer, "glotip").parts if p.key == "sex").cell(
            str(year), TOTAL
        )
    assert not view.without_rates
    rate = view.parts[0].cell(str(year), TOTAL)
    assert rate.withheld == count.withheld
    assert count.value is None or rate.value == pytest.approx(100_000 * count.value / 4_000_000, abs=0.001)
    assert view.parts[0].cell(str(view.years[-1]), TOTAL).value is None
    assert [part.key for part in view.parts] == ["rate-sex", "rate-age", "rate-form", "sex", "age", "form"]
    by_form, counts = view.parts[2], view.parts[5]
    for form in by_form.columns:
        behind = counts.cell(str(year), form)
        assert by_form.cell(str(year), form).withheld == behind.withheld


def test_an_empty_register_says_so(people: Any, client_for: Any) -> None:
    page = client_for(people.analyst).get("/statistics/glotip/")
    assert page.status_code == 200
    assert b"nothing to count yet" in page.content
    with acting(people.analyst.viewer), pytest.raises(Conflict):
        actions.make_publication(actor=people.analyst.viewer, table="glotip")


def test_one_query_each_whatever_the_number_of_rows(
    register: Any, django_assert_max_num_queries: Any
) -> None:
    viewer = register.analyst.viewer
    with acting(viewer), django_assert_max_num_queries(9):
        began = time.monotonic()
        queries.table(viewer, "htcds-profile")
    assert time.monotonic() - began < 30


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_pages_speak_the_readers_language(register: Any, client_for: Any, language: str) -> None:
    client = client_for(register.analyst)
    for path in (
        "",
        "glotip/",
        "htcds-profile/",
        "sdg-16-2-2/",
        "global-report/",
        "public/",
        "glotip/publish/",
    ):
        page = client.get(f"/statistics/{path}", headers={"accept-language": language})
        assert page.status_code == 200, path
        html = page.content.decode()
        assert f'lang="{language}"' in html
        assert not re.search(r'<[^>]+ style="', html), "the content policy forbids inline style"


def test_every_chart_has_its_table(register: Any, client_for: Any) -> None:
    html = client_for(register.analyst).get("/statistics/glotip/").content.decode()
    charts, tables = html.count('<figure class="chart">'), html.count('class="table table-stack"')
    assert charts >= 5
    assert tables >= charts


def test_the_menu_of_a_stranger_has_no_statistics(register: Any, client_for: Any) -> None:
    from palermo.web.room import menu_for

    def urls(viewer: Viewer) -> list[str]:
        with acting(viewer):
            return [entry.url_name for _code, _name, entries in menu_for(viewer) for entry in entries]

    assert "statistics:index" in urls(register.analyst.viewer)
    assert "statistics:index" not in urls(register.stranger.viewer)
    assert "statistics:index" not in urls(register.case_worker.viewer)


def test_the_second_person_is_told(register: Any, client_for: Any, client: Any) -> None:
    first, second = register.analyst, register.second_analyst
    with acting(first.viewer):
        made = actions.make_publication(actor=first.viewer, table="htcds-profile")
        assert queries.due_for(first.viewer) == []
    with acting(second.viewer):
        assert str(made.pk) in queries.due_for(second.viewer)[0].url
    page = client_for(second).get(f"/statistics/publications/{made.pk}/")
    assert b"Approve and publish" in page.content
    assert b"Approve and publish" not in client_for(first).get(f"/statistics/publications/{made.pk}/").content
    assert client_for(first).post(f"/statistics/publications/{made.pk}/approve/").status_code == 403
    assert client_for(second).post(f"/statistics/publications/{made.pk}/approve/").status_code == 302
    assert client.get("/statistics/public/htcds-profile/").status_code == 200
    with acting(Viewer.anonymous()):
        assert [tile.url for tile in queries.published_tiles(Viewer.anonymous())] == [
            "/statistics/public/#pictures",
            "/statistics/public/htcds-profile/",
        ]


def test_the_json_twin_gives_what_the_page_gives(register: Any) -> None:
    from django.test import RequestFactory

    from palermo.rooms.statistics import api

    request: Any = RequestFactory().get("/")
    request.viewer = register.analyst.viewer
    hidden = withheld_and_true(register.analyst.viewer)
    with acting(register.analyst.viewer):
        figures = {(f["part"], f["row"], f["column"]): f for f in api.table(request, "glotip")["figures"]}
    assert all(figures[p, r, c]["value"] is None for p, r, c, _n in hidden)
    request.viewer = Viewer.anonymous()
    with acting(Viewer.anonymous()), pytest.raises(NotFound):
        api.table(request, "glotip")
    with acting(Viewer.anonymous()), pytest.raises(NotFound):
        api.public_table(request, "glotip")
