"""Nobody else on the machine gets in, and nothing gets out through the log."""

import os
import pwd
import socket
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from palermo.kernel.database import launcher, roles
from palermo.kernel.database.launcher import conf, places
from palermo.kernel.database.launcher.account import Account

from .launching import postmaster_pid, throwaway_home

CANARY = "Qzvtrixa"


@pytest.fixture(scope="module")
def cluster() -> Iterator[launcher.Cluster]:
    with throwaway_home() as home:
        os.environ["PALERMO_CANARY"] = CANARY
        cluster = launcher.ensure_running(home)
        del os.environ["PALERMO_CANARY"]
        roles.ensure_roles(cluster.superuser_dsn(), home)
        yield cluster


@pytest.mark.parametrize("role", [launcher.SUPERUSER, *roles.ROLES])
@pytest.mark.parametrize("password", [None, "", "wrong"])
def test_no_role_enters_without_its_password(
    cluster: launcher.Cluster, role: str, password: str | None
) -> None:
    dbname = "postgres" if role == launcher.SUPERUSER else "palermo"
    psycopg.connect(cluster.dsn(role, dbname)).close()
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(
            host=str(cluster.socket_dir),
            port=cluster.port,
            user=role,
            dbname=dbname,
            password=password,
            passfile="/nonexistent",
        ).close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can try as another user")
def test_another_user_of_the_machine_does_not_reach_the_socket(cluster: launcher.Cluster) -> None:
    path = str(cluster.socket_dir / f".s.PGSQL.{cluster.port}")
    assert _reaches(path, cluster.data.stat().st_uid)
    assert not _reaches(path, pwd.getpwnam("nobody").pw_uid)


def _reaches(path: str, uid: int) -> bool:
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(uid)
            socket.socket(socket.AF_UNIX).connect(path)
        except OSError:
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.skipif(
    not os.path.exists("/proc/net/tcp"), reason="the kernel's list of sockets is in /proc on Linux"
)
def test_no_tcp_port_is_open(cluster: launcher.Cluster) -> None:
    own = {os.readlink(entry) for entry in _descriptors(postmaster_pid(cluster))}
    own = {name.removeprefix("socket:[").rstrip("]") for name in own if name.startswith("socket:[")}
    tables = [Path(f"/proc/net/{name}").read_text().splitlines()[1:] for name in ("tcp", "tcp6", "unix")]
    tcp = {line.split()[9] for table in tables[:2] for line in table}
    assert own & {line.split()[6] for line in tables[2]}, "the test does not see the server's sockets"
    assert own & tcp == set()


def _descriptors(pid: int) -> list[Path]:
    return [path for path in Path(f"/proc/{pid}/fd").iterdir() if path.is_symlink()]


def test_the_log_holds_no_content_of_a_failed_statement(cluster: launcher.Cluster) -> None:
    failing = [
        "INSERT INTO person VALUES ('{}', 200)",
        "INSERT INTO person VALUES ('{}', 'x{}'::int)",
        "SELECT '{}'::date",
        'SELECT * FROM "{}"',
        "DO $$ BEGIN RAISE WARNING '{}'; END $$; SELECT 1/0",
    ]
    with psycopg.connect(cluster.superuser_dsn("palermo"), autocommit=True) as connection:
        connection.execute("CREATE TABLE person (name text UNIQUE, age int CHECK (age < 150))")
        connection.execute("INSERT INTO person VALUES (%s, 20)", [CANARY])
        for statement in failing:
            with pytest.raises(psycopg.Error):
                connection.execute(statement.replace("{}", CANARY).encode())
        with pytest.raises(psycopg.errors.UniqueViolation, match=CANARY):
            connection.execute("INSERT INTO person VALUES (%s, 30)", [CANARY])
        # A session that is ended in the middle of a statement is reported as FATAL, which the log does take.
        ended = psycopg.connect(cluster.superuser_dsn("palermo"), autocommit=True)
        with pytest.raises(psycopg.errors.AdminShutdown):
            ended.execute(f"SELECT pg_terminate_backend(pg_backend_pid()), '{CANARY}'".encode())
        ended.close()
    log = places.known_places(cluster.home).log
    text = log.read_text()
    assert "terminating connection" in text
    assert "ready to accept connections" in text, "the test reads the wrong log"
    assert CANARY not in text
    assert log.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(
    not os.path.isdir("/proc/self"), reason="another process's environment is in /proc on Linux"
)
def test_the_server_inherits_nothing_from_our_environment(cluster: launcher.Cluster) -> None:
    environment = Path(f"/proc/{postmaster_pid(cluster)}/environ").read_text()
    assert "TZ=UTC" in environment
    assert CANARY not in environment
    assert "PALERMO" not in environment


def test_the_server_is_durable_and_checks_its_pages(cluster: launcher.Cluster) -> None:
    expected = {
        **conf.CLOSED,
        **conf.SILENT,
        **conf.DURABLE,
        "data_checksums": "on",
        "server_encoding": "UTF8",
    }
    with psycopg.connect(cluster.superuser_dsn()) as connection:
        found = dict(connection.execute("SELECT lower(name), setting FROM pg_settings").fetchall())
    assert {name: found[name] for name in expected} == expected


def test_files_and_directories_are_closed_to_others(cluster: launcher.Cluster) -> None:
    passwords = list((cluster.home / "keys").glob("db-*.password"))
    assert len(passwords) == 4
    assert {path.stat().st_mode & 0o777 for path in passwords} == {0o600}
    assert (cluster.home / "keys").stat().st_mode & 0o777 == 0o700
    assert cluster.data.stat().st_mode & 0o777 == 0o700
    assert len({path.read_text() for path in passwords}) == 4
    if os.geteuid() == 0:
        assert cluster.data.stat().st_uid != 0


def test_a_prepared_socket_directory_is_not_trusted(tmp_path: Path) -> None:
    me = Account("me", os.geteuid(), os.getegid(), switch=False)
    open_directory, link, own = tmp_path / "open", tmp_path / "link", tmp_path / "own"
    open_directory.mkdir()
    open_directory.chmod(0o777)
    (tmp_path / "target").mkdir(mode=0o700)
    link.symlink_to(tmp_path / "target")
    assert places._own_directory(own, me)
    assert places._own_directory(own, me)
    assert not places._own_directory(open_directory, me)
    assert not places._own_directory(link, me)
    somebody = Account("somebody", os.geteuid() + 12345, os.getegid(), switch=False)
    assert not places.is_private_to(own, somebody.uid)
