"""The case page and the plan stay light, however much a case holds and whoever looks: at most 25 statements."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.rooms.cases import actions, queries
from palermo.rooms.cases.models import Case
from palermo.rooms.cases.tests import records
from palermo.rooms.cases.tests.test_move_case import activate, finish, move
from palermo.rooms.identification import actions as identification

MOST = 25


def screened(viewer: Any, case: Case) -> None:
    """A later screening, decided and taken into the case."""
    found = identification.start_screening(actor=viewer, event="Another conversation")
    identification.save_answers(
        actor=viewer, screening=found, section="recruitment", answers={"start.threats": "yes"},
        expected_version=1,
    )  # fmt: skip
    suggestion = identification.compute_suggestion(actor=viewer, screening=found)
    identification.decide(
        actor=viewer, screening=found, suggestion=suggestion, outcome="tip_and_som",
        reason="Told more than the first time.", expected_version=found.version,
    )  # fmt: skip
    now = queries.case(viewer, case.pk)
    actions.take_over(
        actor=viewer, case=now, screening_id=found.pk, fields=[], expected_version=now.version,
        expected_facts=now.facts.version,
    )  # fmt: skip


def fill(people: Any, case: Case) -> None:
    """Everything that the two pages show, several times over."""
    activate(people, case)
    with acting(people.case_worker.viewer) as viewer:
        for level in ("high", "medium", "low", "high"):
            records.risk(viewer, case, level)
        records.assessed(viewer, case)
        actions.review_safety(actor=viewer, case=case)
        for number in range(3):
            actions.add_note(actor=viewer, case=case, text=f"Note number {number}.")
            screened(viewer, case)
            actions.minute_conference(
                actor=viewer, case=case, held_on=timezone.localdate() - timedelta(days=number),
                participants=[{"organisation": "Shelter", "role": "shelter", "sees": ["needs"], "told": []}],
                decisions="A quiet room is looked for.", minutes="",
            )  # fmt: skip
        actions.save_draft(actor=viewer, case=case, text="Half a thought")
    finish(people.case_worker, case)
    with acting(people.case_worker.viewer) as viewer:
        actions.note_happening(actor=viewer, case=case, kind="new_contact", text="They called.")
        records.planned(viewer, case, agreed=True)


def count(client: Any, name: str, case: Case) -> list[str]:
    url = reverse(f"cases:{name}", args=[case.pk])
    assert client.get(url).status_code == 200
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return [query["sql"][:150] for query in seen]


@pytest.mark.parametrize("name", ["case", "plan"])
@pytest.mark.parametrize("who", ["case_worker", "supervisor"])
def test_a_full_case_takes_few_queries(
    people: Any, client_for: Callable[..., Any], case: Case, name: str, who: str
) -> None:
    fill(people, case)
    asked = count(client_for(getattr(people, who)), name, case)
    assert len(asked) <= MOST, "\n".join(asked)


def test_a_second_person_is_asked_for_without_a_query_more(
    people: Any, client_for: Callable[..., Any], case: Case
) -> None:
    """In the states in which somebody else must decide, the page looks who did the step before."""
    activate(people, case)
    finish(people.case_worker, case)
    move(people.case_worker, case, "propose_closure", "Goals are met.", outcome="goals_met", handed_over=True)
    asked = count(client_for(people.supervisor), "case", case)
    assert len(asked) <= MOST, "\n".join(asked)
