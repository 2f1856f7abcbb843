"""Input that cannot be published as it is: refused with the reason, or handled; nothing is written half.

Margins that disagree, totals smaller than their parts, "<5" in the input, a dimension of 5,000 values, an epsilon of
0 or 1,000, a column that identifies, one row, all rows equal: through `palermo protect` and `palermo synthesize`.
"""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from palermo.cli import app

LISTS = "column,value\nregion,north\nregion,south\nsex,woman\nsex,man\n"
LIST_OF_PERSONS = "code,sex,count\n" + "".join(f"P-{n},woman,1\n" for n in range(40))
NAMED = "name,sex,count\n" + "".join(f"A{n % 3},woman,{n + 9}\n" for n in range(3))
PLACES = "place,count\n" + "".join(f"p{n},{9 + n % 40}\n" for n in range(5_000))
CROSSED = "place,form,count\n" + "".join(f"p{n},f{n % 80},9\n" for n in range(5_000))
PEOPLE = "region,sex\n" + "north,woman\nsouth,man\n" * 150


def told(*words: Any) -> tuple[int, dict[str, Any], str]:
    done = CliRunner().invoke(app, [*map(str, words), "--json"])
    return done.exit_code, json.loads(done.stdout) if done.stdout.strip() else {}, done.stderr


# (what is wrong, file, --by, rule and column of the problem)
REFUSED = [
    ("margins that disagree", "sex,count\nTotal,60\nF,30\nM,20\n", "sex", ("margin", "count")),
    ("margins of two dimensions that disagree",
     "sex,form,count\nF,s,9\nF,l,9\nM,s,9\nM,l,9\nTotal,s,18\nTotal,l,19\n", "sex,form", ("margin", "count")),
    ("a total smaller than its parts", "sex,count\nTotal,40\nF,30\nM,20\n", "sex", ("part", "count")),
    ("a total smaller than its parts around <5", "sex,count\nTotal,20\nF,30\nM,<5\n", "sex", ("part", "count")),
    ("a total that <5 cannot fill", "sex,count\nTotal,94\nF,17\nM,<5\n", "sex", ("margin", "count")),
    ("a negative count", "sex,count\nF,-3\nM,20\n", "sex", ("count", "count")),
    ("half a person", "sex,count\nF,2.5\nM,20\n", "sex", ("count", "count")),
    ("a count that is not one", "sex,count\nF,many\nM,20\n", "sex", ("count", "count")),
    ("the same cell twice", "sex,count\nF,9\nF,8\nM,20\n", "sex", ("duplicate", "")),
    ("a column called a name", NAMED, "name,sex", ("identifier", "name")),
    ("a column called a name that is no dimension", NAMED, "sex", ("identifier", "name")),
    ("a list of persons", LIST_OF_PERSONS, "code,sex", ("identifier", "code")),
    ("5,000 values crossed with 80", CROSSED, "place,form", ("size", "")),
    ("no row", "sex,count\n", "sex", ("empty", "")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "by", "problem"), [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED]
)
def test_a_table_that_is_refused(tmp_path: Path, text: str, by: str, problem: tuple[str, str]) -> None:
    file, out = tmp_path / "in.csv", tmp_path / "out.csv"
    file.write_text(text)
    code, found, said = told("protect", file, "--count", "count", "--by", by, "--out", out)
    assert code == 2, said
    rules = {(one["rule"], one.get("column") or "") for one in found["problems"]}
    assert problem[0] in {rule for rule, _column in rules}, rules
    assert not problem[1] or problem in rules, rules
    assert "Nothing was written" in said
    assert not out.exists()


# (what is odd, file, --by, how many counts are hidden)
HANDLED = [
    ("one row", "year,sex,count\n2024,f,3\n", "year,sex", 4),
    ("all rows equal and large", "year,sex,count\n1,f,7\n1,m,7\n2,f,7\n2,m,7\n", "year,sex", 0),
    ("all rows equal and small", "year,sex,count\n1,f,2\n1,m,2\n2,f,2\n2,m,2\n", "year,sex", 9),
    ("<5 in the input", "sex,count\nTotal,60\nF,50\nM,<5\nother,8\n", "sex", 2),
]


@pytest.mark.parametrize(
    ("text", "by", "hidden"), [one[1:] for one in HANDLED], ids=[one[0] for one in HANDLED]
)
def test_a_table_that_is_handled(tmp_path: Path, text: str, by: str, hidden: int) -> None:
    file, out = tmp_path / "in.csv", tmp_path / "out.csv"
    file.write_text(text)
    code, found, said = told("protect", file, "--count", "count", "--by", by, "--out", out)
    assert code == 0, said
    assert found["hidden"] == hidden
    rows = list(csv.DictReader(io.StringIO(out.read_text())))
    assert sum(row["count"] == "" for row in rows) == hidden
    code, found, _said = told("attack", out, "--count", "count", "--by", by)
    assert (code, found["under_threshold"]) == (0, 0)


def test_a_dimension_of_5000_places_is_handled(tmp_path: Path) -> None:
    """Each row has a value of its own here too, but it counts many persons: a table, not a list of persons."""
    file, out = tmp_path / "in.csv", tmp_path / "out.csv"
    file.write_text(PLACES)
    code, found, said = told("protect", file, "--count", "count", "--by", "place", "--out", out)
    assert code == 0, said
    assert (found["cells"], found["hidden"]) == (5_001, 0)


def test_a_column_that_names_people_may_be_left_out(tmp_path: Path) -> None:
    file, out = tmp_path / "in.csv", tmp_path / "out.csv"
    file.write_text("name,sex,count\nx,woman,20\ny,man,30\n")
    code, _found, said = told(
        "protect", file, "--count", "count", "--by", "sex", "--drop", "name", "--out", out
    )
    assert code == 0, said
    assert out.read_text().splitlines()[0] == "sex,count,status"


@pytest.fixture
def people(tmp_path: Path) -> Path:
    (tmp_path / "lists.csv").write_text(LISTS)
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE)
    return file


# (what is wrong, file, options, words of the reason)
NO_ROWS = [
    ("epsilon 0", PEOPLE, ("--epsilon", 0), "epsilon must be a number above 0"),
    ("epsilon 1,000", PEOPLE, ("--epsilon", 1000), "protects nobody"),
    ("epsilon that is no number", PEOPLE, ("--epsilon", "nan"), "epsilon must be a number above 0"),
    ("one row", "region,sex\nnorth,woman\n", ("--epsilon", 4), "fewer than 100 people"),
    ("<5 in the rows", PEOPLE.replace("north", "<5"), ("--epsilon", 4), "in no code list"),
    ("a name", PEOPLE.replace("region,", "name,"), ("--epsilon", 4), "identifies people"),
]


@pytest.mark.parametrize(
    ("text", "words", "why"), [one[1:] for one in NO_ROWS], ids=[one[0] for one in NO_ROWS]
)
def test_rows_that_are_refused(
    people: Path, tmp_path: Path, text: str, words: tuple[Any, ...], why: str
) -> None:
    people.write_text(text)
    out = tmp_path / "out.csv"
    code, found, said = told("synthesize", people, "--domain", tmp_path / "lists.csv", "--out", out, *words)
    assert code == 2, said
    assert why in " ".join(said.split()), (said, found)
    assert not list(tmp_path.glob("out*"))


@pytest.mark.slow
def test_rows_that_are_all_equal(people: Path, tmp_path: Path) -> None:
    """Everybody is a woman of the north: that comes out, and nothing is computed exactly."""
    people.write_text("region,sex\n" + "north,woman\n" * 300)
    out = tmp_path / "out.csv"
    code, found, said = told(
        "synthesize",
        people,
        "--epsilon",
        4,
        "--domain",
        tmp_path / "lists.csv",
        "--out",
        out,
    )
    assert code == 0, said
    rows = list(csv.DictReader(io.StringIO(out.read_text())))
    assert abs(found["rows"] - 300) < 60
    assert sum((row["region"], row["sex"]) == ("north", "woman") for row in rows) > 0.8 * len(rows)
