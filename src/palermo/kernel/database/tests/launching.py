"""What the launcher's tests share: throw-away homes, other processes, and what the kernel says of them."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from palermo.kernel.database import launcher
from palermo.kernel.database.launcher import places

SOURCE = Path(launcher.__file__).parents[4]

START = """
import sys
from pathlib import Path
from palermo.kernel.database import launcher
cluster = launcher.ensure_running(Path(sys.argv[1]), durability=False)
print(cluster.started, (cluster.data / "postmaster.pid").read_text().splitlines()[0], flush=True)
"""


@contextlib.contextmanager
def throwaway_home(below: str = "var") -> Iterator[Path]:
    """A home in a directory that the server's user may pass; server and data are gone afterwards."""
    top = Path(tempfile.mkdtemp(prefix="palermo-launcher-", dir="/tmp"))
    top.chmod(0o711)
    home = top / below
    try:
        yield home
    finally:
        launcher.discard(home)
        shutil.rmtree(top)


def python(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Another process with palermo on its path."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(SOURCE), os.environ.get("PYTHONPATH", "")])},
    )


def postmaster_pid(cluster: launcher.Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().splitlines()[0])


def living_servers(data: Path) -> list[int]:
    """Every living process whose command line starts a server in `data` (zombies have no command line)."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                words = (entry / "cmdline").read_text(errors="replace").split("\0")
                if words[0].endswith("postgres") and str(data) in words:
                    found.append(int(entry.name))
    return found


def kill_hard(cluster: launcher.Cluster) -> None:
    """kill -9 of the postmaster, and wait until all its processes have noticed."""
    os.kill(postmaster_pid(cluster), signal.SIGKILL)
    with launcher.locked(places.known_places(cluster.home).alive, timeout=30):
        pass
