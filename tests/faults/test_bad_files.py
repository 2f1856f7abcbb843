"""Files that cannot be taken end in exit 2 with every problem, one JSON object, and a database as it was."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from bench_visitor import command
from fault_work import database

from palermo.kernel.database import launcher
from palermo.kernel.imports.rejected import MOST_LISTED
from palermo.standards.records.synthetic import synthetic_htcds

GOOD = synthetic_htcds(400, Random(7))
HEADER = GOOD.split("\n", 1)[0]


@pytest.fixture(scope="module")
def running(home: Path) -> Iterator[Path]:
    """The database stays up between the commands: faster, and so it can be looked at."""
    with launcher.lease(home):
        yield home


def rows_of(home: Path) -> dict[str, int]:
    """How many rows every table holds."""
    with database(home) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        return {
            name: connection.execute(f'SELECT count(*) FROM "{name}"'.encode()).fetchone()[0]  # type: ignore[index]
            for (name,) in names
        }


def wrong_header(path: Path) -> None:
    path.write_text(GOOD.replace("prs_Gender", "Gender of person", 1), encoding="utf-8")


def wrong_encoding(path: Path) -> None:
    path.write_bytes(GOOD.replace("Invented", "Inventé").encode("latin-1"))


def ragged_row(path: Path) -> None:
    lines = GOOD.splitlines()
    lines[200] += ",one,more"
    lines[300] = lines[300].rpartition(",")[0]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def zip_bomb(path: Path) -> None:
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("people.csv", "w", force_zip64=True) as inside,
    ):
        for _megabyte in range(300):
            inside.write(b"0" * 1_000_000)


def nonsense(path: Path) -> None:
    """A million rows under a right header."""
    width = HEADER.count(",")
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER + "\n")
        for number in range(1_000_000):
            file.write(f"nonsense {number}" + "," * width + "\n")


def blank(path: Path) -> None:
    """A million rows of nothing but commas."""
    path.write_text(HEADER + "\n" + ("," * HEADER.count(",") + "\n") * 1_000_000, encoding="utf-8")


def _last_line(path: Path) -> None:
    """All good but the very last line: even then nothing may have been written."""
    path.write_text(GOOD + "a,b\n", encoding="utf-8")


CASES = {
    wrong_header: ("Gender of person", "prs_Gender"),
    wrong_encoding: ("UTF-8",),
    ragged_row: ("fields", "201", "301"),
    zip_bomb: ("ZIP",),
    nonsense: ("break the rules",),
    blank: ("break the rules", "empty"),
    _last_line: ("fields", "402"),
}


@pytest.mark.parametrize("make", CASES, ids=lambda f: f.__name__.strip("_"))
def test_a_bad_file_changes_nothing(make: Any, running: Path, top: Path) -> None:
    file = top / f"{make.__name__}.csv"
    make(file)
    before = rows_of(running)
    done = command(
        running, "import", str(file), "--format", "htcds", "--source", "An invented list", "--json"
    )
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stdout.count("\n") == 1
    problems = json.loads(done.stdout)["problems"]
    assert problems
    assert all({"file", "row", "column", "value", "rule"} <= set(problem) for problem in problems)
    assert all(part in done.stdout for part in CASES[make]), done.stdout[:2000]
    assert "unchanged" in done.stderr
    assert "Traceback" not in done.stderr
    assert rows_of(running) == before
    left = [path.name for path in (running / "imports").glob("*")]
    assert left == [], "a scratch file was left"
    file.unlink()


def test_the_list_of_rejected_rows_is_capped(running: Path, top: Path) -> None:
    """Less than half of the rows are wrong: the rest is taken, and the list ends before it fills the disk."""
    good = synthetic_htcds(16_000, Random(3)).splitlines()
    broken = good[1].replace(",", ",x", 5)
    file = top / "half.csv"
    lines = [good[0]]
    for number, line in enumerate(good[1:]):
        lines += [line, broken] if number % 8 else [line]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = command(running, "import", str(file), "--format", "htcds", "--source", "Half a list", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)
    assert found["read"] == len(lines) - 1
    assert found["added"] == 16_000
    assert found["rejected"] == found["read"] - 16_000
    listed = Path(found["rejected_path"]).read_text(encoding="utf-8").splitlines()
    assert listed[0] == "row,column,value,rule"
    assert len(listed) <= MOST_LISTED + 2
    assert "more problems" in listed[-1]
