"""A palermo of one's own and a visitor without a browser: for the bench and for the tests of faults.

with Palermo(home) as palermo:
    visitor = palermo.visitor()
    visitor.sign_in("case-worker")
    visitor.get("/home/").status
"""

import contextlib
import gzip
import html
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlencode, urlsplit

import brotli

ROOT = Path(__file__).resolve().parents[1]
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_CODE = re.compile(r'id="demo-code"[^>]*>\s*([0-9 ]+)\s*<')


def environment(home: Path, **more: str) -> dict[str, str]:
    """The surroundings of a palermo that knows only `home`."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PALERMO_") and k != "DATABASE_URL"}
    return {**kept, "PALERMO_HOME": str(home), **more}


def command(
    home: Path, *arguments: str, timeout: float = 300, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run `palermo` with these arguments on `home`."""
    return subprocess.run(
        [sys.executable, "-m", "palermo.cli", *arguments],
        cwd=ROOT, env=environment(home, **more), capture_output=True, text=True, check=False, timeout=timeout,
    )  # fmt: skip


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Answer:
    """What the server sent: `sent` is the body as it came over the wire, `body` the same unpacked."""

    status: int
    headers: dict[str, str]
    sent: bytes

    @property
    def body(self) -> bytes:
        packed = self.headers.get("content-encoding", "")
        if packed == "br":
            return bytes(brotli.decompress(self.sent))
        return gzip.decompress(self.sent) if packed == "gzip" else self.sent

    @property
    def text(self) -> str:
        return self.body.decode()


class Visitor:
    """One browser session: keeps cookies, carries the token of the last form."""

    def __init__(self, port: int, *, timeout: float = 20) -> None:
        self.port, self.timeout = port, timeout
        self.cookies: dict[str, str] = {}
        self.token = ""

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def post(self, path: str, **fields: str) -> Answer:
        """Send a form; raises OSError or HTTPException when no whole answer came."""
        return self._ask("POST", path, urlencode({"csrfmiddlewaretoken": self.token, **fields}).encode())

    def follow(self, path: str) -> Answer:
        """The page behind `path`, through at most five redirections."""
        answer = self.get(path)
        for _hop in range(5):
            if answer.status not in (301, 302):
                break
            answer = self.get(urlsplit(answer.headers["location"])._replace(scheme="", netloc="").geturl())
        return answer

    def _ask(self, method: str, path: str, body: bytes | None) -> Answer:
        headers = {"Accept-Encoding": "br, gzip", "Accept": "text/html", "Host": f"127.0.0.1:{self.port}"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = f"http://127.0.0.1:{self.port}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        try:
            connection.request(method, path, body, headers)
            got = connection.getresponse()
            answer = Answer(got.status, {k.lower(): v for k, v in got.getheaders()}, got.read())
            self._keep(got.headers.get_all("Set-Cookie") or [])
        finally:
            connection.close()
        found = _TOKEN.search(answer.text) if "html" in answer.headers.get("content-type", "") else None
        self.token = html.unescape(found.group(1)) if found else self.token
        return answer

    def _keep(self, lines: list[str]) -> None:
        for line in lines:
            for name, morsel in SimpleCookie(line).items():
                if morsel.value:
                    self.cookies[name] = morsel.value
                else:
                    self.cookies.pop(name, None)

    def sign_in(self, username: str) -> None:
        """Password and second step of a demonstration account. A code works once: waits for a fresh one."""
        from palermo.demo import PASSWORD

        self.get("/account/login/")
        self.post("/account/login/", login=username, password=PASSWORD)
        for _attempt in range(3):
            code = _CODE.search(self.get("/account/second-factor/authenticate/").text)
            if code is None:
                break
            answer = self.post("/account/second-factor/authenticate/", code=code.group(1).strip())
            if answer.status in (301, 302):
                return
            time.sleep(31 - time.time() % 30)
        raise AssertionError(f"{username} could not sign in")


def children(pid: int) -> list[int]:
    """The living children of a process."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                if int(fields[1]) == pid and fields[0] != "Z":
                    found.append(int(entry.name))
    return found


class Palermo:
    """A real `palermo run` on `home`; leaving the block stops it as Ctrl-C does."""

    def __init__(self, home: Path, *, port: int | None = None, patience: float = 300) -> None:
        self.home, self.port, self.patience = home, port or free_port(), patience
        self.log = home.parent / f"{home.name}.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.seconds = 0.0  # from the command to the first page

    def __enter__(self) -> Self:
        begun = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "palermo.cli", "run", "--port", str(self.port)],
                cwd=ROOT, env=environment(self.home), stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        try:
            self.wait_for_page(self.patience)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        self.seconds = time.monotonic() - begun
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)

    def wait_for_page(self, seconds: float, path: str = "/") -> float:
        """Wait until `path` answers 200; gives how long that took."""
        begun = time.monotonic()
        while time.monotonic() - begun < seconds:
            if self.process is not None and self.process.poll() is not None:
                raise AssertionError(f"palermo run ended:\n{self.log.read_text(errors='replace')[-2000:]}")
            try:
                if Visitor(self.port, timeout=5).get(path).status == 200:
                    return time.monotonic() - begun
            except (OSError, http.client.HTTPException):
                pass  # Not listening yet, or on its way down.
            time.sleep(0.05)
        raise AssertionError(
            f"no page after {seconds:.0f} s:\n{self.log.read_text(errors='replace')[-2000:]}"
        )

    def visitor(self) -> Visitor:
        return Visitor(self.port)
