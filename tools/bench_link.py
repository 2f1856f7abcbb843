"""A bad link: sign in, begin a screening, save a part, in a real browser at 64 kbit/s with 20 % loss.

Between browser and server stands a small link of our own (the browser's own throttling knows no loss): both ways
share 64 kbit/s each, every segment takes half a second more, and of every five one is lost and comes after the wait
that TCP makes before it sends again, twice as long each time in a row. Some connections are cut in the middle.
"""

import asyncio
import contextlib
import os
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench_measure import Figure, not_measured, tell
from bench_visitor import Palermo, free_port
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import sync_playwright

RATE = 64_000 / 8  # bytes a second, each way
DELAY = 0.5  # seconds each way: a second there and back
LOSS = 0.2
CUT = 0.01  # of the segments: the connection ends there
SEGMENT = 1_400
AGAIN = 1.0  # seconds before a lost segment is sent again (RFC 6298)
PATIENCE = 120
TARGET = "usable: under 30 s a step"
LIMIT = 30.0


class BadLink:
    """Forwards connections to `to` as a bad link would; counts the bytes that went over the line."""

    def __init__(self, to: int, *, seed: int, cut: float = CUT) -> None:
        self.to, self.port, self.cut = to, free_port(), cut
        self.chance = random.Random(seed)
        self.down = self.up = self.resent = self.cuts = 0
        self._free = {"up": 0.0, "down": 0.0}
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()

    def __enter__(self) -> "BadLink":
        threading.Thread(target=self._run, daemon=True).start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_given: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        start = asyncio.start_server(self._join, "127.0.0.1", self.port)
        self._server = self._loop.run_until_complete(start)
        self._ready.set()
        self._loop.run_forever()

    async def _join(self, browser: asyncio.StreamReader, to_browser: asyncio.StreamWriter) -> None:
        await asyncio.sleep(2 * DELAY)  # the handshake
        try:
            server, to_server = await asyncio.open_connection("127.0.0.1", self.to)
        except OSError:
            to_browser.close()
            return
        ways = (self._way("up", browser, to_server), self._way("down", server, to_browser))
        await asyncio.gather(*ways, return_exceptions=True)
        for writer in (to_server, to_browser):
            writer.close()

    async def _way(self, name: str, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        """One direction of one connection: in order, so that a lost segment holds up those behind it."""
        queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(maxsize=64)
        sending = asyncio.ensure_future(self._arrive(queue, sink))
        behind = 0.0
        while not sending.done() and (piece := await source.read(SEGMENT)):
            at = await self._line(name, len(piece))
            tries = 1
            while self.chance.random() < LOSS:
                at = max(at, await self._line(name, len(piece))) + AGAIN * tries
                tries *= 2
                self.resent += 1
            if self.chance.random() < self.cut:
                self.cuts += 1
                sink.transport.abort()
                break
            behind = max(behind, at + DELAY)
            await queue.put((behind, piece))
        await queue.put((behind, b""))
        await sending

    async def _line(self, name: str, size: int) -> float:
        """When the line has carried so many bytes; all connections share it. Waits while it is busy."""
        now = self._loop.time()
        begin = max(now, self._free[name])
        self._free[name] = begin + size / RATE
        if name == "down":
            self.down += size
        else:
            self.up += size
        await asyncio.sleep(max(0.0, self._free[name] - now))
        return self._free[name]

    async def _arrive(self, queue: asyncio.Queue[tuple[float, bytes]], sink: asyncio.StreamWriter) -> None:
        while True:
            at, piece = await queue.get()
            await asyncio.sleep(max(0.0, at - self._loop.time()))
            if not piece:
                if sink.can_write_eof():
                    sink.write_eof()
                return
            sink.write(piece)
            await sink.drain()


def _press(page: Any, button: Any) -> None:
    """Press, and wait for the page that answers; raise as soon as a person would see that none comes."""
    came: list[str] = []
    page.once("domcontentloaded", lambda _page: came.append(page.url))
    button.click(no_wait_after=True)
    offered = page.locator("[data-link-lost]")
    until = time.monotonic() + PATIENCE
    page.wait_for_timeout(100)
    while time.monotonic() < until:
        if came:
            if not came[0].startswith("http"):
                raise ConnectionError("the browser says that the page did not come")
            return
        with contextlib.suppress(PlaywrightError):  # asked while one page goes and the next comes
            if offered.count():
                raise ConnectionError("the page offers to send again")
        page.wait_for_timeout(100)
    raise TimeoutError("no page")


def _journey(page: Any, url: str) -> list[tuple[str, Callable[[], Any]]]:
    """What a first responder does, step by step; each ends when the page can be worked on."""
    from palermo.demo import PASSWORD

    def press(selector: str) -> None:
        _press(page, page.locator(selector).first)

    def password() -> None:
        page.fill("input[name=login]", "first-responder")
        page.fill("input[name=password]", PASSWORD)
        press("main form button[type=submit]")

    def code() -> None:
        page.fill("input[name=code]", page.locator("#demo-code").inner_text().strip())
        press("main form button[type=submit]")

    def save() -> None:
        page.locator("form#answers input[type=radio][value=yes]").first.check()
        press("form#answers button[name=go][value=stop]:visible")

    def visit(path: str) -> Callable[[], Any]:
        return lambda: page.goto(url + path, wait_until="domcontentloaded")

    return [
        ("sign-in page, first visit", visit("/account/login/")),
        ("password", password),
        ("second step, home", code),
        ("begin a screening", visit("/identification/start/")),
        ("first part", lambda: press("main form button[type=submit]")),
        ("save the answers", save),
        ("home again", visit("/home/")),
    ]


def _try(deed: Callable[[], Any], page: Any) -> int:
    """Do a step as a person would: a page that did not come is asked for again. Returns how often it took."""
    before = page.url
    for turn in range(1, 6):
        try:
            (deed if turn == 1 else lambda: _again(deed, page, before))()
        except Exception as error:
            if turn == 5:
                raise
            tell(f"again: {str(error).splitlines()[0][:100]}")
        else:
            return turn
    return 5


def _again(deed: Callable[[], Any], page: Any, before: str) -> None:
    """The page's own offer to send again, where it makes one; otherwise from the page before."""
    offered = page.locator("[data-link-lost] [data-again]")
    if offered.count():
        _press(page, offered.first)
        return
    if before.startswith("http"):
        page.goto(before, wait_until="domcontentloaded")
    deed()


def _measure(palermo: Palermo, chromium: str) -> list[Figure]:
    found: list[Figure] = []
    with BadLink(palermo.port, seed=7) as link, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_context(viewport={"width": 360, "height": 740}).new_page()
        page.set_default_navigation_timeout(PATIENCE * 1000)
        # A connection that is cut leaves half a page: who does not find the button there asks for the page again.
        page.set_default_timeout(8_000)
        whole = 0.0
        for name, deed in _journey(page, f"http://127.0.0.1:{link.port}"):
            begun, down, up = time.monotonic(), link.down, link.up
            turns = _try(deed, page)
            seconds = time.monotonic() - begun
            whole += seconds
            size = f"{(link.down - down) / 1000:.1f} KB down, {(link.up - up) / 1000:.1f} KB up"
            again = f", {turns} tries" if turns > 1 else ""
            found.append(
                Figure(f"bad link: {name}", TARGET, seconds, "s", seconds < LIMIT, beside=size + again)
            )
            tell(f"{name}: {seconds:.1f} s, {size}{again}")
        beside = f"{(link.down + link.up) / 1000:.0f} KB in all, {link.resent} sent again, {link.cuts} cut"
        found.append(Figure("bad link: from the sign-in to saved answers", "", whole, "s", beside=beside))
        browser.close()
    return found


def figures(scale: float) -> list[Figure]:
    """Not scaled: a link is a link."""
    import shutil

    del scale
    chromium = (
        os.environ.get("PALERMO_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    )
    if not chromium:
        return [not_measured("bad link", TARGET, "s", "no Chromium on this machine")]
    with Palermo(Path(os.environ["PALERMO_HOME"]), patience=600) as palermo:
        return _measure(palermo, chromium)
