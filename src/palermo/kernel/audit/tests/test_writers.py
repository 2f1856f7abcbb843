"""Many writers at once make one chain without gaps."""

import threading
from typing import Any

import psycopg

from palermo.kernel.audit.verify import verify

WRITERS, EACH = 6, 25


def test_writers_queue_and_the_chain_is_whole(django_db_setup: None, cluster: Any) -> None:
    numbers: list[int] = []

    def write(aborts: bool) -> None:
        with psycopg.connect(cluster.dsn("palermo_app")) as connection:
            for _turn in range(EACH):
                found = connection.execute(
                    "SELECT audit_append('test.entry.make', '', NULL, '', '{}', '{}', 'done')"
                ).fetchone()
                if aborts:
                    connection.rollback()
                else:
                    connection.commit()
                    numbers.append(found[0] if found else 0)

    threads = [threading.Thread(target=write, args=(number == 0,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(numbers)) == (WRITERS - 1) * EACH
    assert max(numbers) - min(numbers) == len(numbers) - 1, "a writer that gave up leaves no gap"
    with psycopg.connect(cluster.superuser_dsn("palermo")) as connection:
        assert verify(connection, []).ok
