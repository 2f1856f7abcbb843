"""Import of the CTDC file: rows per second beside a plain COPY of the same rows, and memory as the file grows."""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

from bench_measure import ROOT, SHARED, Figure, not_measured, scaled, superuser, tell

FILE = SHARED / "ctdc" / "ctdc_global_kanon_2017-11-27.csv"
SPEED, FLAT = "at least 8,000 rows/s", "at most 1.25 times"


def part_of(scale: float, target: Path) -> Path:
    """The file, or its beginning."""
    lines = FILE.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    target.write_text("".join(lines[: 1 + scaled(len(lines) - 1, scale)]), encoding="utf-8")
    return target


def tenfold(file: Path, target: Path) -> Path:
    with file.open("rb") as one, target.open("wb") as ten:
        header, rows = one.readline(), one.read()
        ten.write(header)
        for _time in range(10):
            ten.write(rows)
    return target


def child(file: str, source: str) -> None:
    """One import in a process of its own: seconds (start-up left out), rows, and the peak of its memory."""
    from palermo.cli import prepare

    prepare()
    from palermo.kernel.access.viewer import Viewer
    from palermo.kernel.imports.actions import run_import

    begun, worked = time.perf_counter(), time.process_time()
    found = run_import(actor=Viewer.operator(), path=Path(file), format="ctdc", source=source)
    seconds = time.perf_counter() - begun
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({
        "seconds": seconds, "rows": found.read, "added": found.added, "megabytes": used.ru_maxrss / 1024,
        "processor": time.process_time() - worked,
    }))  # fmt: skip


def run(file: Path, source: str) -> dict[str, float]:
    program = [sys.executable, __file__, str(file), source]
    done = subprocess.run(program, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, timeout=900)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    tell(f"{file.name}: {found}")
    return found


def copy_speed(file: Path) -> float:
    """Rows per second of COPY into a table of texts without any rule."""
    import csv

    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    columns = ", ".join(f"c{number} text" for number in range(len(rows[0])))
    with superuser() as connection:
        connection.execute(f"CREATE TABLE bench_copy ({columns})")
        begun = time.perf_counter()
        with (
            connection.cursor() as cursor,
            cursor.copy("COPY bench_copy FROM STDIN (FORMAT csv, HEADER)") as copy,
            file.open("rb") as raw,
        ):
            while block := raw.read(1 << 18):
                copy.write(block)
        seconds = time.perf_counter() - begun
        connection.execute("DROP TABLE bench_copy")
    return (len(rows) - 1) / seconds


def figures(scale: float) -> list[Figure]:
    names = ("import of the CTDC file", "memory of the import, file grown tenfold")
    if not FILE.is_file():
        why = "the CTDC file is not in ../shared"
        return [not_measured(names[0], SPEED, "rows/s", why), not_measured(names[1], FLAT, "times", why)]
    from palermo.cli import prepare

    prepare()
    home = Path(os.environ["PALERMO_HOME"])
    one = part_of(scale, home.parent / "one.csv")
    ten = tenfold(one, home.parent / "ten.csv")
    run(one, "warm-up")
    runs = sorted((run(one, f"once {turn}") for turn in range(3)), key=lambda found: found["seconds"])
    copied = copy_speed(one)
    grown = run(ten, "tenfold")
    speed, memory = runs[1]["rows"] / runs[1]["seconds"], max(found["megabytes"] for found in runs)
    again = run(one, "once 0")
    many = grown["rows"] / grown["seconds"]
    beside = (
        f"plain COPY of the same {runs[1]['rows']:,.0f} rows {copied:,.0f} rows/s ({copied / speed:.1f} times as "
        f"fast); {runs[1]['processor']:.1f} of {runs[1]['seconds']:.1f} s on the processor; "
        f"{grown['rows']:,.0f} rows: {many:,.0f} rows/s; second time added {again['added']}"
    )
    return [
        Figure(names[0], SPEED, speed, "rows/s", speed >= 8000, beside=beside),
        Figure(
            names[1], FLAT, grown["megabytes"] / memory, "times", grown["megabytes"] <= 1.25 * memory,
            beside=f"{memory:.0f} MB for {runs[1]['rows']:,.0f} rows, {grown['megabytes']:.0f} MB for "
            f"{grown['rows']:,.0f}",
        ),
    ]  # fmt: skip


if __name__ == "__main__":
    child(*sys.argv[1:])
