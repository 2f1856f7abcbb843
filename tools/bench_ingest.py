"""100,000 interviews of six legs come in as devices send them: how many a second, in how much memory, and the page.

Two processes take records through the WSGI handler, as the web server's do; then the worker's own program lays all of
them out. Both are of one palermo with fsync on; processor seconds stand beside, for the machine may be shared.
"""

import json
import multiprocessing
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch
from uuid import NAMESPACE_URL, uuid5

from bench_measure import Figure, client_of, p95, page, ready, scaled, superuser, tell, timed

ROOM = "palermo.rooms.observatory.actions"
RATE, PAGE = 200, 2_000
TAKERS = 2
VALUES = {
    "code": f"bench-{os.getpid()}",
    "title": "Bench",
    "kind": "survey",
    "round": 1,
    "ethics_reference": "Board, 1",
}


def _study(cast: Any) -> tuple[Any, Any, str]:
    """The shipped survey of migrants on the way as it goes to devices, and the address of a device."""
    from palermo.kernel.access.context import acting
    from palermo.rooms.observatory import actions

    taken = {"return_value": "a bench"}  # without the seconds of the validator
    with acting(cast.analyst.viewer) as viewer:
        study = actions.open_study(actor=viewer, values=VALUES)
        actions.add_site(actor=viewer, study=study, name="Harbour")
        with patch(f"{ROOM}.converting.validate", **taken), patch(f"{ROOM}.publishing.validate", **taken):
            version = actions.add_shipped(actor=viewer, study=study, code="S1")
            version = actions.publish_form(actor=viewer, version=version, expected_version=version.version)
    with acting(cast.analyst.viewer) as viewer:
        made = actions.make_device(
            actor=viewer, study=study, label="E-01", site=None, days=30, in_address=True
        )
    return study, version, f"/o/key/{made.secret}/{study.code}/submission"


def records(first: int, last: int, label: str) -> Iterator[bytes]:
    """The XML of invented interviews, each of six legs; the same numbers give the same interviews."""
    import numpy as np

    from palermo.fieldwork.simulation import as_xml, interviews

    for number, told in enumerate(interviews(last - first, np.random.default_rng(first)), first):
        told["interview"]["legs"] *= 2
        yield as_xml(told, form_id="s1", version=label, instance=uuid5(NAMESPACE_URL, f"bench {number}"))


def _take(address: str, first: int, last: int, label: str, told: Any) -> None:
    """One process that takes its share; its processor seconds and its greatest memory go back."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.db import connection
    from django.test import Client

    connection.close()
    client, waits = Client(SERVER_NAME="localhost"), []
    for xml in records(first, last, label):
        part = SimpleUploadedFile("s.xml", xml, content_type="text/xml")
        begun = time.perf_counter()
        answer = client.post(address, {"xml_submission_file": part})
        waits.append((time.perf_counter() - begun) * 1000)
        if answer.status_code != 201:
            raise SystemExit(f"a record was answered with {answer.status_code}")
    used = resource.getrusage(resource.RUSAGE_SELF)
    told.put((used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, p95(waits)))


def _taken(address: str, number: int, label: str) -> tuple[float, float, float, float]:
    """Seconds until all are stored, processor seconds of the takers, the greatest memory of one, 95 % of the waits."""
    fork = multiprocessing.get_context("fork")
    told, cuts = fork.Queue(), [number * place // TAKERS for place in range(TAKERS + 1)]
    shares = [
        fork.Process(target=_take, args=(address, cuts[place], cuts[place + 1], label, told))
        for place in range(TAKERS)
    ]
    begun = time.monotonic()
    for one in shares:
        one.start()
    for one in shares:
        one.join()
    seconds = time.monotonic() - begun
    if any(one.exitcode for one in shares):
        raise SystemExit("records were not taken")
    found = [told.get() for _one in shares]
    return (
        seconds,
        sum(cpu for cpu, _m, _w in found),
        max(m for _c, m, _w in found),
        max(w for _c, _m, w in found),
    )


def drain() -> None:
    """The worker's program until nothing waits any more. Prints its processor seconds and its greatest memory."""
    os.environ["PALERMO_ROLE"] = "job"
    from palermo.cli import prepare

    prepare(migrations=False)
    from procrastinate.contrib.django import app

    worker = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    with worker.open():
        worker.run_worker(name="bench", concurrency=2, wait=False, install_signal_handlers=False)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))


def _laid_out() -> tuple[float, float, float]:
    """Seconds until the worker has nothing to do any more, its processor seconds, its greatest memory."""
    begun = time.monotonic()
    done = subprocess.run([sys.executable, __file__], stdout=subprocess.PIPE, text=True, check=True)
    cpu, memory = json.loads(done.stdout.splitlines()[-1])
    return time.monotonic() - begun, cpu, memory


def _server() -> float:
    """Processor seconds of the database server and of what it started, so far."""
    with superuser() as connection:
        parent = int(_stat(connection.info.backend_pid)[1])
    return sum(map(_left, _children(parent))) + _seconds(parent, dead=True)


def _left(pid: int) -> float:
    """Of one that may end while it is asked; then its seconds stand with its parent's."""
    try:
        return _seconds(pid)
    except FileNotFoundError:
        return 0.0


def _stat(pid: int) -> list[str]:
    with open(f"/proc/{pid}/stat") as told:
        return told.read().rpartition(")")[2].split()


def _seconds(pid: int, *, dead: bool = False) -> float:
    """dead: of the children that have ended, too."""
    fields = _stat(pid)
    return sum(map(int, fields[11:15] if dead else fields[11:13])) / os.sysconf("SC_CLK_TCK")


def _children(parent: int) -> list[int]:
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                if int(_stat(int(name))[1]) == parent:
                    found.append(int(name))
            except OSError:
                continue
    return found


def _pages(cast: Any, study: Any) -> float:
    """Milliseconds of the page of all indicators, from what is stored."""
    client = client_of(cast.analyst)
    path = f"/observatory/{study.pk}/indicators/?basis=received"
    page(client, path)
    return p95([timed(lambda: page(client, path)) for _turn in range(7)])


def figures(scale: float) -> list[Figure]:
    cast = ready()
    from palermo.kernel.access.context import acting
    from palermo.kernel.access.viewer import Viewer
    from palermo.rooms.observatory import actions
    from palermo.rooms.observatory.models import InterviewFacts, Submission

    study, version, address = _study(cast)
    number = scaled(100_000, scale, 200)
    before = _server()
    seconds, cpu, memory, waits = _taken(address, number, version.label)
    server = _server() - before
    tell(f"{number:,} taken in {seconds:.0f} s ({cpu:.0f} s of processor, {server:.0f} s of the server's)")
    before = _server()
    out, out_cpu, out_memory = _laid_out()
    out_server = _server() - before
    tell(f"laid out in {out:.0f} s ({out_cpu:.0f} s of processor, {out_server:.0f} s of the server's)")
    with acting(Viewer.operator()) as system:
        done = Submission.objects.filter(study=study, flattening="done").count()
        assert done == InterviewFacts.objects.filter(study=study).count() == number, (done, number)
        making = timed(lambda: actions.compute_now(actor=system, study=study.code)) / 1000
    shown = _pages(cast, study)
    full, rate = scale >= 1, number / seconds
    taking = (
        f"{seconds:.0f} s; processor {cpu:.0f} s in {TAKERS} takers and {server:.0f} s in the database: "
        f"{1000 * (cpu + server) / number:.1f} ms each; 95 % waited {waits:.0f} ms"
    )
    laying = (
        f"{out:.0f} s; processor {out_cpu:.0f} s in the worker and {out_server:.0f} s in the database: "
        f"{1000 * (out_cpu + out_server) / number:.1f} ms each"
    )
    return [
        Figure(f"{number:,} interviews of six legs taken, a second", f"at least {RATE}", rate, "/s",
               rate >= RATE if full else None, beside=taking),
        Figure("greatest memory of a taker", "", memory, "MB"),
        Figure("laid out as rows and typed facts, a second", "", number / out, "/s", beside=laying),
        Figure("greatest memory of the worker", "", out_memory, "MB"),
        Figure("all indicators computed anew", "", making, "s"),
        Figure("page of all indicators, from what is stored", f"under {PAGE:,} ms", shown, "ms",
               shown < PAGE if full else None),
    ]  # fmt: skip


if __name__ == "__main__":
    drain()
