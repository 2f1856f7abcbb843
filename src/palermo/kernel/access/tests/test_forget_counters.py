"""Counters whose time is over are forgotten once a day; the others stay."""

import pytest
from django.db import connection

from palermo.kernel.access.tasks import forget_counters


@pytest.mark.django_db
def test_only_what_is_over_is_forgotten():
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO access_counter (key, value, expires_at) VALUES "
            "('over', '1', now() - interval '1 hour'), ('counting', '1', now() + interval '1 hour')"
        )
        forget_counters(0)
        cursor.execute("SELECT key FROM access_counter WHERE key IN ('over', 'counting')")
        assert cursor.fetchall() == [("counting",)]


@pytest.mark.django_db
def test_the_worker_may_do_it(cluster):
    import psycopg

    with psycopg.connect(cluster.dsn("palermo_job")) as worker:
        worker.execute("DELETE FROM access_counter WHERE expires_at <= clock_timestamp()")
