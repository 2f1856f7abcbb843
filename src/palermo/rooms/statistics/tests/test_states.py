"""States: counted once, protected as a whole; every declared and every free table is a part of them."""

from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from palermo.disclosure import TOTAL, Published, attack_editions, audit, key_of, protected_cells
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Invalid, NotFound
from palermo.rooms.register.actions import demo_offenders, demo_register
from palermo.rooms.statistics import actions, queries
from palermo.rooms.statistics.actions.counting import _count
from palermo.rooms.statistics.models import State
from palermo.rooms.statistics.queries.counting import exact_tables
from palermo.rooms.statistics.queries.kept import newest
from palermo.rooms.statistics.queries.plan import POPULATIONS
from palermo.rooms.statistics.queries.register_tables import threshold
from palermo.rooms.statistics.queries.states import all_tables

pytestmark = pytest.mark.django_db
FED = tuple(name for name, table in queries.TABLES.items() if table.fed_by == "state")


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any) -> None:
    """Pages are tested without the built front end."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def register(people: Any) -> Any:
    """A small invented register with accused persons, counted once."""
    with acting(Viewer.operator()):
        demo_register(np.random.default_rng(5), 70)
        demo_offenders(np.random.default_rng(5), 15)
    with acting(people.analyst.viewer):
        actions.count_states(actor=people.analyst.viewer)
    return people


def exact_of(viewer: Viewer, population: str) -> dict[Any, int]:
    return {
        key_of(t.population, t.dimensions, at): n
        for t in all_tables(viewer, POPULATIONS[population])
        for at, n in t.cells.items()
    }


def test_a_state_is_true_and_shows_no_small_count(register: Any) -> None:
    viewer = register.analyst.viewer
    with acting(viewer):
        for name in POPULATIONS:
            state = newest(viewer, name)
            true = exact_of(viewer, name)
            if state is None:
                assert not any(true.values()), "there is a state of everybody who can be counted"
                continue
            for table in state.tables:
                for at, count in table.cells.items():
                    key = key_of(table.population, table.dimensions, at)
                    assert count is None or (count == true[key] and (count == 0 or count >= 5)), key
        with_some = newest(viewer, "persons")
        assert with_some is not None
        small = {key for key, n in exact_of(viewer, "persons").items() if 0 < n < 5}
        assert len(small) > 50
        for bound in audit(with_some.tables):
            if bound.cell in small:
                assert bound.low <= 1 + 1e-6
                assert bound.high >= 5 - 1e-6


def test_the_first_tables_are_parts_of_the_states_too(register: Any) -> None:
    viewer = register.analyst.viewer
    with acting(viewer):
        state = newest(viewer, "persons")
        assert state is not None
        kept = {key_of(t.population, t.dimensions, at): n for t in state.tables for at, n in t.cells.items()}
        view = queries.table(viewer, "glotip")
        assert view.as_of == state.as_of.isoformat(timespec="seconds")
        part = next(part for part in view.parts if part.key == "sex")
        for row in part.rows:
            for column in part.columns:
                at = [pair for pair in (("sex", column), ("year", row)) if pair[1] != TOTAL]
                cell = part.cell(row, column)
                assert kept["persons", tuple(at)] == (None if cell.withheld else cell.value)
        assert len(queries.table(viewer, "htcds-profile").parts) == 6
        made = actions.make_publication(actor=viewer, table="glotip")
        out = {
            (p["key"], r, c): cell
            for p in made.content["parts"]
            for r, line in zip(p["rows"], p["cells"], strict=True)
            for c, cell in zip(p["columns"], line, strict=True)
        }
        for row in part.rows:
            for column in part.columns:
                if part.cell(row, column).withheld and ("sex", row, column) in out:
                    assert out["sex", row, column]["withheld"], "what is withheld inside is not published"


def test_the_exact_tables_agree_with_a_recount_of_rows(register: Any) -> None:
    from palermo.rooms.register.models import Person

    with acting(register.coordinator.viewer):
        rows = list(Person.objects.filter(crime__in=("som", "aggravated_som", "tip_and_som")))
        by_area = {area: sum(r.area == area for r in rows) for area in {r.area for r in rows}}
        tables = exact_tables(register.coordinator.viewer, POPULATIONS["smuggled"])
    (table,) = [t for t in tables if [d.name for d in t.dimensions] == ["year", "area"]]
    assert table.cells[TOTAL, TOTAL] == len(rows) > 10
    assert {code: table.cells[TOTAL, code] for code in by_area} == by_area


@pytest.mark.parametrize("name", FED)
def test_every_declared_table_is_a_part_of_the_states(register: Any, client_for: Any, name: str) -> None:
    viewer = register.analyst.viewer
    with acting(viewer):
        view = queries.table(viewer, name)
        assert not view.refused
        for part in view.parts:
            if part.unknown or part.measure != "persons":
                continue
            state = newest(viewer, part.population)
            assert state is not None
            shown = {
                key_of(t.population, t.dimensions, at)[1]: n
                for t in state.tables
                for at, n in t.cells.items()
            }
            for row, line in zip(part.rows, part.cells, strict=True):
                for column, cell in zip(part.columns, line, strict=True):
                    at = {**dict(part.fixed), part.rows_by: row, part.columns_by: column}
                    key = tuple(sorted((d, c) for d, c in at.items() if c != TOTAL))
                    assert shown[key] == (None if cell.withheld else cell.value)
    page = client_for(register.analyst).get(f"/statistics/{name}/")
    assert page.status_code == 200
    if view.empty:
        assert name == "assistance"
        return
    for format in ("csv", "json", "xlsx", "sdmx"):
        with acting(viewer):
            assert len(actions.tabulate(actor=viewer, table=name, format=format)) > 200


def test_a_table_before_the_first_count_says_how(people: Any, client_for: Any) -> None:
    html = client_for(people.analyst).get("/statistics/eu-19a/").content.decode()
    assert "have not been counted yet" in html
    assert "Count now" in html
    assert "Count now" in client_for(people.analyst).get("/statistics/count/").content.decode()


def test_a_free_table(register: Any, client_for: Any) -> None:
    viewer = register.analyst.viewer
    with acting(viewer):
        view = queries.free(viewer, "persons", ("year", "sex", "age", "form"))
        assert len(view.parts) > 5
        one = queries.free(viewer, "persons", ("sex", "age"), only={"status": "identified"}, years=())
        assert one.parts[0].fixed == (("status", "identified"),)
        with pytest.raises(Invalid, match="cannot be made"):
            queries.free(viewer, "persons", ("area", "sex"))
        with pytest.raises(Invalid):
            queries.free(viewer, "persons", ("year", "sex"), only={"age": "nonsense"})
        with pytest.raises(Invalid):
            queries.free(viewer, "persons", ("year", "sex", "age", "form", "status"))
        with pytest.raises(NotFound):
            queries.free(viewer, "nobody", ("year",))
        some = queries.free(viewer, "persons", ("year", "sex"), years=("2020",))
        assert some.parts[0].rows == ("2020",)
    client = client_for(register.analyst)
    page = client.get("/statistics/free/?population=persons&by=year&by=sex&by=age")
    assert page.status_code == 200
    assert b"Female" in page.content
    assert client.get("/statistics/free/?population=persons&by=area&by=sex").status_code == 200
    assert (
        b"not counted together" in client.get("/statistics/free/?population=persons&by=area&by=sex").content
    )
    assert client.get("/statistics/free/file/csv/?population=persons&by=year&by=sex").status_code == 200
    assert client_for(register.case_worker).get("/statistics/free/").status_code == 404


def test_counting_again_without_a_change_makes_no_new_state(register: Any) -> None:
    viewer = register.analyst.viewer
    with acting(viewer):
        before = State.objects.count()
        assert actions.count_states(actor=viewer) == []
        assert State.objects.count() == before


def test_a_later_state_gives_nothing_away_beside_the_first(register: Any) -> None:
    """Persons are registered late, in years that were counted already."""
    viewer = register.analyst.viewer
    with acting(Viewer.operator()):
        demo_register(np.random.default_rng(6), 78)
    with acting(viewer):
        assert _count(viewer, "smuggled", timezone.now()) is not None
        rows = State.objects.filter(population="smuggled").order_by("number")
        assert [row.number for row in rows] == [1, 2]
        editions = [tuple(map(Published.from_data, row.shown)) for row in rows]
    alone = protected_cells(editions[:1], threshold())
    assert alone
    assert not attack_editions(editions, alone, threshold())


def test_a_state_is_never_changed(register: Any) -> None:
    from django.db import DatabaseError, transaction

    for viewer in (register.analyst.viewer, Viewer.operator()):
        with acting(viewer):
            assert State.objects.exists()
            with pytest.raises(DatabaseError), transaction.atomic():
                State.objects.update(withheld=0)
            with pytest.raises(DatabaseError), transaction.atomic():
                State.objects.all().delete()
    with acting(register.case_worker.viewer):
        assert not State.objects.exists()
