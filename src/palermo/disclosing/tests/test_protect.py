"""`palermo protect`: the same columns out, small counts hidden and kept hidden; bad input refused with reasons."""

import csv
import io
import json
from itertools import product

import numpy as np
import pytest
from typer.testing import CliRunner

from palermo.cli import app

YEARS = """year,sex,count
2023,Female,47
2023,Male,3
2024,Female,50
2024,Male,30
2025,Female,60
2025,Male,25
"""


@pytest.fixture
def protect(tmp_path):
    """Writes files from texts and protects them; gives what was said and the rows that came out."""

    def run(*texts, by="year,sex", more=(), name="out.csv"):
        files = []
        for number, text in enumerate(texts):
            path = tmp_path / f"in{number + 1}.csv"
            path.write_text(text, encoding="utf-8")
            files.append(str(path))
        out = tmp_path / (name if len(files) == 1 else "out")
        result = CliRunner().invoke(
            app, ["protect", *files, "--count", "count", "--by", by, "--out", str(out), "--json", *more]
        )
        assert result.exit_code in (0, 2), result.stderr
        found = json.loads(result.stdout)
        if result.exit_code == 2:
            assert not out.exists(), "nothing half-written"
            assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
                [*(f"in{n + 1}.csv" for n in range(len(files))), *(tmp_path / one for one in [])]
                + [path.name for path in tmp_path.glob("kept*")]
            )
            return found["problems"], None
        written = [out] if len(files) == 1 else [out / path.split("/")[-1] for path in files]
        return found, [rows_of(path.read_text(encoding="utf-8")) for path in written]

    return run


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def attacked(path, *more):
    result = CliRunner().invoke(app, ["attack", str(path), "--json", *more])
    return result.exit_code, json.loads(result.stdout)


def invented(shape, seed=1, mean=8):
    """A table of invented counts as CSV text, without margins."""
    rng = np.random.default_rng(seed)
    names = "abcd"[: len(shape)]
    lines = [",".join([*names, "count"])]
    for at in product(*(range(size) for size in shape)):
        codes = [f"{name}{number}" for name, number in zip(names, at, strict=True)]
        lines.append(",".join([*codes, str(rng.poisson(rng.gamma(1, mean)))]))
    return "\n".join(lines) + "\n"


def test_the_same_columns_come_out_with_margins_and_marks(protect, tmp_path):
    found, (rows,) = protect(YEARS)
    assert list(rows[0]) == ["year", "sex", "count", "status"]
    assert [row["count"] for row in rows[:2]] == ["", ""]
    assert rows[1]["status"] == "A"
    assert rows[0]["status"] == "D"
    assert {"year": "Total", "sex": "Total", "count": "215", "status": ""} in rows
    assert len(rows) == 12
    assert (found["primary"], found["recoverable"], found["margins_made"]) == (1, 0, 6)
    assert attacked(tmp_path / "out.csv")[0] == 0


def test_margins_of_the_file_are_used_in_its_own_words(protect):
    text = "year,sex,count\n2023,F,47\n2023,M,3\n2023,All,50\n2024,F,40\n2024,M,30\n"
    found, (rows,) = protect(text, more=["--total", "All"])
    assert found["margins_made"] == 4
    assert {"year": "Total", "sex": "All", "count": "120", "status": ""} in rows
    assert rows[2] == {"year": "2023", "sex": "All", "count": "50", "status": ""}


def test_one_mark_for_both_is_on_offer(protect):
    found, (rows,) = protect(YEARS, more=["--status", "C"])
    assert {row["status"] for row in rows if row["count"] == ""} == {"C"}
    assert found["status"] == "C"


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("shape", [(4, 5), (3, 3, 3)])
def test_what_came_out_withstands_the_attack(protect, tmp_path, shape, seed):
    by = ",".join("abcd"[: len(shape)])
    found, (rows,) = protect(invented(shape, seed), by=by)
    assert found["hidden"] == sum(row["count"] == "" for row in rows)
    code, seen = attacked(tmp_path / "out.csv", "--count", "count", "--by", by)
    assert (code, seen["under_threshold"]) == (0, 0)
    assert seen["hidden"] == found["hidden"]


def test_linked_files_are_protected_together(protect, tmp_path):
    by_sex = "year,sex,count\n2024,f,3\n2024,m,40\n2025,f,50\n2025,m,60\n"
    by_form = "year,form,count\n2024,s,20\n2024,l,23\n2025,s,55\n2025,l,55\n"
    _found, (one, two) = protect(by_sex, by_form, by="year,sex,form")
    totals = [
        next(row["count"] for row in rows if row["year"] == "2024" and row[column] == "Total")
        for rows, column in ((one, "sex"), (two, "form"))
    ]
    assert totals[0] == totals[1]
    files = [str(tmp_path / "out" / name) for name in ("in1.csv", "in2.csv")]
    result = CliRunner().invoke(app, ["attack", *files, "--count", "count", "--by", "year,sex,form"])
    assert result.exit_code == 0, result.stdout


def test_earlier_editions_are_taken_into_account(protect, tmp_path):
    """50, 50, 0 was shown; with three newcomers the old counts are floors nobody can go under."""
    first = "group,count\na,50\nb,50\nc,0\n"
    found, _rows = protect(first, by="group", name="kept1.csv")
    assert found["hidden"] == 0
    before = tmp_path / "kept1.csv"
    second = "group,count\na,50\nb,50\nc,3\n"
    found, (rows,) = protect(second, by="group", more=["--earlier", str(before)], name="kept2.csv")
    assert {"group": "Total", "count": "", "status": "D"} in rows
    files = [str(before), str(tmp_path / "kept2.csv")]
    told = ["--count", "count", "--by", "group", "--earlier-first"]
    assert CliRunner().invoke(app, ["attack", *files, *told]).exit_code == 0
    protect(second, by="group", name="kept3.csv", more=["--status", "C"])
    alone = CliRunner().invoke(app, ["attack", str(before), str(tmp_path / "kept3.csv"), *told])
    assert alone.exit_code == 1, "each edition on its own is broken by the same attacker"


def test_counts_that_are_hidden_already_stay_hidden_and_are_protected(protect, tmp_path):
    """What UNODC prints: primary suppression alone. The other sex is hidden too."""
    text = "year,sex,count\n2020,Total,50\n2020,F,47\n2020,M,<5\n2021,Total,80\n2021,F,50\n2021,M,30\n"
    _found, (rows,) = protect(text, more=["--apart", "year"])
    hidden = {(row["year"], row["sex"]): row["status"] for row in rows if row["count"] == ""}
    assert hidden["2020", "M"] == "A"
    assert len(hidden) == 2
    assert attacked(tmp_path / "out.csv", "--count", "count", "--by", "year,sex")[0] == 0


def test_hierarchies(protect, tmp_path):
    tree = tmp_path / "kept-tree.csv"
    tree.write_text("dimension,child,parent\narea,n1,north\narea,n2,north\n", encoding="utf-8")
    text = "area,sex,count\nn1,f,2\nn1,m,30\nn2,f,40\nn2,m,50\nsouth,f,60\nsouth,m,70\n"
    _found, (rows,) = protect(text, by="area,sex", more=["--parents", str(tree)])
    assert {"area": "north", "sex": "Total", "count": "122", "status": ""} in rows
    told = ["--count", "count", "--by", "area,sex", "--parents", str(tree)]
    assert attacked(tmp_path / "out.csv", *told)[0] == 0


def test_overlapping_categories(protect):
    text = "form,year,count\nTotal,1,10\ns,1,9\nl,1,3\nTotal,2,12\ns,2,8\nl,2,7\n"
    _found, (rows,) = protect(text, by="form,year", more=["--overlapping", "form"], name="kept.csv")
    assert {"form": "s", "year": "Total", "count": "17", "status": ""} in rows
    problems, _none = protect(
        "form,year,count\ns,1,9\nl,1,3\n", by="form,year", more=["--overlapping", "form"]
    )
    assert {problem["rule"] for problem in problems} == {"overlap"}


def test_all_that_is_wrong_is_said_at_once(protect):
    text = """year,sex,count
2023,F,47
2023,M,-3
2023,Total,52
2024,F,2.5
2024,M,many
2024,,7
2025,F,
2025,F,9
"""
    problems, _none = protect(text)
    told = {(problem["row"], problem["rule"]) for problem in problems}
    assert told >= {(3, "count"), (5, "count"), (6, "count"), (7, "category"), (9, "duplicate")}
    assert all(problem["file"] == "in1.csv" for problem in problems)


def test_margins_that_disagree_and_totals_smaller_than_their_parts(protect):
    problems, _none = protect("sex,count\nTotal,60\nF,30\nM,20\n", by="sex")
    assert [(one["row"], one["rule"], one["value"]) for one in problems] == [(2, "margin", "60")]
    assert "add up to 50" in problems[0]["message"]
    problems, _none = protect("sex,count\nTotal,40\nF,30\nM,20\n", by="sex")
    assert [(one["row"], one["rule"]) for one in problems] == [(2, "part")]
    assert "smaller than its parts" in problems[0]["message"]


def test_margins_that_disagree_around_a_hidden_count(protect):
    problems, _none = protect("sex,count\nTotal,94\nF,17\nM,<5\n", by="sex")
    assert [(one["row"], one["rule"]) for one in problems] == [(2, "margin")]


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("year,sex,count\n2024,f,3\n", 4),
        ("year,sex,count\n2024,f,30\n", 0),
        ("year,sex,count\n2024,f,0\n2024,m,0\n", 0),
        ("year,sex,count\n1,f,7\n1,m,7\n2,f,7\n2,m,7\n", 0),
        ("year,sex,count\n1,f,2\n1,m,2\n2,f,2\n2,m,2\n", 9),
    ],
    ids=["one row", "one large row", "all zero", "all equal", "all equal and small"],
)
def test_odd_tables(protect, tmp_path, text, hidden):
    found, (rows,) = protect(text)
    assert found["hidden"] == hidden == sum(row["count"] == "" for row in rows)
    assert attacked(tmp_path / "out.csv", "--count", "count", "--by", "year,sex")[0] == 0


def test_nothing_to_protect(protect):
    assert protect("", by="sex")[0][0]["rule"] == "empty"
    assert protect("sex,count\n", by="sex")[0][0]["rule"] == "empty"


def test_options_that_cannot_be(protect):
    problems, _none = protect(YEARS, more=["--threshold", "1"])
    assert problems[0]["column"] == "--threshold"
    problems, _none = protect(YEARS, by="year,place")
    assert {problem["value"] for problem in problems} >= {"place"}
    problems, _none = protect(YEARS, more=["--status", "X"])
    assert problems[0]["column"] == "--status"


def test_a_column_with_a_share_is_refused(protect):
    text = "sex,count,share\nf,3,6.0\nm,47,94.0\n"
    problems, _none = protect(text, by="sex")
    assert problems[0]["column"] == "share"
    _found, (rows,) = protect(text, by="sex", more=["--drop", "share"])
    assert list(rows[0]) == ["sex", "count", "status"]


@pytest.mark.slow
def test_a_dimension_of_five_thousand_values(protect):
    rows = "\n".join(f"p{number},{number % 7 + (3 if number % 50 else 0)}" for number in range(5000))
    found, (out,) = protect(f"place,count\n{rows}\n", by="place")
    assert len(out) == 5001
    assert found["recoverable"] == 0


def test_too_many_cells_are_refused_with_the_column(protect):
    rows = "\n".join(f"p{number},q{number},9" for number in range(600))
    problems, _none = protect(f"place,other,count\n{rows}\n", by="place,other")
    assert problems[0]["rule"] == "size"


def test_words_that_a_spreadsheet_would_run(protect):
    _found, (rows,) = protect("sex,count\n=1+1,30\nm,20\n", by="sex")
    assert rows[0]["sex"] == "'=1+1"


def test_semicolons_and_thousands(protect):
    _found, (rows,) = protect('sex;count\nf;"1,757"\nm;20\n', by="sex")
    assert rows[0]["count"] == "1,757"
    assert rows[2]["count"] == "1777"
