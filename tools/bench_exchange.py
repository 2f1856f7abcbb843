"""Two real instances that exchange letters over a line that loses, doubles and delays, and are killed at random.

    python tools/bench_exchange.py --state     what the instance of PALERMO_HOME has of its letters, as JSON

Each instance has its own home, database, port and keys. Between them stands a proxy that keeps every byte. Skewed
clocks and reordering over days are proved in `src/palermo/exchange/tests/test_faults.py`, where time can be moved.
"""

import contextlib
import http.client
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from bench_measure import Figure, scaled, tell, timed
from bench_visitor import ROOT, children, command, environment, free_port

from palermo.kernel.database.launcher import places

LETTERS, QUICK = 1_000, 1_000
CANARY = "Zzyvandoria-Quillamene"  # invented, and in no other text of the house
SETTLE = 1500  # seconds after which what is still open counts as unknown
OPEN = ("waiting", "tried", "unsure")


@dataclass
class Line:
    """A proxy to one port. bad: how often a request is harmed; every byte on it goes into `kept`."""

    to: int
    chance: random.Random
    bad: float = 0.35
    kept: bytearray = field(default_factory=bytearray)
    port: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        line = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                line.carry(self)

            def log_message(self, *_args: Any) -> None:
                """Nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def carry(self, asked: BaseHTTPRequestHandler) -> None:
        data = asked.rfile.read(int(asked.headers.get("Content-Length", 0)))
        with self.lock:
            self.kept += data
            what = self.chance.random()
        if what < self.bad * 0.3:  # lost on its way there
            asked.close_connection = True
            return
        if what < self.bad * 0.4:
            self.answer(asked, 502, b"<html>Bad Gateway</html>", "text/html")
            return
        if what < self.bad * 0.6:  # comes twice
            self.hand(data)
        if what < self.bad * 0.7:
            time.sleep(self.chance.random() * 3)
        status, answer, kind = self.hand(data)
        if self.bad * 0.7 <= what < self.bad:  # the answer is lost
            asked.close_connection = True
            return
        self.answer(asked, status, answer, kind)

    def hand(self, data: bytes) -> tuple[int, bytes, str]:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.to, timeout=30)
            connection.request("POST", "/exchange/", data)
            found = connection.getresponse()
            told = found.status, found.read(), found.getheader("Content-Type", "")
            connection.close()
        except (OSError, http.client.HTTPException):
            return 502, b"", "text/html"
        with self.lock:
            self.kept += told[1]
        return told

    @staticmethod
    def answer(asked: BaseHTTPRequestHandler, status: int, words: bytes, kind: str) -> None:
        try:
            asked.send_response(status)
            asked.send_header("Content-Type", kind)
            asked.send_header("Content-Length", str(len(words)))
            asked.end_headers()
            asked.wfile.write(words)
        except OSError:
            pass  # the sender was killed meanwhile


@dataclass
class Site:
    """An instance: its home, its port, the line that leads to it, the process that runs it."""

    home: Path
    name: str
    port: int
    line: Line
    process: subprocess.Popen[bytes] | None = None

    def say(self, *arguments: str) -> dict[str, Any]:
        for _time in range(5):  # a database that was killed this moment is asked again
            done = command(self.home, "exchange", *arguments, "--json")
            if done.returncode == 0:
                return dict(json.loads(done.stdout))
            time.sleep(3)
        raise SystemExit(f"palermo exchange {arguments[0]}: {done.stderr[-800:]}")

    def start(self) -> None:
        with (self.home.parent / f"{self.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "palermo.cli", "run", "--no-demo", "--port", str(self.port)],
                cwd=ROOT, env=environment(self.home), stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def kill(self) -> None:
        """Everything of this side at one moment: command, server, worker, database."""
        if self.process is None:
            return
        first = [self.process.pid]
        with contextlib.suppress(OSError, ValueError):
            first.append(
                int((places.known_places(self.home).data / "postmaster.pid").read_text().splitlines()[0])
            )
        for pid in [one for top in first for one in tree(top)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(30)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.kill()

    def state(self) -> dict[str, Any]:
        for _time in range(5):
            done = subprocess.run(
                [sys.executable, __file__, "--state"], cwd=ROOT, env=environment(self.home),
                capture_output=True, text=True, check=False, timeout=300,
            )  # fmt: skip
            if done.returncode == 0:
                return dict(json.loads(done.stdout.splitlines()[-1]))
            time.sleep(3)
        raise SystemExit(done.stderr[-800:])


def tree(pid: int) -> list[int]:
    """A process and all below it, the lowest first."""
    return [*(one for child in children(pid) for one in tree(child)), pid]


def state() -> None:
    """Fates of what this instance sent, and what became of what came; ids alone."""
    from palermo.cli import operating, prepare

    prepare(migrations=False)
    from palermo.kernel.exchange.models import Arrival, Dispatch

    with operating():
        sent = list(Dispatch.objects.filter(kind="test.ping").values_list("pk", "fate"))
        came = list(Arrival.objects.filter(kind="test.ping").values_list("letter_id", "state"))
    print(json.dumps({"sent": {str(key): fate for key, fate in sent}, "came": came}))


def two(top: Path, chance: random.Random) -> tuple[Site, Site]:
    """Both with keys and cards, each pinned by the other."""
    sites = []
    for name in ("a", "b"):
        port = free_port()
        line = Line(port, chance)
        line.start()
        sites.append(Site(top / name, name, port, line))
    cards = [
        site.say(
            "card", "--name", f"Office {site.name}", "--endpoint", f"http://127.0.0.1:{site.line.port}/exchange/",
            "--out", str(top / f"{site.name}.card"),
        )
        for site in sites
    ]  # fmt: skip
    for site, other, card in zip(sites, sites[::-1], cards[::-1], strict=True):
        site.say("pin", str(top / f"{other.name}.card"), "--thumbprint", card["thumbprint"])
    return sites[0], sites[1]


def storm(sites: tuple[Site, Site], letters: int, chance: random.Random) -> int:
    """Letters both ways in handfuls; between them either side is killed, and once each has fresh keys. Kills."""
    kills, handful = 0, 25
    rounds = max(2, letters // (2 * handful))
    for number in range(rounds):
        for site, other in (sites, sites[::-1]):
            site.say("ping", f"Office {other.name}", "--times", str(handful), "--words", CANARY)
        if number in (rounds // 3, 2 * rounds // 3):
            sites[number % 2].say("card", "--new-keys")
        time.sleep(chance.random() * 4)
        victim = chance.choice(sites)
        victim.kill()
        kills += 1
        time.sleep(chance.random() * 2)
        victim.start()
        tell(f"round {number + 1} of {rounds}")
    return kills


def settled(sites: tuple[Site, Site], patience: float) -> bool:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        open_ = sum(site.say("status")["sent"].get(fate, 0) for site in sites for fate in OPEN)
        if not open_:
            return True
        time.sleep(10)
    return False


def compared(sender: dict[str, Any], receiver: dict[str, Any]) -> tuple[int, int]:
    """Letters whose fate here is what happened there, and the others."""
    came = [key for key, state in receiver["came"] if state != "late"]
    late = {key for key, state in receiver["came"] if state == "late"}
    right = sum(
        (fate == "stored" and came.count(key) == 1 and key not in late)
        or (fate == "late" and key in late and key not in came)
        for key, fate in sender["sent"].items()
    )
    return right, len(sender["sent"]) - right


def readable(top: Path, sites: tuple[Site, Site]) -> list[str]:
    """Where the canary can be read: on the wire, in the databases with their logs, in the programs' logs."""
    word = CANARY.encode()
    found = [f"wire to {site.name}" for site in sites if word in bytes(site.line.kept)]
    for path in top.rglob("*"):
        if path.is_file() and word in path.read_bytes():
            found.append(str(path.relative_to(top)))
    return found


def quick(sites: tuple[Site, Site], letters: int) -> float:
    """Letters a second over a good line, from the command to the last receipt."""
    for site in sites:
        site.line.bad = 0.0
    before = sites[0].say("status")["sent"].get("stored", 0)
    begun = time.monotonic()
    sites[0].say("ping", "Office b", "--times", str(letters))
    while sites[0].say("status")["sent"].get("stored", 0) < before + letters:
        if time.monotonic() - begun > 1200:
            break
        time.sleep(1)
    return letters / (time.monotonic() - begun)


def envelope_figure() -> Figure:
    """Seal and open 1 MB."""
    import secrets

    from palermo.exchange import Private
    from palermo.exchange.envelopes import seal, unseal

    found = {}
    words = secrets.token_bytes(1_000_000)
    for use in ("hybrid", "jose"):
        key = Private.new(use)  # type: ignore[arg-type]
        public = key.public()

        def once(key: Any = key, public: Any = public) -> None:
            unseal(seal(words, public, message_id="0" * 32, expires=1), {public.id: key}.get)

        found[use] = statistics.median(timed(once) for _time in range(21))
    return Figure(
        "exchange: an envelope of 1 MB, sealed and opened", "under 50 ms", found["hybrid"], "ms",
        found["hybrid"] < 50, beside=f"suite 1 (JWE) {found['jose']:.0f} ms",
    )  # fmt: skip


def figures(scale: float) -> list[Figure]:
    chance = random.Random(5)
    letters = scaled(LETTERS, scale, 100)
    with tempfile.TemporaryDirectory(prefix="palermo-exchange-") as name:
        top = Path(name)
        top.chmod(0o711)
        sites = two(top, chance)
        try:
            for site in sites:
                site.start()
            kills = storm(sites, letters, chance)
            known = settled(sites, SETTLE)
            rate = quick(sites, scaled(QUICK, scale, 100)) if known else None
            a, b = (site.state() for site in sites)
        finally:
            for site in sites:
                site.stop()
        readings = readable(top, sites)
        wire = sum(len(site.line.kept) for site in sites)
    right, wrong = (sum(pair) for pair in zip(compared(a, b), compared(b, a), strict=True))
    return [
        Figure(
            "exchange: letters that ended the same on both sides", "all of them", float(right), "letters",
            wrong == 0 and right >= letters, beside=f"{wrong} otherwise; a bad line, {kills} kill -9, fresh keys twice",
        ),
        Figure(
            "exchange: places where a canary can be read", "none", float(len(readings)), "places", not readings,
            beside=", ".join(readings[:3]) or f"{wire / 1e6:.1f} MB of wire, both databases with their logs, all logs",
        ),
        Figure(
            "exchange: letters a second, one way, with their receipts", "at least 100", rate, "letters/s",
            None if rate is None else rate >= 100, beside="two instances on one machine",
        ),
        envelope_figure(),
    ]  # fmt: skip


if __name__ == "__main__" and "--state" in sys.argv:
    state()
