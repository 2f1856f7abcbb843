"""A case with an invented person, and what its worker can ask."""

from typing import Any

import pytest

from palermo.kernel.access.context import acting
from palermo.kernel.vault.identity import Identity
from palermo.rooms.cases import actions as cases
from palermo.web.room import Subject, subject


@pytest.fixture
def about(people: Any) -> Subject:
    """The case of the case worker, as other rooms see it."""
    with acting(people.case_worker.viewer) as viewer:
        identity = Identity(family_name="Vibbletonova", given_names="Zarquella")
        made = cases.open_case(
            actor=viewer, reason="Asked for help at the desk.", identity=identity, crime="tip"
        )
        return subject(viewer, "case", made.pk)


@pytest.fixture(autouse=True)
def plain_static_names(settings: Any) -> None:
    """Pages render without the front end having been built."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
