"""Two answer apart: the database shows neither what the other answered, and the lead counts alone."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from palermo.kernel.access.context import acting
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import Conflict, Invalid, NotFound, Refused, Stale
from palermo.rooms.assessments import actions, queries
from palermo.rooms.assessments.models import Answer, Assessment, Member, Reconciled, State
from palermo.rooms.assessments.tests.conftest import VALUES, answer, fresh, hand_in


def seen_by(who: Any, made: Assessment) -> list[tuple[str, str]]:
    """What the database itself hands out, with no query of ours between."""
    with acting(who.viewer), connection.cursor() as cursor:
        cursor.execute(
            "SELECT measure, value FROM assessments_answer WHERE assessment_id = %s ORDER BY measure, value", [made.pk]
        )  # fmt: skip
        return cursor.fetchall()


def test_while_open_the_database_shows_each_assessor_the_own_answers_alone(begun: Any) -> None:
    cast, made = begun.people, begun.assessment
    answer(cast.analyst, made, A1_1__law="met")
    answer(cast.prosecutor, made, A1_1__law="not_met", A1_2__law="partly")
    assert seen_by(cast.analyst, made) == [("A1.1", "met")]
    assert seen_by(cast.prosecutor, made) == [("A1.1", "not_met"), ("A1.2", "partly")]
    assert seen_by(cast.coordinator, made) == []
    assert seen_by(cast.second_analyst, made) == []
    with acting(cast.coordinator.viewer) as viewer:
        assert [(one.member.number, one.answered) for one in queries.standings(viewer, made)] == [
            (1, 1),
            (2, 2),
        ]
    with acting(cast.analyst.viewer) as viewer:
        assert [one.answered for one in queries.standings(viewer, made)] == [None, None]
        assert queries.beside(fresh(made)) == []


def test_when_all_have_handed_in_the_answers_stand_side_by_side(begun: Any) -> None:
    cast, made = begun.people, begun.assessment
    answer(cast.analyst, made, A1_1__law="met", A1_1__practice="met")
    answer(cast.prosecutor, made, A1_1__law="not_met", A1_1__practice="met")
    hand_in(cast.analyst, made)
    assert seen_by(cast.prosecutor, made) == [("A1.1", "met"), ("A1.1", "not_met")]
    assert len(seen_by(cast.analyst, made)) == 2
    hand_in(cast.prosecutor, made)
    assert len(seen_by(cast.analyst, made)) == 4
    with acting(cast.coordinator.viewer):
        now = fresh(made)
        assert now.state == State.RECONCILING
        rows = queries.beside(now)
        assert [(one.measure.code, one.dimension) for one in queries.differing(rows)] == [("A1.1", "law")]
        (agreed,) = queries.agreements(rows)
        assert (agreed.n, agreed.agreed) == (2, 1)
        assert agreed.kappa == pytest.approx(0.0)
        assert agreed.share == pytest.approx(50.0)


def test_what_was_handed_in_stays(begun: Any) -> None:
    cast, made = begun.people, begun.assessment
    answer(cast.analyst, made, A1_1__law="met")
    hand_in(cast.analyst, made)
    with pytest.raises(Conflict):
        answer(cast.analyst, made, A1_1__law="not_met")
    with acting(cast.analyst.viewer):
        assert Answer.objects.filter(assessment=made).update(value="not_met") == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            Answer.objects.create(assessment=made, assessor_id=cast.analyst.pk, measure="A1.2", value="met")


def test_nobody_answers_in_the_name_of_another(begun: Any) -> None:
    cast, made = begun.people, begun.assessment
    for who, whose in ((cast.analyst, cast.prosecutor), (cast.coordinator, cast.analyst)):
        with acting(who.viewer), pytest.raises(DatabaseError), transaction.atomic():
            Answer.objects.create(
                assessment=made, assessor_id=whose.pk, measure="A1.1", dimension="law", value="met"
            )
    with pytest.raises(Refused):
        answer(cast.coordinator, made, A1_1__law="met")


def test_only_those_who_take_part_know_of_it(begun: Any) -> None:
    with acting(begun.people.second_analyst.viewer) as viewer:
        assert list(queries.assessments(viewer)) == []
        with pytest.raises(NotFound):
            queries.assessment(viewer, begun.assessment.pk)
    with acting(begun.people.second_analyst.viewer):
        assert not Member.objects.filter(assessment=begun.assessment).exists()


def test_the_lead_closes_early_and_settles_with_a_note(begun: Any) -> None:
    cast, made = begun.people, begun.assessment
    answer(cast.analyst, made, A1_1__law="met")
    with acting(cast.coordinator.viewer) as viewer:
        one = actions.close(actor=viewer, assessment=fresh(made), expected_version=1)
        with pytest.raises(Conflict):
            actions.finish(actor=viewer, assessment=one, expected_version=one.version)
        with pytest.raises(Invalid):
            actions.settle(actor=viewer, assessment=one, cell=("A1.1", "law"), value="met", note="")
        with pytest.raises(Invalid):
            actions.settle(
                actor=viewer, assessment=one, cell=("A1.2", "law"), value="met", note="Nobody answered."
            )
        actions.settle(
            actor=viewer, assessment=one, cell=("A1.1", "law"), value="partly", note="One did not look at it."
        )
        actions.finish(actor=viewer, assessment=one, expected_version=one.version)
        rows = {(row.measure.code, row.dimension): row for row in queries.beside(one)}
        assert rows["A1.1", "law"].value == "partly"
        assert rows["A1.2", "law"].value == ""
        assert queries.value_words(rows["A1.2", "law"].value) == "Not answered"
    with acting(cast.coordinator.viewer):
        assert Reconciled.objects.filter(assessment=made).update(value="met") == 0


def test_the_assessor_settles_and_closes_nothing(begun: Any) -> None:
    cast, made = begun.people, begun.assessment
    for who in (cast.analyst, cast.prosecutor):
        with acting(who.viewer) as viewer, pytest.raises((NotFound, Refused)):
            actions.close(actor=viewer, assessment=fresh(made), expected_version=1)
    with acting(cast.analyst.viewer):
        assert Assessment.objects.filter(pk=made.pk).update(state="reconciling") == 0


def test_a_state_is_not_skipped_and_the_toolkit_stays(begun: Any) -> None:
    for change in ({"state": "finished"}, {"toolkit_version": "2"}, {"country": "FRA"}):
        with acting(begun.people.coordinator.viewer), pytest.raises(DatabaseError), transaction.atomic():
            Assessment.objects.filter(pk=begun.assessment.pk).update(**change)


def test_a_save_from_an_old_window_changes_nothing(begun: Any) -> None:
    cast, made = begun.people, begun.assessment
    answer(cast.analyst, made, A1_1__law="met")
    with acting(cast.analyst.viewer) as viewer, pytest.raises(Stale):
        actions.save_answers(
            actor=viewer, assessment=fresh(made), given={("A1.1", "law"): actions.Given("partly")}, expected=0
        )
    assert seen_by(cast.analyst, made) == [("A1.1", "met")]


@pytest.mark.parametrize(
    ("cell", "value"),
    [(("A1.1", "law"), "perhaps"), (("C2.3", ""), "many"), (("Z9", ""), "met"), (("B1.4", ""), "5")],
)
def test_an_answer_that_the_measure_does_not_know_is_refused(begun: Any, cell: Any, value: str) -> None:
    with acting(begun.people.analyst.viewer) as viewer, pytest.raises(Invalid):
        actions.save_answers(
            actor=viewer, assessment=fresh(begun.assessment), given={cell: actions.Given(value)}
        )


def test_two_assessors_at_least_and_a_known_state(people: Any, db: None) -> None:
    with acting(people.coordinator.viewer) as viewer:
        with pytest.raises(Invalid) as told:
            actions.open_assessment(
                actor=viewer, values={**VALUES, "country": "XXX", "assessors": [str(people.analyst.pk)]}
            )
        assert {one.field for one in told.value.problems} == {"country", "assessors"}
    with acting(people.analyst.viewer) as viewer, pytest.raises(Refused):
        actions.open_assessment(actor=viewer, values=VALUES)


def test_what_is_done_is_in_the_audit_and_no_answer_is(begun: Any) -> None:
    answer(begun.people.analyst, begun.assessment, A1_1__law="not_met")
    hand_in(begun.people.analyst, begun.assessment)
    with acting(begun.people.coordinator.viewer):
        entries = Entry.objects.filter(object_id=begun.assessment.pk).order_by("seq")
        rows = list(entries.values_list("action", "detail"))
    told = [action for action, _detail in rows]
    assert told[-3:] == [
        "assessments.assessment.open",
        "assessments.answer.save",
        "assessments.assessment.hand_in",
    ]
    assert "not_met" not in str(rows)


def test_the_demonstration_has_differences_and_a_late_recommendation(db: None, people: Any) -> None:
    from django.utils import timezone

    made = actions.demo_assessments(cast=people)
    with acting(people.coordinator.viewer) as viewer:
        rows = queries.beside(fresh(made))
        assert queries.differing(rows)
        assert [one for one in rows if one.reconciled]
        advice = queries.recommendations(viewer, made)
        assert [queries.overdue(one, timezone.localdate()) for one in advice] == [True, False, False]
