"""Counts that somebody changed past palermo are found by the doctor, in a sentence, and put right by one command."""

from typing import Any

import numpy as np
import psycopg
import pytest

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import Refused
from palermo.rooms.register import actions, queries


def tamper(cluster: Any) -> None:
    with psycopg.connect(cluster.dsn("palermo_owner")) as owner:
        owner.execute(
            "UPDATE register_cell SET persons = persons + 3 WHERE id = (SELECT min(id) FROM register_cell)"
        )


def test_the_doctor_finds_drift_and_the_command_puts_it_right(transactional_db: None, cluster: Any) -> None:
    actions.demo_register(np.random.default_rng(3), 60)
    (check,) = queries.checks()
    assert (check.code, check.ok) == ("register.counts", True)
    tamper(cluster)
    (check,) = queries.checks()
    assert not check.ok
    assert check.message == "1 counts of the register differ from its persons"
    assert "palermo reconcile" in check.what_to_do
    with acting(Viewer.operator()) as viewer:
        assert actions.reconcile(actor=viewer) == 1
        assert actions.reconcile(actor=viewer) == 0
        assert queries.drift(viewer) == []
        assert queries.tally(viewer, ())[0]["count"] == 60
    assert queries.checks()[0].ok


def test_the_doctor_of_the_house_asks_the_register(transactional_db: None) -> None:
    from palermo.kernel.database.doctor import checks

    assert "register.counts" in {check.code for check in checks()}


def test_only_the_operator_counts_anew(people: Any) -> None:
    with acting(people.coordinator.viewer) as viewer, pytest.raises(Refused):
        actions.reconcile(actor=viewer)
    with acting(people.administrator.viewer):
        assert not Entry.objects.filter(action="register.cells.recount", actor=people.coordinator.pk).exists()
