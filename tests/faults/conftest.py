"""Real processes that are killed while people work: `palermo run` on a home of its own, with a small country."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools"), str(Path(__file__).parent)]

from bench_visitor import Palermo, environment  # noqa: E402

from palermo.kernel.database import launcher  # noqa: E402


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here starts and kills whole servers."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def top() -> Iterator[Path]:
    """A folder that the database's own user may pass; gone afterwards."""
    path = Path(tempfile.mkdtemp(prefix="palermo-faults-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def country(top: Path) -> Path:
    """A stopped home with the demonstration's accounts and two cases, to be copied."""
    home = top / "country"
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "bench_country.py"), "2"],
        cwd=ROOT, env=environment(home), capture_output=True, text=True, check=False, timeout=400,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return home


def copy_of(country: Path, home: Path) -> Path:
    """A country of one's own. `cp -a` keeps the owner of the database's files."""
    subprocess.run(["cp", "-a", str(country), str(home)], check=True)
    for name in ("launcher.lock", "users.lock"):
        (home / name).unlink(missing_ok=True)
    return home


@pytest.fixture(scope="module")
def home(country: Path, top: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    path = copy_of(country, top / request.module.__name__.rsplit(".", 1)[-1])
    yield path
    launcher.discard(path)


@pytest.fixture(scope="module")
def palermo_up(home: Path) -> Iterator[Palermo]:
    with Palermo(home) as palermo:
        yield palermo
    if os.environ.get("PALERMO_FAULTS_LOG"):
        sys.stderr.write(palermo.log.read_text(errors="replace"))
