"""Files that nobody means to send, each through the command as a person would: all that is wrong at once, or a correct
answer; never a trace of Python."""

import json

import pytest
from typer.testing import CliRunner

from palermo.cli import app

HEAD = "A,B,C,count\n"
TREE = "id,recruiter_id,network_size,ill\n"
SEEN = "1,0,0,40\n0,1,0,30\n0,0,1,20\n1,1,0,9\n1,0,1,5\n0,1,1,4\n"


def grown(size):
    """Eighty people, four seeds; `size` says the network size of each."""
    return TREE + "".join(
        f"p{i},{'seed' if i < 4 else f'p{i // 3}'},{size(i)},{'yes' if i % 4 == 1 else 'no'}\n"
        for i in range(80)
    )


@pytest.fixture
def call(tmp_path):
    def run(kind, text, *words):
        file = tmp_path / "file.csv"
        file.write_text(text, encoding="utf-8")
        done = CliRunner().invoke(app, ["estimate", kind, str(file), *words, "--bootstrap", "50", "--json"])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, json.loads(done.stdout)

    return run


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        (f"{HEAD}1,0,0,-4\n0,1,0,1.5\n0,0,1,20\n1,1,0,9\n", [("count", 2), ("count", 3)]),
        ("A,count\n1,40\n", [("lists", 1)]),
        (",".join(f"l{i}" for i in range(20)) + f"\n{','.join('1' * 20)}\n", [("lists", 1)]),
        ("", [("empty", None)]),
        (HEAD, [("empty", None)]),
    ],
)
def test_tables_that_cannot_be_used_are_refused_with_every_reason(call, text, rules):
    code, found = call("mse", text)
    assert code == 2
    assert [(one["rule"], one["row"]) for one in found["problems"]] == rules


def test_a_list_that_saw_nobody_is_left_out_and_named(call):
    code, found = call("mse", f"{HEAD}1,0,0,40\n0,1,0,30\n1,1,0,9\n", "--no-checks")
    assert code == 0
    # Two lists remain and their independence: (40 + 9) (30 + 9) / 9.
    assert found["estimate"] == pytest.approx(49 * 39 / 9)
    assert any("Nobody was seen by C" in one["message"] for one in found["warnings"])


def test_histories_on_several_rows_are_added_up(call):
    once = call("mse", HEAD + SEEN, "--no-checks")[1]
    twice = call("mse", HEAD + SEEN.replace("1,0,0,40\n", "1,0,0,30\n1,0,0,10\n"), "--no-checks")[1]
    assert twice["estimate"] == once["estimate"]
    assert {one["code"] for one in twice["warnings"]} - {one["code"] for one in once["warnings"]}


@pytest.mark.parametrize("method", ["main", "stepwise", "chao"])
def test_without_any_overlap_there_is_no_number(call, method):
    code, found = call("mse", f"{HEAD}1,0,0,40\n0,1,0,30\n0,0,1,20\n", "--method", method)
    assert code == 0
    assert found["estimate"] is None
    assert found["verdict"] == "do not publish"


def test_a_stratum_without_anybody_has_neither_estimate_nor_range(call):
    women = "".join(f"f,{line}\n" for line in SEEN.splitlines())
    code, found = call(
        "mse", f"sex,{HEAD}{women}m,1,0,0,0\n", "--by", "sex", "--no-checks", "--method", "main"
    )
    assert code == 0
    rows = {row["stratum"]["sex"]: row for row in found["strata"]}
    assert (rows["m"]["estimate"], rows["m"]["lower"], rows["m"]["upper"]) == (None, None, None)
    assert rows["f"]["lower"] < rows["f"]["estimate"] < rows["f"]["upper"]


def test_a_ring_and_every_network_size_that_cannot_be_are_told_together(call):
    rows = "s,seed,3,yes\na,c,3,yes\nb,a,4,no\nc,b,5,no\nd,s,,no\ne,s,0,yes\nf,s,-2,no\ng,s,2.5,no\n"
    code, found = call("rds", TREE + rows, "--outcome", "ill")
    assert code == 2
    assert [(one["rule"], one["row"]) for one in found["problems"]] == [
        ("cycle", 3), ("degree_missing", 6), ("degree_zero", 7), ("degree_negative", 8), ("degree_fraction", 9),
    ]  # fmt: skip


def test_missing_network_sizes_are_refused_or_imputed_as_asked(call):
    some = grown(lambda i: "" if i % 10 == 0 else 3 + i % 9)
    code, found = call("rds", some, "--outcome", "ill")
    assert code == 2
    assert len(found["problems"]) == 8
    code, found = call("rds", some, "--outcome", "ill", "--missing-degrees", "impute")
    assert code == 0
    assert found["lower"] < found["estimate"] < found["upper"]
    code, found = call("rds", grown(lambda _i: ""), "--outcome", "ill", "--missing-degrees", "impute")
    assert code == 2
    assert [one["rule"] for one in found["problems"]] == ["degree_missing"]
