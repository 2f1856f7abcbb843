"""Papers, files and authorities, all invented."""

import io
from types import SimpleNamespace
from typing import Any

import pytest

from palermo.kernel.access.cast import member
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.jobs.actions import carry_out
from palermo.kernel.jobs.models import Effect
from palermo.kernel.organisations.models import Role
from palermo.papers.reading import Row
from palermo.rooms.library import actions
from palermo.rooms.library.models import Item

SENTENCE = "The lighthouse keeper counted the pelicans of the harbour."


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any) -> None:
    """Pages are tested without the built front end."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def people(people: Any) -> Any:
    """The cast, and an editor of knowledge."""
    with acting(Viewer.operator()):
        editor = member("editor-of-papers", Role.EDITOR, people.organisation)
    named = ("case_worker", "analyst", "coordinator", "prosecutor", "stranger", "administrator")
    return SimpleNamespace(editor=editor, **{name: getattr(people, name) for name in named})


def told(palermo_id: str = "paper-1", **more: Any) -> dict[str, Any]:
    return {
        "palermo_id": palermo_id, "kind": "issue_paper", "language": "en", "titles": {"en": "On quiet harbours"},
        "bodies": ["Institute of Harbours"], "year": 2020, "status": "published", **more,
    }  # fmt: skip


def rows(*values: dict[str, Any]) -> list[Row]:
    return [Row(number, number + 1, value) for number, value in enumerate(values, 1)]


def brought(*values: dict[str, Any], dry_run: bool = False) -> actions.Imported:
    with acting(Viewer.operator()) as viewer:
        return actions.bring_in(actor=viewer, rows=rows(*values), dry_run=dry_run)


def drafted(someone: Any, **more: Any) -> Item:
    """A draft that somebody has written."""
    values = {**told(**more), "status": "draft"}
    with acting(someone.viewer) as viewer:
        return actions.write_item(actor=viewer, values=values)


def with_file(
    someone: Any, item: Item, text: str = SENTENCE, name: str = "paper.txt", language: str = "en"
) -> Any:
    """Give a draft a file."""
    with acting(someone.viewer) as viewer:
        return actions.add_file(
            actor=viewer, item=item, language=language, name=name, content=io.BytesIO(text.encode()),
            expected_version=item.version,
        )  # fmt: skip


def worked() -> None:
    """What the worker does."""
    for effect in Effect.objects.filter(kind="library.read", done_at=None):
        carry_out(effect.pk)


def published(writer: Any, reviewer: Any, item: Item) -> Item:
    """Submitted by one, published by the other."""
    with acting(writer.viewer) as viewer:
        actions.submit(actor=viewer, item=item, expected_version=item.version)
    with acting(reviewer.viewer) as viewer:
        return actions.publish(actor=viewer, item=item, expected_version=item.version)
