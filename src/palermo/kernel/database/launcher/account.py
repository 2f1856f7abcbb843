"""Which user of the operating system the database server runs as.

PostgreSQL refuses to run as root. Started as root, it gets a user of its own, so that neither root's
powers nor another service's files are within its reach. Started as anybody else, it runs as that person.
"""

import contextlib
import os
import pwd
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .files import LauncherError

SERVER_USER = "palermo-pg"


@dataclass(frozen=True)
class Account:
    """A user of the operating system; `switch` is true when we must become that user to act as it."""

    name: str
    uid: int
    gid: int
    switch: bool

    @property
    def owner(self) -> tuple[int, int]:
        """(uid, gid) for chown."""
        return self.uid, self.gid

    def run(self, command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        """Run `command` as this user, without our environment (it may hold secrets) and directory."""
        return subprocess.run(command, check=False, text=True, errors="replace", **self._options(), **options)

    def can(self, test: str, path: Path) -> bool:
        """Whether this user passes `test -<test> path` (r, w, x), asked of the kernel as that user."""
        if not self.switch:
            return os.access(path, {"r": os.R_OK, "w": os.W_OK, "x": os.X_OK}[test])
        return self.run(["/bin/sh", "-c", f'test -{test} "$0"', str(path)]).returncode == 0

    def _options(self) -> dict[str, Any]:
        options: dict[str, Any] = {"cwd": "/", "env": server_environment(), "umask": 0o077}
        if self.switch:
            options.update(user=self.uid, group=self.gid, extra_groups=[])
        return options


def server_environment() -> dict[str, str]:
    """The server's environment: nothing of ours, because other processes of its user can read it."""
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH") if name in os.environ}
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", **kept}


def server_account(existing_data: Path) -> Account:
    """The user for this home's server: the owner of existing data, the dedicated user, or ourselves."""
    me = os.geteuid()
    owner = _owner(existing_data)
    if me != 0:
        if owner is not None and owner != me:
            raise LauncherError(
                f"The database in {existing_data} belongs to {_name(owner)}, and you are {_name(me)}. "
                f"Run palermo as {_name(owner)}, or set PALERMO_HOME to a directory of your own."
            )
        return Account(_name(me), me, os.getegid(), switch=False)
    if owner not in (None, 0):
        assert owner is not None
        return Account(_name(owner), owner, existing_data.stat().st_gid, switch=True)
    return _dedicated()


def _owner(path: Path) -> int | None:
    try:
        return path.stat().st_uid
    except FileNotFoundError:
        return None
    except PermissionError as error:
        raise LauncherError(
            f"{path} is closed to the user {_name(os.geteuid())}. Run palermo as the user who set it up."
        ) from error


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _dedicated() -> Account:
    """The system user palermo-pg, made on first need."""
    problems = []
    for command in ([], *_creation_commands()):
        if command:
            done = subprocess.run(command, check=False, capture_output=True, text=True)
            problems.append(done.stderr.strip())
            # Another instance may be adding the same user: the password file is locked for a moment.
            time.sleep(0.2 if done.returncode else 0)
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(SERVER_USER)
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, switch=True)
    raise LauncherError(
        f"PostgreSQL does not run as root, and the system user {SERVER_USER} could not be made "
        f"({'; '.join(problems) or 'neither useradd nor adduser is installed'}). "
        "Make it, or run palermo as another user."
    )


def _creation_commands() -> list[list[str]]:
    shell = next(
        (name for name in ("/usr/sbin/nologin", "/sbin/nologin") if os.path.exists(name)), "/bin/false"
    )
    search = os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin"
    useradd, adduser = shutil.which("useradd", path=search), shutil.which("adduser", path=search)
    commands = []
    if useradd:
        common = [useradd, "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", shell]
        commands += [[*common, "--user-group", SERVER_USER]] * 3
    if adduser:
        commands.append([adduser, "-S", "-D", "-H", "-h", "/nonexistent", "-s", shell, SERVER_USER])
    return commands
