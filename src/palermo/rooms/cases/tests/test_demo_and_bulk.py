"""The invented country's cases, and many cases for measuring."""

import time
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from palermo.kernel.access.context import acting
from palermo.kernel.vault.actions import reveal
from palermo.kernel.vault.codes import format_code
from palermo.rooms.cases import actions, queries
from palermo.rooms.cases.actions import bulk
from palermo.rooms.cases.models import Case, Facts
from palermo.rooms.identification.models import Screening
from palermo.standards.workflows import machine


def test_the_demo_has_cases_in_every_state_from_screenings(people: Any) -> None:
    assert actions.demo_cases(np.random.default_rng(7), 10, cast=people) == 10
    with acting(people.case_worker.viewer) as viewer:
        found = list(Case.objects.all())
        # A case is transferred by another organisation's yes, which this room cannot give.
        assert {case.state for case in found} == set(machine("case").states) - {"transferred"}
        assert all(case.screening_id for case in found)
        assert {case.status for case in found} >= {"presumed", "smuggled_migrant"}
        assert Screening.objects.filter(state="open").count() == 2
        names = [
            dict(reveal(actor=viewer, person_id=c.person_id, fields=["family_name"], purpose="identify"))
            for c in found[:3]
        ]
        assert all(name["family_name"] for name in names)


def test_the_same_seed_makes_the_same_names() -> None:
    first, second = (actions.invented_identity(np.random.default_rng(3)) for _time in range(2))
    assert first == second


@pytest.mark.slow
def test_the_list_of_one_worker_stays_quick_beside_many_cases_of_others(people: Any) -> None:
    actions.bulk_cases(3000, actor=people.other_worker.viewer)
    mine = actions.bulk_cases(30, actor=people.case_worker.viewer)
    with acting(people.case_worker.viewer) as viewer:
        assert Case.objects.count() == Facts.objects.count() == 30
        with CaptureQueriesContext(connection) as captured:
            first = queries.cases(viewer)
        assert len(captured) == 1
        rest = queries.cases(viewer, after=first.next)
        assert [case.pk for case in (*first.rows, *rest.rows)] == mine
        assert rest.next == ""
        began = time.perf_counter()
        queries.cases(viewer)
        # Generous: this says "not a scan of everything", the figures are in `make bench`.
        assert time.perf_counter() - began < 1


def test_a_code_that_is_taken_is_drawn_again(people: Any, monkeypatch: Any) -> None:
    """Also where another organisation has it, which the maker of the batch cannot see."""
    draw, few = np.random.default_rng(1), [format_code(f"22222{last}") for last in "23456789CDFG"]
    monkeypatch.setattr(bulk, "new_code", lambda: few[draw.integers(len(few))])
    theirs = actions.bulk_cases(6, actor=people.other_worker.viewer)
    mine = actions.bulk_cases(6, actor=people.case_worker.viewer)
    codes = []
    for viewer, made in ((people.other_worker.viewer, theirs), (people.case_worker.viewer, mine)):
        with acting(viewer):
            codes += Case.objects.filter(pk__in=made).values_list("code", flat=True)
    assert len(set(codes)) == len(codes) == len(few)
