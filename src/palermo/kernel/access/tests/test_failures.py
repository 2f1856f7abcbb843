"""Failed sign-ins are told in the audit: one entry for an account and an hour, about nobody by name."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from palermo.kernel.access.context import acting
from palermo.kernel.access.counters import TOLD_PREFIX, forget_expired
from palermo.kernel.access.failures import report
from palermo.kernel.access.models import User
from palermo.kernel.access.tests.signing import (
    closed,
    give_code,
    give_password,
    with_authenticator,
    with_password,
)
from palermo.kernel.audit.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.urls("palermo.kernel.access.tests.urlconf")]


@pytest.fixture
def worker(people: Any) -> User:
    return with_password(people.case_worker.user)


def an_hour_passes() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE access_counter SET expires_at = expires_at - interval '1 hour' WHERE starts_with(key, %s)",
            [TOLD_PREFIX],
        )


def told(people: Any) -> list[dict[str, Any]]:
    """What the audit says of refused sign-ins since the test began, oldest first."""
    with acting(people.administrator.viewer):
        found = Entry.objects.filter(action="access.session.refuse").order_by("seq")
        return list(
            found.values("actor", "actor_kind", "object_kind", "object_id", "detail", "result", "purpose")
        )


def test_many_failures_of_an_hour_are_one_entry_with_their_number(people: Any, worker: User) -> None:
    before = len(told(people))
    for _attempt in range(4):
        give_password(Client(), worker.username, "wrong wrong wrong")
    report()
    assert len(told(people)) == before, "the hour is not over"
    an_hour_passes()
    assert report() == 1
    assert told(people)[before:] == [
        {
            "actor": None,
            "actor_kind": "anonymous",
            "object_kind": "user",
            "object_id": worker.pk,
            "detail": {"count": 4, "step": "password"},
            "result": "refused",
            "purpose": "",
        }
    ]
    assert report() == 0, "told once"


def test_names_that_nobody_has_are_one_entry_about_nobody(people: Any) -> None:
    before = len(told(people))
    for name in ("zarquella", "vibbletonova", "case-worker-2"):
        give_password(Client(), name, "wrong wrong wrong")
    an_hour_passes()
    report()
    (entry,) = told(people)[before:]
    assert (entry["object_kind"], entry["object_id"]) == ("", None)
    assert entry["detail"] == {"count": 3, "step": "password"}
    assert "zarquella" not in str(entry)


def test_a_wrong_code_after_the_right_password_is_told_apart(people: Any, worker: User) -> None:
    with_authenticator(worker)
    before = len(told(people))
    client = Client()
    give_password(client, worker.username)
    give_code(client, "000000")
    an_hour_passes()
    report()
    (entry,) = told(people)[before:]
    assert (entry["object_id"], entry["detail"]) == (worker.pk, {"count": 1, "step": "factor"})


def test_the_right_password_of_a_closed_account_is_a_failure(people: Any, worker: User) -> None:
    before = len(told(people))
    give_password(Client(), closed(worker).username)
    an_hour_passes()
    report()
    assert [entry["object_id"] for entry in told(people)[before:]] == [worker.pk]


def test_a_success_is_none(people: Any, worker: User) -> None:
    give_password(Client(), worker.username)
    an_hour_passes()
    assert report() == 0


def test_what_is_still_to_be_told_is_not_forgotten(people: Any, worker: User) -> None:
    give_password(Client(), worker.username, "wrong wrong wrong")
    an_hour_passes()
    forget_expired()
    assert report() == 1


@pytest.mark.django_db(transaction=True)
def test_the_worker_may_tell_it(people: Any, worker: User, cluster: Any) -> None:
    """The statements of `report`, as the worker's role sends them."""
    import psycopg

    give_password(Client(), worker.username, "wrong wrong wrong")
    an_hour_passes()
    with psycopg.connect(cluster.dsn("palermo_job")) as job:
        gone = job.execute(
            "DELETE FROM access_counter WHERE starts_with(key, %s) AND expires_at <= clock_timestamp() "
            "RETURNING value",
            [TOLD_PREFIX],
        ).fetchall()
        job.execute("SELECT audit_append('access.session.refuse', 'user', NULL, '', '{}', '{}', 'refused')")
        job.rollback()
    assert gone == [("1",)]
