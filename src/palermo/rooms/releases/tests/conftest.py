"""A register, a table of it on its way out, and the three persons whom a release needs."""

from typing import Any

import numpy as np
import pytest

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.jobs.models import Effect
from palermo.rooms.register.actions import demo_register
from palermo.rooms.releases import actions
from palermo.rooms.releases.models import Release

PURPOSE = "For the yearly report of the national rapporteur and for researchers."
TABLE = {
    "product": "count_tables", "source": "glotip", "title": "Detected victims", "series": "GLOTIP", "year": 2026,
    "year_from": 2020, "year_to": 2025, "purpose": PURPOSE, "changes": "",
}  # fmt: skip
ROWS = {
    "product": "microdata", "source": "register", "title": "Synthetic victims", "series": "VICTIMS", "year": 2026,
    "year_from": 2024, "year_to": 2024, "purpose": PURPOSE, "columns": ["sex", "majority"],
    "parameters": {"epsilon": 4.0, "delta": 1e-6},
}  # fmt: skip
REASON = "I looked at the checks and at the files; nobody can be found."


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


def draft(someone: Any, values: dict[str, Any] = TABLE, **more: Any) -> Release:
    with acting(someone.viewer) as viewer:
        return actions.open_release(actor=viewer, values={**values, **more})


def begun(someone: Any, release: Release) -> Release:
    """Asked for; the worker has not come by yet."""
    with acting(someone.viewer) as viewer:
        fresh = Release.objects.get(pk=release.pk)
        return actions.start_run(actor=viewer, release=fresh, expected_version=fresh.version)


def carried_out(someone: Any, release: Release) -> Release:
    """As the worker leaves it."""
    begun(someone, release)
    return worked(someone, release)


def worked(someone: Any, release: Release) -> Release:
    with acting(someone.viewer) as viewer:
        rows = Effect.objects.filter(object_id=release.pk)
        current = Release.objects.get(pk=release.pk)
        effect = next(one for one in rows if one.ids["revision"] == str(current.revision))
        actions.carry_out(viewer, effect)
        return Release.objects.get(pk=release.pk)


def judged(someone: Any, release: Release, what: Any, reason: str = REASON) -> Release:
    with acting(someone.viewer) as viewer:
        fresh = Release.objects.get(pk=release.pk)
        return what(actor=viewer, release=fresh, reason=reason, expected_version=fresh.version)


def published(people: Any, values: dict[str, Any] = TABLE, **more: Any) -> Release:
    """Made by the analyst, reviewed by the second, approved by the coordinator."""
    made = carried_out(people.analyst, draft(people.analyst, values, **more))
    judged(people.second_analyst, made, actions.review)
    return judged(people.coordinator, made, actions.approve)
