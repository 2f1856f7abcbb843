"""The three roles have the powers they need and no other."""

import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from palermo.kernel.database import launcher, roles

from .launching import throwaway_home


@pytest.fixture(scope="module")
def cluster() -> Iterator[launcher.Cluster]:
    with throwaway_home() as home:
        cluster = launcher.ensure_running(home, durability=False)
        threads = [
            threading.Thread(target=roles.ensure_roles, args=(cluster.superuser_dsn(), home))
            for _ in range(3)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        yield cluster


@pytest.mark.parametrize("role", roles.ROLES)
def test_no_role_has_powers_over_the_server(cluster: launcher.Cluster, role: str) -> None:
    with psycopg.connect(cluster.dsn(role), autocommit=True) as connection:
        powers = connection.execute(
            "SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles "
            "WHERE rolname = current_user"
        ).fetchone()
        assert powers == (False, False, False, False, False)
        for statement in (
            b"CREATE ROLE x",
            b"CREATE DATABASE x",
            b"SELECT pg_read_file('postgresql.conf')",
            b"COPY (SELECT 1) TO PROGRAM 'true'",
            b"ALTER SYSTEM SET fsync = off",
            b"SELECT rolpassword FROM pg_authid",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
    with pytest.raises(psycopg.OperationalError, match="CONNECT privilege"):
        psycopg.connect(cluster.dsn(role, "postgres")).close()


@pytest.mark.parametrize("role", roles.ROLES)
def test_no_connection_reads_the_statements_of_another(cluster: launcher.Cluster, role: str) -> None:
    """The statement that opens a context carries its token: whoever reads it acts as somebody else."""
    with (
        psycopg.connect(cluster.dsn(role), autocommit=True) as victim,
        psycopg.connect(cluster.dsn(role), autocommit=True) as thief,
    ):
        victim.execute("SELECT 'a token in a statement'")
        seen = thief.execute("SELECT query FROM pg_stat_activity WHERE pid <> pg_backend_pid()").fetchall()
        assert not any("a token" in (query or "") for (query,) in seen)
        for statement in (b"SET track_activities = on", b"ALTER ROLE CURRENT_USER SET track_activities = on"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                thief.execute(statement)
        thief.execute("ALTER ROLE CURRENT_USER RESET ALL")
    with psycopg.connect(cluster.dsn(role)) as later:
        assert later.execute("SHOW track_activities").fetchone() == ("off",)
    # What the role took off of itself comes back at the next start.
    roles.ensure_roles(cluster.superuser_dsn(), cluster.home)


def test_the_application_creates_nothing_but_temporary_tables(cluster: launcher.Cluster) -> None:
    with psycopg.connect(cluster.dsn(roles.OWNER)) as connection:
        connection.execute("CREATE TABLE owned (id int)")
    for role in (roles.APP, roles.JOB):
        with psycopg.connect(cluster.dsn(role), autocommit=True) as connection:
            for statement in (
                b"CREATE TABLE mine (id int)",
                b"SELECT * FROM owned",
                b"SET ROLE palermo_owner",
                b"CREATE SCHEMA mine",
                b"CREATE EXTENSION hstore",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(statement)
    with psycopg.connect(cluster.dsn(roles.APP)) as connection:
        connection.execute("CREATE TEMPORARY TABLE staged (id int)")


def test_time_limits_belong_to_the_role(cluster: launcher.Cluster) -> None:
    query = (
        b"SELECT current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout')"
    )
    with psycopg.connect(cluster.dsn(roles.APP)) as connection:
        assert connection.execute(query).fetchone() == ("30s", "1min")
    with psycopg.connect(cluster.dsn(roles.OWNER)) as connection:
        assert connection.execute(query).fetchone() == ("0", "0")


def test_what_somebody_changed_by_hand_is_put_right(cluster: launcher.Cluster) -> None:
    with psycopg.connect(cluster.superuser_dsn("palermo"), autocommit=True) as connection:
        connection.execute("ALTER ROLE palermo_app SUPERUSER BYPASSRLS PASSWORD 'guessed'")
        connection.execute("GRANT palermo_owner TO palermo_job")
        connection.execute("GRANT CREATE ON SCHEMA public TO PUBLIC")
    roles.ensure_roles(cluster.superuser_dsn(), cluster.home)
    test_no_role_has_powers_over_the_server(cluster, roles.APP)
    with psycopg.connect(cluster.dsn(roles.JOB), autocommit=True) as connection:
        for statement in (b"SET ROLE palermo_owner", b"CREATE TABLE mine (id int)"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


def test_what_a_role_did_to_itself_is_put_right_at_the_next_start(cluster: launcher.Cluster) -> None:
    """PostgreSQL lets every role change its own password and defaults; nothing can forbid it."""
    with psycopg.connect(cluster.dsn(roles.APP), autocommit=True) as connection:
        connection.execute("ALTER ROLE palermo_app SET default_transaction_read_only = on")
        connection.execute("ALTER ROLE palermo_app SET search_path = pg_temp, public")
        connection.execute("ALTER ROLE palermo_app IN DATABASE palermo SET statement_timeout = 0")
        connection.execute("ALTER ROLE palermo_app PASSWORD 'mine'")
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(cluster.dsn(roles.APP))
    roles.ensure_roles(cluster.superuser_dsn(), cluster.home)
    with psycopg.connect(cluster.dsn(roles.APP)) as connection:
        query = "SELECT current_setting(%s)"
        expected = {
            "default_transaction_read_only": "off",
            "search_path": '"$user", public',
            "statement_timeout": "30s",
        }
        for name, value in expected.items():
            assert connection.execute(query, [name]).fetchone() == (value,)


def test_the_application_makes_no_large_objects(cluster: launcher.Cluster) -> None:
    with psycopg.connect(cluster.dsn(roles.APP), autocommit=True) as connection:
        for statement in (b"SELECT lo_create(0)", b"SELECT lo_creat(-1)", b"SELECT lo_from_bytea(0, 'x')"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


def test_searching_works_in_every_script(cluster: launcher.Cluster) -> None:
    with psycopg.connect(cluster.dsn(roles.APP)) as connection:
        found = connection.execute(
            "SELECT lower('ÉΛЖ'), unaccent('Éva'), similarity('مريم', 'مريام') > 0.3, "
            "similarity('Елена', 'елена')"
        ).fetchone()
    assert found == ("éλж", "Eva", True, 1.0)


def test_a_verifier_accepts_its_password_and_no_other() -> None:
    # RFC 7677, section 3: user "user", password "pencil".
    example = (
        "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY="
        ":wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
    )
    assert roles.scram_accepts(example, "pencil")
    assert not roles.scram_accepts(example, "pencils")
    assert not roles.scram_accepts("md5abc", "pencil")


def test_settings_come_from_the_url_or_from_the_home(cluster: launcher.Cluster) -> None:
    embedded = roles.database_settings(roles.APP, {"PALERMO_HOME": str(cluster.home)})
    assert embedded == roles.params(cluster, roles.APP)
    assert embedded
    assert embedded["HOST"] == str(cluster.socket_dir)
    assert embedded["PASSWORD"]
    env = {"DATABASE_URL": "postgresql://palermo_app:p%40ss@db.example:5433/national?sslmode=verify-full"}
    named = roles.database_settings(roles.APP, env)
    assert named == {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": "db.example",
        "PORT": "5433",
        "USER": "palermo_app",
        "PASSWORD": "p@ss",
        "NAME": "national",
        "OPTIONS": {"connect_timeout": 5, "sslmode": "verify-full"},
    }
    assert roles.database_settings(roles.OWNER, env) is None
    assert roles.read_passwords(Path("/nonexistent")) == dict.fromkeys(roles.ROLES, "")
