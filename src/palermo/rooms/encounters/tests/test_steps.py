"""What must be true before each step, and what each step brings about."""

from typing import Any

import pytest

from palermo.kernel.access.context import acting
from palermo.kernel.access.models import Notice
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import Conflict, Invalid
from palermo.kernel.workflow.models import Deadline
from palermo.rooms.encounters import actions
from palermo.rooms.encounters.models import Migrant
from palermo.rooms.encounters.tests.conftest import ALL_AID, NOTHING_PRESSES
from palermo.standards import codelist

LEVELS = [code.code for code in codelist("palermo/vulnerability").children()]


@pytest.fixture
def worker(people: Any) -> Any:
    with acting(people.case_worker.viewer) as viewer:
        yield viewer


def step(viewer: Any, row: Migrant, event: str, **given: Any) -> Migrant:
    return actions.move(
        actor=viewer,
        migrant=row,
        event=event,
        expected_version=row.version,
        reason="For a reason.",
        inputs=given,
    )


def assisted(viewer: Any, row: Migrant) -> Migrant:
    actions.assess(actor=viewer, migrant=row, kind="vulnerability", levels=LEVELS, found=["risk.debt"])
    return step(viewer, row, "vulnerable")


def test_life_comes_first(worker: Any, person: Any) -> None:
    row = person(5)
    actions.give_aid(actor=worker, migrant=row, given=ALL_AID[:3], expected_version=row.version)
    with pytest.raises(Conflict, match="interpreter"):
        step(worker, row, "stabilise", stabilised=True)
    actions.give_aid(actor=worker, migrant=row, given=ALL_AID, expected_version=row.version)
    assert step(worker, row, "stabilise").state == "screening"


def test_all_five_questions_are_asked(worker: Any, person: Any) -> None:
    row = person(5)
    actions.give_aid(actor=worker, migrant=row, given=ALL_AID, expected_version=row.version)
    step(worker, row, "stabilise")
    four = {name: value for name, value in NOTHING_PRESSES.items() if name != "detention"}
    actions.answer(actor=worker, migrant=row, answers=four, expected_version=row.version)
    with pytest.raises(Conflict, match="five questions"):
        step(worker, row, "screen")
    actions.answer(actor=worker, migrant=row, answers={"detention": "unclear"}, expected_version=row.version)
    assert step(worker, row, "screen").state == "triaged"
    assert row.rounds.count() == 2


def test_indicators_begin_a_screening_that_is_linked(worker: Any, triaged: Any) -> None:
    from palermo.rooms.identification import queries as identification

    row = step(worker, triaged(5, trafficking="yes"), "trafficking_indicators")
    assert row.state == "identification_opened"
    assert row.screening_id
    found = identification.screening(worker, row.screening_id)
    assert found.event == row.event.code
    assert found.answers.values == {}
    step(worker, row, "back_from_identification")
    first = row.screening_id
    assert step(worker, row, "trafficking_indicators").screening_id == first


def test_indicators_without_a_link_go_nowhere(worker: Any, triaged: Any) -> None:
    from palermo.kernel.workflow.actions import transition

    row = triaged(5, trafficking="yes")
    with pytest.raises(Conflict, match="screening for trafficking"):
        transition(actor=worker, obj=row, event="trafficking_indicators", expected_version=row.version)


@pytest.mark.parametrize("answer", ["yes", "unclear"])
def test_a_wish_for_asylum_blocks_the_consulate(worker: Any, triaged: Any, answer: str) -> None:
    row = triaged(5, asylum=answer)
    assert row.no_consulate
    with pytest.raises(Conflict, match="blocked"):
        actions.tell_of_consulate(actor=worker, migrant=row, expected_version=row.version)
    with pytest.raises(Conflict, match="asylum"):
        step(worker, row, "no_need", rights_told=True, helpline_told=True)
    step(worker, row, "asylum_claim")
    assert row.asylum_claimed_at
    assert row.no_consulate
    step(worker, row, "rescreen")
    assert row.asylum == ""
    assert row.no_consulate
    actions.answer(actor=worker, migrant=row, answers=NOTHING_PRESSES, expected_version=row.version)
    assert row.no_consulate, "a claim that was made is not undone by a later no"


def test_a_plain_no_lifts_what_was_not_clear(worker: Any, triaged: Any) -> None:
    row = triaged(5, asylum="no")
    assert not row.no_consulate
    with pytest.raises(Conflict, match="consulate"):
        step(worker, row, "no_need", rights_told=True, helpline_told=True)
    actions.tell_of_consulate(actor=worker, migrant=row, expected_version=row.version)
    with pytest.raises(Conflict, match="helpline"):
        step(worker, row, "no_need", rights_told=True)
    assert step(worker, row, "no_need", rights_told=True, helpline_told=True).state == "informed"


def test_a_child_is_not_only_informed(worker: Any, triaged: Any) -> None:
    row = triaged(1)
    with pytest.raises(Conflict, match="child"):
        step(worker, row, "no_need", rights_told=True, helpline_told=True)


def test_vulnerable_opens_one_case_with_a_code_in_place_of_a_name(worker: Any, triaged: Any) -> None:
    from palermo.rooms.cases import queries as cases

    row = triaged(4, violence="yes")
    with pytest.raises(Conflict, match="four levels"):
        step(worker, row, "vulnerable")
    actions.assess(actor=worker, migrant=row, kind="vulnerability", levels=LEVELS[:3])
    with pytest.raises(Conflict, match="four levels"):
        step(worker, row, "vulnerable")
    assisted(worker, row)
    case = cases.case(worker, row.case_id)
    assert (case.status, case.crime) == ("smuggled_migrant", "aggravated_som")
    assert row.person_code == case.person_code
    step(worker, row, "rescreen")
    actions.answer(actor=worker, migrant=row, answers=NOTHING_PRESSES, expected_version=row.version)
    step(worker, row, "screen")
    with pytest.raises(Conflict, match="four levels"):
        step(worker, row, "vulnerable")
    assert assisted(worker, row).case_id == case.pk


def test_a_moved_person_is_screened_again_before_a_solution(worker: Any, triaged: Any) -> None:
    row = assisted(worker, triaged(5))
    for why in ("moved", "journey"):
        actions.note_again(actor=worker, migrant=row, why=why, expected_version=row.version)
        with pytest.raises(Conflict, match="Screen again"):
            step(worker, row, "solution", solution="stay", choice_informed=True)
    step(worker, row, "rescreen")
    assert row.again == ""
    assert row.trafficking == ""


def test_day_fourteen_is_a_must(worker: Any, triaged: Any) -> None:
    from datetime import timedelta

    from django.utils import timezone

    row = assisted(worker, triaged(5))
    clock = Deadline.objects.get(object_id=row.pk, rule="som_rescreen")
    assert timedelta(days=13) < clock.due_at - timezone.now() < timedelta(days=15)
    Deadline.objects.filter(pk=clock.pk).update(due_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(Conflict, match="day for it"):
        step(worker, row, "solution", solution="stay", choice_informed=True)


def test_a_return_needs_every_risk_to_be_made_sure_of(worker: Any, triaged: Any) -> None:
    row = assisted(worker, triaged(5))
    chosen = {"solution": "voluntary_return", "choice_informed": True}
    with pytest.raises(Conflict, match="risks of a return"):
        step(worker, row, "solution", **chosen)
    checks = [c.code for c in codelist("palermo/return_check").codes if c.code != "children"]
    actions.assess(actor=worker, migrant=row, kind="return", found=checks[:-1])
    with pytest.raises(Conflict, match="risk is left"):
        step(worker, row, "solution", **chosen)
    actions.assess(actor=worker, migrant=row, kind="return", found=checks)
    with pytest.raises(Conflict, match="own"):
        step(worker, row, "solution", solution="voluntary_return")
    assert step(worker, row, "solution", **chosen).solution == "voluntary_return"


def test_one_worker_does_not_return_a_child(worker: Any, triaged: Any) -> None:
    row = assisted(worker, triaged(1))
    with pytest.raises(Conflict, match="child protection"):
        step(worker, row, "solution", solution="voluntary_return", choice_informed=True)


def test_missing_found_dead(people: Any, worker: Any, triaged: Any) -> None:
    row = assisted(worker, triaged(1))
    step(worker, row, "missing")
    assert row.alert_since
    assert row.state == "suspended"
    step(worker, row, "found")
    assert row.state == "assisted"
    assert row.risk_due_at
    actions.assess(actor=worker, migrant=row, kind="vulnerability", levels=LEVELS)
    assert row.risk_due_at is None
    step(worker, row, "died")
    assert row.state == "deceased_event"
    assert row.died_at
    with acting(people.supervisor.viewer) as viewer:
        kinds = set(Notice.objects.filter(object_id=row.pk).values_list("kind", flat=True))
        assert kinds >= {"migrant_missing", "migrant_died"}
        with pytest.raises(Conflict, match="family"):
            step(viewer, row, "duties_done")
        assert step(viewer, row, "duties_done", family_told=True).outcome == "died"


def test_closing_and_following_up(people: Any, worker: Any, triaged: Any) -> None:
    row = assisted(worker, triaged(5))
    step(worker, row, "solution", solution="stay", choice_informed=True)
    with acting(people.supervisor.viewer) as viewer:
        with pytest.raises(Conflict, match="how it ended"):
            step(viewer, row, "done")
        step(viewer, row, "done", outcome="stayed")
    step(worker, row, "follow_up", consented=True)
    due = [Deadline.objects.get(object_id=row.pk, met_at=None, cancelled_at=None).rule]
    for _turn in range(2):
        step(worker, row, "check")
        due.append(Deadline.objects.get(object_id=row.pk, met_at=None, cancelled_at=None).rule)
    assert due == ["som_follow_up", "som_follow_up_second", "som_follow_up_second"]
    assert row.outcome == "stayed"


def test_together_each_moves_by_himself_and_leaves_a_line(worker: Any, event: Any, person: Any) -> None:
    rows = [person(n) for n in (4, 5, 6)]
    chosen = {row.pk: row.version for row in rows}
    given = actions.aid_many(actor=worker, event=event, chosen=chosen, given=ALL_AID)
    assert given.done == 3
    chosen = {row.pk: row.version + 1 for row in rows[:2]} | {rows[2].pk: 1}
    before = Entry.objects.filter(action="workflow.transition").count()
    moved = actions.move_many(actor=worker, event=event, step="stabilise", chosen=chosen)
    assert moved.done == 2
    assert [number for number, _why in moved.refused] == [6]
    assert Entry.objects.filter(action="workflow.transition").count() == before + 2


def test_children_are_not_parted_from_their_family_in_silence(worker: Any, event: Any, triaged: Any) -> None:
    mother, child = triaged(2), triaged(3)
    chosen = {mother.pk: mother.version}
    with pytest.raises(Conflict, match="numbers 2"):
        actions.move_many(actor=worker, event=event, step="asylum_claim", chosen=chosen)
    both = chosen | {child.pk: child.version}
    assert actions.move_many(actor=worker, event=event, step="asylum_claim", chosen=both).done == 2


def test_a_family_goes_apart_with_a_written_reason(worker: Any, event: Any, triaged: Any) -> None:
    from palermo.kernel.workflow.models import Transition

    mother, _child = triaged(2), triaged(3)
    why = "The child is in hospital with its aunt."
    actions.move_many(
        actor=worker, event=event, step="asylum_claim", chosen={mother.pk: mother.version}, apart=why
    )
    assert why in Transition.objects.get(object_id=mother.pk, event="asylum_claim").reason


def test_family_links_make_one_family(worker: Any, event: Any, person: Any) -> None:
    actions.link_family(actor=worker, event=event, one=1, other=2, relation="sibling")
    assert {person(n).family_group for n in (1, 2, 3)} == {"K"}
    assert not person(1).alone
    with pytest.raises(Conflict):
        actions.link_family(actor=worker, event=event, one=1, other=2, relation="parent")
    with pytest.raises(Invalid):
        actions.link_family(actor=worker, event=event, one=1, other=99, relation="parent")
