"""`palermo synthesize`: what it refuses, with every reason at once, and what it writes."""

import csv
import json

import numpy as np
import pytest
from typer.testing import CliRunner

from palermo.cli import app
from palermo.disclosing.domains import known, recognised

LISTS = "column,value\nregion,north\nregion,south\nregion,east\nsex,woman\nsex,man\ndebt,yes\ndebt,no\n"


def run(*words):
    return CliRunner().invoke(app, ["synthesize", *map(str, words)])


@pytest.fixture
def people(tmp_path):
    rng = np.random.default_rng(1)
    path = tmp_path / "people.csv"
    rows = [
        (
            f"P-{i // 2}",
            *rng.choice(["north", "south"], 1),
            *rng.choice(["woman", "man"], 1),
            ("yes", "no", "")[i % 3],
        )
        for i in range(1_000)
    ]
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([("pseudonym", "region", "sex", "debt"), *rows])
    (tmp_path / "lists.csv").write_text(LISTS)
    return path


def test_a_release(people, tmp_path):
    out = tmp_path / "out.csv"
    before = people.read_bytes()
    result = run(
        people,
        "--epsilon",
        4,
        "--out",
        out,
        "--domain",
        tmp_path / "lists.csv",
        "--person",
        "pseudonym",
        "--compare",
        "--json",
    )
    assert result.exit_code == 0, result.stderr
    said = json.loads(result.stdout)
    assert abs(said["rows"] - 500) < 100  # persons, not records
    assert said["reviewers"]["people"] == 500
    with out.open(newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["region", "sex", "debt"]
    assert len(rows) == said["rows"] + 1
    assert {row[0] for row in rows[1:]} <= {"north", "south", "east", ""}
    spent = json.loads((tmp_path / "out.ledger.json").read_text())
    assert spent["hash"] == said["hash"]
    assert spent["epsilon"] == 4
    assert len(said["files"]) == 4
    assert "P-1" not in "".join(path.read_text() for path in tmp_path.glob("out*"))
    assert people.read_bytes() == before
    with (tmp_path / "out.tables.csv").open(newline="") as file:
        counts = [int(row["noisy_count"]) for row in csv.DictReader(file) if row["table"] == "region"]
    assert abs(sum(counts) - 500) < 100


def test_everything_that_is_wrong_at_once(people, tmp_path):
    result = run(people, "--epsilon", 1000, "--delta", 0.5, "--model", "magic", "--json")
    assert result.exit_code == 2
    rules = {(one["column"], one["rule"]) for one in json.loads(result.stdout)["problems"]}
    assert {
        ("--epsilon", "options"),
        ("--delta", "options"),
        ("--model", "options"),
        ("--out", "options"),
    } <= rules
    assert ("pseudonym", "identifier") in rules
    assert ("--domain", "domain") in rules
    assert "protects nobody" in result.stderr
    assert not list(tmp_path.glob("out*"))


@pytest.mark.parametrize(
    ("change", "words", "why"),
    [
        (None, ("--epsilon", 0), "epsilon must be a number above 0"),
        (lambda t: t.splitlines()[:2], (), "of fewer than 100 people"),
        (lambda t: t.replace("north", "Atlantis").splitlines(), (), "in no code list"),
        (lambda t: t.replace("region", "province").splitlines(), (), "no code list for this column"),
        (None, ("--columns", "sex,colour"), "there is no such column"),
        (None, ("--columns", "sex"), "two columns at least"),
    ],
)
def test_bad_input(people, tmp_path, change, words, why):
    if change:
        people.write_text("\n".join(change(people.read_text())) + "\n")
    usual = ["--epsilon", 4] if "--epsilon" not in words else []
    result = run(
        people,
        *usual,
        "--out",
        tmp_path / "out.csv",
        "--domain",
        tmp_path / "lists.csv",
        "--person",
        "pseudonym",
        *words,
    )
    assert result.exit_code == 2
    assert why in " ".join(result.stderr.split())
    assert not (tmp_path / "out.csv").exists()


def test_a_column_of_5000_values(people, tmp_path):
    values = "".join(f"debt,{i}\n" for i in range(5_000))
    (tmp_path / "lists.csv").write_text(LISTS + values)
    result = run(
        people,
        "--epsilon",
        4,
        "--out",
        tmp_path / "out.csv",
        "--domain",
        tmp_path / "lists.csv",
        "--person",
        "pseudonym",
    )
    assert result.exit_code == 2
    assert "5,002 values" in result.stderr


def test_values_found_in_the_data_need_a_person(people, tmp_path):
    found = tmp_path / "found.csv"
    result = run(people, "--epsilon", 4, "--person", "pseudonym", "--write-domain", found)
    assert result.exit_code == 0, result.stderr
    assert found.read_text().splitlines()[:3] == ["column,value,public", "region,north,", "region,south,"]
    result = run(
        people, "--epsilon", 4, "--person", "pseudonym", "--domain", found, "--out", tmp_path / "out.csv"
    )
    assert result.exit_code == 2
    assert "nobody has confirmed" in result.stderr


def test_codebooks_are_recognised_by_columns_alone():
    assert recognised(["meansOfControlThreats", "gender"]) == "ctdc-2017"
    assert recognised(["meansThreats", "traffickMonths"]) == "ctdc-2024"
    assert recognised(["gender", "ageBroad"]) == ""  # both have them
    assert recognised(["colour"]) == ""
    assert "NA" in known("ctdc-2017")["citizenship"]
    assert known("ctdc-2024")["meansThreats"] == ("1",)
