"""People at work while things break, and whether the record, the audit and the outbox agree afterwards."""

import contextlib
import http.client
import json
import os
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from bench_visitor import Palermo, Visitor, children, command

from palermo.kernel.database import launcher
from palermo.kernel.database.launcher import places

CASE = re.compile(r"/cases/([0-9a-f-]{36})/")


@contextlib.contextmanager
def database(home: Path) -> Iterator[psycopg.Connection[Any]]:
    """Everything in the running database of `home`, past all walls."""
    dsn = psycopg.conninfo.make_conninfo(
        host=launcher.last_socket_dir(home), port=5432, user=launcher.SUPERUSER, dbname="palermo",
        password=launcher.password_file(home, launcher.SUPERUSER).read_text().strip(),
    )  # fmt: skip
    with psycopg.connect(dsn, autocommit=True) as connection:
        yield connection


def value(home: Path, statement: str, *values: object) -> Any:
    with database(home) as connection:
        row = connection.execute(statement.encode(), values).fetchone()
    return row[0] if row else None


class Writer(threading.Thread):
    """Signs in and writes notes and searches one after the other, whatever happens to the server.

    `acknowledged` holds the notes that the server answered with "done"; a note is never sent twice.
    """

    def __init__(self, palermo: Palermo, username: str, name: str) -> None:
        super().__init__(name=name, daemon=True)
        self.visitor = Visitor(palermo.port, timeout=30)
        self.visitor.sign_in(username)
        found = CASE.search(self.visitor.get("/cases/").text)
        assert found, "the writer has no case"
        self.case = found.group(1)
        self.acknowledged: list[str] = []
        self.refused: list[tuple[int, str]] = []  # status and page
        self.cut = 0  # no answer at all
        self.searches = 0
        self.ending = threading.Event()

    def run(self) -> None:
        number = 0
        while not self.ending.is_set():
            number += 1
            try:
                self._note(f"{self.name} {number}.")
                if number % 4 == 0:
                    self._search()
            except (OSError, http.client.HTTPException):
                self.cut += 1
                time.sleep(0.1)

    def _note(self, text: str) -> None:
        answer = self.visitor.post(f"/cases/{self.case}/notes/", text=text)
        if answer.status == 302 and self.case in answer.headers["location"]:
            self.acknowledged.append(text)
        else:
            self.refused.append((answer.status, answer.text))
            time.sleep(0.1)

    def notes(self) -> list[str]:
        """What a colleague reads in the case now. In the database itself the words lie sealed."""
        answer = self.visitor.get(f"/api/cases/cases/{self.case}/notes")
        assert answer.status == 200, answer.text
        return [note["text"] for note in json.loads(answer.text)]

    def _search(self) -> None:
        self.visitor.get("/cases/open/")
        answer = self.visitor.post("/cases/open/", family_name="Nobody", given_names="At All")
        if answer.status == 200:
            self.searches += 1

    def until(self, more: int, seconds: float = 180) -> None:
        """Wait until this many more notes were acknowledged."""
        goal, until = len(self.acknowledged) + more, time.monotonic() + seconds
        while len(self.acknowledged) < goal:
            assert time.monotonic() < until, f"{self.name} got no further; last refusals {self.refused[-1:]}"
            time.sleep(0.02)

    def end(self) -> None:
        self.ending.set()
        self.join(60)


def agreement(home: Path, writers: list[Writer]) -> None:
    """Nothing acknowledged is lost, nothing is there twice, and no record is without its trace."""
    notes = [text for case in {writer.case: writer for writer in writers}.values() for text in case.notes()]
    with database(home) as connection:
        told = connection.execute(
            "SELECT n.id::text, a.detail->>'note' FROM cases_note n FULL JOIN "
            "(SELECT * FROM audit_entry WHERE action = 'cases.note.add') a ON a.detail->>'note' = n.id::text"
        ).fetchall()
        searches = connection.execute(
            "SELECT (SELECT count(*) FROM audit_entry WHERE action = 'vault.person.search'), "
            "(SELECT count(*) FROM jobs_effect WHERE kind = 'vault.settle'), "
            "(SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'palermo.carry_out_effect')"
        ).fetchone()
    there = Counter(notes)
    lost = [text for writer in writers for text in writer.acknowledged if not there[text]]
    assert lost == [], f"{len(lost)} acknowledged notes are lost"
    assert max(there.values(), default=0) <= 1, "a note is there twice"
    assert [pair for pair in told if None in pair] == [], "a note and its audit entry are not together"
    assert searches, "no row"
    assert searches[0] == searches[1] == searches[2], f"audit, outbox and queue differ: {searches}"
    assert searches[1] >= sum(writer.searches for writer in writers)
    verified = command(home, "audit", "verify", "--json")
    assert verified.returncode == 0, verified.stdout + verified.stderr


def outbox_is_empty(home: Path, seconds: float = 240) -> None:
    """Every effect that was promised happens."""
    until = time.monotonic() + seconds
    while waiting := value(home, "SELECT count(*) FROM jobs_effect WHERE done_at IS NULL"):
        assert time.monotonic() < until, f"{waiting} effects still wait"
        time.sleep(0.3)


def child_named(palermo: Palermo, word: str) -> int:
    """The child of `palermo run` whose command line has this word."""
    assert palermo.process is not None
    for pid in children(palermo.process.pid):
        if word in Path(f"/proc/{pid}/cmdline").read_text().split("\0"):
            return pid
    raise AssertionError(f"no {word} runs")


def kill(*pids: int) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def postmaster(home: Path) -> int:
    return int((places.known_places(home).data / "postmaster.pid").read_text().splitlines()[0])
