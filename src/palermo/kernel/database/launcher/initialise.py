"""Making the data directory and writing its settings."""

import os
import shutil
import sys
from pathlib import Path

from . import conf
from .account import Account
from .binaries import Binaries
from .files import LauncherError, read_or_make_secret, write_private
from .places import Places, password_file


def make_data(
    places: Places, binaries: Binaries, account: Account, superuser: str, *, durability: bool
) -> None:
    """Run initdb beside the final place and rename: an interrupted first start leaves nothing half made."""
    password = read_or_make_secret(password_file(places.home, superuser))
    partial, secret = places.base / "data.new", places.base / "password.new"
    for leftover in (partial, places.data):  # places.data without PG_VERSION is no database
        if leftover.exists():
            shutil.rmtree(leftover)
    partial.mkdir(mode=0o700)
    os.chown(partial, *account.owner)
    write_private(secret, password + "\n", owner=account.owner)
    try:
        done = account.run(
            [
                binaries.path("initdb"),
                "-D",
                str(partial),
                "-U",
                superuser,
                f"--pwfile={secret}",
                "--auth-local=scram-sha-256",
                "--auth-host=scram-sha-256",
                "--encoding=UTF8",
                "--data-checksums",
                "--no-instructions",
                *locale_options(binaries.version[0]),
                *([] if durability else ["--no-sync"]),
            ],
            capture_output=True,
        )
    finally:
        secret.unlink()
    if done.returncode != 0:
        shutil.rmtree(partial, ignore_errors=True)
        raise LauncherError(
            f"A new database could not be made in {places.base}:\n{done.stderr.strip()[-1500:]}"
        )
    with open(partial / "postgresql.conf", "a", encoding="utf-8") as stream:
        stream.write(conf.INCLUDES)
    partial.rename(places.data)


def locale_options(major: int) -> list[str]:
    """C.UTF-8 on every system: the order of code points, and upper and lower case of all scripts.

    From 17 on PostgreSQL brings this locale itself, so that an upgrade of the system's C library cannot
    silently break indexes; before that it is the C library's.
    """
    library = "C" if sys.platform == "darwin" else "C.UTF-8"
    if major >= 17:
        return [f"--locale={library}", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return [f"--locale={library}"]


def check_major(places: Places, binaries: Binaries) -> None:
    """Refuse data of another major version, which these programs cannot read."""
    made_by = (places.data / "PG_VERSION").read_text().strip()
    if made_by != str(binaries.version[0]):
        raise LauncherError(
            f"The database in {places.data} was made by PostgreSQL {made_by}, and the programs found are "
            f"{binaries.version[0]}. Name the old programs in PALERMO_PG_BINARIES, make a backup with "
            "`palermo backup`, and restore it into a new PALERMO_HOME with the new programs."
        )


def write_settings(places: Places, account: Account, socket_dir: Path, *, durability: bool) -> None:
    """Our settings and the one way in, afresh at every start."""
    values = conf.settings(socket_dir, durability=durability)
    write_private(places.data / "palermo.conf", conf.render(values), owner=account.owner)
    write_private(places.data / "pg_hba.conf", conf.HBA, owner=account.owner)
