"""The demonstration has two networks, through the same actions as everybody."""

from typing import Any

from palermo.kernel.access.context import acting
from palermo.kernel.access.models import User
from palermo.kernel.access.viewer import viewer_for
from palermo.rooms.networks import queries
from palermo.rooms.networks.actions import demo_networks


def test_the_demonstration_has_inspectors_and_health_workers(people: Any, protectors: Any) -> None:
    assert demo_networks(cast=people) == 12
    inspector = viewer_for(User.objects.get(username="labour-inspector"), session_ref="t", stepped_up=True)
    with acting(inspector) as viewer:
        rows = queries.networks(viewer)
        lines = queries.sent(viewer)
    assert [row.sector for row in rows if row.joined] == ["Labour inspection"]
    assert len(rows) == 2
    assert {line.row.state for line in lines} == {"sent", "answered"}
    assert {line.row.kind for line in lines} == {"referral", "child"}
