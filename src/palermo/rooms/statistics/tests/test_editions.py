"""Editions: protected together, numbered, withdrawn with a tombstone, never back by themselves."""

from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from palermo.disclosure import attack_editions, key_of, protected_cells
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict, NotFound
from palermo.rooms.register.actions import demo_register
from palermo.rooms.statistics import actions, queries
from palermo.rooms.statistics.actions.publishing import fingerprint
from palermo.rooms.statistics.models import Publication, Tombstone
from palermo.rooms.statistics.queries.editions import known_editions
from palermo.rooms.statistics.queries.kept import newest
from palermo.rooms.statistics.queries.register_tables import _answers, glotip_tables, threshold

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any) -> None:
    """Pages are tested without the built front end."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def register(people: Any) -> Any:
    with acting(Viewer.operator()):
        demo_register(np.random.default_rng(5), 200)
    return people


def publish(people: Any, table: str = "glotip") -> Publication:
    with acting(people.analyst.viewer):
        made = actions.make_publication(actor=people.analyst.viewer, table=table)
    with acting(people.second_analyst.viewer):
        return actions.approve(actor=people.second_analyst.viewer, publication_id=made.pk)


def withdraw(people: Any, edition: Publication) -> None:
    with acting(people.second_analyst.viewer):
        actions.withdraw(
            actor=people.second_analyst.viewer, publication_id=edition.pk, why="a list was read twice"
        )


def test_a_later_edition_is_protected_together_with_the_first(register: Any) -> None:
    """The same seed and more persons: some are registered late, in years that are out already."""
    first = publish(register)
    with acting(Viewer.operator()):
        demo_register(np.random.default_rng(6), 40)
    second = publish(register)
    assert (first.number, second.number) == (1, 2)
    with acting(register.analyst.viewer):
        editions = known_editions()
    assert len(editions) == 2
    alone = protected_cells(editions[:1], threshold())
    assert alone
    assert not attack_editions(editions, alone, threshold())
    hidden = {(t.population, at) for t in editions[0] for at, n in t.cells.items() if n is None}
    again = {(t.population, at) for t in editions[1] for at, n in t.cells.items() if n is not None}
    same = {d.name for t in editions[0] for d in t.dimensions} == {
        "year",
        "sex",
        "age",
        "form",
        "citizenship",
    }
    assert same
    shown_now = {
        (p, at)
        for p, at in hidden & again
        if (p, len(at)) in {(t.population, len(t.dimensions)) for t in editions[1]}
    }
    assert not {pair for pair in shown_now if len(pair[1]) == 3}, "what was withheld once stays withheld"


def test_withdrawing_the_newest_brings_no_earlier_one_back(register: Any, client: Any) -> None:
    first, second = publish(register), publish(register)
    assert client.get("/statistics/public/glotip/").status_code == 200
    withdraw(register, second)
    page = client.get("/statistics/public/glotip/")
    assert page.status_code == 410
    assert b"a list was read twice" in page.content
    assert b"do not come back by themselves" in page.content
    assert client.get("/statistics/public/glotip/2/").status_code == 410
    assert client.get("/statistics/public/glotip/2/file/csv/").status_code == 410
    assert client.get("/statistics/public/glotip/file/json/").status_code == 410
    assert client.get("/statistics/public/glotip/2/sex/").status_code == 410
    assert client.get("/statistics/public/glotip/1/").status_code == 200, "its own address stays"
    with acting(Viewer.anonymous()):
        assert queries.latest(Viewer.anonymous()) == {}
        assert queries.published_tiles(Viewer.anonymous()) == []
        assert not Publication.objects.filter(pk=second.pk).exists(), "the wall of the database itself"
    third = again(register, first)
    page = client.get("/statistics/public/glotip/")
    assert page.status_code == 200
    assert third.number == 3
    assert third.sha256 == first.sha256
    gone = client.get("/statistics/public/glotip/2/")
    assert gone.status_code == 410
    assert b'href="/statistics/public/glotip/3/"' in gone.content, "the tombstone leads to its successor"


def again(people: Any, edition: Publication) -> Publication:
    with acting(people.analyst.viewer):
        made = actions.republish(actor=people.analyst.viewer, publication_id=edition.pk)
        with pytest.raises(Conflict, match="never public"):
            actions.republish(actor=people.analyst.viewer, publication_id=made.pk)
    with acting(people.second_analyst.viewer):
        return actions.approve(actor=people.second_analyst.viewer, publication_id=made.pk)


def test_a_tombstone_cannot_be_moved(register: Any) -> None:
    from django.db import DatabaseError, transaction

    withdraw(register, publish(register))
    for viewer in (register.second_analyst.viewer, Viewer.anonymous()):
        with acting(viewer):
            assert Tombstone.objects.count() == 1
            with pytest.raises(DatabaseError), transaction.atomic():
                Tombstone.objects.update(why="other")
            with pytest.raises(DatabaseError), transaction.atomic():
                Tombstone.objects.all().delete()


def test_a_refused_draft_leaves_no_tombstone(register: Any, client: Any) -> None:
    with acting(register.analyst.viewer):
        made = actions.make_publication(actor=register.analyst.viewer, table="glotip")
    withdraw(register, made)
    assert client.get("/statistics/public/glotip/").status_code == 404
    with acting(Viewer.anonymous()):
        assert not Tombstone.objects.exists()


def test_two_drafts_that_were_not_protected_together_cannot_both_come_out(register: Any) -> None:
    first, second = register.analyst.viewer, register.second_analyst.viewer
    with acting(first):
        one = actions.make_publication(actor=first, table="glotip")
        two = actions.make_publication(actor=first, table="htcds-profile")
    with acting(second):
        actions.approve(actor=second, publication_id=one.pk)
        with pytest.raises(Conflict, match="not protected together"):
            actions.approve(actor=second, publication_id=two.pk)


def test_parts_of_one_count_come_out_in_any_order(register: Any) -> None:
    first, second = register.analyst.viewer, register.second_analyst.viewer
    with acting(first):
        actions.count_states(actor=first)
        drafts = [
            actions.make_publication(actor=first, table=name) for name in ("glotip", "eu-19a", "ic-tip")
        ]
    with acting(second):
        for draft in reversed(drafts):
            actions.approve(actor=second, publication_id=draft.pk)
        (edition,) = [e for e in known_editions() if any(t.population == "persons" for t in e)]
        state = newest(second, "persons")
        assert state is not None
        known = {key_of(t.population, t.dimensions, at): n for t in state.tables for at, n in t.cells.items()}
    for table in edition:
        if table.population == "persons":
            for at, count in table.cells.items():
                assert known[key_of(table.population, table.dimensions, at)] == count


def test_a_draft_from_before_the_first_count_waits_no_more(register: Any) -> None:
    """It was not protected together with the count that everybody inside reads since."""
    first, second = register.analyst.viewer, register.second_analyst.viewer
    with acting(first):
        draft = actions.make_publication(actor=first, table="glotip")
        actions.count_states(actor=first)
    with acting(second), pytest.raises(Conflict, match="not protected together"):
        actions.approve(actor=second, publication_id=draft.pk)


def test_an_edition_is_numbered_and_cited(register: Any, client: Any) -> None:
    edition = publish(register)
    html = client.get("/statistics/public/glotip/").content.decode()
    assert "http://testserver/statistics/public/glotip/1/" in html
    assert edition.sha256 in html
    assert "Edition 1, published" in html
    part = client.get("/statistics/public/glotip/1/citizenship/")
    assert part.status_code == 200
    assert client.get("/statistics/public/glotip/1/nonsense/").status_code == 404
    assert client.get("/statistics/public/glotip/9/").status_code == 404


def test_the_answer_stands_first(register: Any, client_for: Any) -> None:
    """How many detected victims, by sex, this year: before any warning, chart or table."""
    html = client_for(register.analyst).get("/statistics/glotip/").content.decode()
    head = html[html.index('class="key-figures"') : html.index('class="jump')]
    with acting(register.analyst.viewer):
        year = queries.table(register.analyst.viewer, "glotip").years[-1]
    assert f"Detected victims, {year}" in head
    assert f"Female, {year}" in head
    for key in ("who", "sex", "citizenship", "convicted"):
        assert f'href="#part-{key}"' in html
        assert f'id="part-{key}"' in html


def test_what_nobody_supplied_is_not_known_and_never_nought(people: Any, client_for: Any) -> None:
    from palermo.rooms.statistics.queries import records
    from palermo.rooms.statistics.queries.view import Part, TableView, not_known
    from palermo.rooms.statistics.views.drawing import sections

    view = TableView("glotip", "2026-01-01", (not_known("convicted"),))
    assert view.empty
    assert [(r["value"], r["status"]) for r in records(view)] == [(None, "not_available")]
    (found,) = sections(view)
    assert [cell.text for cell in found.table.cells[0]][1:] == ["not known"]
    assert isinstance(view.parts[0], Part)


@pytest.mark.parametrize("table", ["glotip", "htcds-profile", "sdg-16-2-2", "global-report"])
@pytest.mark.parametrize("format", ["csv", "json", "xlsx", "sdmx"])
def test_an_empty_register_gives_no_file_but_a_reason(people: Any, table: str, format: str) -> None:
    with acting(Viewer.operator()), pytest.raises(Conflict, match="palermo import FILE"):
        actions.tabulate(actor=Viewer.operator(), table=table, format=format)
    with acting(Viewer.operator()), pytest.raises(NotFound):
        actions.tabulate(actor=Viewer.operator(), table=table, format="pdf")


def test_the_api_says_that_an_edition_is_gone_and_why(register: Any, client: Any) -> None:
    edition = publish(register)
    assert client.get("/api/statistics/public/glotip").status_code == 200
    withdraw(register, edition)
    answer = client.get("/api/statistics/public/glotip")
    assert answer.status_code == 410
    assert answer["Content-Type"].startswith("application/json")
    assert "a list was read twice" in answer.content.decode()
    assert answer.json().get("rule") == "statistics.withdrawn"
    assert client.get("/api/statistics/public").json() == []
    again(register, edition)
    assert client.get("/api/statistics/public/glotip").status_code == 200


def frozen_before_the_wall(people: Any, table: str) -> Publication:
    """An edition as it was made before palermo kept the protected counts behind it."""
    viewer = people.analyst.viewer
    with acting(viewer):
        view = queries.table(viewer, table)
        content = view.as_dict()
        made = Publication.objects.create(
            table=table, title=table, content=content, sha256=fingerprint(content), made_at=timezone.now(),
            made_by_id=viewer.user_id,
        )  # fmt: skip
    with acting(people.second_analyst.viewer):
        return actions.approve(actor=people.second_analyst.viewer, publication_id=made.pk)


@pytest.mark.parametrize("table", ["glotip", "htcds-profile"])
def test_an_edition_from_before_the_wall_is_read_back_from_what_it_shows(register: Any, table: str) -> None:
    """It counts in the attack on a later one, which withholds whatever it withheld."""
    old = frozen_before_the_wall(register, table)
    assert old.shown == []
    with acting(register.analyst.viewer):
        (before,) = known_editions()
        exact = {key: n for t in exact_tables(register.analyst.viewer) for key, n in counts_of(t).items()}
    told = {key: n for t in before for key, n in counts_of(t).items()}
    assert sum(n is not None for n in told.values()) > 20
    assert all(n == exact[key] for key, n in told.items() if n is not None and key in exact)
    with acting(Viewer.operator()):
        demo_register(np.random.default_rng(6), 40)
    publish(register)
    with acting(register.analyst.viewer):
        editions = known_editions()
    assert len(editions) == 2
    now = {key: n for t in editions[1] for key, n in counts_of(t).items()}
    assert not {key for key, n in told.items() if n is None and now.get(key) is not None}
    assert not attack_editions(editions, protected_cells(editions[:1], threshold()), threshold())


def counts_of(table: Any) -> dict[Any, int | None]:
    return {key_of(table.population, table.dimensions, at): n for at, n in table.cells.items()}


def exact_tables(viewer: Viewer) -> Any:
    return [*glotip_tables(viewer), *_answers(viewer)]
