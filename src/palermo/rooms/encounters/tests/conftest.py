"""An event with a few invented persons, none of whom has a name."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from palermo.kernel.access.context import acting
from palermo.rooms.encounters import actions
from palermo.rooms.encounters.models import Event, Migrant

# 1 child alone; 2 and 3 a mother with a small child; 4 hurt; 5 and 6 men.
LINES = """tag;age;sex;languages;family;alone;doctor
A1;15;m;ar;;x;
A2;30;f;fr;K;;
A3;3;f;;K;;
A4;22;m;ha;;;x
A5;28;m;ar;;;
A6;35;m;ar fr;;;
"""
NOTHING_PRESSES = {"trafficking": "no", "family": "no", "asylum": "no", "violence": "no", "detention": "no"}
ALL_AID = ("medical", "food", "water", "interpreter")


@pytest.fixture
def event(people: Any) -> Event:
    with acting(people.case_worker.viewer) as viewer:
        made = actions.open_event(actor=viewer, kind="vessel", place="North pier", expected=6)
        actions.add_lines(actor=viewer, event=made, text=LINES, key=uuid.uuid4())
    return made


@pytest.fixture
def person(people: Any, event: Event) -> Callable[[int], Migrant]:
    """The person with that number, as the case worker sees it now."""

    def get(number: int) -> Migrant:
        with acting(people.case_worker.viewer):
            return Migrant.objects.select_related("event").get(event_id=event.pk, number=number)

    return get


@pytest.fixture
def triaged(people: Any, person: Callable[[int], Migrant]) -> Callable[..., Migrant]:
    """Bring a person to the triage with the given answers."""

    def bring(number: int, **answers: str) -> Migrant:
        actor = people.case_worker.viewer
        row = person(number)
        actions.give_aid(actor=actor, migrant=row, given=ALL_AID, expected_version=row.version)
        actions.move(actor=actor, migrant=row, event="stabilise", expected_version=row.version)
        actions.answer(
            actor=actor, migrant=row, answers=NOTHING_PRESSES | answers, expected_version=row.version
        )
        return actions.move(actor=actor, migrant=row, event="screen", expected_version=row.version)

    return bring


@pytest.fixture(autouse=True)
def plain_static_names(settings: Any) -> None:
    """Pages render without the front end having been built."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
