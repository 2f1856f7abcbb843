"""The audit: entries per second with 8 writers beside plain commits, and checking 200,000 entries."""

import os
import subprocess
import sys
import threading
import time

import psycopg
from bench_measure import ROOT, Figure, scaled, superuser, tell

WRITERS = 8
ENTRY = "audit_append('bench.entry.make', '', NULL, '', '{}', '{\"count\": 3}', 'done')"
TOGETHER = 5_000


def _per_second(dsn: str, statement: str, seconds: float) -> float:
    """Committed statements per second of all writers together."""
    done, until = [0] * WRITERS, time.monotonic() + seconds

    def write(place: int) -> None:
        with psycopg.connect(dsn, autocommit=True) as connection:
            while time.monotonic() < until:
                connection.execute(statement.encode())
                done[place] += 1

    threads = [threading.Thread(target=write, args=(place,)) for place in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / seconds


def figures(scale: float) -> list[Figure]:
    from pathlib import Path

    from palermo.cli import prepare
    from palermo.kernel.database import launcher

    prepare()
    cluster = launcher.ensure_running(Path(os.environ["PALERMO_HOME"]))
    seconds = max(2.0, 10 * scale)
    events = _per_second(cluster.dsn("palermo_app"), f"SELECT {ENTRY}", seconds)
    with superuser() as connection:
        connection.execute("CREATE TABLE bench_plain (at timestamptz, what text)")
    plain = _per_second(
        cluster.superuser_dsn("palermo"), "INSERT INTO bench_plain VALUES (now(), 'x')", seconds
    )
    wanted = scaled(200_000, scale, 5_000)
    with superuser() as connection:
        connection.execute("DROP TABLE bench_plain")
        there = connection.execute("SELECT seq FROM audit_head").fetchone()[0]
    begun = time.monotonic()
    with psycopg.connect(cluster.dsn("palermo_app"), autocommit=True) as connection:
        for first in range(there, wanted, TOGETHER):
            number = min(TOGETHER, wanted - first)
            connection.execute(f"SELECT count({ENTRY}) FROM generate_series(1, {number})".encode())
    tell(f"{wanted:,} entries made: {time.monotonic() - begun:.1f} s")
    with superuser() as connection:
        entries = connection.execute("SELECT seq FROM audit_head").fetchone()[0]
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "palermo.kernel.audit.verify"], cwd=ROOT, stdout=subprocess.PIPE, check=False
    )
    took = time.monotonic() - begun
    return [
        Figure(
            "audit entries written", "", events, "entries/s",
            beside=f"{WRITERS} writers, one commit each; plain rows in the same way {plain:,.0f}/s",
        ),
        Figure(
            "audit verified", "whole", took, "s", done.returncode == 0,
            beside=f"{entries:,} entries, {entries / took:,.0f}/s",
        ),
    ]  # fmt: skip
