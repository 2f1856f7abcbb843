"""An assessment that two answer apart, and the demonstration's, which was answered and half reconciled."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from palermo.kernel.access.context import acting
from palermo.rooms.assessments import actions
from palermo.rooms.assessments.models import Assessment

VALUES = {
    "title": "A first look", "toolkit": "som-justice", "country": "XPA", "scope": "Everything",
    "starts": date(2025, 1, 1), "ends": date(2025, 12, 31),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _plain_static_files(settings: Any) -> None:
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def begun(db: None, people: Any) -> Any:
    """Open: the coordinator leads, the analyst (1) and the prosecutor (2) answer."""
    with acting(people.coordinator.viewer) as viewer:
        chosen = [str(people.analyst.pk), str(people.prosecutor.pk)]
        made = actions.open_assessment(actor=viewer, values={**VALUES, "assessors": chosen})
    return SimpleNamespace(people=people, assessment=made)


def answer(who: Any, made: Assessment, **cells: str) -> None:
    """Answer cells such as A1_1__law="met"."""
    given = {}
    for name, value in cells.items():
        code, _between, dimension = name.partition("__")
        given[code.replace("_", "."), dimension] = actions.Given(value)
    with acting(who.viewer) as viewer:
        actions.save_answers(actor=viewer, assessment=fresh(made), given=given)


def hand_in(who: Any, made: Assessment) -> None:
    with acting(who.viewer) as viewer:
        actions.hand_in(actor=viewer, assessment=Assessment.objects.get(pk=made.pk))


def fresh(made: Assessment) -> Assessment:
    return Assessment.objects.get(pk=made.pk)
