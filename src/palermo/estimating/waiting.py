"""Progress on standard error for anything that takes more than a second; nothing for what is quick."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

PATIENCE = 1.0  # seconds before anything is said
PAUSE = 5.0  # seconds between lines where standard error is a file


@contextmanager
def shown(title: str) -> Iterator[Callable[[float, str], None]]:
    """A callback (share done, what) that draws a bar on a terminal, or writes a line now and then elsewhere."""
    console = Console(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )
    bar = Progress(*columns, console=console, transient=True)
    task = bar.add_task(title, total=1.0)
    began = last = time.monotonic()

    def step(done: float, what: str) -> None:
        nonlocal last
        now = time.monotonic()
        if now - began < PATIENCE:
            return
        words = f"{title}: {what}" if what else title
        if console.is_terminal:
            if not bar.live.is_started:
                bar.start()
            bar.update(task, completed=min(max(done, 0.0), 1.0), description=words)
        elif now - last > PAUSE or last == began:
            last = now
            sys.stderr.write(f"{words} {100 * done:.0f} %\n" if done else f"{words}\n")

    try:
        yield step
    finally:
        if bar.live.is_started:
            bar.stop()
