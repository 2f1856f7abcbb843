"""The steps of the help stay with a case manager; who protects the child is told why, and where his own track is."""

from typing import Any

from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.rooms.cases import queries as cases
from palermo.rooms.cases.models import Case

from .conftest import Way

SAID = "Yours is the child’s own track"


def test_the_page_of_a_childs_case_says_whose_steps_are_whose(way: Way, client_for: Any) -> None:
    way.begin()
    way.step(way.people.case_worker, "notify")
    with acting(way.people.case_worker.viewer):
        Case.objects.filter(pk=way.about.key).update(state="active")
    with acting(way.protector.viewer) as viewer:
        found = {move.event: move for move in cases.moves(viewer, cases.case(viewer, way.about.key))}
    assert not found["review"].possible
    assert SAID in found["review"].why_not
    page = client_for(way.protector).get(reverse("cases:case", args=[way.about.key])).content.decode()
    assert SAID in page
    # Nobody else is told so: to a case manager the steps are his, to a supervisor they are simply not.
    for other in (way.people.case_worker, way.people.supervisor):
        with acting(other.viewer) as viewer:
            moves = cases.moves(viewer, cases.case(viewer, way.about.key))
        assert not any(SAID in move.why_not for move in moves)
