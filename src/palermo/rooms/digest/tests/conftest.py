"""Two editors, three published cases, and what the digest says of them."""

from types import SimpleNamespace
from typing import Any

import pytest

from palermo.kernel.access.cast import member
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.organisations.models import Role
from palermo.rooms.caselaw import actions as caselaw
from palermo.rooms.digest import actions


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any) -> None:
    """Pages are tested without the built front end."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


def case(key: str, **more: Any) -> dict[str, Any]:
    return {
        "palermo_id": key, "title": f"State v. {key.title()}", "language": "en", "country": "FRA",
        "facts": "Workers were recruited for a farm.", "status": "published", **more,
    }  # fmt: skip


def finding(key: str, issue: str = "consent", **more: Any) -> dict[str, Any]:
    return {
        "case": key, "issue": issue, "stage": "appeal", "standing": "ruling", "bears_on": "means",
        "direction": "strengthens", "note": f"The court of {key} said so.", **more,
    }  # fmt: skip


def brought(*values: Any, dry_run: bool = False) -> actions.Imported:
    with acting(Viewer.operator()) as viewer:
        return actions.bring_in(actor=viewer, values=list(values), dry_run=dry_run)


@pytest.fixture
def cases() -> None:
    with acting(Viewer.operator()) as viewer:
        done = caselaw.bring_in(actor=viewer, values=[case("one"), case("two", country="DEU"), case("three")])
    assert not done.problems


@pytest.fixture
def people(people: Any) -> Any:
    """The cast, and an editor of knowledge."""
    with acting(Viewer.operator()):
        editor = member("editor-of-digest", Role.EDITOR, people.organisation)
    named = ("case_worker", "analyst", "coordinator")
    return SimpleNamespace(editor=editor, **{name: getattr(people, name) for name in named})
