"""The yearly review of a shelter: by others than its staff, findings answered by the shelter and confirmed."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.kernel.errors import Conflict, Invalid, NotFound, Refused
from palermo.rooms.services import actions, queries
from palermo.rooms.services.models import Finding, Review, Service


@pytest.fixture
def review(people: Any, shelter: Service) -> Review:
    with acting(people.coordinator.viewer) as viewer:
        return actions.begin_review(actor=viewer, service=shelter, visited_on=date(2026, 3, 31))


def finished(people: Any, review: Review) -> Finding:
    answers = dict.fromkeys(actions.standards(), "met") | {"house.fire": "not_met"}
    with acting(people.coordinator.viewer) as viewer:
        actions.save_review(
            actor=viewer, review_id=review.pk, answers=answers, summary="Calm.", expected_version=1
        )
        done = actions.finish_review(
            actor=viewer, review_id=review.pk, expected_version=2,
            findings={"house.fire": ("Boxes at the back door.", timezone.localdate() + timedelta(days=9))},
        )  # fmt: skip
        return Finding.objects.get(review=done)


def test_nobody_reviews_a_service_of_his_own_organisation(people: Any, shelter: Service) -> None:
    with acting(people.supervisor.viewer) as viewer, pytest.raises(Refused):
        actions.begin_review(actor=viewer, service=shelter, visited_on=timezone.localdate())
    with acting(people.coordinator.viewer) as viewer:
        own = actions.add_service(
            actor=viewer,
            organisation_id=viewer.organisation_id,
            values={"name": "Our line", "kind": "hotline"},
        )
        with pytest.raises(Refused):
            actions.begin_review(actor=viewer, service=own, visited_on=timezone.localdate())
        with pytest.raises(DatabaseError), transaction.atomic():
            Review.objects.create(
                service=own, reviewer_id=viewer.user_id, reviewing_id=viewer.organisation_id,
                visited_on=timezone.localdate(),
            )  # fmt: skip


def test_a_review_is_finished_only_when_everything_is_answered(people: Any, review: Review) -> None:
    with acting(people.coordinator.viewer) as viewer:
        with pytest.raises(Conflict):
            actions.begin_review(actor=viewer, service=review.service, visited_on=timezone.localdate())
        with pytest.raises(Invalid):
            actions.save_review(
                actor=viewer, review_id=review.pk, answers={"garden": "met"}, summary="", expected_version=1
            )
        with pytest.raises(Invalid) as caught:
            actions.finish_review(actor=viewer, review_id=review.pk, findings={}, expected_version=1)
        assert {problem.field for problem in caught.value.problems} == set(actions.standards())


def test_finishing_sets_the_next_day_and_the_review_stays_as_it_is(people: Any, review: Review) -> None:
    finished(people, review)
    with acting(people.coordinator.viewer) as viewer:
        assert queries.service(viewer, review.service_id).review_due == date(2027, 3, 31)
        with pytest.raises(Conflict):
            actions.save_review(actor=viewer, review_id=review.pk, answers={}, summary="", expected_version=3)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE services_review SET summary = 'Splendid.'")


def test_a_finding_is_answered_by_the_shelter_and_confirmed_by_those_who_review(
    people: Any, review: Review
) -> None:
    found = finished(people, review)
    with acting(people.supervisor.viewer) as viewer:
        assert [row.url for row in queries.due_for(viewer) if "finding" in str(row.title)]
        with pytest.raises(Refused):
            actions.close_finding(actor=viewer, finding_id=found.pk, confirmed=True, expected_version=1)
        actions.answer_finding(
            actor=viewer, finding_id=found.pk, answer="Boxes are gone.", expected_version=1
        )
    with acting(people.coordinator.viewer) as viewer:
        assert [row.url for row in queries.due_for(viewer) if "confirm" in str(row.title)]
        actions.close_finding(actor=viewer, finding_id=found.pk, confirmed=False, expected_version=2)
        with pytest.raises(Conflict):
            actions.close_finding(actor=viewer, finding_id=found.pk, confirmed=True, expected_version=3)
    with acting(people.supervisor.viewer) as viewer:
        actions.answer_finding(actor=viewer, finding_id=found.pk, answer="Now they are.", expected_version=3)
    with acting(people.coordinator.viewer) as viewer:
        actions.close_finding(actor=viewer, finding_id=found.pk, confirmed=True, expected_version=4)
        assert queries.findings(viewer, service=review.service) == []


@pytest.mark.parametrize("who", ["other_worker", "analyst", "prosecutor", "administrator"])
def test_others_read_no_review(people: Any, review: Review, who: str) -> None:
    found = finished(people, review)
    with acting(getattr(people, who).viewer) as viewer:
        assert not Review.objects.exists()
        with pytest.raises(NotFound):
            queries.review(viewer, review.pk)
        with pytest.raises(NotFound):
            queries.finding(viewer, found.pk)


def test_a_review_that_falls_due_waits_for_those_who_review(people: Any, shelter: Service) -> None:
    with acting(people.supervisor.viewer) as viewer:
        Service.objects.filter(pk=shelter.pk).update(review_due=timezone.localdate() - timedelta(days=1))
        assert [due for due in queries.due_for(viewer) if "yearly review" in str(due.title)]
    for who, waits in ((people.coordinator, True), (people.other_worker, False)):
        with acting(who.viewer) as viewer:
            assert (
                bool([due for due in queries.due_for(viewer) if "yearly review" in str(due.title)]) is waits
            )
