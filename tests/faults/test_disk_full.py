"""The disk fills up while colleagues write: a plain refusal, nothing acknowledged lost, and on it goes with room."""

import os
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from bench_visitor import Palermo, Visitor
from fault_work import Writer, agreement, outbox_is_empty

from conftest import copy_of
from palermo.kernel.database import launcher


@pytest.fixture
def small_disk(country: Path, top: Path) -> Iterator[Path]:
    """A home on a file system of 700 MB of its own."""
    place = top / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=700m,mode=711", "tmpfs", str(place)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("this machine does not let us mount a small file system of our own")
    home = copy_of(country, place / "home")
    try:
        yield home
    finally:
        launcher.stop(home)
        subprocess.run(["umount", "-l", str(place)], check=True)


def _fill(home: Path) -> Path:
    """Take every free byte, also those that the server's reserve gives back."""
    filler = home.parent / "fill"
    with filler.open("ab") as file:
        while free := shutil.disk_usage(home).free:
            try:
                os.posix_fallocate(file.fileno(), file.seek(0, os.SEEK_END), min(free, 1 << 20))
            except OSError:
                file.write(b"0" * min(free, 4096))
                break
    return filler


def _until_refused(writer: Writer, home: Path, seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not any("disk" in page for _status, page in writer.refused[-3:]):
        assert time.monotonic() < until, f"no refusal that names the disk; last: {writer.refused[-1:]}"
        _fill(home)
        time.sleep(0.1)


def _until_read(reader: Visitor, path: str, seconds: float = 60) -> None:
    """The writer goes on being refused, and each time the server may have to be started anew: reading waits for it."""
    until = time.monotonic() + seconds
    while (status := reader.get(path).status) != 200:
        assert status == 503, status
        assert time.monotonic() < until, f"no reading within {seconds:g} s of a full disk"
        time.sleep(0.5)


def test_the_disk_is_full(small_disk: Path) -> None:
    home = small_disk
    with Palermo(home) as palermo:
        reader = palermo.visitor()
        reader.sign_in("supervisor")
        writer = Writer(palermo, "case-worker", "disk " + "long " * 3000)
        writer.start()
        try:
            writer.until(5)
            filler = _fill(home)
            _until_refused(writer, home)
            acknowledged = len(writer.acknowledged)
            palermo.wait_for_page(60, "/statistics/public/")
            _until_read(reader, "/cases/")
            filler.unlink()
            writer.until(5, seconds=90)
        finally:
            writer.end()
        assert len(writer.acknowledged) > acknowledged
        assert {status for status, _page in writer.refused} <= {500, 503, 507}, Counter(
            status for status, _page in writer.refused
        )
        outbox_is_empty(home)
        agreement(home, [writer])
