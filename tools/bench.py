"""Measure the figures of docs/benchmarks.md, each on a palermo of its own that is thrown away afterwards.

    make bench                                        everything at full size
    .venv/bin/python tools/bench.py --scale 0.01      a quick look at a hundredth of the sizes
    .venv/bin/python tools/bench.py --only search     a group alone: import statistics search cases run audit encounters
                                                      load link estimation linkage site protect synthesis
                                                      risk differences years fieldwork dashboard exports ingest
                                                      leaving caselaw crossing exchange flows
    .venv/bin/python tools/bench.py --json            one JSON object on standard output

The database is durable (fsync on). Exit 1 when a figure misses its target or a measurement fails.
"""

import argparse
import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench_measure import Figure, tell
from bench_visitor import ROOT, environment

# What is measured, and after how many seconds at full size it is given up.
GROUPS = {
    "import": 1200, "statistics": 1800, "search": 3600, "cases": 1800, "run": 1200, "audit": 900, "encounters": 600,
    "load": 7200, "link": 900, "estimation": 1800, "linkage": 3600, "site": 900,
    "protect": 2400, "synthesis": 1800, "risk": 1200, "differences": 900, "years": 7200,
    "fieldwork": 3600, "dashboard": 600, "exports": 3600, "ingest": 7200, "leaving": 900, "caselaw": 900,
    "crossing": 1200, "exchange": 3600, "flows": 1200,
}  # fmt: skip
LEAST_PATIENCE = 600


def inside(group: str, scale: float) -> None:
    """Measure one group in this process, whose PALERMO_HOME is its own; print the figures as one line of JSON."""
    found = importlib.import_module(f"bench_{group}").figures(scale)
    print(json.dumps([figure.as_json() for figure in found]), flush=True)


def measure(group: str, scale: float) -> list[Figure]:
    """One group in a process of its own; a failure becomes a line of the table."""
    from palermo.kernel.database import launcher

    top = Path(tempfile.mkdtemp(prefix="palermo-bench-"))
    top.chmod(0o711)
    home = top / "home"
    program = [sys.executable, __file__, "--inside", group, "--scale", str(scale)]
    child = subprocess.Popen(
        program, cwd=ROOT, env=environment(home), stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        out, _err = child.communicate(timeout=max(LEAST_PATIENCE, GROUPS[group] * min(scale, 1)))
        lines = out.splitlines()
        if child.returncode or not lines:
            return [
                Figure(group, "", None, "", False, beside=f"the measurement failed (exit {child.returncode})")
            ]
        return [Figure(**line) for line in json.loads(lines[-1])]
    except subprocess.TimeoutExpired:
        return [Figure(group, "", None, "", False, beside="given up: it took too long")]
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGTERM)
            child.wait(60)
        launcher.discard(home)
        shutil.rmtree(top, ignore_errors=True)


def number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.2f}"


def line(figure: Figure) -> tuple[str, ...]:
    met = {True: "yes", False: "NO", None: "-"}[figure.met]
    return (
        figure.name, figure.target or "-", number(figure.measured), number(figure.p95), figure.unit, met,
        figure.beside,
    )  # fmt: skip


def table(found: list[Figure]) -> str:
    """As Markdown, so that it can go into docs/benchmarks.md as it is."""
    head = ("figure", "target", "median", "p95", "unit", "met", "beside it, in the same run")
    rows = [head, *map(line, found)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(head))]
    text = [
        "| " + " | ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    text.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(text)


def machine() -> dict[str, object]:
    """Where it was measured: without this a figure means nothing."""
    from palermo.kernel.database.launcher.conf import memory_megabytes

    return {
        "processors": os.cpu_count(), "megabytes": memory_megabytes(), "python": sys.version.split()[0],
        "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--only", choices=GROUPS, action="append", help="measure this group only; may be repeated"
    )
    parser.add_argument("--scale", type=float, default=1.0, help="1 is full size, 0.01 a hundredth")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.add_argument("--inside", choices=GROUPS, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        inside(given.inside, given.scale)
        return
    where, found, begun = machine(), [], time.monotonic()
    for group in given.only or GROUPS:
        print(f"Measuring {group}", file=sys.stderr, flush=True)
        found += measure(group, given.scale)
        tell(f"{time.monotonic() - begun:.0f} s so far")
    if given.json:
        figures = [figure.as_json() for figure in found]
        print(json.dumps({"scale": given.scale, "machine": where, "figures": figures}))
    else:
        print(
            f"Scale {given.scale:g}; " + ", ".join(f"{name} {value}" for name, value in where.items()) + "\n"
        )
        print(table(found))
    raise SystemExit(1 if any(figure.met is False for figure in found) else 0)


if __name__ == "__main__":
    main()
