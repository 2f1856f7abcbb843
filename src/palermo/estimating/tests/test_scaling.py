"""`palermo estimate nsum`: the worked example of the page, and everything wrong at once."""

import json

import pytest
from typer.testing import CliRunner

from palermo.cli import app

SURVEY = "twins,nurses,hidden\n2,3,1\n0,1,0\n1,3,1\n"
USUAL = ("--population", "10000", "--known", "twins=100", "--known", "nurses=300")


@pytest.fixture
def call(tmp_path):
    def run(*words, survey=SURVEY):
        file = tmp_path / "survey.csv"
        file.write_text(survey, encoding="utf-8")
        return CliRunner().invoke(app, ["estimate", "nsum", str(file), *words])

    return run


def test_the_worked_example(call):
    done = call(*USUAL, "--json")
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["method"] == "nsum"
    assert found["estimate"] == pytest.approx(80)
    assert found["n_observed"] == 3
    assert [one["name"] for one in found["known_groups"]] == ["twins", "nurses"]
    assert call(*USUAL, "--json").stdout == done.stdout


@pytest.mark.parametrize("correction", [("--tau", "0.5"), ("--visibility", "41.66666666666667")])
def test_a_correction_makes_it_the_generalised_one(call, correction):
    found = json.loads(call(*USUAL, *correction, "--json").stdout)
    assert found["method"] == "nsum-generalised"
    assert found["estimate"] == pytest.approx(160)


def test_a_person_reads_a_paragraph(call):
    said = call(*USUAL)
    assert "about 80 people" in " ".join(said.stdout.split())


@pytest.mark.parametrize(
    ("words", "survey", "columns"),
    [
        ((*USUAL, "--known", "teachers", "--seed", "-1"), SURVEY, {"--known", "--seed"}),
        (USUAL, "twins,nurses,hidden\n2,x,1\n-1,1,0\n", {"nurses", "twins"}),
        ((*USUAL, "--hidden", "victims"), SURVEY, {"victims"}),
        ((*USUAL, "--tau", "1.5"), SURVEY, {""}),
    ],
)
def test_everything_wrong_is_said_at_once(call, words, survey, columns):
    done = call(*words, "--json", survey=survey)
    assert done.exit_code == 2
    assert {one["column"] for one in json.loads(done.stdout)["problems"]} == columns
    assert "Nothing was estimated." in done.stderr
