"""`palermo estimate mse` on a file of draws of who is whom."""

import json

import pytest
from typer.testing import CliRunner

from palermo.cli import app

ONE = {"100": 400, "010": 300, "001": 200, "110": 90, "101": 60, "011": 50, "111": 20}


@pytest.fixture
def file(tmp_path):
    lines = ["draw,A,B,C,count"]
    for draw in range(20):
        moved = ONE | {"110": 90 + draw, "100": 400 - draw, "010": 300 - draw}
        lines += [f"{draw + 1},{','.join(history)},{count}" for history, count in moved.items()]
    path = tmp_path / "draws.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def call(*words):
    return CliRunner().invoke(app, ["estimate", "mse", *map(str, words)])


def test_the_range_over_draws_and_the_part_that_links_have_in_it(file):
    done = call(file, "--method", "main", "--bootstrap", "0", "--json")
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["draws"] == 20
    assert 0 < found["linkage_share"] < 1
    assert found["interval"]["kind"] == "mixture"
    assert found["lower"] < found["estimate"] < found["upper"]
    assert found["checks"]["leave_one_out"]["rows"]
    said = call(file, "--method", "main", "--bootstrap", "0").stdout
    assert "20 draws of who is whom" in " ".join(said.split())


def test_a_draw_that_is_wrong_is_named_by_its_row(file):
    file.write_text(file.read_text().replace("3,1,0,0,398", "3,1,0,0,-398"), encoding="utf-8")
    done = call(file, "--json")
    assert done.exit_code == 2
    assert [one["row"] for one in json.loads(done.stdout)["problems"]] == [16]


def test_draws_by_stratum_are_refused_with_the_reason(tmp_path):
    path = tmp_path / "draws.csv"
    rows = [f"{draw},{sex},{a},{b},9" for draw in (1, 2) for sex in "fm" for a, b in ("10", "01", "11")]
    path.write_text("draw,sex,A,B,count\n" + "\n".join(rows) + "\n", encoding="utf-8")
    for by in ("sex", "draw"):
        done = call(path, "--by", by, "--json")
        assert done.exit_code == 2
        problems = json.loads(done.stdout)["problems"]
        assert [(one["rule"], one["column"]) for one in problems] == [("draws", "draw")]
        assert "draws of links cannot be divided" in problems[0]["message"]
