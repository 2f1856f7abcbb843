"""An encrypted copy of everything but the keys, and the way back.

A backup never contains the keys of the vault, of the sessions or of the roles: whoever steals it has
pseudonyms and ciphertext. Keep the keys on another medium, or the identities in the backup are lost.

No byte of it is on the disk unencrypted: pg_dump writes into a pipe, and what is read from the pipe is
encrypted at once. Anybody can encrypt to a public key, so restore only files whose origin you know; what a
backup says is done with the rights of palermo_owner and never of a superuser.
"""

import contextlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import psycopg
from django.utils.translation import gettext as _

import palermo

from . import archive, dump
from .sealing import BackupError, keys_for, opened, seal

__all__ = ["BackupError", "Report", "backup", "backup_command", "restore", "restore_command"]

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Report:
    """What a backup holds. `made_at` is UTC, ISO 8601; `version` is palermo's."""

    path: Path
    made_at: str
    version: str
    tables: int
    rows: int
    audit_head: str


def backup(
    path: Path,
    *,
    recipients: Sequence[str] = (),
    passphrase: str = "",
    home: Path | None = None,
    env: Mapping[str, str] = os.environ,
) -> Report:
    """Write an encrypted backup to `path`, whole or not at all.

    `recipients` are age public keys (age1...); without them the passphrase locks it. Raises BackupError.
    """
    home = home or Path(env.get("PALERMO_HOME") or "var")
    try:
        with _atomic(path) as target, dump.dumped(dump.reading(home, env)) as (census, stream):
            manifest = {"format": "palermo backup 1", "version": palermo.__version__, **census}
            seal(archive.pack(manifest, stream, home / "files"), target, recipients, passphrase)
    except psycopg.OperationalError as error:
        raise BackupError(_("The database does not answer. Start it, and try again.")) from error
    except OSError as error:
        raise BackupError(
            _("The backup could not be written: %(why)s") % {"why": error.strerror or error}
        ) from error
    return _report(path, manifest)


def restore(
    path: Path,
    *,
    identity: str = "",
    passphrase: str = "",
    home: Path | None = None,
    env: Mapping[str, str] = os.environ,
) -> Report:
    """Bring a backup back into an empty database, all of it or nothing, and count it.

    `identity` is the text of an age key file. The file is authenticated before any statement runs.
    Raises BackupError.
    """
    home = home or Path(env.get("PALERMO_HOME") or "var")
    target, files = dump.writing(home, env), home / "files"
    _must_be_empty(target, files)
    try:
        with path.open("rb") as source:
            keys = keys_for(source, identity, passphrase)
            begin = source.tell()
            manifest = _read(source, keys)
            source.seek(begin)
            arriving = home / f"files.{secrets.token_hex(4)}"
            try:
                with dump.restoring(target) as database:
                    _read(source, keys, database=database, files=arriving)
                _verify(target, manifest)
                if arriving.exists():
                    arriving.replace(files)
            finally:
                shutil.rmtree(arriving, ignore_errors=True)
    except OSError as error:
        raise BackupError(
            _("The backup could not be read: %(why)s") % {"why": error.strerror or error}
        ) from error
    return _report(path, manifest)


def _read(source: BinaryIO, keys: Sequence[Any], **where: Any) -> dict[str, Any]:
    try:
        with opened(source, keys) as content:
            return archive.read(content, **where)
    except ValueError as error:
        raise BackupError(_("This is not a backup of palermo.")) from error


def _must_be_empty(target: str, files: Path) -> None:
    try:
        with psycopg.connect(target) as connection:
            there = connection.execute(dump.TABLES).fetchall()
    except psycopg.OperationalError as error:
        raise BackupError(_("The database does not answer. Start it, and try again.")) from error
    if there or (files.is_dir() and any(files.iterdir())):
        raise BackupError(
            _("The database is not empty; nothing is restored over living data. Use a new PALERMO_HOME.")
        )


def _verify(target: str, manifest: dict[str, Any]) -> None:
    """Compare what arrived with what was counted in the moment of the backup."""
    with psycopg.connect(target) as connection:
        found = dump.census(connection)
    wrong = [
        f"{table}: {found['rows'].get(table, 0)} / {rows}"
        for table, rows in manifest["rows"].items()
        if found["rows"].get(table) != rows
    ]
    if found["audit_head"] != manifest["audit_head"]:
        wrong.append("audit_head")
    if wrong:
        raise BackupError(
            _("What was restored is not what was saved. Do not use this database. Differences: %(tables)s")
            % {"tables": ", ".join(wrong)}
        )


@contextlib.contextmanager
def _atomic(path: Path) -> Iterator[BinaryIO]:
    """A file that appears at `path` when the block ends well, and leaves nothing otherwise."""
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def _report(path: Path, manifest: dict[str, Any]) -> Report:
    rows = manifest["rows"]
    return Report(
        path,
        manifest["made_at"],
        manifest["version"],
        len(rows),
        sum(rows.values()),
        manifest["audit_head"] or "",
    )


from .command import backup_command, restore_command  # noqa: E402  needs the names above
