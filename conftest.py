"""Tests run on a real PostgreSQL of their own, as palermo_app, with every wall up.

PALERMO_TEST_PG names a directory that is kept between runs (faster); without it a temporary one is used. With
`-n 2` (pytest-xdist) every worker has a server of its own and takes whole files, so that nothing is shared.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
KEPT = os.environ.get("PALERMO_TEST_PG")
HOME = (Path(KEPT, WORKER) if KEPT else Path(tempfile.mkdtemp(prefix="palermo-tests-"))).resolve()
CHROMIUM = os.environ.get("PALERMO_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
DIST = Path(__file__).resolve().parent / "src" / "palermo" / "web" / "static" / "palermo" / "dist"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SHARED = Path(__file__).resolve().parent.parent / "shared"

os.environ.pop("DATABASE_URL", None)
os.environ["PALERMO_HOME"] = str(HOME)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palermo.settings")
os.environ.setdefault("PALERMO_TESTING", "1")

# A busy machine draws examples slowly and runs them slowly; neither says anything about what is tested.
# In CI the examples are the same each time, so that a failure is the doing of a change; elsewhere they are new ones.
hypothesis.settings.register_profile(
    "palermo",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("palermo")


def _start() -> Any:
    from palermo.kernel.database import launcher, roles

    cluster = launcher.ensure_running(HOME, durability=False)
    roles.ensure_roles(cluster.superuser_dsn(), HOME)
    return cluster


# Before Django reads its settings: the passwords of the roles are files that the launcher makes.
CLUSTER = _start()

import django  # noqa: E402

from tests import order  # noqa: E402

django.setup()


def pytest_configure(config: pytest.Config) -> None:
    """Whoever only divides the work hands none of its own settings down: each worker has a server of its own."""
    if not WORKER and getattr(config.option, "numprocesses", None):
        for name in ("DJANGO_SETTINGS_MODULE", "PALERMO_HOME"):
            os.environ.pop(name, None)
    if not WORKER:
        config.pluginmanager.register(_AtOnce(config), "failures-at-once")


class _AtOnce:
    """Says which test failed when it fails: a run of many minutes may be broken off before its end."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        terminal = self.config.pluginmanager.get_plugin("terminalreporter")
        if not report.failed or terminal is None:
            return
        crash = getattr(report.longrepr, "reprcrash", None)
        reason = crash.message.partition("\n")[0] if crash else ""
        part = "" if report.when == "call" else f" ({report.when})"
        terminal.write("\n")
        terminal.write_line(f"FAILED{part} {report.nodeid} - {reason}"[:300], red=True)


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Among several workers, what takes longest comes first."""
    if WORKER:
        items[:] = order.arranged(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """The tests of a file, and those that share a server, stay together on one worker."""
    return order.Groups(config, log)


def pytest_sessionfinish() -> None:
    from palermo.kernel.database import launcher

    if not KEPT:
        launcher.discard(HOME)
        shutil.rmtree(HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> None:
    """Migrate the database once, as palermo_owner, and empty what an earlier run left."""
    from palermo.kernel.database.prepare import migrate

    with django_db_blocker.unblock():
        migrate(lambda message: None)
        _empty()


def _empty() -> None:
    """Empty every table as the owner (the application may not), leaving keys and migrations in place."""
    import psycopg

    keep = {"django_migrations", "access_secret", "django_content_type", "auth_permission"}
    with psycopg.connect(CLUSTER.dsn("palermo_owner")) as connection:
        connection.execute("SET lock_timeout = '20s'")
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        # The audit refuses even its owner; its entries from other tests do no harm.
        names = [name for (name,) in rows if name not in keep and not name.startswith("audit_")]
        connection.execute(f"TRUNCATE {', '.join(names)} RESTART IDENTITY CASCADE")


@pytest.fixture(scope="session", autouse=True)
def _flush_as_owner() -> None:
    """Transactional tests clean up as the owner, since palermo_app may not truncate.

    For the whole session: a patch of one test would be undone before the database of that test is cleaned.
    """
    from django.test import TransactionTestCase

    TransactionTestCase._fixture_teardown = lambda self: _empty()


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    """A request in another language leaves it behind in the thread; the next test begins without."""
    yield
    from django.utils import translation

    translation.deactivate()


@pytest.fixture
def shared() -> Path:
    """The folder of real data beside the checkout; the test is skipped, with this reason, where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared with the real data files is not here")
    return SHARED


@pytest.fixture
def people(db: None) -> Any:
    """The cast of invented colleagues that every room's tests share."""
    from palermo.kernel.access.cast import make_cast

    return make_cast()


@pytest.fixture
def client_for() -> Callable[[Any], Any]:
    """Sign a user in on a test client, freshly (so that steps which ask for a fresh sign-in pass)."""
    from palermo.kernel.access.cast import signed_in_client

    return signed_in_client


@pytest.fixture(scope="session")
def cluster() -> Any:
    """The running test server, for tests that need its superuser."""
    return CLUSTER


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Path]:
    """An empty PALERMO_HOME for tests that run the `palermo` command; its server is stopped afterwards."""
    from palermo.kernel.database import launcher

    home = tmp_path / "home"
    home.mkdir()
    yield home
    launcher.discard(home)


@pytest.fixture
def palermo(instance: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the `palermo` command on an instance of its own."""

    def run(*arguments: str, timeout: float = 300, **env: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PALERMO_HOME": str(instance), **env}
        return subprocess.run(
            [sys.executable, "-m", "palermo.cli", *arguments],
            capture_output=True,
            text=True,
            timeout=timeout,
            env=environment,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    if not CHROMIUM:
        pytest.skip(
            "no Chromium on this machine: pages are not looked at by a browser (apt-get install chromium)"
        )
    if not (DIST / "palermo.css").exists():
        pytest.skip("the front end is not built: run python tools/frontend.py")
    if subprocess.run([sys.executable, "-m", "playwright", "--version"], capture_output=True).returncode:
        pytest.skip("the browser's driver does not start on this machine (apt-get install libatomic1)")
    from playwright.sync_api import sync_playwright

    # Playwright runs a loop in this thread; the test's own use of the database stays in order all the same.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
