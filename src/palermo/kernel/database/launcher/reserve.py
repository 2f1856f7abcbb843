"""A file that takes up space, so that there is some to give back when the disk is full.

With no byte free PostgreSQL keeps every acknowledged row but accepts no new connection, and then nobody can
even delete something. Giving the reserve back lets the administrator in.
"""

import contextlib
import os
import shutil
from pathlib import Path

from .places import Places, known_places

RESERVE = 32 * 1024 * 1024
FULL = 16 * 1024 * 1024


def keep_reserve(places: Places) -> None:
    """Set the reserve aside, unless that would itself fill the disk."""
    if places.reserve.exists() or shutil.disk_usage(places.base).free < 10 * RESERVE:
        return
    descriptor = os.open(places.reserve, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with contextlib.suppress(OSError):
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(descriptor, 0, RESERVE)
    finally:
        os.close(descriptor)


def free_reserve(home: Path, *, only_if_full: bool = False) -> bool:
    """Give the reserve back; True if there was one. With `only_if_full`, only when under 16 MB are free."""
    places = known_places(Path(os.path.abspath(home)))
    if not places.reserve.exists():
        return False
    if only_if_full and shutil.disk_usage(places.base).free > FULL:
        return False
    places.reserve.unlink()
    return True
