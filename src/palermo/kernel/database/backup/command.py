"""`palermo backup` and `palermo restore`: where passphrases come from, what is said, and the audit entry."""

import getpass
import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from django.utils.translation import gettext as _

from . import BackupError, Report, backup, restore

Say = Callable[[str], None]

PASSPHRASE_VARIABLE = "PALERMO_BACKUP_PASSPHRASE_FILE"  # noqa: S105  the name of a file


def backup_command(file: Path, *, recipients: list[str], as_json: bool, say: Say) -> int:
    """Make a backup and say what it holds and what it does not; the exit code."""
    try:
        passphrase = "" if recipients else _passphrase(twice=True)
        report = backup(file, recipients=recipients, passphrase=passphrase)
    except BackupError as error:
        return _failed(str(error), as_json, say)
    _record("database.backup.make", report)
    _show(report, as_json, say)
    say(
        _("The keys are not in it. Keep PALERMO_HOME/keys on another medium: without them no identity opens.")
    )
    return 0


def restore_command(file: Path, *, identity: Path | None, as_json: bool, say: Say) -> int:
    """Bring a backup back, bring it up to date, and say what it held; the exit code."""
    from palermo.kernel.database.prepare import migrate

    try:
        if identity is None:
            report = restore(file, passphrase=_passphrase(twice=False))
        else:
            report = restore(file, identity=_key(identity))
    except BackupError as error:
        return _failed(str(error), as_json, say)
    migrate(say)
    _record("database.backup.restore", report)
    _show(report, as_json, say)
    say(_("Put the key files that belong to it into PALERMO_HOME/keys, then run: palermo audit verify"))
    return 0


def _key(identity: Path) -> str:
    try:
        return identity.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BackupError(_("The key file %(name)s cannot be read.") % {"name": identity}) from error


def _passphrase(*, twice: bool) -> str:
    """From the file that PALERMO_BACKUP_PASSPHRASE_FILE names, or asked; never from the command line."""
    named = os.environ.get(PASSPHRASE_VARIABLE)
    if named:
        try:
            return Path(named).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise BackupError(_("The passphrase file %(name)s cannot be read.") % {"name": named}) from error
    if not sys.stdin.isatty():
        raise BackupError(
            _("A backup is always encrypted: give --recipient or --identity, or set %(name)s.")
            % {"name": PASSPHRASE_VARIABLE}
        )
    passphrase = getpass.getpass(_("Passphrase: "))
    if twice and passphrase != getpass.getpass(_("Once more: ")):
        raise BackupError(_("The two passphrases differ."))
    return passphrase


def _record(action: str, report: Report) -> None:
    """The audit learns that a copy was made or brought back, in whose name the command ran."""
    from palermo.kernel.access.context import acting
    from palermo.kernel.access.viewer import Viewer
    from palermo.kernel.audit.actions import record

    operator = Viewer.operator()
    with acting(operator):
        record(
            actor=operator,
            action=action,
            object_id=None,
            object_kind="database",
            detail={"tables": report.tables, "rows": report.rows},
        )


def _show(report: Report, as_json: bool, say: Say) -> None:
    if as_json:
        print(json.dumps({**asdict(report), "path": str(report.path)}))  # noqa: T201  the result itself
    say(
        _("%(path)s: %(rows)s rows of %(tables)s tables, made %(made_at)s.")
        % {"path": report.path, "rows": report.rows, "tables": report.tables, "made_at": report.made_at}
    )


def _failed(message: str, as_json: bool, say: Say) -> int:
    if as_json:
        print(json.dumps({"error": message}))  # noqa: T201  the result itself
    say(message)
    return 2
