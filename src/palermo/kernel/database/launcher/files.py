"""Small files that must be private and whole, and the lock that several processes share."""

import contextlib
import fcntl
import os
import secrets
import time
from collections.abc import Callable, Iterator
from pathlib import Path

Progress = Callable[[str], None]


class LauncherError(Exception):
    """The embedded database cannot be used; the message says why and what to do."""


def quiet(message: str) -> None:
    """The progress callback of a caller who wants none."""


def private_dir(path: Path, mode: int = 0o700) -> Path:
    """Make `path` (and parents) with exactly `mode`; an existing directory keeps its owner's choice."""
    if not path.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            os.mkdir(path, mode)
            os.chmod(path, mode)
    return path


def write_private(path: Path, text: str, *, mode: int = 0o600, owner: tuple[int, int] | None = None) -> None:
    """Write `text` to `path` atomically: readers see the old file or the new one; links are not followed."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            os.fchmod(stream.fileno(), mode)
            if owner is not None:
                os.fchown(stream.fileno(), *owner)
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def read_secret(path: Path) -> str:
    """The secret kept in `path`, or "" when there is none yet."""
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""
    except PermissionError as error:
        raise LauncherError(
            f"The file {path} belongs to another user of this machine. Run palermo as the user who set it up."
        ) from error


def read_or_make_secret(path: Path) -> str:
    """The secret kept in `path`; made first (256 random bits) when there is none, by one of all processes."""
    known = read_secret(path)
    if known:
        return known
    private_dir(path.parent)
    candidate = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    write_private(candidate, secrets.token_urlsafe(32) + "\n")
    try:
        # A link is made whole or not at all, and never over an existing file: the first process wins.
        with contextlib.suppress(FileExistsError):
            os.link(candidate, path)
    finally:
        candidate.unlink()
    return read_secret(path)


@contextlib.contextmanager
def locked(path: Path, progress: Progress = quiet, *, timeout: float = 600.0) -> Iterator[None]:
    """Hold the exclusive lock on `path`; freed by the kernel when the holder dies, however it dies."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        _wait_for_lock(descriptor, path, progress, timeout)
        yield
    finally:
        os.close(descriptor)


def _wait_for_lock(descriptor: int, path: Path, progress: Progress, timeout: float) -> None:
    begun = time.monotonic()
    told = False
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            waited = time.monotonic() - begun
        if waited > timeout:
            raise LauncherError(
                f"Another palermo process has been starting or stopping the database for {timeout:.0f} s "
                f"(lock {path}). Wait for it, or end it, and try again."
            )
        if waited > 2 and not told:
            progress("Waiting for another palermo process that is starting or stopping the database")
            told = True
        time.sleep(0.05)


def held(path: Path) -> bool:
    """Whether some living process holds the lock on `path`."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return False
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
