"""What the tests of two-person approval share."""

from typing import Any

import pytest

from palermo.kernel.access.cast import member
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.organisations.models import Role

WHY = "Starts at the day desk next week."


@pytest.fixture
def second_supervisor(people: Any) -> Any:
    with acting(Viewer.operator()):
        return member("second-supervisor", Role.SUPERVISOR, people.organisation)


@pytest.fixture
def second_administrator(people: Any) -> Any:
    with acting(Viewer.operator()):
        return member("second-administrator", Role.ADMINISTRATOR, people.other_organisation)
