"""pg_dump and pg_restore, and what is counted before and after."""

import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import psycopg
from django.utils.translation import gettext as _
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ..launcher import SUPERUSER, last_socket_dir, password_file
from ..launcher.files import read_secret
from ..roles import OWNER, params
from .programs import fitting
from .sealing import BackupError

# Keys and live sessions: a stolen backup must open nothing, and they are made anew.
LEFT_OUT = ("access_secret", "access_session", "access_context", "access_counter")

TABLES = """
SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') ORDER BY 1
"""

# Tables of which the owner would not see every row; leaving rows out of a backup silently is the worst fault.
HIDDEN = """
SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relforcerowsecurity
  AND NOT (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user)
  AND NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polcmd = '*' AND p.polpermissive
    AND pg_get_expr(p.polqual, p.polrelid) = 'true'
    AND (SELECT oid FROM pg_roles WHERE rolname = current_user) = ANY (p.polroles))
"""


def reading(home: Path, env: Mapping[str, str]) -> str:
    """The connection that sees every row: the embedded superuser, DATABASE_URL_BACKUP, or the owner."""
    if not env.get("DATABASE_URL"):
        return make_conninfo(
            host=last_socket_dir(home),
            port=5432,
            user=SUPERUSER,
            password=read_secret(password_file(home, SUPERUSER)),
            dbname="palermo",
        )
    url = env.get("DATABASE_URL_BACKUP") or env.get("DATABASE_URL_OWNER")
    if not url:
        raise BackupError(
            _("Name a connection that sees every row in DATABASE_URL_BACKUP or DATABASE_URL_OWNER.")
        )
    return url


def writing(home: Path, env: Mapping[str, str]) -> str:
    """The connection that restores: the owner, never a superuser, because a backup holds statements."""
    if env.get("DATABASE_URL"):
        if not env.get("DATABASE_URL_OWNER"):
            raise BackupError(_("Name the connection of palermo_owner in DATABASE_URL_OWNER."))
        return env["DATABASE_URL_OWNER"]
    found = params(home, OWNER)
    return make_conninfo(
        host=found["HOST"],
        port=found["PORT"],
        user=found["USER"],
        password=found["PASSWORD"],
        dbname=found["NAME"],
    )


def census(connection: psycopg.Connection[Any]) -> dict[str, Any]:
    """Rows of every table, and the end of the audit chain."""
    names = [name for (name,) in connection.execute(TABLES)]
    count = sql.SQL("SELECT count(*) FROM {}")
    rows = {
        name: _one(connection, count.format(sql.Identifier("public", name)))
        for name in names
        if name not in LEFT_OUT
    }
    head = ""
    if "audit_head" in names:
        head = _one(
            connection, sql.SQL("SELECT string_agg(seq || ' ' || encode(hash, 'hex'), ',') FROM audit_head")
        )
    return {"rows": rows, "audit_head": head}


def _one(connection: psycopg.Connection[Any], query: sql.SQL | sql.Composed) -> Any:
    found = connection.execute(query).fetchone()
    return found[0] if found else None


@contextmanager
def dumped(conninfo: str) -> Iterator[tuple[dict[str, Any], IO[bytes]]]:
    """The census and the running dump of one moment; leaving the block checks that it ended well."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        hidden = [name for (name,) in connection.execute(HIDDEN)]
        if hidden:
            raise BackupError(
                _("This role does not see every row of: %(tables)s.") % {"tables": ", ".join(hidden)}
            )
        found = census(connection)
        found["made_at"] = datetime.now(UTC).isoformat(timespec="seconds")
        found["server"] = connection.info.server_version
        snapshot = _one(connection, sql.SQL("SELECT pg_export_snapshot()"))
        # Extensions belong to the superuser and are there already: plpgsql is the one that always is.
        options = [
            "--format=custom",
            "--compress=4",
            "--enable-row-security",
            "--extension=plpgsql",
            # What the superuser took away from PUBLIC there, the owner could not repeat.
            "--exclude-schema=pg_catalog",
            f"--snapshot={snapshot}",
            *(f"--exclude-table-data=public.{name}" for name in LEFT_OUT),
        ]
        with tempfile.TemporaryFile() as complaints:
            program = fitting("pg_dump", connection.info.server_version // 10000)
            process = _program(program, conninfo, options, stdout=subprocess.PIPE, stderr=complaints)
            assert process.stdout
            try:
                yield found, process.stdout
            except BaseException:
                process.kill()
                process.wait()
                raise
            _check(process, complaints, _("The database could not be read"))


@contextmanager
def restoring(conninfo: str) -> Iterator[IO[bytes]]:
    """A running pg_restore to write a dump to; it commits all of it when the block ends well, or nothing."""
    options = ["--single-transaction", "--exit-on-error"]
    problem = _("The database could not be restored; it is still empty")
    with psycopg.connect(conninfo) as connection:
        program = fitting("pg_restore", connection.info.server_version // 10000)
    with tempfile.TemporaryFile() as complaints:
        process = _program(
            program,
            conninfo,
            options,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
        )
        assert process.stdin
        try:
            yield process.stdin
            process.stdin.close()
        except BrokenPipeError:  # it gave up before we did, and says why
            _check(process, complaints, problem)
            raise
        except BaseException:
            # Killed before its commit: the server undoes the transaction.
            process.kill()
            process.wait()
            raise
        _check(process, complaints, problem)


def _program(program: Path, conninfo: str, options: list[str], **streams: Any) -> "subprocess.Popen[bytes]":
    """Run a PostgreSQL program on a connection; the password is not on its command line."""
    parts = {key: str(value) for key, value in conninfo_to_dict(conninfo).items() if value is not None}
    environment = {**os.environ, "PGPASSWORD": parts.pop("password", "")}
    command = [str(program), "--no-password", "-d", make_conninfo(**parts), *options]
    return subprocess.Popen(command, env=environment, **streams)


def _check(process: subprocess.Popen[bytes], complaints: IO[bytes], problem: str) -> None:
    if process.wait() == 0:
        return
    complaints.seek(0)
    # Only the first words of an error: its DETAIL may quote a row.
    lines = complaints.read(100_000).decode(errors="replace").splitlines()
    said = [line for line in lines if "error:" in line or "ERROR:" in line][:3]
    raise BackupError(f"{problem}: {'; '.join(said) or process.returncode}")
