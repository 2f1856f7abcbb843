"""What has been acknowledged stays, and the next start finds its way, whatever was killed."""

import contextlib
import os
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest

from palermo.kernel.database import launcher
from palermo.kernel.database.launcher import LauncherError, places, postmaster

from .launching import START, kill_hard, living_servers, postmaster_pid, python, throwaway_home


def test_a_server_whose_starter_was_killed_can_still_be_stopped() -> None:
    with throwaway_home() as home:
        starter = python(START + "\nimport time; time.sleep(60)", home)
        assert starter.stdout
        pid = int(starter.stdout.readline().split()[1])
        starter.kill()
        starter.wait()
        data = places.known_places(home).data
        assert living_servers(data) == [pid]
        assert launcher.ensure_running(home).started is False
        assert launcher.stop(home) is True
        assert living_servers(data) == []


@pytest.mark.slow
def test_no_acknowledged_row_is_lost_when_the_server_is_killed_under_load() -> None:
    with throwaway_home() as home:
        cluster = launcher.ensure_running(home)
        with psycopg.connect(cluster.superuser_dsn()) as connection:
            connection.execute("CREATE TABLE kept (writer int, number int, PRIMARY KEY (writer, number))")
        acknowledged: list[tuple[int, int]] = []
        for round_number in range(2):
            writers = [
                threading.Thread(target=_write, args=(cluster, round_number * 10 + writer, acknowledged))
                for writer in range(3)
            ]
            for thread in writers:
                thread.start()
            time.sleep(0.7)
            os.kill(postmaster_pid(cluster), signal.SIGKILL)
            for thread in writers:
                thread.join(30)
            cluster = launcher.ensure_running(home)
            assert cluster.started
        with psycopg.connect(cluster.superuser_dsn()) as connection:
            there = set(connection.execute("SELECT writer, number FROM kept").fetchall())
        assert len(acknowledged) > 50
        assert set(acknowledged) - there == set()


def _write(cluster: launcher.Cluster, writer: int, acknowledged: list[tuple[int, int]]) -> None:
    with (
        contextlib.suppress(psycopg.Error),
        psycopg.connect(cluster.superuser_dsn(), autocommit=True) as connection,
    ):
        for number in range(1_000_000):
            connection.execute("INSERT INTO kept VALUES (%s, %s)", [writer, number])
            acknowledged.append((writer, number))


def test_a_stale_pid_that_now_names_somebody_elses_process_is_recognised() -> None:
    with throwaway_home() as home:
        cluster = launcher.ensure_running(home, durability=False)
        stale = (cluster.data / "postmaster.pid").read_text()
        socket_lock = cluster.socket_dir / ".s.PGSQL.5432.lock"
        stale_socket_lock = socket_lock.read_text()
        number = str(postmaster_pid(cluster))
        kill_hard(cluster)
        # A stranger that runs as the server's own user: PostgreSQL by itself would refuse to start.
        owner = cluster.data.stat()
        other = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []} if os.geteuid() == 0 else {}
        stranger = subprocess.Popen(["sleep", "60"], cwd="/", **other)
        try:
            for path, text in ((cluster.data / "postmaster.pid", stale), (socket_lock, stale_socket_lock)):
                path.write_text(text.replace(number, str(stranger.pid), 1))
            assert launcher.stop(home) is False
            again = launcher.ensure_running(home, durability=False)
            assert again.started
            assert postmaster_pid(again) != stranger.pid
            assert stranger.poll() is None, "a process that is not ours was ended"
        finally:
            stranger.kill()
            stranger.wait()


def test_a_second_server_never_starts_while_anything_of_the_first_lives(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(postmaster, "PATIENCE", 0.3)
    with throwaway_home() as home:
        cluster = launcher.ensure_running(home, durability=False)
        pid_file = cluster.data / "postmaster.pid"
        text = pid_file.read_text()
        # As seen from another container that shares the directory: the process number means nothing there.
        pid_file.write_text(text.replace(str(postmaster_pid(cluster)), "1", 1))
        with pytest.raises(LauncherError, match="in use by processes"):
            launcher.ensure_running(home, durability=False)
        pid_file.write_text(text)
        psycopg.connect(cluster.superuser_dsn()).close()


def test_a_socket_that_somebody_removed_comes_back() -> None:
    with throwaway_home() as home:
        cluster = launcher.ensure_running(home, durability=False)
        (cluster.socket_dir / ".s.PGSQL.5432").unlink()
        again = launcher.ensure_running(home, durability=False)
        assert again.started
        psycopg.connect(again.superuser_dsn()).close()


def test_a_server_that_waits_for_its_last_guest_to_leave_is_started_anew() -> None:
    """SIGTERM lets no new guest in and waits for the old ones; nobody may have to wait for them for ever."""
    with throwaway_home() as home:
        cluster = launcher.ensure_running(home)
        guest = psycopg.connect(cluster.superuser_dsn())
        os.kill(postmaster_pid(cluster), signal.SIGTERM)
        with contextlib.suppress(psycopg.OperationalError):
            while True:
                psycopg.connect(cluster.superuser_dsn()).close()
        again = launcher.ensure_running(home, timeout=60)
        assert again.started is True
        with pytest.raises(psycopg.OperationalError):
            guest.execute("SELECT 1")


def test_a_server_that_cannot_start_says_why() -> None:
    with throwaway_home() as home:
        cluster = launcher.ensure_running(home, durability=False)
        cluster.stop()
        local = cluster.data / "local.conf"
        local.write_text("no_such_setting_at_all = 'x'\n")
        os.chown(local, cluster.data.stat().st_uid, cluster.data.stat().st_gid)
        with pytest.raises(LauncherError, match="no_such_setting_at_all"):
            launcher.ensure_running(home, durability=False)


def test_a_lost_superuser_password_is_said_at_once(tmp_path: Path) -> None:
    with throwaway_home() as home:
        launcher.ensure_running(home, durability=False)
        launcher.password_file(home, launcher.SUPERUSER).write_text("another\n")
        begun = time.monotonic()
        with pytest.raises(LauncherError, match="superuser password"):
            launcher.ensure_running(home, durability=False)
        assert time.monotonic() - begun < 5


@pytest.mark.slow
def test_a_full_disk_loses_no_acknowledged_row_and_the_reserve_lets_us_in() -> None:
    with throwaway_home("small/var") as home:
        home.parent.mkdir()
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=450m,mode=711", "tmpfs", str(home.parent)],
            capture_output=True,
        )
        if mounted.returncode:
            pytest.skip("this machine does not let us mount a small file system of our own")
        try:
            _fill_and_look(home)
        finally:
            launcher.stop(home)
            subprocess.run(["umount", "-l", str(home.parent)], check=True)


def _fill_and_look(home: Path) -> None:
    cluster = launcher.ensure_running(home)
    with psycopg.connect(cluster.superuser_dsn(), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (number int, body text)")
        with open(home / "fill", "wb") as fill:
            os.posix_fallocate(fill.fileno(), 0, shutil.disk_usage(home).free - 12_000_000)
        acknowledged = _write_until_full(connection)
    told: list[str] = []
    # Without room for its journal the server may even have stopped; then this starts it.
    again = launcher.ensure_running(home, progress=told.append)
    assert "disk is full" in told[0]
    with psycopg.connect(again.superuser_dsn(), autocommit=True) as connection:
        there = [number for (number,) in connection.execute("SELECT number FROM kept ORDER BY number")]
        assert there[:acknowledged] == list(range(acknowledged))
        assert acknowledged > 10
        (home / "fill").unlink()
        connection.execute("INSERT INTO kept VALUES (-1, 'room again')")
    launcher.ensure_running(home)
    assert places.known_places(home).reserve.exists()


def _write_until_full(connection: psycopg.Connection[Any]) -> int:
    """How many rows were acknowledged before the disk was full."""
    row = "SELECT %s, string_agg(md5(random()::text), '') FROM generate_series(1, 600)"
    for number in range(10_000):
        try:
            connection.execute(f"INSERT INTO kept {row}".encode(), [number])
        except (psycopg.errors.DiskFull, psycopg.OperationalError):
            return number
    pytest.fail("the disk did not fill up")
