"""start_screening: works, refuses strangers, validates, and leaves a trace."""

from typing import Any

import pytest

from palermo.kernel.access.context import acting
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import Invalid, NotFound, Refused
from palermo.rooms.identification import actions, queries
from palermo.rooms.identification.models import Screening


def test_it_begins_without_a_person(as_worker: Any) -> None:
    made = actions.start_screening(actor=as_worker, event="Border post")
    assert made.state == "open"
    assert made.code.startswith("S-")
    assert queries.screening(as_worker, made.pk).answers.values == {}
    assert Entry.objects.filter(action="identification.screening.start", object_id=made.pk).exists()


def test_team_and_supervisor_see_it_and_strangers_get_no_row(people: Any) -> None:
    with acting(people.case_worker.viewer) as viewer:
        made = actions.start_screening(actor=viewer)
    for member in (people.first_responder, people.supervisor):
        with acting(member.viewer) as viewer:
            assert [row.pk for row in queries.screenings(viewer).rows] == [made.pk]
    for member in (people.other_worker, people.coordinator, people.administrator, people.stranger):
        with acting(member.viewer):
            # Straight at the table: no filter of ours stands between.
            assert Screening.objects.count() == 0
        with acting(member.viewer) as viewer, pytest.raises(NotFound):
            queries.screening(viewer, made.pk)


@pytest.mark.parametrize("who", ["analyst", "coordinator", "administrator", "stranger"])
def test_it_refuses_those_who_do_not_screen(people: Any, who: str) -> None:
    with acting(getattr(people, who).viewer) as viewer, pytest.raises(Refused):
        actions.start_screening(actor=viewer)


def test_it_refuses_a_long_event(as_worker: Any) -> None:
    with pytest.raises(Invalid) as caught:
        actions.start_screening(actor=as_worker, event="x" * 121)
    assert [problem.field for problem in caught.value.problems] == ["event"]


def test_nobody_begins_in_another_name(people: Any) -> None:
    from django.db import ProgrammingError, transaction

    with acting(people.case_worker.viewer), pytest.raises(ProgrammingError), transaction.atomic():
        Screening.objects.create(
            code="S-X",
            state="open",
            organisation=people.other_organisation,
            started_by=people.case_worker.user,
            instrument_version="1.0",
        )


def test_a_code_that_is_taken_is_replaced(as_worker: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from palermo.rooms.identification.actions import codes

    drawn = iter(["P-2222-2222", "P-2222-2222", "P-3333-3333"])
    monkeypatch.setattr(codes, "new_code", lambda: next(drawn))
    made = [actions.start_screening(actor=as_worker).code for _time in range(2)]
    assert made == ["S-2222-2222", "S-3333-3333"]
