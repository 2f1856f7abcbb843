"""The invented vessel is made through the same actions as a real one."""

from typing import Any

import numpy as np

from palermo.kernel.access.context import acting
from palermo.rooms.encounters import actions, queries


def test_forty_persons_of_whom_three_have_indicators(people: Any) -> None:
    assert actions.demo_encounters(np.random.default_rng(1), cast=people) == 40
    with acting(people.case_worker.viewer) as viewer:
        (event,) = queries.events(viewer)
        board = queries.board(viewer, event)
    counts = {code: count for code, _name, count in board.counts}
    assert counts == {
        "emergency": 14, "screening": 3, "triaged": 16, "identification_opened": 3, "asylum_referred": 3,
        "assisted": 1,
    }  # fmt: skip
    assert board.next is not None
    assert board.next.it.number in (1, 2)
    assert (board.no_consulate, board.children_alone) == (4, 2)
