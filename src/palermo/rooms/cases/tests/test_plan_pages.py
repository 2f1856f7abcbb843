"""The tab “Plan” as the worker, the supervisor and a stranger meet it; no script, no name, few queries."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.rooms.cases import actions, queries
from palermo.rooms.cases.models import Case, Facts, Plan
from palermo.rooms.cases.queries.standing import open_actions
from palermo.rooms.cases.tests import records
from palermo.rooms.cases.tests.conftest import FAMILY, GIVEN, PHONE
from palermo.rooms.cases.tests.test_move_case import activate, move
from palermo.rooms.identification import actions as identification
from palermo.rooms.identification.models import Screening

QUERIES = 45
PAGES = (
    "plan", "plan-print", "plan-risk", "plan-happened", "plan-assessment", "plan-safety", "plan-safety-print",
    "plan-draft", "plan-goal", "plan-action", "plan-conference", "plan-screenings",
)  # fmt: skip


def url(name: str, case: Case, *more: Any) -> str:
    return reverse(f"cases:{name}", args=[case.pk, *more])


@pytest.fixture
def client(people: Any, client_for: Any) -> Any:
    return client_for(people.case_worker)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_of_the_plan_is_there_without_a_name(
    people: Any, client: Any, case: Case, language: str
) -> None:
    activate(people, case)
    with acting(people.case_worker.viewer) as viewer:
        actions.draft_plan(actor=viewer, case=case)
    for name in PAGES:
        answer = client.get(url(name, case), headers={"accept-language": language})
        page = answer.content.decode()
        assert answer.status_code == 200, name
        assert not any(word in page for word in (FAMILY, GIVEN, PHONE)), name
        assert "style=" not in page, name
        assert f'<html lang="{language}"' in page, name
    paper = client.get(url("plan-safety-print", case)).content.decode()
    assert case.code not in paper
    assert "traffick" not in paper.split("<main")[1].split("</main")[0]


def test_a_worker_goes_from_nothing_to_an_approved_plan(
    people: Any, client: Any, client_for: Any, case: Case
) -> None:
    boss = client_for(people.supervisor)
    move(people.supervisor, case, "accept")
    empty = client.get(url("plan", case)).content.decode()
    assert "There is no safety plan yet" in empty
    risk = {
        "risk": "high",
        "reason": "They called twice.",
        "factors": ["debt"],
        "cause": "first",
        "version": 2,
    }
    assert client.post(url("plan-risk", case), risk).status_code == 302
    levels = {"risks-individual": ["i_money"], "text-household": "Sends money home.", "needs_recorded": "on"}
    assert client.post(url("plan-assessment", case), levels).status_code == 302
    line = {"number": 0, "sign0": "followed", "step0": "public", "call0": "police", "text0": "The cafe."}
    assert client.post(url("plan-safety", case), line).status_code == 302
    assert client.post(url("plan-safety-reviewed", case)).status_code == 302
    move(people.case_worker, case, "complete_assessment")
    assert client.post(url("plan-begin", case)).status_code == 302
    goal = {"kind": "shelter", "text": "A quiet room.", "version": 1}
    assert client.post(url("plan-goal", case), goal).status_code == 302
    due = (timezone.localdate() + timedelta(days=3)).isoformat()
    step = {"kind": "shelter", "text": "Ask the shelter.", "doer": "worker", "due_on": due, "version": 2}
    assert client.post(url("plan-action", case), step).status_code == 302
    assert client.post(url("plan-agree", case), {"language": "en", "version": 3}).status_code == 302
    draft = client.get(url("plan-draft", case)).content.decode()
    assert "a second person approves it" in draft
    assert "Approve the plan" in boss.get(url("plan-draft", case)).content.decode()
    move(people.supervisor, case, "approve_plan")
    page = client.get(url("plan", case)).content.decode()
    for words in (
        "Ask the shelter.",
        "A quiet room.",
        "The cafe.",
        "They called twice.",
        "Sends money home.",
    ):
        assert words in page
    with acting(people.case_worker.viewer):
        key = open_actions(case.pk).get().key
    assert client.post(url("plan-result", case, key), {"result": "not_done"}).status_code == 422
    assert client.post(url("plan-result", case, key), {"result": "done"}).status_code == 302


def test_two_who_change_the_safety_plan_lose_nothing(people: Any, client: Any, case: Case) -> None:
    with acting(people.case_worker.viewer) as viewer:
        records.safe(viewer, case)
    line = {"number": 0, "sign0": "calls", "step0": "call", "call0": "police", "text0": "My own words."}
    answer = client.post(url("plan-safety", case), line)
    page = answer.content.decode()
    assert answer.status_code == 412
    assert "My own words." in page
    assert records.ITEM.text in page
    assert client.post(url("plan-safety", case), {**line, "number": 1}).status_code == 302


def test_an_old_page_of_the_plan_saves_nothing(people: Any, client: Any, case: Case) -> None:
    with acting(people.case_worker.viewer) as viewer:
        plan = records.planned(viewer, case)
    goal = {"kind": "shelter", "text": "Too late.", "version": 1}
    assert client.post(url("plan-goal", case), goal).status_code == 412
    with acting(people.case_worker.viewer):
        assert Plan.objects.get(pk=plan.pk).version == plan.version


def test_the_pages_take_few_queries(people: Any, client: Any, case: Case) -> None:
    activate(people, case)
    with acting(people.case_worker.viewer) as viewer:
        for level in ("high", "medium", "low", "high"):
            records.risk(viewer, case, level)
    for name, most in (("plan", QUERIES), ("case", 25)):
        with CaptureQueriesContext(connection) as seen:
            page = client.get(url(name, case)).content.decode()
        assert len(seen) <= most, (name, len(seen))
        if name == "plan":
            assert "<svg" in page
            assert "Risk over time" in page


def test_a_stranger_gets_what_does_not_exist(people: Any, client_for: Any, case: Case) -> None:
    stranger = client_for(people.other_worker)
    for name in PAGES:
        assert stranger.get(url(name, case)).status_code == 404
    assert stranger.get(f"/api/cases/cases/{case.pk}/plan").status_code == 404


def test_the_json_twin_says_and_does_the_same(people: Any, client: Any, case: Case) -> None:
    base = f"/api/cases/cases/{case.pk}/plan"

    def post(path: str, data: dict[str, Any]) -> Any:
        return client.post(base + path, data, content_type="application/json")

    risk = {"risk": "low", "reason": "Nobody knows where.", "expected_version": case.version}
    assert post("/risk", risk).status_code == 200
    item = {"sign": "calls", "step": "call", "call": "police", "text": "Keep it."}
    assert post("/safety", {"items": [item], "expected_number": 0}).json() == {"number": 1}
    made = post("/draft", {}).json()
    action = {"kind": "medical", "doer": "person", "due_on": "2030-01-01", "text": "See the doctor."}
    assert post("/draft/actions", {**action, "expected_version": made["version"]}).status_code == 200
    assert post("/draft/actions", {**action, "expected_version": made["version"]}).status_code == 412
    read = client.get(base).json()
    assert read["draft"]["actions"][0]["text"] == "See the doctor."
    assert read["safety"]["items"][0]["text"] == "Keep it."
    assert post("/draft/approve", {"expected_version": 2}).status_code == 403


# A later screening


@pytest.fixture
def later(people: Any, case: Case) -> Screening:
    with acting(people.case_worker.viewer) as viewer:
        found = identification.start_screening(actor=viewer, event="Second conversation")
        identification.save_answers(
            actor=viewer,
            screening=found,
            section="recruitment",
            answers={"start.threats": "yes"},
            expected_version=1,
        )
        suggestion = identification.compute_suggestion(actor=viewer, screening=found)
        identification.decide(
            actor=viewer, screening=found, suggestion=suggestion, outcome="tip_and_som",
            reason="Told more than the first time.", expected_version=found.version,
        )  # fmt: skip
        return found


def test_a_later_screening_is_taken_over_fact_by_fact(
    people: Any, client: Any, case: Case, later: Screening
) -> None:
    asked = client.post(url("plan-screenings", case), {"code": later.code})
    assert asked.headers["Location"] == url("plan-screening", case, later.pk)
    assert "If you take it" in client.get(asked.headers["Location"]).content.decode()
    with acting(people.case_worker.viewer):
        before, facts = Case.objects.get(pk=case.pk), Facts.objects.get(case=case)
    decided = {"version": before.version, "facts_version": facts.version, "crime": "take", "controls": "keep"}
    answer = client.post(asked.headers["Location"], {**decided, "child": "keep"})
    assert answer.status_code == 302
    with acting(people.case_worker.viewer) as viewer:
        now = queries.case(viewer, case.pk)
        assert (now.crime, now.status, now.facts.controls_yes) == ("tip_and_som", "presumed", [])
        assert [row.code for row in queries.screenings_of(viewer, now)] == [later.code]
        assert any("took a later screening" in deed.did for deed in queries.deeds(viewer, now))
    assert client.post(asked.headers["Location"], {**decided, "child": "keep"}).status_code == 412
