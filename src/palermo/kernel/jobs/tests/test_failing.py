"""A job that fails is seen: in the log without anything that was typed, by the doctor, and by the administrator."""

import logging
import uuid
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, connections
from django.urls import reverse
from psycopg.types.json import Jsonb

from palermo.kernel.access.cast import signed_in_client
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Refused
from palermo.kernel.jobs import actions
from palermo.kernel.jobs.failing import AGAIN, EFFECT, checks, failing, log_failure, try_again
from palermo.kernel.jobs.models import Effect

NAME = "Zarquella Vibbletonova"


def broken(viewer: Viewer, effect: Effect) -> None:
    raise ValueError(f"{NAME} has no birthday")


@pytest.fixture
def breaking(monkeypatch: Any) -> None:
    monkeypatch.setattr(
        actions, "handlers", lambda: {"test.broken": broken, "test.well": lambda viewer, effect: None}
    )


def ran(effect: Effect | None, times: int = 1, *, status: str = "failed", task: str = EFFECT) -> None:
    """What Procrastinate keeps of an effect that failed; the worker's role writes it, here the owner."""
    arguments = {"effect_id": str(effect.pk)} if effect else {}
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, attempts) "
            "VALUES ('default', %s, %s, %s, %s)",
            [task, Jsonb(arguments), status, times],
        )


@pytest.fixture
def clean() -> Any:
    yield
    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        cursor.execute("DELETE FROM jobs_effect")


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_the_worker_tells_each_failure_and_nothing_that_was_typed(
    people: Any, breaking: None, clean: None, caplog: Any
) -> None:
    effect = actions.enqueue("test.broken", uuid.uuid4())
    # As Procrastinate calls it: `palermo worker` names this function, and this role may not run a worker.
    context = SimpleNamespace(
        job=SimpleNamespace(task_name=EFFECT, task_kwargs={"effect_id": str(effect.pk)}, attempts=0)
    )
    with caplog.at_level(logging.WARNING), pytest.raises(ValueError, match="birthday"):
        log_failure(lambda: actions.carry_out(effect.pk), context, None)  # type: ignore[arg-type]
    told = [r.getMessage() for r in caplog.records if r.name == "palermo.kernel.jobs.failing"]
    assert len(told) == 1
    assert told[0].startswith("The job test.broken failed at attempt 1: ValueError at ")
    assert told[0].endswith(f"; effect {effect.pk}")
    assert "Zarquella" not in " ".join(record.getMessage() for record in caplog.records)
    effect.refresh_from_db()
    assert (effect.failure, effect.attempts, effect.done_at) == ("ValueError", 1, None)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_the_doctor_says_which_kind_fails_and_is_content_when_it_is_done(
    people: Any, breaking: None, clean: None
) -> None:
    def said() -> tuple[bool, str]:
        (found,) = checks()
        return found.ok, found.message

    assert said() == (True, "No job fails again and again.")
    with acting(people.case_worker.viewer) as viewer:
        effect = actions.enqueue("test.broken", actor=viewer)
    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        cursor.execute("UPDATE jobs_effect SET failure = 'ValueError'")
    ran(effect, AGAIN - 1, status="todo")
    assert said()[0], "once is chance"
    ran(effect, AGAIN, status="todo")
    assert said() == (False, "test.broken: 1 failed at least twice, 0 were given up (ValueError)")
    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    ran(effect, 8)
    ran(None, 0, task="palermo.tick")
    assert said() == (
        False,
        "palermo.tick: 0 failed at least twice, 1 were given up (?); "
        "test.broken: 0 failed at least twice, 1 were given up (ValueError)",
    )
    ran(None, 0, task="palermo.tick", status="succeeded")
    with acting(people.administrator.viewer) as viewer:
        assert [(row.kind, row.given_up) for row in failing(viewer)] == [("test.broken", 1)]
        assert try_again(actor=viewer, kind="test.broken") == 1
        assert try_again(actor=viewer, kind="test.broken") == 0, "it is in the queue already"
    assert said()[0]


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_the_administrator_sees_counts_and_tries_again(people: Any, breaking: None, clean: None) -> None:
    with acting(people.case_worker.viewer) as viewer:
        effect = actions.enqueue("test.broken", actor=viewer, case="C-2222-22")
    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    ran(effect, 8)
    client, url = signed_in_client(people.administrator), reverse("administration:jobs")
    page = client.get(url).content.decode()
    assert "test.broken" in page
    assert "C-2222-22" not in page
    assert str(effect.pk) not in page
    assert "1 job is tried again." in client.post(url, {"kind": "test.broken"}, follow=True).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")
        assert cursor.fetchone()[0] == 1
    assert "No job fails" in client.get(url).content.decode()
    assert signed_in_client(people.supervisor).get(url).status_code == 403
    with acting(people.supervisor.viewer) as viewer, pytest.raises(Refused):
        try_again(actor=viewer, kind="test.broken")
