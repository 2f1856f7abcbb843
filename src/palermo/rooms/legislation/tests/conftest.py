"""Two editors, and the invented laws as the instance brings them in."""

from types import SimpleNamespace
from typing import Any

import pytest

from palermo.kernel.access.cast import member
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.organisations.models import Role
from palermo.legislation import starter
from palermo.rooms.legislation import actions


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any) -> None:
    """Pages are tested without the built front end."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


def brought(*values: Any, dry_run: bool = False) -> actions.Imported:
    with acting(Viewer.operator()) as viewer:
        return actions.bring_in(actor=viewer, values=list(values), dry_run=dry_run)


@pytest.fixture
def laws() -> actions.Imported:
    return brought(*starter.laws(), *starter.readings())


@pytest.fixture
def people(people: Any) -> Any:
    """The cast, and an editor of knowledge."""
    with acting(Viewer.operator()):
        editor = member("editor-of-laws", Role.EDITOR, people.organisation)
    named = ("case_worker", "analyst", "coordinator")
    return SimpleNamespace(editor=editor, **{name: getattr(people, name) for name in named})
