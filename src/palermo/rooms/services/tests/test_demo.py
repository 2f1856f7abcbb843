"""The invented directory is made through the same actions as a real one."""

from typing import Any

import numpy as np

from palermo.kernel.access.context import acting
from palermo.rooms.cases.actions import demo_cases
from palermo.rooms.services import actions, queries


def test_the_demonstration_has_services_guests_needs_and_a_review(people: Any) -> None:
    rng = np.random.default_rng(1)
    demo_cases(rng, 12, cast=people)
    assert actions.demo_services(rng, cast=people) == 16
    with acting(people.supervisor.viewer) as viewer:
        (shelter,) = queries.services(viewer, text="Harbour House", kind="shelter").rows
        assert (shelter.stale, len(queries.guests(viewer, shelter.service))) == (False, 3)
        assert len(queries.findings(viewer, service=shelter.service)) == 2
        assert queries.my_needs(viewer)
    with acting(people.coordinator.viewer) as viewer:
        assert len(queries.public_services(viewer)) == 8
