"""What the referrer hears back: a code, in time, or the focal point is told."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.kernel.access.models import Notice
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Invalid, NotFound, Stale
from palermo.kernel.workflow import timer
from palermo.kernel.workflow.models import Deadline
from palermo.rooms.networks import actions, queries
from palermo.rooms.networks.models import Answer, Notification

from .conftest import Inspectors, sent


def answered(who: Any, row: Notification, code: str, version: int | None = None) -> Notification:
    with acting(who.viewer) as viewer:
        found = queries.notification(viewer, row.pk)
        return actions.answer(actor=viewer, row=found, code=code, expected_version=version or found.version)


def late(row: Notification) -> None:
    """The time runs out: what was due is due since yesterday, and the timer looks."""
    with acting(Viewer.operator()):
        past = timezone.now() - timedelta(days=1)
        Deadline.objects.filter(object_id=row.pk, fires=True, met_at=None).update(due_at=past, next_at=past)
    timer.run()


def test_the_referrer_reads_a_code_and_nothing_of_the_case(inspectors: Inspectors, people: Any) -> None:
    row = sent(inspectors.inspector, inspectors.network, people)
    assert answered(people.other_worker, row, "in_help").state == "answered"
    with acting(inspectors.inspector.viewer) as viewer:
        told = queries.told(viewer, queries.notification(viewer, row.pk))
        assert [line.words for line in told] == ["The person gets help"]
        assert Notice.objects.filter(kind="network_answered", object_id=row.pk).count() == 1
    with acting(Viewer.operator()):
        kept = Deadline.objects.get(object_id=row.pk, fires=False)
    assert kept.met_at is not None
    assert answered(people.other_worker, row, "moved_on").state == "answered"
    with acting(inspectors.inspector.viewer) as viewer:
        assert [line.answer for line in queries.sent(viewer)] == ["Passed on to those who are better placed"]


def test_only_the_house_that_was_asked_answers_and_with_a_code(inspectors: Inspectors, people: Any) -> None:
    row = sent(inspectors.inspector, inspectors.network, people)
    for who in (inspectors.inspector, inspectors.focal, people.case_worker):
        with pytest.raises(NotFound):
            answered(who, row, "in_help")
    with pytest.raises(Invalid):
        answered(people.other_worker, row, "She is in the shelter.")
    answered(people.other_worker, row, "looked_at", version=1)
    with pytest.raises(Stale):
        answered(people.other_worker, row, "in_help", version=1)


def test_without_an_answer_the_focal_point_is_told(inspectors: Inspectors, people: Any) -> None:
    row = sent(inspectors.inspector, inspectors.network, people)
    late(row)
    with acting(inspectors.focal.viewer) as viewer:
        assert queries.notification(viewer, row.pk).state == "overdue"
        assert Notice.objects.filter(kind="network_late", object_id=row.pk).count() == 1
        assert [str(due.title) for due in queries.due_for(viewer) if due.level == "overdue"] == [
            "One first responder got no answer in time: Network of labour inspectors"
        ]
        assert [line.late for line in queries.of_network(viewer, inspectors.network.pk, late=True)] == [True]
    with acting(people.other_worker.viewer):
        assert Notice.objects.filter(kind="network_late_here", role="case_manager").count() == 1
    assert answered(people.other_worker, row, "not_for_us").state == "answered"


def test_the_pack_sets_the_limit_and_urgent_is_shorter(inspectors: Inspectors, people: Any) -> None:
    from .conftest import kept

    calm = kept(inspectors.inspector, inspectors.network, urgent=[])
    slow = sent(inspectors.inspector, inspectors.network, people, calm)
    fast = sent(inspectors.inspector, inspectors.network, people)
    assert fast.answer_by < slow.answer_by
    with acting(Viewer.operator()):
        for row, rule in ((fast, "network_feedback_urgent"), (slow, "network_feedback")):
            clock = Deadline.objects.get(object_id=row.pk, fires=False)
            assert (clock.rule, abs(clock.due_at - row.answer_by) < timedelta(seconds=5)) == (rule, True)


def test_it_closes_by_itself_and_is_answered_no_more(inspectors: Inspectors, people: Any) -> None:
    row = sent(inspectors.inspector, inspectors.network, people)
    answered(people.other_worker, row, "in_help")
    late(row)
    with acting(people.other_worker.viewer) as viewer:
        found = queries.notification(viewer, row.pk)
        assert found.state == "closed"
        assert not queries.may_answer(viewer, found)
        assert Answer.objects.count() == 1
