"""What follows a decided screening of somebody who was met in an event: one case, never two."""

from typing import Any

from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.rooms.encounters import actions
from palermo.rooms.encounters.models import Migrant
from palermo.rooms.encounters.tests.conftest import NOTHING_PRESSES
from palermo.rooms.encounters.tests.test_steps import LEVELS, step
from palermo.rooms.identification import actions as identification
from palermo.rooms.identification import queries as screenings
from palermo.rooms.identification.tests.conftest import TRAFFICKED


def decided(viewer: Any, row: Migrant) -> str:
    """The linked screening is answered and decided; its address."""
    found = screenings.screening(viewer, row.screening_id)
    version = found.answers.version
    for section, answers in TRAFFICKED.items():
        version = identification.save_answers(
            actor=viewer, screening=found, section=section, answers=answers, expected_version=version
        ).version
    suggestion = identification.compute_suggestion(actor=viewer, screening=found)
    found = screenings.screening(viewer, row.screening_id)
    identification.decide(
        actor=viewer, screening=found, suggestion=suggestion, outcome="tip", reason="Two indicators.",
        expected_version=found.version,
    )  # fmt: skip
    return reverse("identification:summary", args=[row.screening_id])


def test_without_a_case_the_screening_leads_to_a_new_one(people: Any, client_for: Any, triaged: Any) -> None:
    with acting(people.case_worker.viewer) as viewer:
        address = decided(viewer, step(viewer, triaged(5, trafficking="yes"), "trafficking_indicators"))
    assert "/cases/open/?screening=" in client_for(people.case_worker).get(address).content.decode()


def test_where_a_case_is_open_it_leads_there_and_to_no_second_one(
    people: Any, client_for: Any, triaged: Any
) -> None:
    with acting(people.case_worker.viewer) as viewer:
        row = triaged(5, violence="yes")
        actions.assess(actor=viewer, migrant=row, kind="vulnerability", levels=LEVELS, found=["risk.debt"])
        row = step(viewer, row, "vulnerable")
        row = actions.note_again(actor=viewer, migrant=row, why="moved", expected_version=row.version)
        row = step(viewer, row, "rescreen")
        answers = {**NOTHING_PRESSES, "trafficking": "yes"}
        row = actions.answer(actor=viewer, migrant=row, answers=answers, expected_version=row.version)
        row = step(viewer, step(viewer, row, "screen"), "trafficking_indicators")
        address = decided(viewer, row)
    worker = client_for(people.case_worker)
    shown = worker.get(address).content.decode()
    assert "/cases/open/" not in shown
    assert reverse("cases:plan-screening", args=[row.case_id, row.screening_id]) in shown
    # Whoever does not hold the event hears nothing of it.
    assert client_for(people.other_worker).get(address).status_code == 404
