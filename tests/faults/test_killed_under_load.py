"""Server workers, the database and the job worker are killed with -9 while colleagues write."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench_country import name_of
from bench_visitor import Palermo, Visitor
from fault_work import (
    Writer,
    agreement,
    child_named,
    children,
    database,
    kill,
    outbox_is_empty,
    postmaster,
    value,
)

BLOCKED = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'palermo_job' AND wait_event_type = 'Lock'"
BACK = 30.0  # seconds until a killed database serves again, without hands


@contextmanager
def at_work(palermo: Palermo, name: str) -> Iterator[list[Writer]]:
    """Two colleagues who write until the block ends."""
    writers = [Writer(palermo, who, f"{name} {who}") for who in ("case-worker", "supervisor")]
    for writer in writers:
        writer.start()
    try:
        for writer in writers:
            writer.until(3)
        yield writers
    finally:
        for writer in writers:
            writer.end()


def test_the_server_is_killed(palermo_up: Palermo) -> None:
    with at_work(palermo_up, "server") as writers:
        for _blow in range(2):
            kill(*children(child_named(palermo_up, "gunicorn")))
            for writer in writers:
                writer.until(5)
        master = child_named(palermo_up, "gunicorn")
        kill(master, *children(master))
        for writer in writers:
            writer.until(5)
    agreement(palermo_up.home, writers)


def test_the_database_is_killed(palermo_up: Palermo) -> None:
    old = postmaster(palermo_up.home)
    with at_work(palermo_up, "database") as writers:
        kill(old, *children(old))
        took = palermo_up.wait_for_page(BACK, "/healthz")
        for writer in writers:
            writer.until(5)
    assert took <= BACK
    assert postmaster(palermo_up.home) != old
    assert all(status in (500, 503) for writer in writers for status, _page in writer.refused)
    outbox_is_empty(palermo_up.home)
    agreement(palermo_up.home, writers)


def test_only_the_first_process_of_the_database_is_killed(palermo_up: Palermo) -> None:
    with at_work(palermo_up, "postmaster") as writers:
        kill(postmaster(palermo_up.home))
        palermo_up.wait_for_page(BACK, "/healthz")
        for writer in writers:
            writer.until(5)
    outbox_is_empty(palermo_up.home)
    agreement(palermo_up.home, writers)


def _search(palermo: Palermo, visitor: Visitor) -> None:
    """Somebody of another organisation looks for a person of ours, so that we shall be told."""
    visitor.get("/cases/open/")
    answer = visitor.post(
        "/cases/open/",
        family_name=name_of(0),
        given_names="Person",
        birth_date="1998",
    )
    assert answer.status == 200


def test_the_worker_is_killed_while_it_carries_out_an_effect(palermo_up: Palermo) -> None:
    home = palermo_up.home
    outbox_is_empty(home)
    visitor = palermo_up.visitor()
    visitor.sign_in("other-worker")
    notices = value(home, "SELECT count(*) FROM vault_matchnotice")
    effects = value(home, "SELECT count(*) FROM jobs_effect")
    with database(home) as connection, connection.transaction():
        # The effect cannot end while this is held.
        connection.execute("LOCK TABLE vault_matchnotice IN SHARE MODE")
        search = threading.Thread(target=_search, args=(palermo_up, visitor))
        search.start()
        _until(home, BLOCKED)
        search.join(120)
        kill(child_named(palermo_up, "worker"))
    outbox_is_empty(home)
    assert value(home, "SELECT count(*) FROM vault_matchnotice") == notices + 1
    assert value(home, "SELECT count(*) FROM jobs_effect") == effects + 1
    assert value(home, "SELECT max(attempts) FROM jobs_effect") == 1, "the effect happened more than once"
    assert value(home, "SELECT count(*) FROM vault_pendingprobe") == 0
    agreement(home, [])


def _until(home: Path, statement: str, seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not value(home, statement):
        assert time.monotonic() < until, "the worker did not begin"
        time.sleep(0.05)
