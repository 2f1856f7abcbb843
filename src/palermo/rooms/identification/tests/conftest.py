"""Screenings for the tests of this room."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from palermo.kernel.access.cast import member
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.organisations.models import Organisation, Role
from palermo.rooms.identification import actions
from palermo.rooms.identification.models import Screening
from palermo.rooms.identification.tests.way import Way
from palermo.standards.instruments import instrument

TRAFFICKED = {
    "act": {"act.recruited": "yes"},
    "control": {"there.documents": "yes"},
    "exploitation": {"form.labour": "yes"},
}


@pytest.fixture
def as_worker(people: Any) -> Iterator[Any]:
    """The case worker, as the database sees him."""
    with acting(people.case_worker.viewer) as viewer:
        yield viewer


@pytest.fixture
def screening(as_worker: Any) -> Screening:
    return actions.start_screening(actor=as_worker, event="Harbour, night shift")


@pytest.fixture
def answer() -> Callable[..., Any]:
    """Save answers by section at the version that is there."""

    def save(viewer: Any, found: Screening, answers: dict[str, dict[str, str]]) -> None:
        for section, values in answers.items():
            found.answers.refresh_from_db()
            actions.save_answers(
                actor=viewer,
                screening=found,
                section=section,
                answers=values,
                expected_version=found.answers.version,
            )
        found.answers.refresh_from_db()

    return save


@pytest.fixture
def section_codes() -> list[str]:
    return [section.code for section in instrument().sections]


@pytest.fixture(autouse=True)
def plain_static_names(settings: Any) -> None:
    """Pages render without the front end having been built."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def second_decider(people: Any) -> Any:
    """A colleague of the competent authority, who confirms and reviews."""
    with acting(Viewer.operator()):
        office = Organisation.objects.get(pk=people.competent_authority.viewer.organisation_id)
        return member("second-decider", Role.COMPETENT_AUTHORITY, office)


@pytest.fixture
def third_decider(people: Any) -> Any:
    with acting(Viewer.operator()):
        office = Organisation.objects.get(pk=people.competent_authority.viewer.organisation_id)
        return member("third-decider", Role.COMPETENT_AUTHORITY, office)


@pytest.fixture
def way(people: Any, second_decider: Any, third_decider: Any) -> Way:
    """A presumed victim of the case worker, and a hand to move the status on with."""
    return Way(people, second_decider, third_decider)
