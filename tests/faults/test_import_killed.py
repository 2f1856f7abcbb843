"""`palermo import` is killed with -9 in the middle; the same command then ends as if nothing had happened."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from bench_visitor import command, environment
from fault_work import kill, value

from conftest import copy_of
from palermo.kernel.database import launcher
from palermo.standards.records.synthetic import synthetic_htcds

ROWS = 25_000
# What the register holds, without what differs by nature between two databases: ids, codes and times.
REGISTER = """
SELECT encode(sha256(string_agg(r.t, E'\\n' ORDER BY r.t)::bytea), 'hex') FROM (
  SELECT (to_jsonb(p) - '{id,code,provenance_id,created_at,updated_at,person_id}'::text[])::text AS t
  FROM register_person p) r
"""


@pytest.fixture(scope="module")
def file(top: Path) -> Path:
    path = top / "people.csv"
    path.write_text(synthetic_htcds(ROWS, Random(5)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def two_homes(country: Path, top: Path) -> Iterator[tuple[Path, Path]]:
    homes = copy_of(country, top / "killed"), copy_of(country, top / "whole")
    yield homes
    for home in homes:
        launcher.discard(home)


def _arguments(file: Path) -> tuple[str, ...]:
    return ("import", str(file), "--format", "htcds", "--source", "An invented list", "--json")


def _counts(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return {name: found[name] for name in ("read", "added", "updated", "unchanged", "rejected")}


def _register(home: Path) -> tuple[Any, ...]:
    with launcher.lease(home):
        return (
            value(home, REGISTER),
            value(home, "SELECT count(*) FROM register_person"),
            value(home, "SELECT md5(string_agg(c::text, ',' ORDER BY c::text)) FROM register_cell c")
            if value(home, "SELECT to_regclass('register_cell') IS NOT NULL")
            else None,
        )


def test_an_import_that_was_killed_ends_as_one_that_was_not(two_homes: tuple[Path, Path], file: Path) -> None:
    killed, whole = two_homes
    own = _register(whole)[1]
    uninterrupted = _counts(command(whole, *_arguments(file)))
    with launcher.lease(killed):
        process = subprocess.Popen(
            [sys.executable, "-m", "palermo.cli", *_arguments(file)],
            env=environment(killed), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + 120
        while not (value(killed, "SELECT max(rows_done) FROM imports_importrun") or 0):
            assert time.monotonic() < until
            assert process.poll() is None, "it was over before it could be killed"
            time.sleep(0.005)
        kill(process.pid)
        process.wait(30)
        halfway = value(killed, "SELECT rows_done FROM imports_importrun")
        assert 0 < halfway < ROWS
        written = value(killed, "SELECT count(*) FROM register_person") - own
        assert 0 < written <= halfway, "more was written than the run says"
        assert _counts(command(killed, *_arguments(file))) == uninterrupted
        assert value(killed, "SELECT count(*) FROM imports_importrun") == 1, (
            "it began again instead of going on"
        )
        assert _counts(command(killed, *_arguments(file)))["added"] == 0
        assert command(killed, "audit", "verify").returncode == 0
    assert uninterrupted["read"] == ROWS
    assert uninterrupted["added"] > 0
    assert _register(killed) == _register(whole)
