"""`palermo doctor` says whether names are found by likeness in every script, here and on Debian's PostgreSQL."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.caselaw.queries import checks, listing

DEBIAN = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


@pytest.mark.django_db
def test_here_every_script_is_seen() -> None:
    with acting(Viewer.operator()):
        (found,) = checks()
    assert (found.code, found.ok, found.what_to_do) == ("caselaw.scripts", True, "")


@pytest.mark.django_db
def test_a_script_without_letters_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "SCRIPTS", {"Latin": "Brackwater", "Signs": "!!!"})
    with acting(Viewer.operator()):
        (found,) = checks()
    assert not found.ok
    assert "Signs" in found.message
    assert "Latin" not in found.message
    assert "LC_CTYPE" in found.what_to_do


@pytest.fixture(params=["C.UTF-8", "C"])
def debian(request: Any) -> Iterator[tuple[str, str]]:
    """A server of Debian's binaries with this LC_CTYPE, and the way to it."""
    if not DEBIAN:
        pytest.skip("Debian's PostgreSQL is not installed (/usr/lib/postgresql/*/bin)")
    if os.getuid() == 0 and not shutil.which("runuser"):
        pytest.skip("initdb does not run as root, and there is no runuser")
    binaries, home = DEBIAN[-1].parent, Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    way = ["runuser", "-u", "nobody", "--"] if os.getuid() == 0 else []
    if way:
        shutil.chown(home, "nobody")
    data = home / "data"

    def run(*command: str) -> None:
        subprocess.run([*way, *command], check=True, capture_output=True, timeout=120, cwd=home)

    run(str(binaries / "initdb"), "-D", str(data), "-U", "tester", "-E", "UTF8", f"--locale={request.param}",
        "--auth=trust")  # fmt: skip
    control = (str(binaries / "pg_ctl"), "-D", str(data), "-w")
    run(*control, "-l", str(home / "log"), "-o", f"-c listen_addresses='' -k {home}", "start")
    try:
        yield request.param, f"host={home} user=tester dbname=postgres"
    finally:
        run(*control, "-m", "immediate", "stop")
        shutil.rmtree(home, ignore_errors=True)


def test_debian_sees_every_script_in_utf8_and_the_check_tells_where_not(debian: tuple[str, str]) -> None:
    locale, address = debian
    with psycopg.connect(address, autocommit=True) as connection:
        try:
            connection.execute("CREATE EXTENSION pg_trgm")
        except psycopg.errors.FeatureNotSupported:
            pytest.skip("pg_trgm is not installed (postgresql-contrib)")
        blind = [
            script for script, word in listing.SCRIPTS.items()
            if connection.execute("SELECT cardinality(show_trgm(%s)) = 0", [word]).fetchone() == (True,)
        ]  # fmt: skip
    assert blind == ([] if locale == "C.UTF-8" else ["Cyrillic", "Arabic", "Chinese"])
