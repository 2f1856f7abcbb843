"""Late steps reach those they were passed on to, and coordinators see counts without objects."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from palermo.kernel.access.cast import signed_in_client
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Refused
from palermo.kernel.vault.identity import Identity
from palermo.kernel.workflow import timer
from palermo.rooms.cases import actions as cases
from palermo.web import deadlines


@pytest.fixture
def late_case(people: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A case whose first steps are long overdue, after the timer has passed."""
    with acting(people.case_worker.viewer) as viewer:
        made = cases.open_case(
            actor=viewer,
            reason="Asked for help at the desk.",
            identity=Identity(given_names="Zarquella"),
            crime="tip",
        )
    with acting(Viewer.operator()), connection.cursor() as cursor:
        cursor.execute("SELECT max(due_at) FROM workflow_deadline WHERE object_id = %s", [made.pk])
        latest = cursor.fetchone()[0]
    later = latest + timedelta(days=60)
    monkeypatch.setattr(timezone, "now", lambda: later)
    timer.run()
    monkeypatch.undo()
    monkeypatch.setattr(deadlines.workflow.timezone, "now", lambda: later)
    return made


def test_a_supervisor_is_led_to_what_is_late(people: Any, late_case: Any) -> None:
    with acting(people.supervisor.viewer) as viewer:
        found = deadlines.passed_on(viewer)
    assert found
    assert all(str(late_case.pk) in due.url for due in found)
    assert all("Zarquella" not in str(due.title) for due in found)
    with acting(people.other_worker.viewer) as viewer:
        assert not deadlines.passed_on(viewer)


def test_a_coordinator_sees_counts_and_nobody_else_does(people: Any, late_case: Any) -> None:
    page = signed_in_client(people.coordinator).get("/deadlines/").content.decode()
    assert str(late_case.pk) not in page
    with acting(people.coordinator.viewer) as viewer:
        counted = deadlines.lines(viewer)
        assert sum(line.late for line in counted) >= 1
        assert {tile.value for tile in deadlines.tiles_for(viewer)}
    with acting(people.case_worker.viewer) as viewer:
        assert deadlines.tiles_for(viewer) == []
        with pytest.raises(Refused):
            deadlines.lines(viewer)
