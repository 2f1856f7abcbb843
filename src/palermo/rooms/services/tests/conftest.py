"""Services, places and a case for the tests of this room. Everybody and everything here is invented."""

from typing import Any

import pytest

from palermo.kernel.access.context import acting
from palermo.kernel.vault.identity import Identity
from palermo.rooms.cases import actions as cases
from palermo.rooms.services import actions
from palermo.rooms.services.models import Service

SECRET = "9 Nowhere Passage, third bell"
FAMILY = "Vibbletonova"
SHELTER = {
    "name": "House of Rest",
    "kind": "shelter",
    "areas": ["PX-01"],
    "sexes": ["female"],
    "families": True,
    "languages": ["en", "ar"],
    "around_the_clock": True,
    "phone": "+99 555 7000",
    "emergency_phone": "+99 555 7001",
    "confidential": True,
    "address": SECRET,
}


def opened(viewer: Any, **more: Any) -> Any:
    given = {"reason": "Asked for help at the night desk.", "crime": "tip"} | more
    return cases.open_case(actor=viewer, **given)


def sheltering(people: Any, places: dict[str, int]) -> Service:
    with acting(people.supervisor.viewer) as viewer:
        made = actions.add_service(actor=viewer, organisation_id=people.organisation.pk, values=SHELTER)
        rows = actions.set_places(actor=viewer, service=made, totals=places)
        if rows:
            actions.tell_capacity(
                actor=viewer, service=made, free=places, versions={row.group: row.version for row in rows}
            )
    return made


@pytest.fixture
def shelter(people: Any) -> Service:
    """A shelter of the case worker's organisation with a confidential address and two places for women."""
    return sheltering(people, {"women": 2})


@pytest.fixture
def case(people: Any) -> Any:
    with acting(people.case_worker.viewer) as viewer:
        return opened(viewer, identity=Identity(family_name=FAMILY, given_names="Zarquella"))


@pytest.fixture(autouse=True)
def plain_static_names(settings: Any) -> None:
    """Pages render without the front end having been built."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
