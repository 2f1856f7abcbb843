"""Rounding, noise by keys, dominance, full cells: what they promise, and what they say against themselves."""

import csv
import io
import json

import numpy as np
import pytest
from typer.testing import CliRunner

from palermo.cli import app
from palermo.disclosure import Rule, protect
from palermo.disclosure.cellkey import Queryable, chance, group_key, noisy
from palermo.disclosure.contributions import Dominance, doubt, full_cells
from palermo.disclosure.protect import protect_linked
from palermo.disclosure.rounding import rounded
from palermo.disclosure.system import join
from palermo.disclosure.tests.tables import made

TABLE = "place,sex,count\na,f,47\na,m,3\nb,f,50\nb,m,31\nc,f,66\nc,m,12\n"


def run(tmp_path, text, *more, command="protect"):
    path, out = tmp_path / "in.csv", tmp_path / "out.csv"
    path.write_text(text, encoding="utf-8")
    told = ["--count", "count", "--by", "place,sex", "--json", *more]
    ends = [str(path), "--out", str(out)] if command == "protect" else [str(out)]
    result = CliRunner().invoke(app, [command, *ends, *told])
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8")))) if out.exists() else []
    return result.exit_code, json.loads(result.stdout), rows


@pytest.mark.parametrize("shape", [(4, 5), (3, 3, 3), (2, 4, 3)])
def test_rounded_tables_add_up_and_are_near(shape):
    rng = np.random.default_rng(4)
    table = made(shape, [int(n) for n in rng.integers(0, 40, size=int(np.prod(shape)))])
    system = join([table])
    found = rounded(system, 5)
    assert found.additive
    assert np.abs(system.equal @ found.values).max() == 0
    assert np.abs(found.values - system.values).max() < 5
    assert (found.values % 5 == 0).all()
    untouched = system.values % 5 == 0
    assert (found.values[untouched] == system.values[untouched]).all()


def test_a_rounded_file_and_its_attack(tmp_path):
    code, found, rows = run(tmp_path, TABLE, "--method", "round")
    assert (code, found["recoverable"]) == (0, 0)
    counts = {(row["place"], row["sex"]): int(row["count"]) for row in rows}
    assert counts["a", "f"] + counts["a", "m"] == counts["a", "Total"]
    code, seen, _rows = run(tmp_path, TABLE, "--rounded", "5", command="attack")
    assert (code, seen["under_threshold"]) == (0, 0)


def test_rounding_that_gives_a_count_away_is_found_by_the_attack(tmp_path):
    """Two parts of 4 rounded to 0 each under a total of 8 rounded to 10: both must be 4, or nearly."""
    (tmp_path / "out.csv").write_text("place,sex,count\na,f,0\na,m,0\na,Total,10\n", encoding="utf-8")
    code, seen, _rows = run(tmp_path, TABLE, "--rounded", "5", command="attack")
    assert code == 0
    assert seen["narrowed"] == 2
    (tmp_path / "out.csv").write_text("place,sex,count\na,f,0\na,m,5\na,Total,0\n", encoding="utf-8")
    code, seen, _rows = run(tmp_path, TABLE, "--rounded", "5", command="attack")
    assert (code, seen["proved_small"]) == (1, 1)


def test_rounding_after_suppression(tmp_path):
    _code, _found, rows = run(tmp_path, TABLE, "--method", "suppress+round")
    assert all(
        row["status"] in ("A", "D") if row["count"] == "" else int(row["count"]) % 5 == 0 for row in rows
    )
    assert any(row["count"] == "" for row in rows)


def test_noise_is_permanent_bounded_and_told(tmp_path):
    key = tmp_path / "secret"
    key.write_bytes(bytes(range(32)))
    told = ("--method", "cellkey", "--key", str(key))
    _code, found, rows = run(tmp_path, TABLE, *told)
    assert any("averages it away" in warning for warning in found["warnings"])
    again = run(tmp_path, TABLE, *told)[2]
    assert rows == again
    true = {("a", "f"): 47, ("a", "m"): 3, ("b", "f"): 50, ("c", "m"): 12, ("Total", "Total"): 209}
    shown = {(row["place"], row["sex"]): int(row["count"]) for row in rows}
    assert all(abs(shown[at] - count) <= 4 for at, count in true.items())
    assert run(tmp_path, TABLE, "--noise", "4", command="attack")[0] == 0


def test_noise_has_no_bias_and_leaves_nobody_below_nobody():
    rng = np.random.default_rng(5)
    for count in (1, 2, 3, 40):
        keys = rng.integers(0, 2**32, size=40_000)
        found = np.array([noisy(count, int(key), most=4, variance=2.0) for key in keys[:8_000]])
        assert abs(found.mean() - count) < 0.06
        assert found.min() >= max(0, count - 4)
        assert found.max() <= count + 4
    moves, chances = chance(4, 4, 2.0)
    assert abs(sum(c * m * m for m, c in zip(moves, chances, strict=True)) - 2.0) < 1e-6
    assert noisy(0, 12345, most=4, variance=2.0) == 0


def test_the_same_people_have_the_same_noise_in_every_table():
    secret = b"0123456789abcdef"
    assert group_key(secret, ["a"], 9) == group_key(secret, ["a"], 9)
    assert group_key(secret, ["a"], 9) != group_key(b"another secret that is", ["a"], 9)


def test_averaging_over_partitions_reveals_and_public_query_tools_are_refused():
    """Why it is refused: a group split eighteen ways, its noisy parts added up, and the mean of the sums."""
    rng = np.random.default_rng(6)
    hits = 0
    for _target in range(60):
        count = int(rng.integers(20, 60))
        sums = []
        for _partition in range(200):
            first = int(rng.integers(5, count - 5))
            parts = (first, count - first)
            sums.append(sum(noisy(n, int(rng.integers(0, 2**32)), most=4, variance=2.0) for n in parts))
        hits += round(float(np.mean(sums))) == count
    assert hits > 50
    with pytest.raises(Queryable, match="averages"):
        noisy(5, 1, most=4, variance=2.0, answers_questions=True)


def test_cellkey_needs_a_secret(tmp_path):
    code, found, _rows = run(tmp_path, TABLE, "--method", "cellkey")
    assert code == 2
    assert found["problems"][0]["column"] == "--key"


@pytest.mark.parametrize(
    ("total", "largest", "rule", "left"),
    [
        (100, [90, 5], Dominance(n=1, k=80), (87, 113)),
        (100, [50, 30], Dominance(n=1, k=80), None),
        (100, [60, 36], Dominance(p=10), (98, 102)),
        (100, [50, 20], Dominance(p=10), None),
    ],
)
def test_rules_of_dominance(total, largest, rule, left):
    assert doubt(total, largest, rule) == left


def test_a_dominated_count_is_hidden_with_its_own_mark(tmp_path):
    text = "place,sex,count,x1,x2\na,f,90,80,5\na,m,40,9,8\nb,f,50,9,8\nb,m,31,9,8\nc,f,66,9,8\nc,m,72,9,8\n"
    told = ("--largest", "x1,x2", "--dominance", "1,80")
    code, found, rows = run(tmp_path, text, *told)
    assert code == 0
    assert list(rows[0]) == ["place", "sex", "count", "status"], "contributions never come out"
    assert rows[0] == {"place": "a", "sex": "f", "count": "", "status": "O"}
    assert found["secondary"] >= 3
    _code, seen, _rows = run(tmp_path, text, command="attack")
    (cell,) = [c for c in seen["cells"] if c["cell"] == {"place": "a", "sex": "f"}]
    assert cell["low"] <= 80
    assert cell["high"] >= 100
    assert run(tmp_path, text, "--dominance", "1,80", "--keep", "x1,x2")[0] == 2


def test_a_group_all_in_one_category(tmp_path):
    table = made((3, 3), [20, 0, 0, 10, 11, 12, 13, 14, 15])
    assert not protect(table, Rule(5)).primary
    found = protect_linked([table], Rule(5), doubts=full_cells([table]))
    shown = found.tables[0].cells
    assert [shown["a0", code] for code in ("b0", "b1", "b2")] == [None] * 3
    text = "place,sex,count\na,f,20\na,m,0\nb,f,10\nb,m,11\nc,f,14\nc,m,15\n"
    _code, said, rows = run(tmp_path, text, "--full-cells")
    assert {row["count"] for row in rows[:2]} == {""}
    assert any("costs" in warning for warning in said["warnings"])
