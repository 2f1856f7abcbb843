"""The way of a child through the machine, and what is refused on it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.kernel.access.models import Notice
from palermo.kernel.errors import Conflict, Invalid, NotFound, Refused, Stale
from palermo.kernel.workflow.models import Deadline
from palermo.kernel.workflow.rules import GUARDS, guard_of
from palermo.kernel.workflow.statements import STATEMENTS
from palermo.rooms.children import actions, queries
from palermo.rooms.children.actions.demo import HEARD
from palermo.rooms.children.models import ChildProtection, Guardian, Told
from palermo.rooms.children.queries import codes
from palermo.rooms.children.tests.conftest import Way
from palermo.rooms.consents.models import Consent
from palermo.standards.workflows import machine
from palermo.web.room import subject


def test_every_guard_and_effect_of_the_machine_is_a_function_of_this_room() -> None:
    m = machine("child_protection")
    named = {name for event in m.events for name in event.guards}
    assert named
    assert {name for name in named if ("child_protection", name) not in GUARDS} == set()
    assert all(guard_of(name, "child_protection") for name in named)
    assert not {name for name in STATEMENTS if ("child_protection", name) in GUARDS} - named


@pytest.mark.parametrize(
    ("age", "state"), [("under_18", "notify"), ("not_sure", "notify"), ("to_be_decided", "age")]
)
def test_in_doubt_a_person_is_a_child_at_once(way: Way, age: str, state: str) -> None:
    assert way.begin(age).state == state


def test_no_file_for_an_adult_and_only_one_for_a_child(way: Way) -> None:
    adult = replace(way.about, child=False)
    with acting(way.people.case_worker.viewer) as viewer, pytest.raises(Conflict):
        actions.begin_child(actor=viewer, about=adult, situation="not_known", age="not_sure")
    way.begin()
    with pytest.raises(Conflict):
        way.begin()


def test_the_adult_track_needs_an_assessment_beyond_doubt_and_a_second_person(way: Way) -> None:
    way.begin("to_be_decided")
    worker = way.people.case_worker
    finding: dict[str, Any] = {
        "method": "several_professions", "assessor": way.staff["agency"].pk, "done_on": timezone.localdate(),
        "lowest": 17, "highest": 20, "informed": True, "conclusion": "adult", "text": "Papers and three talks.",
    }  # fmt: skip
    with pytest.raises(Invalid) as caught:
        way.record(worker, "age", **finding)
    assert caught.value.problems[0].field == "conclusion"
    way.record(worker, "age", **{**finding, "conclusion": "doubt"})
    _share(way)
    with pytest.raises(Conflict):
        way.step(way.protector, "decide_adult", "Looks grown up.")
    way.record(way.protector, "age", **{**finding, "lowest": 19})
    with pytest.raises(Conflict, match="second person"):
        way.step(way.protector, "decide_adult", "Found to be 19 or more.")
    way.record(worker, "age", **{**finding, "lowest": 19})
    with pytest.raises(Refused):
        way.step(worker, "decide_adult", "Found to be 19 or more.")
    with acting(way.protector.viewer) as viewer:
        assert subject(viewer, "case", way.about.key).child is True, "in doubt, while it is not decided"
    assert way.step(way.protector, "decide_adult", "Found to be 19 or more.").state == "adult_track"
    with acting(way.protector.viewer) as viewer:
        assert subject(viewer, "case", way.about.key).child is False, "every room hears it from the case"


def _share(way: Way) -> None:
    from palermo.rooms.children.actions.telling import share_with_protectors

    with acting(way.people.case_worker.viewer) as viewer:
        share_with_protectors(actor=viewer, child=way.child(), organisation_id=way.staff["agency"].pk)


def test_three_bodies_are_told_at_once_without_consent_name_or_case(way: Way) -> None:
    way.begin()
    with acting(way.protector.viewer), pytest.raises(ChildProtection.DoesNotExist):
        way.child()
    with pytest.raises(Invalid) as caught:
        way.step(way.people.case_worker, "notify", police="")
    assert [p.field for p in caught.value.problems] == ["police"]
    with pytest.raises(Invalid):
        way.step(way.people.case_worker, "notify", view_text="")
    child = way.step(way.people.case_worker, "notify")
    assert child.state == "interim_protection"
    with acting(way.people.case_worker.viewer):
        assert not Consent.objects.exists()
        rows = list(Told.objects.filter(child=child))
        assert {row.body for row in rows} == {"child_protection", "police", "coordinator"}
        assert len({row.written_at for row in rows}) == 1
    for viewer in (way.protector.viewer, way.people.coordinator.viewer):
        with acting(viewer):
            found = Notice.objects.filter(kind__in=("child_presumed", "child_told"))
            assert [(n.object_id, n.object_kind) for n in found] == [(None, "")]
    with acting(way.protector.viewer):
        assert way.child().pk == child.pk  # child protection has the file now


def test_before_a_guardian_only_safety_is_told(way: Way) -> None:
    way.walk("place_safely")
    with acting(way.people.case_worker.viewer) as viewer:
        assert "no guardian" in queries.before_guardian(viewer, case_id=way.about.key)
    with pytest.raises(Conflict):
        way.step(way.people.case_worker, "assess_provisionally")
    with pytest.raises(Invalid) as caught:
        way.step(way.protector, "appoint_guardian", independent=False)
    assert caught.value.problems[0].field == "independent"
    way.step(way.protector, "appoint_guardian")
    with acting(way.people.case_worker.viewer) as viewer:
        assert queries.before_guardian(viewer, case_id=way.about.key) == ""


def test_a_parent_is_confirmed_only_where_the_child_is_with_one(way: Way) -> None:
    way.walk("place_safely")
    answers = {k: v for k, v in way.answers["appoint_guardian"].items() if k not in ("kind", "organisation")}
    with pytest.raises(Conflict, match="not with a parent"):
        way.step(way.protector, "confirm_parent", "Papers seen.", **answers)
    with acting(way.people.case_worker.viewer):
        assert not Guardian.objects.exists()  # what was refused left nothing
    way.record(way.people.case_worker, "situation", situation="with_family", language="ar")
    assert way.step(way.protector, "confirm_parent", "Papers seen.", **answers).state == "guardian_appointed"


def test_a_place_is_away_from_the_exploiters_and_the_family_is_checked_first(way: Way) -> None:
    way.walk("notify")
    for changed in ({"away": False}, {"setting": "relatives", "family_checked": False}):
        with pytest.raises(Invalid):
            way.step(way.protector, "place_safely", **changed)
    way.step(way.protector, "place_safely", setting="relatives", family_checked=True)


def test_a_full_assessment_weighs_everything_and_hears_the_guardian(way: Way) -> None:
    way.walk("assess_provisionally")
    for changed in ({"guardian_text": ""}, {"view_text": ""}, {"text": ""}):
        with pytest.raises(Invalid):
            way.step(way.protector, "complete_bia", **changed)
    for changed in ({"on_health": ""}, {"on_safety": "unknown"}):
        with pytest.raises(Conflict):
            way.step(way.protector, "complete_bia", **changed)
    assert way.step(way.protector, "complete_bia").state == "bia_done"
    with pytest.raises(Invalid):
        way.step(way.protector, "update_bia", "The family was found.", **way.answers["complete_bia"])
    way.step(
        way.protector, "update_bia", "The family was found.",
        **way.answers["complete_bia"], turning_point="family_found",
    )  # fmt: skip


def test_the_panel_has_its_sectors_a_chair_who_is_not_the_lead_worker_and_minuted_dissent(way: Way) -> None:
    way.walk("complete_bia")
    say = "Decided in one meeting."
    with pytest.raises(Conflict, match="social services, health and police"):
        way.step(way.protector, "decide_panel", say, sits_health="")
    with pytest.raises(Invalid):
        way.step(way.protector, "decide_panel", say, chair=str(way.people.case_worker.pk))
    with pytest.raises(Invalid) as caught:
        way.step(way.protector, "decide_panel", say, why_police="")
    assert caught.value.problems[0].field == "why_police"
    with pytest.raises(Refused):
        way.step(way.people.case_worker, "decide_panel", say)
    assert way.step(way.protector, "decide_panel", say).state == "panel_decision"
    with pytest.raises(Conflict, match="decided otherwise"):
        way.step(way.protector, "hand_over_protection", say, organisation=way.staff["agency"].pk)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # the database judges the whole panel, too


def test_the_measure_runs_until_there_is_a_solution_and_is_reviewed(way: Way) -> None:
    way.walk()
    with acting(way.people.case_worker.viewer):
        rules = set(Deadline.objects.filter(met_at=None, cancelled_at=None, machine="child_protection")
                    .values_list("rule", flat=True))  # fmt: skip
    assert {"child_measure_review", "durable_solution"} <= rules
    reviewed = way.step(way.protector, "review_measure", measure="foster", text="Moves to a family.")
    assert reviewed.state == "protection"


def test_no_contact_with_family_before_the_safety_check_and_the_wish_of_the_child(way: Way) -> None:
    way.walk("notify")
    known: dict[str, Any] = {"relation": "mother", "text": "In the next town."}
    for safety, wishes in (("not_checked", True), ("not_safe", True), ("safe", False), ("safe", None)):
        with pytest.raises(Invalid):
            way.record(
                way.people.case_worker, "family", **known, safety=safety, child_wishes=wishes, contact="made"
            )
    way.record(way.people.case_worker, "family", **known, safety="safe", child_wishes=True, contact="made")


def _solution(way: Way) -> dict[str, Any]:
    return {
        **way.answers["decide_panel"],
        "solution": "stay",
        "options": "Staying, or an aunt abroad.",
        "guardian_agrees": True,
        "safety_checked": False,
    }


def test_a_solution_is_never_decided_by_the_case_manager_or_against_the_guardian(way: Way) -> None:
    way.walk()
    with pytest.raises(Refused):
        way.step(way.people.case_worker, "decide_solution", "Stays.", **_solution(way))
    for changed in ({"guardian_agrees": False}, {"solution": "return"}):
        with pytest.raises(Invalid):
            way.step(way.protector, "decide_solution", "Stays.", **{**_solution(way), **changed})
    assert way.step(way.protector, "decide_solution", "Stays.", **_solution(way)).state == "durable_solution"


def test_closing_needs_a_proposal_the_guardian_and_the_child_told_in_the_own_language(way: Way) -> None:
    way.walk()
    way.step(way.protector, "decide_solution", "Stays.", **_solution(way))
    way.step(way.people.supervisor, "propose_close", "All is done.")
    told = {**HEARD, "guardian_agrees": True, "child_told": True}
    for changed in ({"guardian_agrees": False}, {"child_told": False}, {"view_language": "en"}):
        with pytest.raises(Conflict):
            way.step(way.protector, "close", "All is done.", **{**told, **changed})
    assert way.step(way.protector, "close", "All is done.", **told).state == "closed"
    way.step(way.people.case_worker, "follow_up")
    way.record(way.people.case_worker, "contact", wellbeing="safe", text="Goes to school.")
    with acting(way.people.case_worker.viewer):
        due = Deadline.objects.get(machine="child_protection", rule="child_follow_up", met_at=None)
        assert 360 < (due.due_at - timezone.now()).days < 370


def test_ageing_out_is_due_180_days_before_18_by_the_end_of_the_estimated_month(way: Way) -> None:
    way.walk()
    worker, today = way.people.case_worker, timezone.localdate()
    plan = {"parts": codes.codes(codes.TRANSITION), "text": "A room, a school place, the own doctor."}
    with pytest.raises(Conflict, match="month of birth"):
        way.step(worker, "plan_ageing_out", **plan)
    way.record(worker, "birth", birth_month=today.replace(year=today.year - 12, day=1))
    with pytest.raises(Conflict, match="last year"):
        way.step(worker, "plan_ageing_out", **plan)
    soon = (today + timedelta(days=200)).replace(day=1)
    child = way.record(worker, "birth", birth_month=soon.replace(year=soon.year - 18))
    assert child.turns_18_at is not None
    with acting(worker.viewer):
        due = Deadline.objects.get(rule="ageing_out", met_at=None, cancelled_at=None)
        assert due.due_at == child.turns_18_at - timedelta(days=180)
    with pytest.raises(Conflict, match="every part"):
        way.step(worker, "plan_ageing_out", **{**plan, "parts": ["home"]})
    assert way.step(worker, "plan_ageing_out", **plan).state == "ageing_out"
    with pytest.raises(Conflict):
        way.step(worker, "come_of_age")
    past = (today - timedelta(days=40)).replace(day=1)
    way.record(worker, "birth", birth_month=past.replace(year=past.year - 18))
    assert way.step(worker, "come_of_age").state == "adult_track"


def test_a_missing_child_is_told_at_once_and_a_found_one_has_a_new_risk_assessment(way: Way) -> None:
    way.walk("place_safely")
    assert way.step(way.people.case_worker, "missing", "Did not come back.").state == "suspended"
    with acting(way.people.coordinator.viewer):
        assert Notice.objects.filter(kind="child_missing", object_id=None).exists()
    child = way.step(way.people.case_worker, "found", "Came back alone.")
    assert child.state == "interim_protection"
    assert child.risk_due_at is not None
    with acting(way.people.case_worker.viewer) as viewer:
        assert any("risk" in str(due.title) for due in queries.due_for(viewer))
    child = way.record(way.people.case_worker, "risk", risk="high", text="Was watched at the gate.")
    assert child.risk_due_at is None


def test_who_was_slower_is_told_and_leaves_no_paper(way: Way) -> None:
    old = way.begin().version
    way.record(way.people.case_worker, "view", **HEARD)
    with acting(way.people.case_worker.viewer) as viewer, pytest.raises(Stale):
        actions.take_step(
            actor=viewer, child=way.child(), event="notify", expected_version=old, given=way.answers["notify"]
        )
    with acting(way.people.case_worker.viewer):
        assert not Told.objects.exists()


def test_a_stranger_finds_nothing(way: Way) -> None:
    way.begin()
    with acting(way.people.other_worker.viewer) as viewer:
        with pytest.raises(NotFound):
            queries.child_of(viewer, way.about.key)
        assert queries.children(viewer) == []
        assert queries.due_for(viewer) == []
