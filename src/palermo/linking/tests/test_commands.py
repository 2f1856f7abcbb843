"""`palermo link` as a person and as a program meet it."""

import csv
import json

import pytest
from typer.testing import CliRunner

from palermo.cli import app


def call(*words):
    return CliRunner().invoke(app, ["link", *map(str, words)])


def answer(result):
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_invented_lists_come_with_their_truth(tmp_path):
    found = answer(
        call("invent", "--records", 600, "--noise", 1, "--seed", 3, "--out", tmp_path / "new", "--json")
    )
    assert found["records"] == pytest.approx(600, rel=0.2)
    truth = rows(tmp_path / "new" / "truth.csv")
    assert len(truth) == found["records"]
    persons: dict[str, set[str]] = {}
    for row in truth:
        persons.setdefault(row["person"], set()).add(row["source"])
    histories = rows(tmp_path / "new" / "true_histories.csv")
    assert sum(int(row["count"]) for row in histories) == len(persons) == found["persons"]
    for name, many in found["sources"].items():
        assert len(rows(tmp_path / "new" / f"{name}.csv")) == many


def test_the_same_seed_writes_the_same_bytes(tmp_path):
    for folder in ("a", "b"):
        call("invent", "--records", 300, "--seed", 9, "--out", tmp_path / folder)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()
