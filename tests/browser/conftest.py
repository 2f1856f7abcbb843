"""A whole palermo of its own for the journeys: `palermo run` as a newcomer starts it, with the demo country."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from palermo.demo import PASSWORD
from palermo.kernel.database import launcher
from palermo.web.tests.conftest import violations  # noqa: F401
from tests.browser.journey import press

ROOT = Path(__file__).resolve().parents[2]
PICTURES = os.environ.get("PALERMO_PICTURES")
# "8000:/path/of/home" plays on an instance that runs already: for who writes a story and cannot wait for a new country.
RUNNING = os.environ.get("PALERMO_JOURNEY", "")


@dataclass
class Instance:
    url: str
    home: Path
    process: subprocess.Popen[str] | None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(home: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PALERMO_") and k != "DATABASE_URL"}
    return {**kept, "PALERMO_HOME": str(home)}


def start(home: Path, port: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "palermo.cli", "run", "--port", str(port)],
        cwd=ROOT, env=environment(home), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    )  # fmt: skip


def wait_until_ready(url: str, process: subprocess.Popen[str], seconds: float = 600) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            raise AssertionError(f"palermo run ended: {process.stdout.read() if process.stdout else ''}")
        try:
            with urllib.request.urlopen(url + "/healthz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (OSError, urllib.error.URLError):
            time.sleep(0.3)
    raise AssertionError("palermo run does not answer")


@pytest.fixture(scope="session")
def palermo_running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    if RUNNING:
        where, _colon, at = RUNNING.partition(":")
        yield Instance(f"http://127.0.0.1:{where}", Path(at), None)
        return
    home, port = tmp_path_factory.mktemp("journey"), free_port()
    process = start(home, port)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_ready(url, process)
        yield Instance(url, home, process)
    finally:
        os.killpg(process.pid, signal.SIGINT)
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
        launcher.discard(home)


@pytest.fixture
def palermo_command(palermo_running: Instance) -> Callable[..., subprocess.CompletedProcess[str]]:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "palermo.cli", *arguments],
            cwd=ROOT, env=environment(palermo_running.home), capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip

    return run


@pytest.fixture
def visitor(palermo_running: Instance, chromium: Any) -> Iterator[Callable[..., Any]]:
    """visitor(language=, width=, script=, open_at=) -> a page of a new browser that keeps what its console said."""
    contexts: list[Any] = []

    def come(*, language: str = "en", width: int = 1280, script: bool = True, open_at: str = "/") -> Any:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=script, reduced_motion="reduce"
        )
        contexts.append(context)
        context.add_cookies([{"name": "django_language", "value": language, "url": palermo_running.url}])
        page = context.new_page()
        page.said = []
        page.on("console", lambda m: page.said.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: page.said.append(str(error)))
        if open_at:
            page.goto(palermo_running.url + open_at)
        return page

    yield come
    for context in contexts:
        context.close()


@pytest.fixture
def sign_in(palermo_running: Instance) -> Callable[..., None]:
    """Sign in with the password and the code that the demonstration's page shows."""

    def go(page: Any, username: str, url: str = "") -> None:
        page.goto((url or palermo_running.url) + "/account/login/")
        page.fill("input[name=login]", username)
        page.fill("input[name=password]", PASSWORD)
        press(page, page.locator("main form").first.locator("button[type=submit]").first)
        enter_code(page)

    return go


def enter_code(page: Any) -> None:
    """Type the code that the page of a demonstration shows; a code works once, so wait for a fresh one if need be."""
    for _attempt in range(3):
        code = page.locator("#demo-code").inner_text().strip()
        page.fill("input[name=code]", code)
        press(page, page.locator("main form").first.locator("button[type=submit]").first)
        if not page.locator("input[name=code]").count():
            return
        time.sleep(31 - time.time() % 30)
        page.reload()
    raise AssertionError("the code was refused three times")


def picture(page: Any, name: str) -> None:
    """Keep a picture of the page where somebody asked for pictures (PALERMO_PICTURES=folder)."""
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)


@pytest.fixture(scope="session")
def open_sessions() -> dict[str, Any]:
    """user -> the cookies of a session that is open: a code works once, and nobody waits for the next one."""
    return {}


@pytest.fixture
def stage_of(palermo_running: Instance, visitor: Any, sign_in: Any, open_sessions: dict[str, Any]) -> Any:
    """stage_of(language, width) -> a Stage (tests/browser/story.py) on which a story is told."""
    from tests.browser.story import Stage

    return lambda language, width: Stage(
        palermo_running.url, language, width, visitor, sign_in, sessions=open_sessions
    )
