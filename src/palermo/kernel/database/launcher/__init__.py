"""palermo's own PostgreSQL, run from any directory of server programs, for one machine and for tests.

    cluster = ensure_running(Path("var"))      # starts or adopts; any number of processes may call it at once
    with lease(Path("var")) as cluster: ...    # the same, and the last one to leave stops the server
    stop(Path("var"))                          # stops it, whoever started it

Each rule here answers a fault that was measured in the wrappers that come with such programs: a socket that
everybody may open, `trust` authentication, a stale postmaster.pid believed for ever, ten seconds of patience
with a recovery that takes minutes, a server that nobody stops, and rows of the database in its log.
"""

import contextlib
import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from psycopg.conninfo import make_conninfo

from . import conf, initialise, postmaster
from .account import server_account
from .binaries import Binaries, find, reachable, version_problem
from .files import LauncherError, Progress, locked, quiet, read_secret
from .places import (
    Places,
    choose_base,
    known_places,
    password_file,
    prepare_home,
    read_state,
    remember,
    socket_directory,
)
from .reserve import free_reserve, keep_reserve

__all__ = [
    "SUPERUSER",
    "Cluster",
    "LauncherError",
    "discard",
    "ensure_running",
    "free_reserve",
    "is_running",
    "lease",
    "password_file",
    "stop",
]

SUPERUSER = "palermo_superuser"


@dataclass(frozen=True)
class Cluster:
    """A running server: where it listens and how to sign in."""

    home: Path
    data: Path
    socket_dir: Path
    port: int
    version: tuple[int, int]
    binaries: Path
    started: bool  # by this call; False when a running server was adopted

    def superuser_dsn(self, dbname: str = "postgres") -> str:
        """For setting up roles and for the doctor; the application never uses it."""
        return self.dsn(SUPERUSER, dbname)

    def dsn(self, role: str, dbname: str = "palermo") -> str:
        """A libpq connection string for a role whose password is kept in home/keys."""
        return make_conninfo(
            host=str(self.socket_dir),
            port=self.port,
            user=role,
            dbname=dbname,
            password=read_secret(password_file(self.home, role)),
        )

    def stop(self) -> None:
        """Stop the server for everybody."""
        stop(self.home)


def ensure_running(
    home: Path,
    *,
    binaries: Path | None = None,
    progress: Progress = quiet,
    durability: bool = True,
    timeout: float = 600.0,
) -> Cluster:
    """The server of `home`, started if it is not running, made if it does not exist.

    `durability=False` is for tests: a power cut may then destroy the database. `timeout` is in seconds.
    Raises LauncherError, whose message says what to do.
    """
    home = prepare_home(home)
    with locked(home / "launcher.lock", progress, timeout=timeout):
        programs = find(binaries)
        if free_reserve(home, only_if_full=True):
            progress("The disk is full. A reserve of 32 MB was given back; make room before you go on")
        places = known_places(home)
        found = postmaster.running(places)
        if found is not None and not found.reachable_by(places.data.stat().st_uid):
            progress("The database runs, but its socket was removed or opened to others; it is started anew")
            postmaster.stop(places, 120.0)
            found = None
        if found is not None and found.stopping:
            # Asked to end (a machine that shuts down asks so), it waits for its last guest, who may never leave.
            progress("The database is shutting down; it is started anew")
            postmaster.stop(places, 120.0)
            found = None
        if found is None:
            places, programs, socket_dir = _start(home, programs, progress, durability)
        else:
            socket_dir = found.socket_dir
        version = _ready(places, socket_dir, progress, timeout)
        remember(places, sockets=str(socket_dir))
        keep_reserve(places)
    return Cluster(
        home, places.data, socket_dir, conf.PORT, version, programs.directory, started=found is None
    )


def _start(
    home: Path, programs: Binaries, progress: Progress, durability: bool
) -> tuple[Places, Binaries, Path]:
    account = server_account(known_places(home).data)
    places = choose_base(home, account)
    programs = reachable(programs, account)
    if not (places.data / "PG_VERSION").exists():
        progress("Making a new database")
        initialise.make_data(places, programs, account, SUPERUSER, durability=durability)
    initialise.check_major(places, programs)
    socket_dir = socket_directory(home, account)
    postmaster.clear_leftovers(places, socket_dir, progress)
    initialise.write_settings(places, account, socket_dir, durability=durability)
    progress("Starting the database")
    postmaster.start(places, programs, account)
    return places, programs, socket_dir


def _ready(places: Places, socket_dir: Path, progress: Progress, timeout: float) -> tuple[int, int]:
    password = read_secret(password_file(places.home, SUPERUSER))
    conninfo = postmaster.superuser_conninfo(socket_dir, SUPERUSER, password, "postgres")
    number = postmaster.wait_until_ready(places, conninfo, progress, timeout)
    version = (number // 10000, number % 10000)
    problem = version_problem(*version)
    if problem:
        raise LauncherError(problem)
    return version


def is_running(home: Path) -> bool:
    """Whether the server of `home` lives: cheap, takes no lock, says nothing of its health."""
    return postmaster.running(known_places(Path(os.path.abspath(home)))) is not None


def stop(home: Path, *, progress: Progress = quiet, timeout: float = 120.0) -> bool:
    """Stop the server of `home`, whoever started it; True if one was running."""
    home = Path(os.path.abspath(home))
    if not home.is_dir():
        return False
    with locked(home / "launcher.lock", progress):
        return _stop(home, progress, timeout)


def _stop(home: Path, progress: Progress, timeout: float = 120.0) -> bool:
    places = known_places(home)
    found = postmaster.running(places)
    if found is None:
        return False
    progress("Stopping the database")
    stopped = postmaster.stop(places, timeout)
    with contextlib.suppress(OSError):
        found.socket_dir.rmdir()
    return stopped


@contextlib.contextmanager
def lease(home: Path, *, binaries: Path | None = None, progress: Progress = quiet) -> Iterator[Cluster]:
    """A running server for as long as the block lasts; the last of all lease holders to leave stops it.

    A holder that is killed gives up its lease with its life, so the next one to leave still stops the server.
    """
    home = prepare_home(home)
    users = os.open(home / "users.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        _shared(users)
        cluster = ensure_running(home, binaries=binaries, progress=progress)
        try:
            yield cluster
        finally:
            with locked(home / "launcher.lock", progress):
                # The launcher's lock keeps newcomers out while we look whether we are the last.
                if _last(users):
                    _stop(home, progress)
    finally:
        os.close(users)


def _shared(descriptor: int) -> None:
    """Wait while the last leaver stops the server, then count as a user of it."""
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            time.sleep(0.05)


def _last(descriptor: int) -> bool:
    """Whether nobody else holds a lease; gives up our own in any case."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def discard(home: Path) -> None:
    """Stop the server and delete its data, wherever they are. For tests and for throw-away demos."""
    stop(home)
    home = Path(os.path.abspath(home))
    shutil.rmtree(known_places(home).base, ignore_errors=True)
    (home / "postgres.json").unlink(missing_ok=True)


def last_socket_dir(home: Path) -> str:
    """Where the server of `home` listened last; "" before its first start."""
    return read_state(Path(os.path.abspath(home))).get("sockets", "")
