"""The public pages as a folder: everything published, nothing else, whole without a server."""

import hashlib
import json
import re
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import numpy as np
import pytest

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.register.actions import demo_register
from palermo.rooms.statistics import actions
from palermo.web.site import Unfit, export, places

pytestmark = pytest.mark.django_db

LINK = re.compile(r'\s(?:href|src)="([^"]*)"')
LANGUAGES = ("en", "fr", "ar")


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any) -> None:
    """Pages are tested without the built front end."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def published(people: Any) -> Any:
    with acting(Viewer.operator()):
        demo_register(np.random.default_rng(5), 120)
    with acting(people.analyst.viewer):
        made = actions.make_publication(actor=people.analyst.viewer, table="glotip")
    with acting(people.second_analyst.viewer):
        actions.approve(actor=people.second_analyst.viewer, publication_id=made.pk)
    return people


def test_every_link_of_every_page_leads_to_a_file_of_the_folder(published: Any, tmp_path: Path) -> None:
    done = export(tmp_path / "site")
    pages = sorted((tmp_path / "site").rglob("*.html"))
    assert done.missing == ()
    assert len(pages) == done.pages + 1
    for page in pages:
        text = page.read_text()
        assert "<form" not in text, page
        assert 'http-equiv="Content-Security-Policy"' in text
        for link in map(unescape, LINK.findall(text)):
            parts = urlsplit(link)
            if not parts.scheme and parts.path:
                assert not link.startswith("/"), (page, link)
                assert (page.parent / unquote(parts.path)).is_file(), (page, link)


def test_each_language_has_what_is_published_and_nothing_that_is_not(published: Any, tmp_path: Path) -> None:
    export(tmp_path / "site", address="https://figures.example/", live="https://help.example/")
    for language in LANGUAGES:
        whole = tmp_path / "site" / language
        edition = whole / "statistics/public/glotip/1/index.html"
        assert 'href="https://help.example/door/' in (whole / "index.html").read_text()
        assert (whole / "index.html").is_file()
        assert (whole / "about/index.html").is_file()
        assert "https://figures.example/statistics/public/glotip/1/" in edition.read_text()
        assert {path.suffix for path in edition.parent.rglob("*.*")} >= {".csv", ".xlsx", ".json", ".html"}
        assert f'lang="{language}"' in edition.read_text()
        assert list(edition.parent.glob("year-*/index.html"))
        assert list(edition.parent.rglob("*.hxl.csv"))
        explorer = (edition.parent / "explore/index.html").read_text()
        script = next(link for link in LINK.findall(explorer) if link.endswith("dist/explore.js"))
        assert (edition.parent / "explore" / script).resolve().is_file()
        rooms = {start.split("/")[1] for start in places.starts()} - {"public"}
        assert {path.name for path in whole.iterdir() if path.is_dir()} == rooms
        assert [path.name for path in (whole / "statistics").iterdir()] == ["public"]


def test_the_list_of_files_has_the_fingerprint_of_each(published: Any, tmp_path: Path) -> None:
    export(tmp_path / "site")
    files = json.loads((tmp_path / "site/manifest.json").read_text())["files"]
    there = {
        str(path.relative_to(tmp_path / "site")) for path in (tmp_path / "site").rglob("*") if path.is_file()
    }
    assert there == {*files, "manifest.json"}
    for name, print_ in files.items():
        assert hashlib.sha256((tmp_path / "site" / name).read_bytes()).hexdigest() == print_


def test_an_export_replaces_an_export_and_nothing_else(published: Any, tmp_path: Path) -> None:
    export(tmp_path / "site")
    (tmp_path / "site/old.html").write_text("of an earlier one")
    export(tmp_path / "site")
    assert not (tmp_path / "site/old.html").exists()
    (tmp_path / "home").mkdir()
    (tmp_path / "home/letter.txt").write_text("somebody's")
    with pytest.raises(Unfit, match="not an export"):
        export(tmp_path / "home")
    (tmp_path / "file").write_text("")
    with pytest.raises(Unfit, match="not a folder"):
        export(tmp_path / "file")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "home", "site"]


def test_a_failure_leaves_the_earlier_export_as_it_was(
    published: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    export(tmp_path / "site")
    before = (tmp_path / "site/manifest.json").read_text()

    def full(*_given: Any) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("palermo.web.site.writing._Folder.write", full)
    with pytest.raises(OSError, match="no space"):
        export(tmp_path / "site")
    assert (tmp_path / "site/manifest.json").read_text() == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
