"""The doctor finds each fault that was planted, and nothing in a sound installation."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from palermo.kernel.access import sql_credentials
from palermo.kernel.database import doctor, launcher
from palermo.kernel.database.doctor import of_machine, of_schema, of_server, of_walls
from palermo.kernel.database.doctor.check import Check

from .launching import throwaway_home

Run = Callable[[str], list[Check]]
SAFE = SimpleNamespace(
    DEBUG=False,
    SECRET_KEY="0123456789abcdef" * 4,
    ALLOWED_HOSTS=["127.0.0.1", "localhost", "[::1]"],
    PALERMO_ORIGIN="",
    SESSION_COOKIE_SECURE=False,
    CSRF_COOKIE_SECURE=False,
)


@pytest.mark.django_db(databases=["default", "owner"])
def test_a_sound_installation_has_no_finding_in_its_database_and_keys() -> None:
    found = {check.code: check for check in doctor.checks()}
    # The tests' own server trades durability for speed, and says so here.
    assert not found.pop("database.durable").ok
    found.pop("disk.room")
    assert [(check.code, check.message) for check in found.values() if not check.ok] == []
    assert {"database.version", "roles.powers", "walls.forced", "audit.head", "keys.closed"} <= set(found)
    assert {"schema.current", "schema.known", "clock.together"} <= set(found)


@pytest.fixture
def planted(cluster: Any, django_db_setup: None) -> Iterator[Run]:
    """Plants a fault as superuser, asks as the application, and takes all of it back."""
    with psycopg.connect(cluster.superuser_dsn("palermo")) as connection:

        def run(fault: str) -> list[Check]:
            connection.execute(fault.encode())
            connection.execute("SET SESSION AUTHORIZATION palermo_app")
            found = list(
                of_walls.walls(lambda sql, values=None: connection.execute(sql.encode(), values).fetchall())
            )
            connection.execute("RESET SESSION AUTHORIZATION")
            return found

        yield run
        connection.rollback()


WALLED = (
    "CREATE TABLE planted (id int); ALTER TABLE planted OWNER TO palermo_owner, ENABLE ROW LEVEL SECURITY, "
    "FORCE ROW LEVEL SECURITY; CREATE POLICY p ON planted TO palermo_app USING (true); "
    "COMMENT ON TABLE planted IS 'protected: x';"
)


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("walls.classified", "CREATE TABLE planted (id int)"),
        ("walls.forced", WALLED + "ALTER TABLE planted NO FORCE ROW LEVEL SECURITY"),
        ("walls.forced", WALLED + "ALTER TABLE planted DISABLE ROW LEVEL SECURITY"),
        ("walls.forced", WALLED + "DROP POLICY p ON planted"),
        ("walls.owner", WALLED + "ALTER TABLE planted OWNER TO palermo_app"),
        ("walls.leaks", WALLED + "GRANT SELECT ON planted TO PUBLIC"),
        ("walls.leaks", WALLED + "CREATE POLICY q ON planted USING (true)"),
        (
            "walls.leaks",
            WALLED + "CREATE VIEW pv AS SELECT * FROM planted; GRANT SELECT ON pv TO palermo_app",
        ),
        (
            "walls.leaks",
            WALLED + "CREATE MATERIALIZED VIEW pv AS SELECT 1 AS a; GRANT SELECT ON pv TO palermo_app",
        ),
        ("walls.leaks", "CREATE FUNCTION pf() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'"),
        ("roles.powers", "ALTER ROLE palermo_app BYPASSRLS"),
        ("roles.powers", "GRANT palermo_owner TO palermo_job"),
    ],
)
def test_a_planted_fault_is_found_and_no_other(planted: Run, code: str, fault: str) -> None:
    before = {check.code for check in planted("SELECT 1") if not check.ok}
    found = [check for check in planted(fault) if not check.ok]
    assert {check.code for check in found} - before == {code}
    assert all(check.what_to_do for check in found)


def test_a_fitting_wall_is_no_fault(planted: Run) -> None:
    view = "CREATE VIEW pv WITH (security_invoker=true) AS SELECT * FROM planted;"
    grant = "GRANT SELECT ON pv TO palermo_app"
    assert [check.code for check in planted(WALLED + view + grant) if not check.ok] == []


def _server(changes: dict[str, str], host: str = "/run/x", **options: str) -> set[str]:
    sound = {"server_version_num": "180006", "data_checksums": "on", "listen_addresses": ""}
    sound |= of_server.DURABLE | {name: wanted[0] for name, wanted in of_server.SILENT.items()}

    def query(statement: str, values: object = None) -> list[tuple[Any, ...]]:
        return [(0,)] if "checksum_failures" in statement else list((sound | changes).items())

    found = of_server.server(query, {"HOST": host, "OPTIONS": options}, embedded=host.startswith("/"))
    return {check.code for check in found if not check.ok}


def test_a_server_is_judged_by_its_settings() -> None:
    assert _server({}) == set()
    assert _server({"server_version_num": "150001"}) == {"database.version"}
    assert _server({"fsync": "off"}) == {"database.durable"}
    assert _server({"data_checksums": "off"}) == {"database.checksums"}
    assert _server({"log_min_error_statement": "error"}) == {"database.silent"}
    assert _server({"track_activities": "on"}) == {"database.silent"}
    assert _server({"listen_addresses": "*"}) == {"database.way"}
    assert _server({}, host="db.example") == {"database.way"}
    assert _server({}, host="db.example", sslmode="require") == {"database.way"}
    assert _server({}, host="db.example", sslmode="verify-full") == set()


def test_open_keys_and_keys_beside_the_data_are_found(tmp_path: Path) -> None:
    keys = tmp_path / "data" / "keys"
    assert [check.ok for check in of_machine.keys(keys, None)] == [False, True]
    keys.mkdir(parents=True)
    keys.chmod(0o700)
    (keys / "root.key").write_text("x")
    (keys / "root.key").chmod(0o644)
    assert [check.ok for check in of_machine.keys(keys, tmp_path / "data")] == [False, False]
    (keys / "root.key").chmod(0o600)
    assert [check.ok for check in of_machine.keys(keys, tmp_path / "elsewhere")] == [True, True]


@pytest.mark.parametrize(
    "change",
    [
        {"DEBUG": True},
        {"SECRET_KEY": "short"},
        {"SECRET_KEY": "django-insecure-" + "0123456789abcdef" * 4},
        {"ALLOWED_HOSTS": ["*"]},
        {"ALLOWED_HOSTS": ["palermo.example"]},
        {"PALERMO_ORIGIN": "https://palermo.example"},
    ],
)
def test_unsafe_settings_are_found(change: dict[str, Any]) -> None:
    assert all(check.ok for check in of_machine.settings_are_safe(SAFE))
    unsafe = SimpleNamespace(**{**vars(SAFE), **change})
    assert not all(check.ok for check in of_machine.settings_are_safe(unsafe))


def test_a_full_disk_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gigabyte = of_machine.GIGABYTE
    for total, free, ok in ((100, 9, False), (100, 11, True), (1000, 19, False), (1000, 21, True)):
        usage = SimpleNamespace(total=total * gigabyte, free=free * gigabyte)
        monkeypatch.setattr(of_machine.shutil, "disk_usage", lambda path, usage=usage: usage)
        assert [check.ok for check in of_machine.disk([tmp_path, tmp_path / "absent"])] == [ok]


def test_a_cut_audit_chain_is_found() -> None:
    assert [check.ok for check in of_machine.audit(lambda sql, values=None: [(7, 7)])] == [True]
    assert [check.ok for check in of_machine.audit(lambda sql, values=None: [(0, None)])] == [True]
    assert [check.ok for check in of_machine.audit(lambda sql, values=None: [(7, 6)])] == [False]
    assert [check.ok for check in of_machine.audit(lambda sql, values=None: [])] == [False]


@pytest.mark.parametrize(
    ("seconds", "ok"), [(0, True), (-29, True), (29, True), (-31, False), (31, False), (7200, False)]
)
def test_clocks_that_differ_are_found(seconds: int, ok: bool) -> None:
    (found,) = of_schema.clock(lambda sql, values=None: [(1_000_000 + seconds,)], now=lambda: 1_000_000.0)
    assert found.ok is ok
    assert ok or str(abs(seconds)) in found.message
    assert ok or "120" in found.what_to_do


def test_a_slow_answer_is_no_wrong_clock() -> None:
    """Sent at 100, answered at 160: the database read its clock somewhere between."""
    times = iter((100.0, 160.0))
    (found,) = of_schema.clock(lambda sql, values=None: [(128,)], now=lambda: next(times))
    assert found.ok


def test_the_doctor_names_the_time_that_a_proof_is_good_for() -> None:
    assert sql_credentials.CLOCKS == of_schema.PROOF_SECONDS


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("DELETE FROM django_migrations WHERE app = 'cases' AND name = '0001_initial'", "schema.current"),
        (
            "INSERT INTO django_migrations (app, name, applied) SELECT 'cases', '9999_later', now()",
            "schema.known",
        ),
        (
            "INSERT INTO django_migrations (app, name, applied) VALUES ('tomorrow', '0001_initial', now())",
            "schema.known",
        ),
    ],
)
def test_a_schema_that_is_not_that_of_the_program_is_found(
    cluster: Any, django_db_setup: None, fault: str, code: str
) -> None:
    with psycopg.connect(cluster.superuser_dsn("palermo")) as connection:

        def query(sql: str, values: Any = None) -> list[tuple[Any, ...]]:
            return connection.execute(sql.encode(), values).fetchall()

        assert all(check.ok for check in of_schema.schema(query))
        connection.execute(fault.encode())
        found = [check for check in of_schema.schema(query) if not check.ok]
        connection.rollback()
    assert [check.code for check in found] == [code]
    assert "0001_initial" in found[0].message or "9999_later" in found[0].message
    assert "palermo migrate" in found[0].what_to_do or "backup" in found[0].what_to_do


def test_many_missing_steps_are_counted() -> None:
    steps = [("cases", f"{n:04d}_step") for n in range(1, 9)]
    current, known = of_schema.compare(steps, steps, [])
    assert not current.ok
    assert known.ok
    assert "cases.0001_step" in current.message
    assert "3" in current.message


@pytest.mark.slow
def test_the_embedded_server_is_sound_as_the_launcher_starts_it() -> None:
    with throwaway_home() as home:
        cluster = launcher.ensure_running(home)
        with psycopg.connect(cluster.superuser_dsn()) as connection:
            found = list(
                of_server.server(
                    lambda sql, values=None: connection.execute(sql.encode(), values).fetchall(),
                    {"HOST": str(cluster.socket_dir)},
                    embedded=True,
                )
            )
    assert [check.code for check in found if not check.ok] == []
    assert len(found) == 5
    assert "DATABASE_URL" not in os.environ
