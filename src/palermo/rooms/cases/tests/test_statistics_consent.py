"""Who does not want to be counted is not, and who takes a yes back is taken out of the register at once."""

from typing import Any

from django.db import connection

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.cases import actions
from palermo.rooms.cases.models import Case
from palermo.rooms.consents import actions as consents
from palermo.web.room import subject


def counted() -> int:
    with acting(Viewer.operator()), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM register_person")
        return int(cursor.fetchone()[0])


def answer(viewer: Any, case: Case, decision: str) -> Any:
    return consents.record_consent(
        actor=viewer, about=subject(viewer, "case", case.pk), purpose="statistics", categories=["needs"],
        decision=decision, language="en", interpreting="shared",
    )  # fmt: skip


def move(viewer: Any, case: Case) -> None:
    actions.change_facts(
        actor=viewer, facts=case.facts, values={"sex": "female"}, expected_version=case.facts.version
    )


def test_a_no_takes_the_person_out_and_keeps_the_person_out(people: Any, case: Case) -> None:
    before = counted()
    assert before >= 1
    with acting(people.case_worker.viewer) as viewer:
        answer(viewer, case, "refused")
    assert counted() == before - 1
    with acting(people.case_worker.viewer) as viewer:
        move(viewer, case)
    assert counted() == before - 1


def test_a_yes_that_is_taken_back_does_the_same(people: Any, case: Case) -> None:
    before = counted()
    with acting(people.case_worker.viewer) as viewer:
        given = answer(viewer, case, "given")
    assert counted() == before
    with acting(people.case_worker.viewer) as viewer:
        consents.withdraw_consent(
            actor=viewer, about=subject(viewer, "case", case.pk), consent=given, note="by telephone"
        )
    assert counted() == before - 1
