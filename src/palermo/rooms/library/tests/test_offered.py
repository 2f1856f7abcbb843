"""What the search over all rooms and the thesaurus are told; and the command."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from typer.testing import CliRunner

from palermo import cli
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.library.queries import exported, offered
from palermo.rooms.library.tests.conftest import (
    SENTENCE,
    brought,
    drafted,
    published,
    rows,
    told,
    with_file,
    worked,
)
from palermo.rooms.search import queries as search
from palermo.web.searched import Asked

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(people: Any) -> Any:
    item = drafted(people.editor, concepts=["consent"], summaries={"fr": "Sur les ports tranquilles."})
    with_file(people.editor, item)
    with_file(people.editor, item, "Le gardien a compté les cormorans du port.", "fr.txt", "fr")
    worked()
    return published(people.editor, people.coordinator, item)


def keys(query: str, viewer: Viewer | None = None, exact: bool = True) -> list[tuple[str, str]]:
    with acting(viewer or Viewer.anonymous()) as asker:
        return [(hit.room, hit.document.key) for hit in search.search(asker, query, exact=exact).hits]


def test_a_word_of_a_file_finds_the_paper_in_every_language_it_has(paper: Any) -> None:
    assert ("library", "paper-1") in keys("pelican")
    assert ("library", "paper-1") in keys("cormoran")
    assert ("library", "paper-1") in keys("paper-1")
    with acting(Viewer.anonymous()) as viewer:
        piece = offered.pieces(viewer, ["paper-1"], Asked("pelican"))["paper-1"]
        assert "⟦pelicans⟧" in piece
        learned = list(offered.documents(viewer))
        assert {one.language for one in learned} == {"en", "fr"}
        assert any(SENTENCE in one.passages for one in learned)


def test_a_concept_leads_to_the_paper_and_names_it(paper: Any) -> None:
    page = Client().get(reverse("thesaurus:concept", args=["consent"])).content.decode()
    assert reverse("library:item", args=["paper-1"]) in page
    assert ("library", "paper-1") in keys("consent", exact=False)


def test_drafts_and_withdrawn_papers_are_in_no_search(people: Any) -> None:
    item = drafted(people.editor, concepts=["consent"])
    with_file(people.editor, item)
    worked()
    assert keys("pelican", people.editor.viewer) == []
    assert (
        reverse("library:item", args=["paper-1"]).encode()
        not in Client().get(reverse("thesaurus:concept", args=["consent"])).content
    )


def run(monkeypatch: Any, *arguments: str) -> tuple[int, str]:
    monkeypatch.setattr(cli, "prepare", lambda **_: None)
    done = CliRunner().invoke(cli.app, ["library", *arguments])
    return done.exit_code, done.stdout


def test_the_command_takes_and_gives(tmp_path: Path, monkeypatch: Any) -> None:
    file = tmp_path / "papers.json"
    file.write_text(json.dumps([told(), told("paper-2", titles={"en": "=SUM(1)", "ar": "عنوان"})]), "utf-8")
    code, out = run(monkeypatch, "import", str(file), "--dry-run", "--json")
    assert (code, json.loads(out)["added"]) == (0, 2)
    assert run(monkeypatch, "import", str(file))[0] == 0
    with acting(Viewer.operator()) as viewer:
        there = exported(viewer)
    for form in ("json", "csv"):
        target = tmp_path / f"out.{form}"
        assert run(monkeypatch, "export", "--format", form, "--out", str(target))[0] == 0
        code, out = run(monkeypatch, "import", str(target), "--json")
        assert (code, json.loads(out)["unchanged"]) == (0, 2), out
    assert b"'=SUM" in (tmp_path / "out.csv").read_bytes()
    with acting(Viewer.operator()) as viewer:
        assert exported(viewer) == there


def test_the_command_tells_every_problem_and_ends_with_2(tmp_path: Path, monkeypatch: Any) -> None:
    file = tmp_path / "papers.csv"
    file.write_text("palermo_id,kind,language,title_en\na,manual,en,A\nB,poem,en,B\n", "utf-8")
    code, out = run(monkeypatch, "import", str(file), "--json")
    found = json.loads(out)
    assert code == 2
    assert {(one["line"], one["field"]) for one in found["problems"]} == {(3, "palermo_id"), (3, "kind")}
    with acting(Viewer.operator()) as viewer:
        assert exported(viewer) == []
    file.write_bytes(b"\xff")
    code, out = run(monkeypatch, "import", str(file), "--json")
    assert (code, json.loads(out)["problems"][0]["line"]) == (2, 1)
    assert run(monkeypatch, "starter")[0] == 0


def test_an_import_by_a_person_is_a_draft(people: Any) -> None:
    from palermo.rooms.library import actions

    with acting(people.editor.viewer) as viewer:
        assert actions.bring_in(actor=viewer, rows=rows(told())).problems
        assert actions.bring_in(actor=viewer, rows=rows({**told(), "status": "draft"})).added == 1
    assert keys("harbours") == []
    assert brought(told("paper-9")).added == 1


def test_the_invented_country_has_a_library(people: Any) -> None:
    from palermo.rooms.library.actions import demo_library
    from palermo.rooms.library.models import Authority, Contact, Item

    demo_library(cast=people)
    with acting(people.coordinator.viewer):
        assert Item.objects.filter(state="in_review").count() == 1
        assert Item.objects.filter(state="published").count() >= 20
        assert (
            Authority.objects.filter(country="XPA", has_contacts=True).count() == Contact.objects.count() == 4
        )
