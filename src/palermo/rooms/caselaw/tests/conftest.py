"""Cases that the instance has brought in."""

from types import SimpleNamespace
from typing import Any

import pytest

from palermo.kernel.access.cast import member
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.organisations.models import Role
from palermo.rooms.caselaw import actions


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any) -> None:
    """Pages are tested without the built front end."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


def told(palermo_id: str = "one-1", **more: Any) -> dict[str, Any]:
    return {
        "palermo_id": palermo_id, "title": "State v. Brackwater", "language": "en", "country": "FRA",
        "facts": "Workers were recruited for a farm.", "status": "published", **more,
    }  # fmt: skip


def brought(*values: Any, dry_run: bool = False) -> actions.Imported:
    with acting(Viewer.operator()) as viewer:
        return actions.bring_in(actor=viewer, values=list(values), dry_run=dry_run)


@pytest.fixture
def people(people: Any) -> Any:
    """The cast, and an editor of knowledge."""
    with acting(Viewer.operator()):
        editor = member("editor-of-cases", Role.EDITOR, people.organisation)
    named = ("case_worker", "analyst", "coordinator")
    return SimpleNamespace(editor=editor, **{name: getattr(people, name) for name in named})
