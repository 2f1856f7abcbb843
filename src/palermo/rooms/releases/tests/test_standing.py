"""Everything that ever was public, attacked at once; what was withdrawn counts for ever."""

from typing import Any

import pytest

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Refused
from palermo.rooms.releases import actions
from palermo.rooms.releases.tests.conftest import published
from palermo.web.releasable import public_tables

pytestmark = pytest.mark.django_db


def taken_back(people: Any) -> Any:
    made = published(people)
    with acting(people.coordinator.viewer) as viewer:
        return actions.withdraw(
            actor=viewer, release=made, why="A list was counted twice.", expected_version=made.version
        )


def test_what_was_withdrawn_is_still_known_to_everybody(register: Any) -> None:
    """The command line counts too, and protects what it counts beside all that ever was public."""
    taken_back(register)
    for viewer in (Viewer.operator(), register.analyst.viewer, register.coordinator.viewer):
        with acting(viewer):
            assert len(public_tables()) == 1, viewer.kind
            found = actions.attack_published(actor=viewer)
        persons = next(one for one in found if one.population == "persons")
        assert (persons.editions, persons.learned) == (1, 0)
        assert persons.withheld > 0
    with acting(Viewer.anonymous()):
        assert public_tables() == []


def test_what_everybody_can_compute_is_found(register: Any) -> None:
    """A table that went out unprotected, beside one that was: the attacker needs no true count to see it."""
    from palermo.disclosure import Dimension, Published, Rule, found_out

    sexes = Dimension("sex", ("female", "male"))
    hidden = Published((sexes,), {("female",): None, ("male",): None, ("Total",): 50}, "persons")
    careless = Published((sexes,), {("female",): 47, ("male",): None, ("Total",): 50}, "persons")
    assert found_out([(hidden,)], Rule(5)) == []
    found = found_out([(hidden,), (careless,)], Rule(5))
    assert {bound.cell for bound in found} >= {("1|persons", (("sex", "male"),))}
    assert all(bound.high < 5 for bound in found)


def test_only_who_publishes_attacks(register: Any) -> None:
    for someone in (register.case_worker, register.supervisor, register.administrator):
        with acting(someone.viewer), pytest.raises(Refused):
            actions.attack_published(actor=someone.viewer)
