"""`palermo run`: start everything, watch it, and stop everything that was started."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from types import FrameType

Say = Callable[[str], None]

STEADY = 20.0  # seconds after which a process counts as having started well


def _static_stamp(dist: Path) -> str:
    """A fingerprint of the built front end and of palermo's own version."""
    import palermo

    parts = [palermo.__version__]
    for path in sorted(dist.rglob("*")):
        if path.is_file():
            stat = path.stat()
            parts.append(f"{path.relative_to(dist)}:{stat.st_size}:{int(stat.st_mtime)}")
    return sha256("\n".join(parts).encode()).hexdigest()


def collect_static(say: Say) -> None:
    """Gather and compress the static files, only when they changed."""
    from django.conf import settings
    from django.core.management import call_command

    source = settings.BASE_DIR / "web" / "static"
    if not (source / "palermo" / "dist").is_dir():
        raise SystemExit("The front end has not been built. Run: make setup")
    stamp = settings.STATIC_ROOT / ".stamp"
    wanted = _static_stamp(source)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say("Gathering and compressing the static files")
    shutil.rmtree(settings.STATIC_ROOT, ignore_errors=True)
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(wanted)


def _gunicorn(port: int) -> list[str]:
    bind = os.environ.get("PALERMO_BIND", f"127.0.0.1:{port}")
    workers = os.environ.get("PALERMO_WORKERS", "2")
    return [
        sys.executable, "-m", "gunicorn", "palermo.wsgi:application", "--bind", bind,
        # A kept connection saves a slow link two round trips a page; waiting ones hold no thread.
        "--keep-alive", "30",
        "--workers", workers, "--threads", "4", "--timeout", "60", "--graceful-timeout", "10",
        "--log-level", "warning", "--no-control-socket", "--preload",
        "--logger-class", "palermo.kernel.database.scrub.ServerLogger",
    ]  # fmt: skip


class _Children:
    """The processes that this run started: all end together, and one that dies is started again."""

    def __init__(self, say: Say) -> None:
        self.say = say
        self.commands: dict[str, list[str]] = {}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.born: dict[str, float] = {}
        self.falls: dict[str, int] = {}
        self.ending = False

    def start(self, name: str, command: list[str]) -> None:
        self.commands[name] = command
        # A group of its own: Ctrl-C reaches this process, which then ends the children in order.
        self.processes[name] = subprocess.Popen(command, start_new_session=True)
        self.born[name] = time.monotonic()

    def watch(self, database: Callable[[], None]) -> None:
        """Return when asked to end. Meanwhile `database` is called, and what dies is started again."""
        while not self.ending:
            time.sleep(0.5)
            database()
            for name, process in list(self.processes.items()):
                if process.poll() is not None and not self.ending:
                    self._again(name, process)

    def _again(self, name: str, process: subprocess.Popen[bytes]) -> None:
        """Start a child that died anew: after a second, later up to half a minute if it keeps dying at once."""
        lived = time.monotonic() - self.born[name]
        self.falls[name] = 0 if lived > STEADY else min(self.falls.get(name, 0) + 1, 5)
        self.say(f"The {name} ended unexpectedly (code {process.returncode}); starting it again.")
        # What the dead left of its group would hold the port, or go on with half of the work.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        until = time.monotonic() + min(2 ** self.falls[name], 30)
        while time.monotonic() < until and not self.ending:
            time.sleep(0.1)
        if not self.ending:
            self.start(name, self.commands[name])

    def end(self) -> None:
        for process in self.processes.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


class _Database:
    """Brings the embedded database back, without hands, when it was killed or stopped for want of space."""

    def __init__(self, home: Path, say: Say) -> None:
        self.home, self.say = home, say
        self.wait_until = 0.0

    def __call__(self) -> None:
        """Look whether it lives (two small files); if not, start it. Never raises: the next call tries again."""
        from palermo.kernel.database import launcher

        if time.monotonic() < self.wait_until or launcher.is_running(self.home):
            return
        self.say("The database ended unexpectedly; starting it again. What was acknowledged is safe.")
        try:
            # Recovery may take longer; it goes on by itself, and the next call finds it running.
            launcher.ensure_running(self.home, progress=self.say, timeout=20)
            self.say("The database answers again.")
        except (launcher.LauncherError, OSError) as error:
            self.say(str(error))
            self.wait_until = time.monotonic() + 5


def _answering(port: int, seconds: float) -> bool:
    """Whether the server answers its health page within `seconds`."""
    import http.client

    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return True
        except OSError:
            pass  # Not listening yet.
        time.sleep(0.1)
    return False


def _port_is_free(port: int) -> bool:
    import socket

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _watching(say: Say) -> Callable[[], None]:
    """What to do about the database while serving: nothing where it is a server of somebody else's."""
    from palermo.kernel.database import prepare

    if not prepare.embedded(os.environ):
        return lambda: None
    return _Database(Path(os.environ.get("PALERMO_HOME", "var")).resolve(), say)


def serve(*, port: int, demo: bool, say: Say, prepare: Callable[[], None]) -> None:
    """Everything `palermo run` promises, in order, until Ctrl-C."""
    if not _port_is_free(port):
        say(f"Port {port} is taken by another program. Try: palermo run --port {port + 1}")
        raise SystemExit(2)
    say("palermo: starting")
    prepare()
    collect_static(say)
    logins = None
    if demo:
        from palermo.demo import build_if_empty

        logins = build_if_empty(say=say)
    children = _Children(say)

    def end(_signal: int, _frame: FrameType | None) -> None:
        children.ending = True

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
    try:
        children.start("server", _gunicorn(port))
        children.start("worker", [sys.executable, "-m", "palermo.cli", "worker"])
        if _answering(port, 60):
            say(
                f"\npalermo is ready: http://127.0.0.1:{port}   (passkeys need a name: http://localhost:{port})\n"
            )
            if logins:
                say(logins)
            say("Ctrl-C stops it.")
        else:
            say("The server does not answer. What it wrote above says why.")
        children.watch(_watching(say))
    finally:
        say("\nStopping.")
        children.end()
