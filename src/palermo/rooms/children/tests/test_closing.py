"""The case of a child closes after its protection, which guardian and child protection close; see test_two_tracks."""

import pytest

from palermo.kernel.access.context import acting
from palermo.kernel.errors import Conflict
from palermo.rooms.cases import actions as cases
from palermo.rooms.cases.models import Case
from palermo.rooms.children import actions
from palermo.rooms.children.actions.following import OVER
from palermo.rooms.children.models import ChildProtection
from palermo.rooms.children.tests.conftest import Way
from palermo.standards.workflows import machine
from palermo.web.room import tell


def test_the_case_is_kept_open_while_the_protection_runs(way: Way) -> None:
    with acting(way.people.case_worker.viewer) as viewer:
        tell("cases.closing", actor=viewer, case_id=way.about.key)  # nobody has begun a file
    way.begin()
    with acting(way.people.case_worker.viewer) as viewer:
        with pytest.raises(Conflict, match="still runs"):
            tell("cases.closing", actor=viewer, case_id=way.about.key)
        Case.objects.filter(pk=way.about.key).update(state="active")
        case = Case.objects.get(pk=way.about.key)
        with pytest.raises(Conflict, match="still runs"):
            cases.move_case(
                actor=viewer,
                case=case,
                event="propose_closure",
                reason="Done.",
                expected_version=case.version,
            )
        ChildProtection.objects.filter(pk=way.about.key).update(state="closed")
        actions.closed_before_the_case(actor=viewer, case_id=way.about.key)


def test_every_state_that_counts_as_over_is_one_of_the_machine() -> None:
    states = machine(ChildProtection.machine).states
    assert {code for code, state in states.items() if state.kind == "end"} < set(OVER) <= set(states)
