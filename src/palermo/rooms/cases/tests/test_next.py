"""What comes next stands in one list with one button that stands out; what was done is told in words."""

import re
from typing import Any

import pytest
from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.kernel.workflow import queries as workflow
from palermo.rooms.cases import actions, queries
from palermo.rooms.cases.models import Case
from palermo.rooms.cases.tests import records
from palermo.rooms.cases.tests.conftest import FAMILY
from palermo.rooms.cases.tests.test_move_case import activate, finish, move, write
from palermo.rooms.cases.tests.test_pages import WHY, hidden, search
from palermo.web.room import rooms


def now(member: Any, case: Case) -> dict[str, Any]:
    with acting(member.viewer) as viewer:
        return {row.event: row for row in queries.moves(viewer, queries.case(viewer, case.pk))}


def first(found: dict[str, Any]) -> str:
    marked = [event for event, row in found.items() if row.first]
    assert len(marked) <= 1
    assert not marked or next(iter(found)) == marked[0], "what comes next stands first"
    return marked[0] if marked else ""


def test_each_person_is_led_on_from_intake_to_the_approved_plan(people: Any, case: Case) -> None:
    worker, boss = people.case_worker, people.supervisor
    assert first(now(worker, case)) == "check_urgent_needs"
    assert first(now(boss, case)) == "accept"
    assert now(boss, case)["accept"].due_at is not None
    move(boss, case, "accept")
    ways = []
    for write_one in (records.risk, records.assessed, records.safe):
        step = now(worker, case)["complete_assessment"]
        assert step.first
        ways.append(step.help_url.rsplit("/", 2)[-2])
        write(worker, case, write_one)
    assert ways == ["risk", "assessment", "safety"]
    assert now(worker, case)["complete_assessment"].possible
    move(worker, case, "complete_assessment")
    step = now(worker, case)["approve_plan"]
    assert "Supervisor" in step.why_not
    assert "at least one action" in step.why_not
    assert step.help_url == reverse("cases:plan", args=[case.pk])
    write(worker, case, records.planned)
    assert first(now(worker, case)) == "", "it waits for the supervisor"
    assert first(now(boss, case)) == "approve_plan"


def test_what_nobody_presses_is_no_action_and_no_clock_is_left_out(people: Any, case: Case) -> None:
    def clocks() -> set[str]:
        with acting(people.case_worker.viewer) as viewer:
            rows = workflow.deadlines_of(viewer, queries.case(viewer, case.pk))
            return {row.event for row in rows}

    activate(people, case)
    finish(people.case_worker, case)
    for state in ("active", "closing"):
        found = now(people.case_worker, case)
        assert "transfer" not in found
        assert clocks() <= set(found), state
        if state == "active":
            move(
                people.case_worker,
                case,
                "propose_closure",
                "Goals met.",
                outcome="goals_met",
                handed_over=True,
            )


@pytest.mark.parametrize("name", ["case", "plan"])
def test_one_button_stands_out(people: Any, client_for: Any, case: Case, name: str) -> None:
    client = client_for(people.case_worker)
    for later in (lambda: activate(people, case), lambda: None):
        page = client.get(reverse(f"cases:{name}", args=[case.pk])).content.decode()
        assert len(re.findall(r'class="btn[^"]*btn-primary', page)) <= 1
        later()


def test_the_trail_says_fields_and_grants_in_words(people: Any, client_for: Any, case: Case) -> None:
    client = client_for(people.case_worker)
    with acting(people.case_worker.viewer) as viewer:
        facts = queries.case(viewer, case.pk).facts
        actions.change_facts(
            actor=viewer, facts=facts, values={"age_group": "adult", "sex": "female"}, expected_version=1
        )
    page = client.get(reverse("cases:trail", args=[case.pk])).content.decode()
    assert "Age now" in page
    assert "age_group" not in page
    assert f"gave {people.unit} access to case, notes and files and identity" in page
    assert not re.search(r"did: [a-z]+\.[a-z]+\.", page)


def test_every_room_has_words_for_what_it_does_in_a_case() -> None:
    said = {action for config in rooms() for action in config.deeds}
    assert {"referral.referral.send", "consents.consent.given", "services.need.record"} <= said


def test_a_field_that_is_not_recorded_says_so(client_for: Any, people: Any, case: Case) -> None:
    client, url = client_for(people.case_worker), reverse("cases:reveal", args=[case.pk])
    once = hidden("once", client.get(url).content.decode())
    wanted = {
        "fields_wanted": ["family_name", "address"],
        "purpose": "service",
        "explanation": WHY,
        "once": once,
    }
    page = client.post(url, wanted).content.decode()
    assert FAMILY in page
    assert "Not recorded" in page


def test_a_wrong_date_is_said_in_the_same_round_as_everything_else(client_for: Any, people: Any) -> None:
    client = client_for(people.case_worker)
    page = search(client, family_name=FAMILY)
    form = {name: hidden(name, page) for name in ("case_id", "searched")}
    answer = client.post(reverse("cases:open-person"), form | {"birth_date": "1999-13-45", "reason": "short"})
    words = answer.content.decode()
    assert answer.status_code == 422
    assert "Write 1998, 1998-05 or 1998-05-17." in words
    assert 'href="#id_reason"' in words


def test_facts_open_where_something_is_recorded(client_for: Any, people: Any, case: Case) -> None:
    client, url = client_for(people.case_worker), reverse("cases:facts", args=[case.pk])
    assert client.get(url).content.decode().count('<details class="card" open') == 1
    with acting(people.case_worker.viewer) as viewer:
        facts = queries.case(viewer, case.pk).facts
        actions.change_facts(actor=viewer, facts=facts, values={"forms_yes": ["begging"]}, expected_version=1)
    page = client.get(url).content.decode()
    assert page.count('<details class="card" open') == 2
    assert "1 recorded" in page
