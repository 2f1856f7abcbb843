"""Networks in figures: protected before anybody sees them, and the same in the file."""

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from palermo.disclosure import TOTAL
from palermo.kernel.access.context import acting
from palermo.kernel.errors import NotFound, Refused
from palermo.rooms.networks import actions, queries

from .conftest import Inspectors, kept, sent
from .test_answers import answered

YEAR = {"since": date(2020, 1, 1), "until": date(2099, 1, 1)}


def test_small_counts_are_withheld_and_large_ones_shown(
    inspectors: Inspectors, people: Any, settings: Any
) -> None:
    settings.PALERMO_THRESHOLD = 3
    rows = [
        sent(inspectors.inspector, inspectors.network, people, kept(inspectors.inspector, inspectors.network))
        for _number in range(3)
    ]
    answered(people.other_worker, rows[0], "in_help")
    key = str(inspectors.network.pk)
    with acting(people.analyst.viewer) as viewer:
        found = queries.figures(viewer, **YEAR)
        text = actions.export_figures(actor=viewer, **YEAR).content.decode("utf-8-sig")
    assert found.cells[key, "sent"] == 3
    assert found.cells[key, "answered"] is None
    assert found.cells[TOTAL, "answered"] is None
    assert found.cells[key, "late"] == 0
    assert found.sectors == {key: "Labour inspection"}
    assert found.trained[key].members == 2
    assert found.trained[key].share == 0
    line = next(line for line in text.splitlines() if "Network of labour inspectors" in line)
    assert line.split(",")[2] == "3"
    assert "withheld" in line
    assert found.cells[key, "sent"] != 1


def test_a_focal_point_counts_the_own_network_and_nobody_else(inspectors: Inspectors, people: Any) -> None:
    sent(inspectors.inspector, inspectors.network, people)
    with acting(inspectors.focal.viewer) as viewer:
        own = queries.figures(viewer, **YEAR, network_id=inspectors.network.pk)
        assert own.names == {str(inspectors.house.pk): "Labour Inspectorate"}
        assert own.cells[str(inspectors.house.pk), "sent"] is None
        with pytest.raises(NotFound):
            queries.figures(viewer, **YEAR)
    for who in (inspectors.head, inspectors.inspector, people.case_worker):
        with acting(who.viewer) as viewer, pytest.raises(NotFound):
            queries.figures(viewer, **YEAR, network_id=inspectors.network.pk)
    with acting(people.administrator.viewer) as viewer, pytest.raises(Refused):
        queries.figures(viewer, **YEAR)


def test_another_time_has_nothing(inspectors: Inspectors, people: Any) -> None:
    sent(inspectors.inspector, inspectors.network, people)
    before = {"since": date(2019, 1, 1), "until": date(2019, 12, 31)}
    with acting(people.coordinator.viewer) as viewer:
        found = queries.figures(viewer, **before)
    assert set(found.cells.values()) == {0}
    assert timezone.localdate() > before["until"]
