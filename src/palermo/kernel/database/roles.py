"""The three roles of the database, and how each part of palermo signs in.

palermo_owner   runs migrations and owns every table; the application never uses it
palermo_app     serves requests: may do what a table's policies and grants allow, and nothing else
palermo_job     runs the worker; narrower still

None of them is a superuser, bypasses row-level security, or can make roles. No Django here.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from .launcher import Cluster, last_socket_dir, password_file
from .launcher.conf import PORT
from .launcher.files import read_or_make_secret, read_secret

OWNER, APP, JOB = "palermo_owner", "palermo_app", "palermo_job"
ROLES = (OWNER, APP, JOB)
DATABASE = "palermo"
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gist")

# A request that hangs must not hold locks or a connection for ever (security reading, section 6: statement
# 30 s, idle in transaction 60 s). Worker tasks may compute long but not sleep in a transaction.
# All connections of a role see each other's statements in pg_stat_activity, and the statements that open a
# context carry its token. Only a superuser can turn this on again.
UNSEEN = {"track_activities": "off"}
SETTINGS: dict[str, dict[str, str]] = {
    OWNER: UNSEEN,
    APP: UNSEEN
    | {"statement_timeout": "30s", "idle_in_transaction_session_timeout": "60s", "lock_timeout": "10s"},
    JOB: UNSEEN
    | {"statement_timeout": "15min", "idle_in_transaction_session_timeout": "5min", "lock_timeout": "30s"},
}

URLS = {OWNER: "DATABASE_URL_OWNER", APP: "DATABASE_URL", JOB: "DATABASE_URL_JOB"}

ROLES_LOCK = 0x70616C65726D6F  # "palermo": one process at a time changes the roles


def ensure_roles(superuser_conninfo: str, home: Path, dbname: str = DATABASE) -> None:
    """Make the roles and the database what they must be, whatever they are now; safe to repeat.

    Passwords are those in home/keys/db-<role>.password, made on first need; a role whose password differs
    gets the one in the file.
    """
    with psycopg.connect(superuser_conninfo, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [ROLES_LOCK])
        for role, password in make_passwords(home).items():
            _ensure_role(connection, role, password)
        _ensure_database(connection, dbname)
        with psycopg.connect(make_conninfo(superuser_conninfo, dbname=dbname), autocommit=True) as inside:
            _ensure_schema(inside)


def make_passwords(home: Path) -> dict[str, str]:
    """The passwords of the three roles, made on first need."""
    return {role: read_or_make_secret(password_file(home, role)) for role in ROLES}


def read_passwords(home: Path) -> dict[str, str]:
    """The passwords of the three roles; "" for one that has none yet."""
    return {role: read_secret(password_file(home, role)) for role in ROLES}


def _run(connection: psycopg.Connection[Any], statement: LiteralString, *names: str) -> None:
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _ensure_role(connection: psycopg.Connection[Any], role: str, password: str) -> None:
    found = connection.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", [role]).fetchone()
    if found is None:
        _run(connection, "CREATE ROLE {} LOGIN", role)
    _run(
        connection,
        "ALTER ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS INHERIT",
        role,
    )
    if found is None or not scram_accepts(found[0] or "", password):
        # The verifier is computed here, so that the password itself is in no statement that could be logged.
        verifier = connection.pgconn.encrypt_password(
            password.encode(), role.encode(), b"scram-sha-256"
        ).decode()
        connection.execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(verifier))
        )
    memberships = connection.execute(
        "SELECT pg_get_userbyid(roleid) FROM pg_auth_members WHERE member = %s::regrole", [role]
    ).fetchall()
    for (granted,) in memberships:
        _run(connection, "REVOKE {} FROM {}", granted, role)
    _forget_foreign_settings(connection, role)
    for name, value in SETTINGS[role].items():
        connection.execute(
            sql.SQL("ALTER ROLE {} SET {} = {}").format(
                sql.Identifier(role), sql.Identifier(name), sql.Literal(value)
            )
        )


def _forget_foreign_settings(connection: psycopg.Connection[Any], role: str) -> None:
    """Any role may set defaults for itself (a search path, no writing): those that are not ours go."""
    found = connection.execute(
        "SELECT coalesce(d.datname, ''), split_part(unnest(s.setconfig), '=', 1) FROM pg_db_role_setting s "
        "LEFT JOIN pg_database d ON d.oid = s.setdatabase WHERE s.setrole = %s::regrole",
        [role],
    ).fetchall()
    for database, name in found:
        if database:
            _run(connection, "ALTER ROLE {} IN DATABASE {} RESET {}", role, database, name)
        elif name not in SETTINGS[role]:
            _run(connection, "ALTER ROLE {} RESET {}", role, name)


def scram_accepts(verifier: str, password: str) -> bool:
    """Whether a stored SCRAM-SHA-256 verifier (RFC 5803) was made from this password (ASCII, as ours are)."""
    try:
        mechanism, counted, keys = verifier.split("$")
        iterations, salt = counted.split(":")
        stored_key = base64.b64decode(keys.split(":")[0])
        salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(salt), int(iterations))
    except ValueError:
        return False
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    return mechanism == "SCRAM-SHA-256" and hmac.compare_digest(
        hashlib.sha256(client_key).digest(), stored_key
    )


def _ensure_database(connection: psycopg.Connection[Any], dbname: str) -> None:
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [dbname]).fetchone() is None:
        _run(connection, "CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'", dbname, OWNER)
    _run(connection, "ALTER DATABASE {} OWNER TO {}", dbname, OWNER)
    for closed in (dbname, "postgres", "template1"):
        _run(connection, "REVOKE ALL ON DATABASE {} FROM PUBLIC", closed)
    _run(connection, "GRANT CONNECT ON DATABASE {} TO {}, {}, {}", dbname, OWNER, APP, JOB)
    _run(connection, "GRANT TEMPORARY ON DATABASE {} TO {}, {}", dbname, OWNER, APP)  # imports stage rows


def _ensure_schema(connection: psycopg.Connection[Any]) -> None:
    for extension in EXTENSIONS:
        _run(connection, "CREATE EXTENSION IF NOT EXISTS {} SCHEMA public", extension)
    _run(connection, "REVOKE ALL ON SCHEMA public FROM PUBLIC")
    _run(connection, "GRANT USAGE, CREATE ON SCHEMA public TO {}", OWNER)
    _run(connection, "GRANT USAGE ON SCHEMA public TO {}, {}", APP, JOB)
    # Large objects belong to whoever makes them and are in no table: a place to hide things and to fill the disk.
    connection.execute(
        """DO $$ DECLARE made record; BEGIN
        FOR made IN SELECT oid::regprocedure AS name FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace
            AND proname ~ '^(lo_|loread$|lowrite$)' LOOP
          EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', made.name);
        END LOOP; END $$"""
    )


def params(home_or_cluster: Path | Cluster, role: str, dbname: str = DATABASE) -> dict[str, Any]:
    """One entry of Django's DATABASES for the embedded server (start it first, for HOST and PASSWORD)."""
    if isinstance(home_or_cluster, Cluster):
        home, host = home_or_cluster.home, str(home_or_cluster.socket_dir)
    else:
        home, host = home_or_cluster, last_socket_dir(home_or_cluster)
    password = read_secret(password_file(home, role))
    return _entry({"host": host, "port": str(PORT), "user": role, "password": password, "dbname": dbname})


def database_settings(role: str, env: Mapping[str, str]) -> dict[str, Any] | None:
    """One entry of Django's DATABASES for a role: from its URL, else the embedded server below PALERMO_HOME.

    DATABASE_URL is the application's; DATABASE_URL_OWNER and DATABASE_URL_JOB the others'. None when
    DATABASE_URL names a server and this role's own URL is not given: a web process need not hold the
    owner's password.
    """
    if env.get("DATABASE_URL"):
        url = env.get(URLS[role])
        return _entry({key: str(value) for key, value in conninfo_to_dict(url).items()}) if url else None
    return params(Path(env.get("PALERMO_HOME") or "var"), role)


def _entry(parts: dict[str, str]) -> dict[str, Any]:
    named = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    entry: dict[str, Any] = {"ENGINE": "django.db.backends.postgresql"}
    entry |= {django: parts.get(libpq, "") for libpq, django in named.items()}
    # connect_timeout in seconds; whatever else the URL says (sslmode, sslrootcert) goes to libpq as it is.
    entry["OPTIONS"] = {"connect_timeout": 5} | {
        key: value for key, value in parts.items() if key not in named
    }
    return entry
