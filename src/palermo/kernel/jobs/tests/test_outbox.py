"""An effect happens if and only if its transaction committed, once, with the rights of its asker at that time."""

import uuid

import pytest
from django.db import connection, transaction

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.jobs import actions
from palermo.kernel.jobs.models import Effect


@pytest.fixture
def seen(monkeypatch):
    """A declared handler that notes for whom it ran."""
    calls: list[tuple[Viewer, Effect]] = []
    monkeypatch.setattr(
        actions, "handlers", lambda: {"test.note": lambda viewer, effect: calls.append((viewer, effect))}
    )
    return calls


def queued() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        return cursor.fetchone()[0]


def test_it_is_queued_in_the_same_transaction(people, seen):
    before = queued()
    with pytest.raises(RuntimeError), acting(people.case_worker.viewer), transaction.atomic():  # noqa: PT012
        actions.enqueue("test.note", uuid.uuid4(), actor=people.case_worker.viewer)
        assert queued() == before + 1
        raise RuntimeError
    assert queued() == before
    assert Effect.objects.count() == 0


def test_it_runs_once_with_the_askers_present_rights(people, seen):
    effect = actions.enqueue("test.note", uuid.uuid4(), actor=people.case_worker.viewer)
    with acting(people.administrator.viewer):
        assert people.case_worker.user.memberships.update(ended_at="2020-01-01T00:00:00Z") == 1
    assert actions.carry_out(effect.pk) is True
    assert actions.carry_out(effect.pk) is False
    assert len(seen) == 1
    assert seen[0][0].user_id == people.case_worker.pk
    assert seen[0][0].roles == frozenset()  # the role ended between asking and running


def test_it_does_not_run_for_somebody_who_left(people, seen):
    effect = actions.enqueue("test.note", actor=people.case_worker.viewer)
    people.case_worker.user.is_active = False
    with acting(Viewer.operator()):
        people.case_worker.user.save()
    assert actions.carry_out(effect.pk) is False
    assert seen == []


def test_a_failing_handler_leaves_nothing_behind(people, monkeypatch):
    def broken(viewer: Viewer, effect: Effect) -> None:
        Effect.objects.filter(pk=effect.pk).update(failure="half written")
        raise RuntimeError

    monkeypatch.setattr(actions, "handlers", lambda: {"test.broken": broken})
    effect = actions.enqueue("test.broken")
    with pytest.raises(RuntimeError):
        actions.carry_out(effect.pk)
    effect.refresh_from_db()
    assert (effect.failure, effect.done_at) == ("", None)


@pytest.mark.parametrize("value", ["Amina Petrova", "", "a\nb", "x" * 81])
def test_prose_is_never_an_argument(people, seen, value):
    with pytest.raises(ValueError, match="not an id or a code"):
        actions.enqueue("test.note", reason=value)


def test_an_undeclared_kind_is_refused(people, seen):
    with pytest.raises(ValueError, match="no app declares"):
        actions.enqueue("test.unknown")
