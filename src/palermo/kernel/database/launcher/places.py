"""Where an embedded database keeps its files, its socket and its log.

home/                       PALERMO_HOME
  keys/db-*.password        0600: the superuser's and the three roles' passwords
  log/postgres.log          0600
  postgres.json             where base is, and the last socket directory
  launcher.lock, users.lock
  postgres/                 base, unless the server's user cannot reach it: then /var/lib/palermo/<hash>
    data/                   PGDATA, 0700, the server's user's
    alive                   locked by the server for as long as any of its processes lives
    reserve                 given back to the file system when the disk is full
"""

import hashlib
import json
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .account import Account
from .binaries import SHARED
from .files import LauncherError, private_dir, write_private

# sun_path holds 103 bytes on the strictest system we know (macOS), and the socket is called /.s.PGSQL.5432.
LONGEST_SOCKET_DIR = 103 - len("/.s.PGSQL.5432")

TEMPORARY = Path("/tmp")  # noqa: S108  each use checks owner, mode and kind


@dataclass(frozen=True)
class Places:
    """The paths of one instance."""

    home: Path
    base: Path

    @property
    def data(self) -> Path:
        return self.base / "data"

    @property
    def alive(self) -> Path:
        return self.base / "alive"

    @property
    def reserve(self) -> Path:
        return self.base / "reserve"

    @property
    def log(self) -> Path:
        return self.home / "log" / "postgres.log"

    @property
    def lock(self) -> Path:
        return self.home / "launcher.lock"

    @property
    def users(self) -> Path:
        return self.home / "users.lock"

    @property
    def state(self) -> Path:
        return self.home / "postgres.json"


def prepare_home(home: Path) -> Path:
    """`home` as an absolute path, made on first use; a server that is not us may pass, not read."""
    home = Path(os.path.abspath(home))
    try:
        return private_dir(home, 0o711 if os.geteuid() == 0 else 0o700)
    except OSError as error:
        raise LauncherError(
            f"The directory {home} cannot be made: {error.strerror}. Set PALERMO_HOME."
        ) from error


def password_file(home: Path, role: str) -> Path:
    """Where the password of a database role is kept."""
    return Path(home) / "keys" / f"db-{role}.password"


def read_state(home: Path) -> dict[str, str]:
    """What the last start wrote down: base and sockets; {} before the first start."""
    try:
        state = json.loads((home / "postgres.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return {str(key): str(value) for key, value in state.items()}


def known_places(home: Path) -> Places:
    """The places of a home that was started before, or the usual ones."""
    base = read_state(home).get("base", "postgres")
    return Places(home, home / base)  # an absolute base replaces home


def choose_base(home: Path, account: Account) -> Places:
    """Places whose base `account` can reach, remembered in home; existing ones are kept."""
    places = known_places(home)
    if places.data.exists():
        return places
    private_dir(places.base, 0o711 if account.switch else 0o700)
    if account.switch and not account.can("x", places.base):
        places.base.rmdir()
        name = hashlib.sha256(os.fsencode(os.path.realpath(home))).hexdigest()[:16]
        places = Places(home, SHARED / name)
        private_dir(SHARED, 0o755)
        private_dir(places.base, 0o711)
    remember(places, base=str(places.base) if places.base.parent != home else "postgres")
    return places


def remember(places: Places, **facts: str) -> None:
    """Add facts to postgres.json."""
    write_private(places.state, json.dumps(read_state(places.home) | facts, indent=2) + "\n")


def socket_directory(home: Path, account: Account) -> Path:
    """A short 0700 directory that belongs to the server's user; made if absent.

    Neither a link nor a directory that somebody else put there beforehand is ever used: /tmp is anybody's.
    """
    name = hashlib.sha256(os.fsencode(os.path.realpath(home))).hexdigest()[:10]
    for parent in _socket_parents(account):
        path = parent / f"palermo-{account.uid}-{name}"
        if len(os.fsencode(path)) <= LONGEST_SOCKET_DIR and _own_directory(path, account):
            return path
    path = Path(tempfile.mkdtemp(prefix=f"palermo-{account.uid}-", dir=TEMPORARY))
    os.chown(path, *account.owner)
    return path


def _socket_parents(account: Account) -> list[Path]:
    if account.switch:
        run = Path("/run")
        mode = run.stat().st_mode if run.is_dir() else 0o777
        return [TEMPORARY] if mode & 0o022 else [run, TEMPORARY]
    given = os.environ.get("XDG_RUNTIME_DIR", "")
    runtime = [Path(given)] if given.startswith("/") and is_private_to(Path(given), account.uid) else []
    return [*runtime, TEMPORARY]


def _own_directory(path: Path, account: Account) -> bool:
    try:
        os.mkdir(path, 0o700)
        os.chown(path, *account.owner, follow_symlinks=False)
    except FileExistsError:
        pass
    except OSError:
        return False
    return is_private_to(path, account.uid)


def is_private_to(path: Path, uid: int) -> bool:
    """Whether `path` is a real directory (no link) of `uid` that nobody else may enter."""
    try:
        found = os.lstat(path)
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == uid and not found.st_mode & 0o077
