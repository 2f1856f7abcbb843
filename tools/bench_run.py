"""From the command to the first page, on an empty home and the second time; and what key pages transfer."""

import os
import re
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag

from bench_measure import ROOT, Figure, tell
from bench_visitor import Palermo, Visitor

LIMIT = 150_000
START, SIZE = "under 6 s", "under 150 KB without fonts"
KINDS = {"stylesheet", "icon", "manifest", "preload", "modulepreload"}


class _Needs(HTMLParser):
    """What a browser fetches with a page on a first visit, fonts left out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("script", "img", "source") and given.get("src"):
            self.found.append(given["src"])
        if tag == "link" and KINDS & set(given.get("rel", "").split()) and given.get("as") != "font":
            self.found.append(given["href"])


def transferred(visitor: Visitor, path: str) -> tuple[int, str]:
    """Bytes of the page and everything it needs, as sent; and how they divide."""
    answer = visitor.follow(path)
    if answer.status != 200:
        raise SystemExit(f"{path} answered {answer.status}")
    parser = _Needs()
    parser.feed(answer.text)
    sizes = {"html": len(answer.sent)}
    for address in dict.fromkeys(urldefrag(found).url for found in parser.found):
        if address.startswith("/"):
            part = visitor.get(address)
            if part.status != 200:
                raise SystemExit(f"{path} needs {address}, which answered {part.status}")
            kind = address.rsplit(".", 1)[-1].split("?")[0]
            sizes[kind] = sizes.get(kind, 0) + len(part.sent)
    return sum(sizes.values()), ", ".join(f"{kind} {size / 1000:.1f}" for kind, size in sizes.items())


def _first(pattern: str, visitor: Visitor, path: str) -> str | None:
    found = re.search(pattern, visitor.follow(path).text)
    return found.group(0) if found else None


def _pages(palermo: Palermo) -> list[Figure]:
    public, worker, analyst = palermo.visitor(), palermo.visitor(), palermo.visitor()
    worker.sign_in("case-worker")
    analyst.sign_in("analyst")
    identifier = "[0-9a-f]{8}-[0-9a-f-]{27}"
    pages: dict[str, tuple[Visitor, str | None]] = {
        "public home": (public, "/"),
        "sign-in": (public, "/account/login/"),
        "home": (worker, "/home/"),
        "screening": (
            worker,
            _first(f"/identification/{identifier}/[a-z0-9/-]*", worker, "/identification/"),
        ),
        "case page": (worker, _first(f"/cases/{identifier}/", worker, "/cases/")),
        "statistics page": (analyst, "/statistics/glotip/"),
        "public table": (public, "/statistics/public/glotip/"),
    }
    made = []
    for name, (visitor, path) in pages.items():
        if path is None:
            made.append(
                Figure(f"transfer: {name}", SIZE, None, "KB", beside="not measured: none in this country")
            )
            continue
        size, parts = transferred(visitor, path)
        made.append(Figure(f"transfer: {name}", SIZE, size / 1000, "KB", size < LIMIT, beside=parts + " KB"))
    return made


def _setup_again() -> float | None:
    """Seconds of the set-up that `make run` looks through first; None in a checkout that it did not set up."""
    if not list((ROOT / ".venv").glob(".dependencies-*.stamp")):
        return None
    begun = time.monotonic()
    subprocess.run(
        [sys.executable, "tools/setup.py", "--for", "run"], cwd=ROOT, check=True, stdout=sys.stderr
    )
    return time.monotonic() - begun


def figures(scale: float) -> list[Figure]:
    """Not scaled: a start is a start."""
    del scale
    home = Path(os.environ["PALERMO_HOME"])
    with Palermo(home, patience=600) as first:
        clean = first.seconds
        tell(f"clean start {clean:.1f} s")
        sizes = _pages(first)
    again = []
    for _turn in range(3):
        with Palermo(home) as later:
            again.append(later.seconds)
    setup = _setup_again()
    second = sorted(again)[1] + (setup or 0)
    note = (
        f"with {setup:.1f} s of set-up"
        if setup is not None
        else "without set-up: this checkout has no stamps"
    )
    return [
        Figure("second start to first page", START, second, "s", second < 6, p95=max(again), beside=note),
        Figure(
            "clean start to first page", "", clean, "s", beside="empty home: database, schema, demo country"
        ),
        *sizes,
    ]
