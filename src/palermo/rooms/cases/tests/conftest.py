"""Cases for the tests of this room. Every name here is invented."""

from collections.abc import Iterator
from typing import Any

import pytest

from palermo.kernel.access.context import acting
from palermo.kernel.vault.identity import Identity
from palermo.rooms.cases import actions
from palermo.rooms.cases.models import Case

FAMILY, GIVEN, PHONE = "Vibbletonova", "Zarquella", "+99 555 0142 7731"
PLANTED = Identity(family_name=FAMILY, given_names=GIVEN, birth_date="1998-05", phone=PHONE)
REASON = "Asked for help at the night desk."


def opened(viewer: Any, **more: Any) -> Case:
    given = {"reason": REASON, "identity": PLANTED, "crime": "tip"} | more
    return actions.open_case(actor=viewer, **given)


@pytest.fixture
def as_worker(people: Any) -> Iterator[Any]:
    """The case worker, as the database sees him."""
    with acting(people.case_worker.viewer) as viewer:
        yield viewer


@pytest.fixture
def case(people: Any) -> Case:
    """A case of the case worker, who has stepped back from the database."""
    with acting(people.case_worker.viewer) as viewer:
        return opened(viewer)


@pytest.fixture(autouse=True)
def plain_static_names(settings: Any) -> None:
    """Pages render without the front end having been built."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
