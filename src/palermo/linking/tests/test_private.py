"""Three bodies and a unit, each a process in a folder of its own, from lists with names to an estimate without them."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from palermo.linkage.generator import Invented, invent
from palermo.linkage.names import fold
from palermo.linkage.people import FIELDS
from palermo.linking.files import table

BODIES = ("police", "ngo", "shelter")


def palermo(folder: Path, *words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    """One command in a process that knows nothing but its folder."""
    program = "import sys; from palermo.cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", program, "link", *words], cwd=folder, capture_output=True, text=True,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), "HOME": str(folder)},
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    return done


@pytest.fixture(scope="module")
def country() -> Invented:
    return invent(4000, noise=0.3, seed=8)


@pytest.fixture(scope="module")
def bodies(tmp_path_factory: pytest.TempPathFactory, country: Invented) -> dict[str, Path]:
    """Each body's folder with its list and the joined key."""
    folders = {name: tmp_path_factory.mktemp(name) for name in BODIES}
    for one, (name, folder) in zip(country.lists, folders.items(), strict=False):
        rows = zip(*(one.columns[field] for field in FIELDS), strict=True)
        (folder / "list.csv").write_text("".join(table(FIELDS, rows)), "utf-8")
        palermo(folder, "key", "share", "--out", "share.json", "--project", "Palermia 2026", "--body", name)
    shares = [str(folder / "share.json") for folder in folders.values()]
    fingerprints = set()
    for folder in folders.values():
        made = palermo(folder, "key", "join", *shares, "--out", "key.json", "--json")
        fingerprints.add(json.loads(made.stdout)["fingerprint"])
        shares.reverse()
        assert (folder / "key.json").stat().st_mode & 0o077 == 0
    assert len(fingerprints) == 1
    return folders


@pytest.fixture(scope="module")
def unit(tmp_path_factory: pytest.TempPathFactory, bodies: dict[str, Path]) -> Path:
    """The unit's folder: nothing but encoded files ever comes into it."""
    folder = tmp_path_factory.mktemp("unit")
    for name, home in bodies.items():
        words = (
            "encode",
            "list.csv",
            "--key",
            "key.json",
            "--name",
            name,
            "--out",
            f"{name}.enc",
            "--rows",
            "rows.csv",
        )
        palermo(home, *words)
        (folder / f"{name}.enc").write_bytes((home / f"{name}.enc").read_bytes())
    return folder


def test_the_overlaps_are_found_and_estimated_and_no_name_reached_the_unit(
    country: Invented, bodies: dict[str, Path], unit: Path
) -> None:
    found = json.loads(
        palermo(unit, "match", *(f"{name}.enc" for name in BODIES), "--out", "out", "--json").stdout
    )
    assert sorted(path.name for path in (unit / "out").iterdir()) == [
        "histories.csv",
        "report.html",
        "runs.jsonl",
    ]
    true: dict[int, set[int]] = {}
    for at, whose in enumerate(country.persons[:3]):
        for person in whose.tolist():
            true.setdefault(person, set()).add(at)
    several = sum(len(lists) > 1 for lists in true.values())
    assert found["counts"]["in_several_lists"] == pytest.approx(several, rel=0.2)
    with (unit / "out" / "histories.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [*BODIES, "count"]
    assert sum(int(row["count"]) for row in rows) == found["counts"]["persons"]
    _no_name_in(country, [path for path in unit.rglob("*") if path.is_file()])
    estimate = subprocess.run(
        [sys.executable, "-c", "from palermo.cli import main; main()", "estimate", "mse", "out/histories.csv", "--json",
         "--bootstrap", "0", "main"],
        cwd=unit, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert estimate.returncode == 0, estimate.stderr


def _no_name_in(country: Invented, files: list[Path]) -> None:
    """No part of a name of five letters or more as written or folded, no date, document or number of any record."""
    words: set[str] = set()
    for one in country.lists[:3]:
        for record in one.rows():
            names = f"{record.given_name} {record.family_name} {record.other_names}"
            words |= {word for word in [*names.split(), *fold(names).split()] if len(word) > 4}
            words |= {text for text in (record.document_no, record.phone, record.birth_date) if len(text) > 6}
    assert len(words) > 500
    for path in files:
        content = path.read_bytes().lower()
        content = content[content.find(b"</style>") + 1 :]
        for known in (b"shelter", b"police", b"palermia"):
            content = content.replace(known, b"")
        assert not [word for word in words if word.lower().encode() in content], path.name


def test_who_is_with_whom_needs_a_basis_and_the_body_finds_its_own_rows_again(
    bodies: dict[str, Path], unit: Path
) -> None:
    files = [f"{name}.enc" for name in BODIES[:2]]
    assert "legal basis" in palermo(unit, "match", *files, "--out", "p", "--pairs", code=2).stderr
    palermo(
        unit, "match", *files, "--out", "p", "--pairs", "--basis", "Act 5/2019, article 3", "--draws", "3"
    )
    with (unit / "p" / "draws.csv").open(encoding="utf-8") as file:
        drawn = list(csv.DictReader(file))
    assert list(drawn[0]) == ["draw", *BODIES[:2], "count"]
    assert {row["draw"] for row in drawn} == {"1", "2", "3"}
    assert "Act 5/2019" in (unit / "p" / "report.html").read_text("utf-8")
    with (unit / "p" / "clusters.csv").open(encoding="utf-8") as file:
        groups = list(csv.DictReader(file))
    with (bodies["police"] / "rows.csv").open(encoding="utf-8") as file:
        mine = {row["row_number"] for row in csv.DictReader(file)}
    assert {row["row_number"] for row in groups if row["source"] == "police"} == mine
    assert all(0 <= float(row["probability"]) <= 1 for row in groups)


def test_another_secret_is_refused_and_gives_chance_when_forced(bodies: dict[str, Path], unit: Path) -> None:
    home = bodies["ngo"]
    (home / "wrong").write_text("another secret, not the joined one\n")
    palermo(home, "encode", "list.csv", "--key", "wrong", "--name", "ngo", "--out", "wrong.enc")
    (unit / "wrong.enc").write_bytes((home / "wrong.enc").read_bytes())
    told = palermo(unit, "match", "police.enc", "wrong.enc", "--out", "w", code=2).stderr
    assert "these two files were made with different secrets" in told
    assert not (unit / "w").exists()
    forced = palermo(unit, "match", "police.enc", "wrong.enc", "--out", "w", "--force", "--json")
    counts = json.loads(forced.stdout)["counts"]
    assert counts["in_several_lists"] < 0.02 * counts["records"]
    (unit / "wrong.enc").unlink()


def test_a_list_changed_by_a_row_is_not_matched_again_without_a_reason(
    bodies: dict[str, Path], unit: Path
) -> None:
    home = bodies["police"]
    lines = (home / "list.csv").read_text("utf-8").splitlines(keepends=True)
    (home / "less.csv").write_text("".join(lines[:-1]), "utf-8")
    palermo(home, "encode", "less.csv", "--key", "key.json", "--name", "police", "--out", "less.enc")
    (unit / "less.enc").write_bytes((home / "less.enc").read_bytes())
    palermo(unit, "match", "police.enc", "ngo.enc", "--out", "d")
    palermo(unit, "match", "police.enc", "ngo.enc", "--out", "d")
    assert (
        "changed by a few rows" in palermo(unit, "match", "less.enc", "ngo.enc", "--out", "d", code=2).stderr
    )
    palermo(unit, "match", "less.enc", "ngo.enc", "--out", "d", "--again", "a withdrawn consent")
    assert len((unit / "d" / "runs.jsonl").read_text("utf-8").splitlines()) == 3
    (unit / "less.enc").unlink()


def test_bad_input_is_refused_in_words(bodies: dict[str, Path], unit: Path) -> None:
    assert (
        "not an encoded list"
        in palermo(bodies["ngo"], "match", "list.csv", "ngo.enc", "--out", "x", code=2).stderr
    )
    assert "at least two" in palermo(unit, "match", "ngo.enc", "--out", "x", code=2).stderr
    assert "called ngo" in palermo(unit, "match", "ngo.enc", "ngo.enc", "--out", "x", code=2).stderr
    assert "no such file" in palermo(unit, "match", "ngo.enc", "none.enc", "--out", "x", code=2).stderr
    home = bodies["shelter"]
    (home / "few.csv").write_text("given_name,family_name\nAmina,Haddad\n")
    words = ("encode", "few.csv", "--key", "key.json", "--out", "few.enc")
    assert "hides among too few" in palermo(home, *words, code=2).stderr
    assert not (home / "few.enc").exists()
    assert (
        "share of one body"
        in palermo(home, *words[:2], "--key", "share.json", "--out", "few.enc", code=2).stderr
    )
    assert "never written over" in palermo(home, "key", "share", "--out", "share.json", code=2).stderr
