"""The demonstration's study, and one with a raw source."""

from types import SimpleNamespace
from typing import Any

import pytest

from palermo.kernel.access.context import acting
from palermo.rooms.fieldstudies import actions
from palermo.rooms.fieldstudies.actions.demo import VALUES
from palermo.rooms.fieldstudies.models import Source

TEXT = "Ali paid 400 to Ali. Alicante was far. They waited."
SOURCE = {
    "code": "M-09", "actor_type": "migrant", "month": "2026-03", "mode": "interview", "consent_version": "v1",
    "sensitivity": "high", "audio": False,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _plain_static_files(settings: Any) -> None:
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def coded(db: None, people: Any) -> Any:
    """The study of the demonstration: coded, with one approved finding."""
    return SimpleNamespace(people=people, study=actions.demo_fieldstudies(cast=people))


@pytest.fixture
def raw(db: None, people: Any) -> Any:
    """A study whose one source is raw; its team is the analyst alone."""
    with acting(people.analyst.viewer) as viewer:
        study = actions.open_study(actor=viewer, values={**VALUES, "code": "raw-study"})
        source = actions.add_source(actor=viewer, study=study, values=SOURCE, text=TEXT)
    return SimpleNamespace(people=people, study=study, source=source)


def fresh(source: Source) -> Source:
    return Source.objects.select_related("study").get(pk=source.pk)
