"""Set this checkout up on a machine that has only Python, make and git. Runs with the system's Python.

    python3 tools/setup.py --for run|test

Does only what is missing: each step leaves a stamp of its inputs, so that a second call takes a moment.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
CHROMIUM = ("chromium", "fonts-noto-core")
# Shape and join the letters of a PDF; the fonts hold Arabic. libpango brings DejaVu along, which has Arabic too.
PANGO = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-noto-core")


def say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def stop(message: str) -> SystemExit:
    say(message)
    return SystemExit(2)


def fingerprint(*paths: Path) -> str:
    digest = hashlib.sha256(repr(sys.version_info[:2]).encode())
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def once(name: str, wanted: str) -> bool:
    """Whether the step `name` is still to do for these inputs."""
    stamp = VENV / f".{name}.stamp"
    return not stamp.exists() or stamp.read_text() != wanted


def done(name: str, wanted: str) -> None:
    (VENV / f".{name}.stamp").write_text(wanted)


def call(command: list[str], problem: str, **options: object) -> None:
    result = subprocess.run(command, cwd=ROOT, **options)  # type: ignore[call-overload]
    if result.returncode:
        raise stop(problem)


def may_install() -> bool:
    """Whether Debian's packages can be installed by this user on this machine."""
    return shutil.which("apt-get") is not None and hasattr(os, "geteuid") and os.geteuid() == 0


def apt(*packages: str) -> bool:
    """Install Debian packages quietly; False where that is not possible."""
    if not may_install():
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *packages]):
        if subprocess.run(command, env=environment, stdout=subprocess.DEVNULL).returncode:
            return False
    return True


def make_venv() -> None:
    if PYTHON.exists():
        return
    if sys.version_info < (3, 11):  # noqa: UP036  the system's Python may be anything
        raise stop("palermo needs Python 3.11 or newer.")
    say("Making the virtual environment in .venv")
    command = [sys.executable, "-m", "venv", str(VENV)]
    quiet = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if quiet.returncode == 0:
        return
    # Debian leaves the venv module's pip out of its Python: it is a package of its own.
    shutil.rmtree(VENV, ignore_errors=True)
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    say(f"Python's venv module is incomplete here; installing {version}")
    if not apt(version) and not apt("python3-venv"):
        raise stop(
            f"Please install the package {version} (for example: sudo apt-get install {version}) and try again."
        )
    call(command, "The virtual environment could not be made; the message above says why.")


def install(purpose: str) -> None:
    lock = ROOT / "requirements" / ("dev.txt" if purpose == "test" else "run.txt")
    both = fingerprint(lock, ROOT / "pyproject.toml")
    if purpose == "run" and not once(
        "dependencies-test", fingerprint(ROOT / "requirements" / "dev.txt", ROOT / "pyproject.toml")
    ):
        return  # What the tests need contains what a run needs.
    if not once(f"dependencies-{purpose}", both):
        return
    started = time.monotonic()
    say(f"Installing the locked dependencies ({lock.name}); the first time takes a minute or two")
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    call(
        [*pip, "--require-hashes", "--only-binary", ":all:", "-r", str(lock)],
        "The dependencies could not be installed. Is the package registry reachable? Try again: nothing is lost.",
    )
    call(
        [*pip, "--no-deps", "--no-build-isolation", "--no-index", "-e", "."],
        "palermo itself could not be installed.",
    )
    done(f"dependencies-{purpose}", both)
    say(f"Dependencies are in place ({time.monotonic() - started:.0f} s)")


def front_end() -> None:
    call([str(PYTHON), "tools/frontend.py"], "The front end could not be built; the message above says why.")


def translations() -> None:
    call([str(PYTHON), "tools/messages.py", "--compile"], "The translations could not be compiled.")


def driver_starts() -> bool:
    """Whether the program that leads the browser can be started on this machine."""
    command = [PYTHON, "-m", "playwright", "--version"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def browser() -> None:
    """Chromium and what its driver needs, from Debian's packages when they may be installed."""
    wanted = [] if shutil.which("chromium") or os.environ.get("PALERMO_CHROMIUM") else [*CHROMIUM]
    if not driver_starts():
        # The driver's Node is linked to a library that a bare Debian does not have.
        wanted.append("libatomic1")
    if not wanted:
        return
    say("Installing Chromium and its driver's library for the browser tests")
    if not apt(*wanted) or not driver_starts():
        say(
            "Not covered by this run: the browser journeys. Chromium is not here and may not be installed by this "
            "user. Install it (for example: sudo apt-get install chromium) and run make test again."
        )


def letters() -> None:
    """What draws letters as PDF, from Debian's packages when they may be installed; palermo runs without."""
    wanted = fingerprint(ROOT / "pyproject.toml")
    if not once("letters", wanted):
        return
    command = [PYTHON, "-c", "import weasyprint"]
    if subprocess.run(command, capture_output=True, check=False).returncode and not apt(*PANGO):
        say(
            "Letters as PDF are not available: the system library pango is missing and may not be installed by this "
            "user (for example: sudo apt-get install libpangoft2-1.0-0 fonts-noto-core). Pages print, and Word files "
            "are made, without it."
        )
        return
    done("letters", wanted)


def kernels() -> None:
    """What the usual estimators compile, so that the first estimate is not the one that waits. Never in the way."""
    sources = [
        *(ROOT / "src" / "palermo" / "estimation" / "mse").glob("*.py"),
        ROOT / "src/palermo/compiling.py",
    ]
    wanted = fingerprint(ROOT / "requirements" / "run.txt", *sorted(sources))
    if not once("kernels", wanted):
        return
    say("Compiling the estimators; the first time on a machine takes a minute, later a few seconds")
    if subprocess.run([PYTHON, "-m", "palermo.estimating.warming"], cwd=ROOT, check=False).returncode:
        say("They could not be compiled here; the first estimate does it.")
        return
    done("kernels", wanted)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--for", dest="purpose", choices=("run", "test"), default="run")
    purpose = parser.parse_args().purpose
    make_venv()
    install(purpose)
    front_end()
    translations()
    letters()
    kernels()
    if purpose == "test":
        browser()


if __name__ == "__main__":
    main()
