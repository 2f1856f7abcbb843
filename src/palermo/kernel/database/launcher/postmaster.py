"""The server's main process: is it running, is it ours, start it, wait for it, stop it."""

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg

from . import conf
from .account import Account
from .binaries import Binaries
from .files import LauncherError, Progress, held, private_dir
from .places import Places, is_private_to

LARGEST_LOG = 5 * 1024 * 1024
PATIENCE = 30.0  # seconds for the last processes of a killed server to notice and end


@dataclass(frozen=True)
class Running:
    """What postmaster.pid says of a living server of ours."""

    pid: int
    socket_dir: Path
    ready: bool
    stopping: bool = False

    def reachable_by(self, owner: int) -> bool:
        """Whether its socket is there and closed to all but `owner`: asked before we send a password."""
        if not is_private_to(self.socket_dir, owner):
            return False
        return not self.ready or (self.socket_dir / f".s.PGSQL.{conf.PORT}").exists()


def running(places: Places) -> Running | None:
    """The living postmaster of this data directory, or None.

    postmaster.pid survives a power cut, and its number may since have been given to any other program: the
    file alone is no evidence.
    """
    try:
        lines = (places.data / "postmaster.pid").read_text(errors="replace").splitlines()
        state = lines[7].strip() if len(lines) > 7 else ""
        found = Running(int(lines[0]), Path(lines[4].strip()), state == "ready", state == "stopping")
    except (FileNotFoundError, ValueError, IndexError):
        return None
    return found if is_postmaster_of(found.pid, places.data) else None


def is_postmaster_of(pid: int, data: Path) -> bool:
    """Whether process `pid` is a living PostgreSQL server of exactly this data directory."""
    words = _command_line(pid)
    if not words or os.path.basename(words[0]) not in ("postgres", "postmaster"):
        return False
    if words[1:2] == ["-D"] and len(words) > 2:
        return os.path.realpath(words[2]) == os.path.realpath(data)
    try:  # started by hand in another way; the server makes its data directory its working directory
        return os.path.samefile(f"/proc/{pid}/cwd", data)
    except OSError:
        return False


def _command_line(pid: int) -> list[str]:
    """The words of a living process; [] for none and for a zombie, which has none left."""
    if os.path.isdir("/proc/self"):
        try:
            return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").rstrip("\0").split("\0")
        except OSError:
            return []
    command = ["ps", "-ww", "-p", str(pid), "-o", "command="]
    shown = subprocess.run(command, check=False, capture_output=True, text=True)
    program, separator, directory = shown.stdout.strip().partition(" -D ")
    return [program, "-D", directory] if separator else []


def clear_leftovers(places: Places, socket_dir: Path, progress: Progress) -> None:
    """Before a start: remove what a dead server left, once it is certain that nothing of it lives.

    Every process of our server holds the lock on `alive` from birth to death. PostgreSQL itself would refuse
    to start for ever if the old number now belongs to another program of the same user.
    """
    if not _until(lambda: not held(places.alive), PATIENCE):
        raise LauncherError(
            f"The database in {places.data} is in use by processes that are not its server on this machine; "
            "perhaps a container shares the directory. Stop palermo there first."
        )
    pid_file = places.data / "postmaster.pid"
    leftovers = [*([pid_file] if pid_file.exists() else []), *socket_dir.glob(".s.PGSQL.*")]
    for path in leftovers:
        path.unlink()
    if leftovers:
        progress("The database was not shut down properly last time; it repairs itself now")


def start(places: Places, binaries: Binaries, account: Account) -> None:
    """Start the server without waiting for it; it outlives us and belongs to no terminal."""
    private_dir(places.log.parent)
    if places.log.exists() and places.log.stat().st_size > LARGEST_LOG:
        places.log.replace(places.log.with_suffix(".log.1"))
    alive = os.open(places.alive, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    log = os.open(places.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
        done = account.run(
            [binaries.path("pg_ctl"), "start", "-W", "-s", "-D", str(places.data)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=(alive,),
            start_new_session=True,
        )
    finally:
        os.close(alive)
        os.close(log)
    if done.returncode != 0:
        raise LauncherError(
            f"The database could not be started. The end of {places.log}:\n{log_tail(places)}"
        )


def wait_until_ready(places: Places, conninfo: str, progress: Progress, timeout: float) -> int:
    """Wait until the server answers; returns its version number (180006). Recovery may take minutes."""
    begun = time.monotonic()
    told = 0
    while True:
        try:
            with psycopg.connect(conninfo, connect_timeout=5, autocommit=True) as connection:
                return connection.info.server_version
        except psycopg.OperationalError as error:
            problem = str(error)
        waited = time.monotonic() - begun
        if "password authentication failed" in problem:
            raise LauncherError(
                f"The database does not accept the superuser password in {places.home / 'keys'}. "
                "Put back the key files that belong to this database."
            )
        if not held(places.alive) and running(places) is None:
            raise LauncherError(
                f"The database stopped while starting. The end of {places.log}:\n{log_tail(places)}"
            )
        if waited > timeout:
            raise LauncherError(
                f"The database is still not ready after {timeout:.0f} seconds. It goes on working; "
                f"try again later. The end of {places.log}:\n{log_tail(places)}"
            )
        if waited // 5 > told:
            told = int(waited // 5)
            progress(f"The database is getting ready ({waited:.0f} seconds)")
        time.sleep(0.02 if waited < 1 else 0.1)


def log_tail(places: Places, lines: int = 12) -> str:
    """The last lines of the server's log; by its settings they hold no content of the database."""
    try:
        return "\n".join(places.log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return "(no log)"


def stop(places: Places, timeout: float) -> bool:
    """Shut the server down cleanly; True if one ran. After `timeout` seconds hard, which the WAL bears."""
    found = running(places)
    if found is None:
        return False
    for sign, patience in ((signal.SIGINT, timeout), (signal.SIGQUIT, 30.0)):
        try:
            os.kill(found.pid, sign)
        except ProcessLookupError:
            pass
        except PermissionError as error:
            raise LauncherError(
                "The database was started by another user of this machine; stop it as that user."
            ) from error
        if _until(lambda: not is_postmaster_of(found.pid, places.data) and not held(places.alive), patience):
            return True
    raise LauncherError(f"The database (process {found.pid}) does not stop.")


def _until(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def superuser_conninfo(socket_dir: Path, user: str, password: str, dbname: str) -> str:
    return psycopg.conninfo.make_conninfo(
        host=str(socket_dir), port=conf.PORT, user=user, password=password, dbname=dbname
    )
