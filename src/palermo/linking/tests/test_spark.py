"""`palermo link --spark`: the same answer from a cluster; a plain sentence where there is none."""

import importlib.util
import json
import shutil

import pytest
from typer.testing import CliRunner

from palermo.linking.commands import app

SPARK = importlib.util.find_spec("pyspark") is not None


@pytest.fixture
def lists(tmp_path):
    done = CliRunner().invoke(app, ["invent", "--out", str(tmp_path), "--records", "2000", "--lists", "3"])
    assert done.exit_code == 0, done.output
    return [
        str(path)
        for path in sorted(tmp_path.glob("*.csv"))
        if not path.name.startswith("true_") and path.name != "truth.csv"
    ]


def run(lists, out, *more):
    done = CliRunner().invoke(app, [*lists, "--out", str(out), "--json", *more])
    return done, (out / "clusters.csv").read_bytes() if done.exit_code == 0 else b""


@pytest.mark.skipif(SPARK, reason="pyspark is installed here")
def test_without_the_extra_it_is_said_in_a_sentence(lists, tmp_path):
    done, _clusters = run(lists, tmp_path / "out", "--spark", "local[2]")
    assert done.exit_code == 2
    assert "the extra spark is not installed" in done.output
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
@pytest.mark.skipif(not SPARK or shutil.which("java") is None, reason="needs the extra spark, and Java")
def test_a_cluster_answers_as_one_machine_does(lists, tmp_path):
    done, clusters = run(lists, tmp_path / "one")
    spread, same = run(lists, tmp_path / "many", "--spark", "local[2]")
    assert spread.exit_code == 0, spread.output
    assert same == clusters
    assert json.loads(spread.stdout)["precision"] == json.loads(done.stdout)["precision"]
