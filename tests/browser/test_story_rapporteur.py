"""A rapporteur's year from the register to the public, told in a browser. Whole in two ways, short in four."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pyrage
import pytest

from palermo.kernel.database import launcher
from tests.browser import story_rapporteur
from tests.browser.conftest import ROOT, environment
from tests.browser.story import SHORT, WHOLE, Stage

pytestmark = [pytest.mark.browser, pytest.mark.slow]
BYTES = b"""
SELECT r.identifier, f.name, f.sha256, encode(sha256(f.content), 'hex')
FROM releases_releasefile f JOIN releases_release r ON r.id = f.release_id AND r.revision = f.revision
WHERE r.published_at IS NOT NULL ORDER BY 1, 2"""


@pytest.fixture
def elsewhere() -> Iterator[Path]:
    """An empty home, whose server and data are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="palermo-restored-", dir="/tmp") as name:
        os.chmod(name, 0o711)
        home = Path(name) / "home"
        yield home
        launcher.discard(home)


def files_of(home: Path) -> list[Any]:
    """Every file of every release that ever was public: its fingerprint as written, and as it is."""
    cluster = launcher.ensure_running(home)
    with psycopg.connect(cluster.superuser_dsn("palermo")) as connection:
        return connection.execute(BYTES).fetchall()


@pytest.mark.parametrize(("language", "width"), WHOLE)
def test_a_year_from_the_register_to_the_public(
    stage_of, language, width, palermo_command, palermo_running, elsewhere, tmp_path
):
    stage: Stage = stage_of(language, width)
    story_rapporteur.tell(stage)
    told = palermo_command("attack-published", "--json")
    assert told.returncode == 0, told.stdout + told.stderr
    if (language, width) == WHOLE[0]:
        come_back(palermo_command, palermo_running.home, elsewhere, tmp_path)


def come_back(command: Any, home: Path, elsewhere: Path, folder: Path) -> None:
    """A backup brings every published file back, byte for byte."""
    key, backup = pyrage.x25519.Identity.generate(), folder / "national.backup"
    made = command("backup", str(backup), "--recipient", str(key.to_public()))
    assert made.returncode == 0, made.stderr
    (folder / "key").write_text(str(key))
    program = [sys.executable, "-m", "palermo.cli", "restore", str(backup), "--identity", str(folder / "key")]
    done = subprocess.run(
        program,
        cwd=ROOT,
        env=environment(elsewhere),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    before, after = files_of(home), files_of(elsewhere)
    assert len({identifier for identifier, *_file in before}) >= 2
    assert after == before
    assert all(written == true for _identifier, _name, written, true in after)


@pytest.mark.parametrize(("language", "width"), SHORT)
def test_the_pages_of_releases_in_other_languages_and_widths(stage_of, language, width):
    stage: Stage = stage_of(language, width)
    story_rapporteur.walk(stage)
